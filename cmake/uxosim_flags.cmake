# Compiler flags as INTERFACE targets: uxosim_flags are needed for right results, uxosim_developer_flags only please us.
add_library(uxosim_flags INTERFACE)
target_compile_features(uxosim_flags INTERFACE c_std_11)
# No contraction: a fused multiply-add rounds once where two operations round twice, and results would depend on the processor.
target_compile_options(uxosim_flags INTERFACE -ffp-contract=off -fno-fast-math -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
target_compile_definitions(uxosim_flags INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)

option(UXOSIM_DEVELOPER "Warnings are errors" ${PROJECT_IS_TOP_LEVEL})
add_library(uxosim_developer_flags INTERFACE)
if(UXOSIM_DEVELOPER)
    target_compile_options(uxosim_developer_flags INTERFACE
        -Wall -Wextra -Werror -Wpedantic -Wmissing-prototypes -Wstrict-prototypes -Wconversion -Wshadow -Wpointer-arith
        -Wcast-align -Wcast-qual -Wwrite-strings -Wundef -Wvla -fno-common)
endif()

set(UXOSIM_SANITIZE "" CACHE STRING "Sanitizers for every target, as in -fsanitize=")
if(UXOSIM_SANITIZE)
    add_compile_options(-fsanitize=${UXOSIM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${UXOSIM_SANITIZE})
endif()
option(UXOSIM_COVERAGE "Instrument for gcov" OFF)
if(UXOSIM_COVERAGE)
    add_compile_options(--coverage)
    add_link_options(--coverage)
endif()
