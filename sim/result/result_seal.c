/* result_seal.c - writes and checks the seal. Not here: what is in the file. */
#include "result_seal.h"

#include <errno.h>
#include <string.h>

static const char MARK[] = "\nuxosim-sha256 ";
enum { MARK_SIZE = sizeof MARK - 1, SEAL_SIZE = MARK_SIZE + UXO_DIGEST_SIZE - 1 + 1 };

static bool append_seal(const char *path)
{
    char hex[UXO_DIGEST_SIZE];
    uint64_t bytes;
    FILE *const file = uxo_digest_file(path, &bytes, hex) ? fopen(path, "ab") : NULL;
    if (file == NULL) {
        return false;
    }
    const bool written = fprintf(file, "%s%s\n", MARK, hex) == SEAL_SIZE;
    return fclose(file) == 0 && written;
}

uxo_status result_commit(uxo_atomic_file *file, uxo_report *report)
{
    if (!append_seal(file->temporary)) {
        const int reason = errno;
        uxo_fail(report, UXO_ERR_IO, NULL, "cannot write '%s': %s", file->target, strerror(reason));
        uxo_atomic_abandon(file);
        return UXO_ERR_IO;
    }
    return uxo_atomic_commit(file, report);
}

/* The seal as it stands at the end of the file; false when there is none. length: of what it seals. */
static bool read_seal(const char *path, char hex[UXO_DIGEST_SIZE], uint64_t *length)
{
    char seal[SEAL_SIZE];
    FILE *const file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    const bool found = fseek(file, -(long)SEAL_SIZE, SEEK_END) == 0;
    const long position = found ? ftell(file) : -1;
    const bool read = position >= 0 && fread(seal, 1, sizeof seal, file) == sizeof seal;
    fclose(file);
    if (!read || memcmp(seal, MARK, MARK_SIZE) != 0) {
        return false;
    }
    memcpy(hex, seal + MARK_SIZE, UXO_DIGEST_SIZE - 1);
    hex[UXO_DIGEST_SIZE - 1] = '\0';
    *length = (uint64_t)position;
    return true;
}

uxo_status result_check_seal(const char *path, char sha256[UXO_DIGEST_SIZE], uxo_report *report)
{
    char written[UXO_DIGEST_SIZE];
    uint64_t length;
    if (!read_seal(path, written, &length)) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "'%s' does not end in the seal that uxosim writes: it is not a result of uxosim, or it is cut "
                        "short, or another "
                        "program changed it, and its numbers cannot be vouched for",
                        path);
    }
    if (!uxo_digest_file_part(path, length, sha256) || strcmp(written, sha256) != 0) {
        return uxo_fail(report, UXO_ERR_DATA, NULL,
                        "'%s' was damaged or changed after it was written: its SHA-256 is not that of its seal", path);
    }
    return UXO_OK;
}
