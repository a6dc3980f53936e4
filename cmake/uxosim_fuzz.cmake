# The library once more, instrumented for libFuzzer: the build's own bytes stay those of an ordinary build.
# Included by the top folder because flags of single source files are only seen there. The targets: tests/fuzz/.
option(UXOSIM_FUZZ "libFuzzer targets (clang only)" OFF)
if(NOT UXOSIM_FUZZ)
    return()
endif()
if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "UXOSIM_FUZZ needs clang")
endif()
add_library(uxosim_fuzzed STATIC EXCLUDE_FROM_ALL ${UXOSIM_SOURCES})
target_include_directories(uxosim_fuzzed PUBLIC ${CMAKE_SOURCE_DIR}/include)
target_link_libraries(uxosim_fuzzed PUBLIC ${UXOSIM_LIBRARIES} uxosim_gdal uxosim_flags uxosim_developer_flags)
target_compile_options(uxosim_fuzzed PUBLIC -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
                                            -fno-omit-frame-pointer)
