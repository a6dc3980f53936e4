# Libraries that uxosim needs. Used twice: by this build, and, installed beside uxosimConfig.cmake, by programs that link to it.
# HDF5 by hdf5-serial first: plain `hdf5` silently becomes the MPI build where that is installed.
find_package(PkgConfig REQUIRED)
pkg_check_modules(GSL REQUIRED IMPORTED_TARGET gsl)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(HDF5 IMPORTED_TARGET hdf5-serial)
if(NOT HDF5_FOUND)
    pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5)
endif()
pkg_check_modules(PROJ REQUIRED IMPORTED_TARGET proj)
pkg_check_modules(SLEEF REQUIRED IMPORTED_TARGET sleef)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
find_package(OpenMP REQUIRED COMPONENTS C)

# The high-level half of HDF5 (dimension scales) has no pkg-config file of its own.
find_library(UXOSIM_HDF5_HL NAMES hdf5_serial_hl hdf5_hl REQUIRED)
if(NOT TARGET uxosim::hdf5_hl)
    add_library(uxosim::hdf5_hl UNKNOWN IMPORTED)
    set_target_properties(uxosim::hdf5_hl PROPERTIES IMPORTED_LOCATION ${UXOSIM_HDF5_HL}
                                                     INTERFACE_LINK_LIBRARIES PkgConfig::HDF5)
endif()

set(UXOSIM_LIBRARIES PkgConfig::GSL PkgConfig::YAML uxosim::hdf5_hl PkgConfig::HDF5 PkgConfig::PROJ PkgConfig::SLEEF
                     PkgConfig::DEFLATE PkgConfig::CRYPTO OpenMP::OpenMP_C ${CMAKE_DL_LIBS} m)
