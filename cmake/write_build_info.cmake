# Run at build time: writes uxosim_build_info.h, only if it changed.
execute_process(COMMAND git -C ${SOURCE_DIR} rev-parse --short=12 HEAD OUTPUT_VARIABLE commit
                OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
execute_process(COMMAND git -C ${SOURCE_DIR} status --porcelain --untracked-files=no OUTPUT_VARIABLE dirty ERROR_QUIET)
if(COMMIT)
    set(commit "${COMMIT}")
elseif(NOT commit)
    set(commit "unknown")
elseif(dirty)
    string(APPEND commit "-dirty")
endif()
string(STRIP "${FLAGS}" FLAGS)
file(CONFIGURE OUTPUT ${OUT} CONTENT
"#define UXOSIM_VERSION \"${VERSION}\"
#define UXOSIM_COMMIT \"${commit}\"
#define UXOSIM_COMPILER \"${COMPILER}\"
#define UXOSIM_FLAGS \"${FLAGS}\"
#define UXOSIM_GSL_VERSION \"${GSL}\"
#define UXOSIM_HDF5_VERSION \"${HDF5}\"
#define UXOSIM_GDAL_VERSION \"${GDAL}\"
#define UXOSIM_SLEEF_VERSION \"${SLEEF}\"
#define UXOSIM_YAML_VERSION \"${YAML}\"
")
