# What `cmake --install` puts where, and how other programs find it: find_package(uxosim) and pkg-config uxosim.
include(CMakePackageConfigHelpers)

if(TARGET uxosim)
    install(TARGETS uxosim)
endif()
install(TARGETS uxosim-core EXPORT uxosim)
install(DIRECTORY include/uxosim TYPE INCLUDE FILES_MATCHING PATTERN "*.h" PATTERN "gdal_library.h" EXCLUDE)
if(EXISTS ${CMAKE_SOURCE_DIR}/configs)
    install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/uxosim)
endif()
# Scripts for Slurm and GNU parallel; uxosim is found by PATH.
install(DIRECTORY tools/cluster DESTINATION ${CMAKE_INSTALL_DATADIR}/uxosim USE_SOURCE_PERMISSIONS)
install(DIRECTORY docs/ TYPE DOC)
install(FILES README.md LICENSE CHANGELOG.md CITATION.cff TYPE DOC)

set(UXOSIM_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/uxosim)
configure_package_config_file(cmake/uxosimConfig.cmake.in uxosimConfig.cmake INSTALL_DESTINATION ${UXOSIM_PACKAGE_DIR})
# Before 1.0 every minor version may change the headers.
write_basic_package_version_file(uxosimConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT uxosim NAMESPACE uxosim:: FILE uxosimTargets.cmake DESTINATION ${UXOSIM_PACKAGE_DIR})
install(FILES ${CMAKE_BINARY_DIR}/uxosimConfig.cmake ${CMAKE_BINARY_DIR}/uxosimConfigVersion.cmake
              cmake/uxosim_dependencies.cmake DESTINATION ${UXOSIM_PACKAGE_DIR})

# pkg-config: the library is static only, so its own needs are not private. The prefix is relative to the file: an installed
# tree can be moved.
get_filename_component(UXOSIM_HDF5_HL_NAME ${UXOSIM_HDF5_HL} NAME_WE)
string(REGEX REPLACE "^lib" "" UXOSIM_HDF5_HL_NAME ${UXOSIM_HDF5_HL_NAME})
set(UXOSIM_PC_REQUIRES "gsl yaml-0.1 ${HDF5_MODULE_NAME} proj sleef libdeflate libcrypto")
file(RELATIVE_PATH UXOSIM_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/uxosim.pc.in uxosim.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/uxosim.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
