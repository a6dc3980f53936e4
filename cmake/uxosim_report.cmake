# The page of `uxosim report` inside the program: its files as arrays in a generated source. No node is needed for it: what esbuild made of
# the page's source lies in tools/report/dist.
set(UXOSIM_REPORT_ASSETS ${CMAKE_BINARY_DIR}/generated/report_assets.c)
set(UXOSIM_REPORT_FILES page=${CMAKE_CURRENT_SOURCE_DIR}/tools/report/src/page.html
                        style=${CMAKE_CURRENT_SOURCE_DIR}/tools/report/dist/report.css
                        script=${CMAKE_CURRENT_SOURCE_DIR}/tools/report/dist/report.js
                        licences=${CMAKE_CURRENT_SOURCE_DIR}/tools/report/dist/LICENCES.txt)
set(report_paths ${UXOSIM_REPORT_FILES})
list(TRANSFORM report_paths REPLACE "^[a-z]+=" "")
string(REPLACE ";" "|" report_list "${UXOSIM_REPORT_FILES}")
add_custom_command(OUTPUT ${UXOSIM_REPORT_ASSETS}
    COMMAND ${CMAKE_COMMAND} -DOUT=${UXOSIM_REPORT_ASSETS} "-DFILES=${report_list}"
            -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/write_report_assets.cmake
    DEPENDS ${report_paths} ${CMAKE_CURRENT_SOURCE_DIR}/cmake/write_report_assets.cmake
    COMMENT "Page of the report" VERBATIM)
target_sources(uxosim PRIVATE ${UXOSIM_REPORT_ASSETS})
target_include_directories(uxosim PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/tools)
