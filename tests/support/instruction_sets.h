/* instruction_sets.h - one test of a kernel for each instruction set, so that what this processor cannot show counts as
 * skipped. The test finds the set's name in its state. */
#ifndef UXOSIM_TESTS_INSTRUCTION_SETS_H
#define UXOSIM_TESTS_INSTRUCTION_SETS_H

/* The names, for a function whose list of tests has OF_EACH_SET. */
#define INSTRUCTION_SETS static char sse2[] = "sse2", avx2[] = "avx2", avx512[] = "avx512"

#define OF_SET(test, set)                          \
    {                                              \
#test " (" #set ")", test, NULL, NULL, set \
    }
#define OF_EACH_SET(test) OF_SET(test, sse2), OF_SET(test, avx2), OF_SET(test, avx512)

#endif
