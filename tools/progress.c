/* progress.c - rate and time left while a run goes on. */
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

progress_line progress_start(bool quiet, bool with_duds)
{
    const char *const terminal = getenv("TERM");
    const bool dumb = terminal != NULL && strcmp(terminal, "dumb") == 0;
    return (progress_line){.terminal = !quiet && !dumb && isatty(STDERR_FILENO) != 0, .with_duds = with_duds};
}

static void print_duration(double seconds)
{
    const unsigned whole = seconds < 1.0 ? 1 : (unsigned)seconds;
    if (whole >= 3600) {
        fprintf(stderr, "%u h %02u min", whole / 3600, whole / 60 % 60);
    } else if (whole >= 60) {
        fprintf(stderr, "%u min %02u s", whole / 60, whole % 60);
    } else {
        fprintf(stderr, "%u s", whole);
    }
}

void progress_show(const uxo_progress_state *state, void *user)
{
    progress_line *const line = user;
    const double share = state->all > 0 ? (double)state->done / (double)state->all : 1.0;
    const int tenths = (int)(10.0 * share);
    if (!line->terminal && tenths == line->tenths) {
        return;
    }
    line->tenths = tenths;
    line->shown = line->terminal;
    fprintf(stderr, "%s%3.0f %%  %llu of %llu %s", line->terminal ? "\r\033[K" : "uxosim: ", 100.0 * share,
            (unsigned long long)state->done, (unsigned long long)state->all, state->unit);
    if (line->with_duds && state->duds > 0) {
        fprintf(stderr, ", %.3g million duds a second",
                (double)state->duds / 1e6 / (state->seconds > 0.0 ? state->seconds : 1e-9));
    }
    if (share > 0.0 && share < 1.0) {
        fputs(", ", stderr);
        print_duration(state->seconds * (1.0 - share) / share);
        fputs(" left", stderr);
    }
    fputs(line->terminal ? "" : "\n", stderr);
    fflush(stderr);
}

void progress_end(progress_line *line)
{
    if (line->shown) {
        fputs("\r\033[K", stderr);
        line->shown = false;
    }
}
