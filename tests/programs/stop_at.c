/* stop_at.c - takes the place of uxo_is_stopped in a copy of the program (uxosim-stop-at): the run is asked to end at one of the moments when it
 * can notice, whichever a test wants.
 *
 *   UXOSIM_STOP_AT=N      the program gets a SIGTERM just before the N-th question, from 1, is answered
 *   UXOSIM_STOP_LIST=F    at its end the program writes to F for each question who asked: "N place" on a line, places being numbered as
 *                         they came. For one thread. */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "uxosim/stopping.h"

/* Takes the place of the function of that name without __wrap_ (the linker's --wrap). */
bool __wrap_uxo_is_stopped(const volatile sig_atomic_t *stop);

enum { MOST_PLACES = 256 };

static atomic_ulong asked;
static const void *place[MOST_PLACES];
static FILE *list;

static void close_list(void)
{
    if (fclose(list) != 0) {
        abort();
    }
}

static void write_down(unsigned long number, const void *from)
{
    const char *const path = getenv("UXOSIM_STOP_LIST");
    int p = 0;
    if (path == NULL) {
        return;
    }
    if (list == NULL) {
        list = fopen(path, "w");
        if (list == NULL || atexit(close_list) != 0) {
            abort();
        }
    }
    while (p < MOST_PLACES - 1 && place[p] != NULL && place[p] != from) {
        p++;
    }
    place[p] = from;
    fprintf(list, "%lu %d\n", number, p);
}

bool __wrap_uxo_is_stopped(const volatile sig_atomic_t *stop)
{
    const char *const at = getenv("UXOSIM_STOP_AT");
    if (stop == NULL) {
        return false;
    }
    const unsigned long number = atomic_fetch_add(&asked, 1) + 1;
    write_down(number, __builtin_return_address(0));
    if (at != NULL && number == strtoul(at, NULL, 10) && raise(SIGTERM) != 0) {
        abort();
    }
    return *stop != 0;
}
