/* reported.h - what tests of readers need: input files made on the spot and the messages that came of them. */
#ifndef UXOSIM_TESTS_REPORTED_H
#define UXOSIM_TESTS_REPORTED_H

#include "uxosim/error.h"

/* Writes a text file into the current folder; fails the test when it cannot. */
void write_text(const char *name, const char *text);

/* Fails unless a message of this severity holds `text` in "file: message"; prints what there is. */
void assert_reported(const uxo_report *report, uxo_severity severity, const char *text);

/* Fails unless there are so many messages of this severity; prints them. */
void assert_count(const uxo_report *report, uxo_severity severity, size_t count);

#endif
