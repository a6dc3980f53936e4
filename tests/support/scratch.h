/* scratch.h - a folder of its own for a program's tests, so that what they write lies nowhere else, wherever it was
 * started. For cmocka_run_group_tests. */
#ifndef UXOSIM_TESTS_SCRATCH_H
#define UXOSIM_TESTS_SCRATCH_H

/* Makes a temporary folder and makes it the current one. */
int scratch_enter(void **state);
/* Removes the files in it; their number, -1 when one cannot be removed. */
int scratch_clear(void);
/* Removes it with the files in it and goes back. */
int scratch_leave(void **state);

#endif
