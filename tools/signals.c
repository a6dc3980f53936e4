/* signals.c - see signals.h. */
#include "signals.h"

#include <stddef.h>
#include <string.h>

/* The only mutable file-scope variable of the program: a signal handler can reach nothing else. */
static volatile sig_atomic_t stop_signal;

/* The first one is the reason of the end. */
static void on_signal(int number)
{
    if (stop_signal == 0) {
        stop_signal = number;
    }
}

const volatile sig_atomic_t *signals_catch(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    struct sigaction action, before;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        action.sa_flags = numbers[i] == SIGINT ? (int)SA_RESETHAND : 0;
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(numbers[i], &action, NULL);
        }
    }
    return &stop_signal;
}

bool signals_outlive_readers(void)
{
    struct sigaction action, before;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_IGN;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGPIPE, &action, &before) == 0 && before.sa_handler == SIG_DFL;
}

void signals_end_with_readers(bool was_so)
{
    if (was_so) {
        signal(SIGPIPE, SIG_DFL);
    }
}
