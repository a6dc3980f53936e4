/* result_reading.h - result files as tests look at them: opened, planes of layers, bytes; all of it fails the test when it
 * cannot be had. */
#ifndef UXOSIM_TESTS_RESULT_READING_H
#define UXOSIM_TESTS_RESULT_READING_H

#include "result_fixture.h"

/* To be closed by uxo_result_close. */
uxo_result *result_open_file(const char *path);
/* All cells, row 0 north; to be freed. */
float *result_read_plane(uxo_result *result, const char *layer, uint32_t plane);

/* All bytes of a file, to be freed; returns their number. */
size_t result_slurp(const char *path, char **bytes);
/* Is the text anywhere in the file? */
bool result_holds(const char *path, const char *text);

/* The table of districts against that of the run. */
void result_check_districts(const result_fixture *fixture, uxo_result *result);

#endif
