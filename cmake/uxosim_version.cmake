# Build information for --version, taken anew at every build so that the commit is never stale.
set(UXOSIM_COMMIT "" CACHE STRING "The commit of sources that come without git's folder (a container); empty: asks git")
add_library(uxosim_build_info INTERFACE)
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
get_target_property(needed_flags uxosim_flags INTERFACE_COMPILE_OPTIONS)
list(FILTER needed_flags EXCLUDE REGEX prefix-map) # a path of this machine, and of no effect on results
list(JOIN needed_flags " " needed_flags)
set(UXOSIM_BUILD_INFO_DIR ${CMAKE_BINARY_DIR}/generated)
add_custom_target(uxosim_build_info_header
    COMMAND ${CMAKE_COMMAND} -DOUT=${UXOSIM_BUILD_INFO_DIR}/uxosim_build_info.h -DSOURCE_DIR=${CMAKE_SOURCE_DIR}
            -DVERSION=${PROJECT_VERSION} -DCOMMIT=${UXOSIM_COMMIT} "-DCOMPILER=${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}"
            "-DFLAGS=${CMAKE_BUILD_TYPE} ${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${build_type}} ${needed_flags} ${UXOSIM_SANITIZE}"
            -DGSL=${GSL_VERSION} -DHDF5=${HDF5_VERSION} -DGDAL=${GDAL_VERSION} -DSLEEF=${SLEEF_VERSION} -DYAML=${YAML_VERSION}
            -P ${CMAKE_SOURCE_DIR}/cmake/write_build_info.cmake
    BYPRODUCTS ${UXOSIM_BUILD_INFO_DIR}/uxosim_build_info.h
    COMMENT "Build information")
add_dependencies(uxosim_build_info uxosim_build_info_header)
target_include_directories(uxosim_build_info INTERFACE ${UXOSIM_BUILD_INFO_DIR})
