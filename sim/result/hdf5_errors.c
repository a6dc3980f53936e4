/* hdf5_errors.c - HDF5's error stack as one line of text. Not here: when to look at it. */
#include <stdio.h>
#include <string.h>

#include "hdf5_output.h"

h5_silence h5_silence_begin(void)
{
    h5_silence silence = {NULL, NULL};
    /* After a failed write the library would try again at exit(), and crash. Has to be said before its first use; where
     * a program has used HDF5 before, this does nothing. */
    H5dont_atexit();
    H5Eget_auto2(H5E_DEFAULT, &silence.function, &silence.data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return silence;
}

void h5_silence_end(h5_silence silence)
{
    H5Eset_auto2(H5E_DEFAULT, silence.function, silence.data);
}

typedef struct error_line {
    char *text;
    size_t size;
} error_line;

/* The innermost entry comes first. Its description holds the system's message between quotes where there is one; the
 * rest of it (times, addresses) is of no use to anyone. */
static herr_t take_innermost(unsigned position, const H5E_error2_t *entry, void *user)
{
    error_line *const line = user;
    if (position > 0 || entry->desc == NULL) {
        return 0;
    }
    static const char mark[] = "error message = '";
    const char *const message = strstr(entry->desc, mark);
    const char *const start = message != NULL ? message + strlen(mark) : entry->desc;
    const size_t length = message != NULL ? strcspn(start, "'") : strlen(start);
    /* NFS and Lustre are often mounted without locks; HDF5 wants one on every file, though nobody else writes ours. */
    const char *const way_out =
        strstr(entry->desc, "lock file") != NULL
            ? ": the file cannot be locked; another program has it open, or its file system has no locks: then set "
              "HDF5_USE_FILE_LOCKING=FALSE in the environment"
            : "";
    snprintf(line->text, line->size, "%.*s%s", (int)length, start, way_out);
    return 0;
}

void h5_error_text(char *text, size_t size)
{
    error_line line = {text, size};
    snprintf(text, size, "HDF5 gives no reason");
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_innermost, &line);
}
