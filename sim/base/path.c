/* path.c - names of files as text. Not here: opening anything. */
#include "uxosim/path.h"

#include <string.h>

const char *uxo_path_name(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
