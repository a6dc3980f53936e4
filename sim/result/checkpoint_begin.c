/* checkpoint_begin.c - how a run takes hold of its checkpoint: the lock, and what is there already. Not here: what is kept in it (checkpoint.c). */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checkpoint_begin.h"

static uxo_status out_of_memory(uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a checkpoint");
}

/* Opens what there is, without a word where that fails. */
static uxo_status open_quietly(uxo_records *out, const char *path, bool to_append)
{
    uxo_report unread;
    uxo_report_init(&unread);
    const uxo_status status = uxo_records_open(out, path, to_append, &unread);
    uxo_report_free(&unread);
    return status;
}

/* Whose checkpoint it is, in words. */
static void describe(const uxo_records *file, char *text, size_t size)
{
    uint32_t number, of;
    if (uxo_part_number(file, &number, &of)) {
        snprintf(text, size, "part %" PRIu32 "/%" PRIu32, number, of);
    } else {
        snprintf(text, size, "a whole run");
    }
}

/* Is what somebody has open the part, or the whole run, that this one is? Not known before its head is there: then it may be. */
static bool may_be_ours(const uxo_checkpoint *self, const uxo_records *other)
{
    const uxo_work_store *const store = &self->store;
    uint32_t number = 1, of = 1;
    const bool is_part = uxo_part_number(other, &number, &of);
    return strcmp(other->identity, self->identity) == 0 && is_part == store->is_part &&
           (!is_part || (number == store->part + 1 && of == store->parts));
}

/* Who resumes a run that is not over yet comes back (75): a job that its scheduler has started again, while the process of the first start, or its
 * lock, is about to go. Who begins one, or another one, has made a mistake, which would be one again. */
static uxo_status say_in_use(const uxo_checkpoint *self, bool may_resume, uxo_report *report)
{
    uxo_records other;
    char whose[64] = "";
    bool comes_back = may_resume;
    if (open_quietly(&other, self->path, false) == UXO_OK) {
        char words[48];
        describe(&other, words, sizeof words);
        snprintf(whose, sizeof whose, " (%s)", words);
        comes_back = may_resume && may_be_ours(self, &other);
        uxo_records_close(&other);
    }
    if (comes_back) {
        return uxo_fail(report, UXO_ERR_RESUMABLE, NULL,
                        "checkpoint '%s' is in use by another process%s, which has not ended: once it has, the same "
                        "command goes on with what it leaves",
                        self->path, whose);
    }
    return uxo_fail(
        report, UXO_ERR_CANTCREATE, NULL,
        "checkpoint '%s' is in use by another run that has not ended%s: wait for that one, or give this one "
        "another output (-o); each part needs a name of its own",
        self->path, whose);
}

/* The file under our name, made where there is none, and locked. What lies there may be replaced between the two: then once more. */
static uxo_status claim(uxo_checkpoint *self, bool may_resume, uxo_report *report)
{
    enum { ATTEMPTS = 100 };
    struct stat ours, there;
    for (int i = 0; i < ATTEMPTS; i++) {
        const int file = open(self->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
        if (file < 0) {
            return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "cannot open checkpoint '%s': %s", self->path,
                            strerror(errno));
        }
        if (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            close(file);
            return say_in_use(self, may_resume, report);
        }
        if (fstat(file, &ours) == 0 && stat(self->path, &there) == 0 && ours.st_dev == there.st_dev &&
            ours.st_ino == there.st_ino) {
            self->lock = file;
            return UXO_OK;
        }
        close(file);
    }
    return uxo_fail(report, UXO_ERR_CANTCREATE, NULL, "checkpoint '%s' is made and removed by other runs all the time",
                    self->path);
}

/* What a file is that cannot be opened as one of records. */
typedef enum contents { CONTENTS_NONE, CONTENTS_DAMAGED, CONTENTS_FOREIGN } contents;

/* None: no byte, or zeros only, as a file has whose bytes never reached the disk. */
static contents look_into(int file)
{
    char bytes[4096];
    const size_t magic = strlen(UXO_RECORDS_MAGIC);
    bool zeros = true, ours = false;
    ssize_t count;
    for (off_t at = 0; zeros && (count = pread(file, bytes, sizeof bytes, at)) > 0; at += count) {
        ours = ours || (at == 0 && (size_t)count >= magic && memcmp(bytes, UXO_RECORDS_MAGIC, magic) == 0);
        for (ssize_t i = 0; i < count; i++) {
            zeros = zeros && bytes[i] == 0;
        }
    }
    return zeros ? CONTENTS_NONE : ours ? CONTENTS_DAMAGED : CONTENTS_FOREIGN;
}

/* Nothing is kept at our name yet, but whose it is. */
static uxo_status begin_anew(uxo_checkpoint *self, uxo_report *report)
{
    const uxo_records_head head = {self->identity, self->notes};
    uxo_records start;
    self->is_ours = true;
    UXO_TRY(uxo_records_create(&start, self->path, &head, report));
    uxo_records_close(&start);
    return UXO_OK;
}

/* What no program can read any more is kept for whoever wants to look at it. */
static uxo_status set_aside(uxo_checkpoint *self, uxo_report *report)
{
    const size_t size = strlen(self->path) + sizeof ".damaged";
    char *const aside = malloc(size);
    if (aside == NULL) {
        return out_of_memory(report);
    }
    snprintf(aside, size, "%s.damaged", self->path);
    uxo_status status = UXO_OK;
    if (rename(self->path, aside) != 0) {
        status =
            uxo_fail(report, UXO_ERR_IO, NULL, "cannot rename '%s' to '%s': %s", self->path, aside, strerror(errno));
    } else {
        uxo_report_add(
            report, UXO_WARNING, NULL,
            "the head of checkpoint '%s' is damaged, so that nothing in it can be used: it is '%s' now, and the "
            "run starts anew",
            self->path, aside);
        close(self->lock);
        self->lock = 0;
        status = claim(self, true, report);
    }
    free(aside);
    return status == UXO_OK ? begin_anew(self, report) : status;
}

static uxo_status is_in_the_way(const uxo_checkpoint *self, const char *whose, uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_CANTCREATE, NULL,
                    "'%s' is there, of %s that was interrupted: go on with it by --resume, or remove it", self->path,
                    whose);
}

/* Is the file of the same part, or of the whole run as well? */
static uxo_status check_part(const uxo_checkpoint *self, const uxo_records *file, uxo_report *report)
{
    const uxo_work_store *const store = &self->store;
    uint32_t number = 1, of = 1;
    const bool is_part = uxo_part_number(file, &number, &of);
    char found[64], wanted[64] = "a whole run";
    if (is_part == store->is_part && (!is_part || (number == store->part + 1 && of == store->parts))) {
        return UXO_OK;
    }
    describe(file, found, sizeof found);
    if (store->is_part) {
        snprintf(wanted, sizeof wanted, "part %" PRIu32 "/%" PRIu32, store->part + 1, store->parts);
    }
    return uxo_fail(report, UXO_ERR_DATA, NULL,
                    "checkpoint '%s' is of %s, not of %s: give each its own name (-o), or remove what is not wanted",
                    self->path, found, wanted);
}

/* Goes on with what is there, if it is of this run: takes it over. */
static uxo_status resume(uxo_checkpoint *self, uxo_records *there, uxo_report *report)
{
    if (uxo_records_check(there, self->identity, "checkpoint", NULL, report) != UXO_OK) {
        uxo_report_add(
            report, UXO_NOTE, NULL,
            "it can be gone on with as it was begun; a run of what is wanted now needs another output (-o), or "
            "'%s' removed",
            self->path);
        return UXO_ERR_DATA;
    }
    UXO_TRY(check_part(self, there, report));
    self->file = *there;
    memset(there, 0, sizeof *there);
    self->resumed = true;
    return UXO_OK;
}

/* There is a file: what is it, and may it be gone on with? */
static uxo_status take_over(uxo_checkpoint *self, bool may_resume, uxo_report *report)
{
    uxo_records there;
    const uxo_status opened = open_quietly(&there, self->path, may_resume);
    if (opened != UXO_OK) {
        const contents what = opened == UXO_ERR_DATA ? look_into(self->lock) : CONTENTS_FOREIGN;
        if (what == CONTENTS_FOREIGN) {
            return uxo_records_open(&there, self->path, false, report); /* now with its words */
        }
        if (what == CONTENTS_DAMAGED) {
            return may_resume ? set_aside(self, report) : is_in_the_way(self, "a run", report);
        }
        return begin_anew(self, report);
    }
    char whose[64];
    describe(&there, whose, sizeof whose);
    uxo_status status;
    if (uxo_records_find(&there, UXO_WORK_STATE, 0, 0, 0) != NULL) {
        status = may_resume ? resume(self, &there, report) : is_in_the_way(self, whose, report);
    } else {
        if (there.end < there.size) {
            uxo_report_add(report, UXO_WARNING, NULL,
                           "checkpoint '%s' is damaged at byte %" PRIu64 ", before anything that can be used: the run "
                           "starts anew",
                           self->path, there.end);
        }
        status = begin_anew(self, report);
    }
    uxo_records_close(&there);
    return status;
}

uxo_status uxo_checkpoint_take(uxo_checkpoint *self, bool may_resume, uxo_report *report)
{
    struct stat status;
    UXO_TRY(claim(self, may_resume, report));
    const bool is_new = fstat(self->lock, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
    self->is_ours = is_new;
    if (self->store.is_part) {
        UXO_TRY(uxo_part_look(self->output, self->identity, self->store.part, self->store.parts, &self->is_complete,
                              report));
        if (self->is_complete) {
            return UXO_OK;
        }
    }
    return is_new ? begin_anew(self, report) : take_over(self, may_resume, report);
}
