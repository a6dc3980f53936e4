/* sweep_store.c - all files of a sweep's store, read: see sweep_store.h. Not here: writing one (sweep_writer.c). */
#include "uxosim/sweep_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sweep_writer.h"

static uxo_status out_of_memory(uxo_report *report)
{
    return uxo_fail(report, UXO_ERR_MEMORY, NULL, "out of memory for a sweep");
}

static uxo_task_entry *entry_of(uxo_sweep_store *self, uint32_t task)
{
    return task >= self->first && task <= self->last ? &self->entry[task - self->first] : NULL;
}

const uxo_task_entry *uxo_sweep_store_entry(const uxo_sweep_store *self, uint32_t task)
{
    return &self->entry[task - self->first];
}

/* Whether somebody is writing the file. */
static bool is_locked(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const bool locked = file >= 0 && flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (file >= 0) {
        close(file);
    }
    return locked;
}

uxo_status uxo_sweep_store_read(uxo_sweep_store *self, uint32_t file, const uxo_record_place *place, void **bytes,
                                uxo_report *report)
{
    *bytes = NULL;
    if (self->open_file != file) {
        uxo_records_close(&self->open);
        self->open_file = UINT32_MAX;
        UXO_TRY(uxo_records_survey(&self->open, self->file[file], SWEEP_RECORD_MAPS, report));
        self->open_file = file;
    }
    return uxo_records_read(&self->open, place, bytes, report);
}

/* The same bytes in a file that was read before, and in another one? A place of task 0: there are none. */
static uxo_status compare_bytes(uxo_sweep_store *self, uint32_t before, const uxo_record_place *there,
                                const uxo_records *file, const uxo_record_place *here, bool *alike, uxo_report *report)
{
    void *one = NULL, *other = NULL;
    *alike = there->a == here->a && there->size == here->size;
    if (!*alike || here->a == 0) {
        return UXO_OK;
    }
    uxo_status status = uxo_sweep_store_read(self, before, there, &one, report);
    if (status == UXO_OK) {
        status = uxo_records_read(file, here, &other, report);
    }
    *alike = status == UXO_OK && memcmp(one, other, (size_t)here->size) == 0;
    free(one);
    free(other);
    return status;
}

/* A task that is there twice has to be the same twice, maps included (of which only the size is known where their bytes are not read): draws are a
 * function of the scenario. */
static uxo_status compare(uxo_sweep_store *self, const uxo_task_entry *entry, const uxo_records *file,
                          const uxo_record_place *place, const uxo_record_place *maps, uxo_report *report)
{
    bool tables, drawn = entry->maps.a == maps->a && entry->maps.size == maps->size;
    UXO_TRY(compare_bytes(self, entry->file, &entry->record, file, place, &tables, report));
    if (self->how == UXO_SWEEP_SCAN_ALL) {
        UXO_TRY(compare_bytes(self, entry->file, &entry->maps, file, maps, &drawn, report));
    }
    return tables && drawn ? UXO_OK
                           : uxo_fail(report, UXO_ERR_DATA, NULL,
                                      "task %u was done twice, in '%s' and '%s', and not alike%s: one of the two "
                                      "machines does not compute what the other does; remove one of the files",
                                      place->a, self->file[entry->file], file->path, tables ? " in its maps" : "");
}

/* Maps that lie before what they belong to; task 0: none do. */
static uxo_record_place maps_of(const uxo_record_place *place, const uxo_record_place *maps)
{
    return maps->a == place->a ? *maps : (uxo_record_place){.a = 0};
}

static int compare_offsets(const void *left, const void *right)
{
    const uint64_t a = ((const uxo_record_place *)left)->offset, b = ((const uxo_record_place *)right)->offset;
    return a < b ? -1 : a > b;
}

/* What a file says, record by record, in the order in which they were written. */
static uxo_status take_records(uxo_sweep_store *self, uint32_t file, const uxo_records *records, bool locked,
                               uxo_report *report)
{
    uxo_record_place maps = {.a = 0};
    if (records->count == 0) {
        return UXO_OK; /* and there may be no list to sort */
    }
    qsort(records->record, records->count, sizeof *records->record, compare_offsets);
    for (size_t i = 0; i < records->count; i++) {
        const uxo_record_place *const place = &records->record[i];
        uxo_task_entry *const entry = entry_of(self, place->a);
        if (place->kind == SWEEP_RECORD_MAPS) {
            maps = *place;
        }
        if (entry == NULL) {
            continue;
        }
        if (entry->state == UXO_TASK_DONE) {
            if (place->kind == SWEEP_RECORD_DONE) {
                const uxo_record_place drawn = maps_of(place, &maps);
                UXO_TRY(compare(self, entry, records, place, &drawn, report));
            }
        } else if (place->kind == SWEEP_RECORD_STARTED) {
            entry->state = locked ? UXO_TASK_RUNNING : UXO_TASK_DIED;
        } else if (place->kind == SWEEP_RECORD_FAILED || place->kind == SWEEP_RECORD_DONE) {
            entry->state = place->kind == SWEEP_RECORD_DONE ? UXO_TASK_DONE : UXO_TASK_FAILED;
            entry->file = file;
            entry->record = *place;
            entry->maps = maps_of(place, &maps);
        }
    }
    return UXO_OK;
}

/* Tasks that a file's name says: "0000001-0000100.tasks". */
static bool read_name(const char *name, uint32_t *first, uint32_t *last)
{
    char *end = NULL;
    *first = (uint32_t)strtoul(name, &end, 10);
    if (*end != '-' || *first == 0) {
        return false;
    }
    *last = (uint32_t)strtoul(end + 1, &end, 10);
    return *last >= *first && strcmp(end, SWEEP_FILE_ENDING) == 0;
}

static uxo_status add_damage(uxo_sweep_store *self, const uxo_task_damage *damage, uxo_report *report)
{
    uxo_task_damage *const larger = realloc(self->damage, (self->damaged + (size_t)1) * sizeof *larger);
    if (larger == NULL) {
        return out_of_memory(report);
    }
    self->damage = larger;
    larger[self->damaged++] = *damage;
    return UXO_OK;
}

/* What is sound of a file. A head that is not is damage, too: what the file belongs to is then not known. */
static uxo_status open_file(uxo_sweep_store *self, bool locked, uxo_task_damage *damage, uxo_records *records,
                            uxo_report *report)
{
    uxo_report own;
    uxo_report_init(&own);
    const char *const path = self->file[damage->file];
    const uxo_status status = self->how == UXO_SWEEP_SCAN_ALL
                                  ? uxo_records_open(records, path, false, &own)
                                  : uxo_records_survey(records, path, SWEEP_RECORD_MAPS, &own);
    if (status == UXO_OK) {
        damage->end = records->end;
        damage->torn = records->torn;
    } else if (status != UXO_ERR_DATA) {
        (void)!uxo_fail(report, status, NULL, "%s", own.count > 0 ? own.item[0].text : "out of memory for a sweep");
    }
    uxo_report_free(&own);
    if (status == UXO_ERR_DATA) {
        return locked ? UXO_OK : add_damage(self, damage, report);
    }
    return status;
}

/* damage: what would be known of it, with the file and its tasks filled in. */
static uxo_status scan_file(uxo_sweep_store *self, uxo_task_damage damage, const char *identity, uxo_report *report)
{
    uxo_records records;
    struct stat status;
    const char *const path = self->file[damage.file];
    const bool locked = is_locked(path);
    memset(&records, 0, sizeof records);
    if (stat(path, &status) != 0 || !sweep_has_head((uint64_t)status.st_size, identity)) {
        return UXO_OK; /* somebody has just begun, or died on the way */
    }
    damage.size = (uint64_t)status.st_size;
    UXO_TRY(open_file(self, locked, &damage, &records, report));
    if (damage.end == 0) {
        return UXO_OK;
    }
    uxo_status result = uxo_records_check(&records, identity, "file of tasks", NULL, report);
    if (result == UXO_OK && records.size > records.end && !locked) {
        result = add_damage(self, &damage, report);
    }
    if (result == UXO_OK) {
        result = take_records(self, damage.file, &records, locked, report);
    }
    uxo_records_close(&records);
    return result;
}

/* Damage counts where a task of the file is not done by now; then those that nobody is at may have been in what cannot be read. */
static void judge_damage(uxo_sweep_store *self, const uxo_task_damage *damage, uxo_report *report)
{
    const uint32_t first = damage->first > self->first ? damage->first : self->first;
    const uint32_t last = damage->last < self->last ? damage->last : self->last;
    uint32_t undone = 0;
    for (uint32_t task = first; task <= last; task++) {
        uxo_task_entry *const entry = entry_of(self, task);
        undone += entry->state != UXO_TASK_DONE;
        if (!damage->torn && (entry->state == UXO_TASK_MISSING || entry->state == UXO_TASK_DIED)) {
            entry->state = UXO_TASK_DAMAGED;
        }
    }
    if (undone == 0) {
        return;
    }
    if (damage->end == 0) {
        uxo_report_add(report, UXO_WARNING, NULL, "'%s' cannot be read: its head is damaged, and nothing of it is used",
                       self->file[damage->file]);
    } else {
        uxo_report_add(report, UXO_WARNING, NULL,
                       "'%s' is not whole from byte %llu on (of %llu), %s: what comes behind is not used",
                       self->file[damage->file], (unsigned long long)damage->end, (unsigned long long)damage->size,
                       damage->torn ? "as after a crash" : "where it was changed");
    }
}

static uxo_status add_file(uxo_sweep_store *self, const char *folder, const char *name, uxo_report *report)
{
    if (self->file_count == self->file_capacity) {
        const uint32_t capacity = 2 * self->file_capacity + 16;
        char **const larger = realloc(self->file, capacity * sizeof *larger);
        if (larger == NULL) {
            return out_of_memory(report);
        }
        self->file = larger;
        self->file_capacity = capacity;
    }
    const size_t room = strlen(folder) + strlen(name) + 2;
    char *const path = malloc(room);
    if (path == NULL) {
        return out_of_memory(report);
    }
    snprintf(path, room, "%s/%s", folder, name);
    self->file[self->file_count++] = path;
    return UXO_OK;
}

static uxo_status scan_shard(uxo_sweep_store *self, uint32_t shard, const char *identity, uxo_report *report)
{
    char folder[SWEEP_MOST_PATH];
    struct dirent **entry = NULL;
    snprintf(folder, sizeof folder, SWEEP_SHARD_FORMAT, self->folder, shard);
    const int count = scandir(folder, &entry, NULL, alphasort);
    if (count < 0) {
        return errno == ENOENT ? UXO_OK
                               : uxo_fail(report, UXO_ERR_IO, NULL, "cannot list '%s': %s", folder, strerror(errno));
    }
    uxo_status status = UXO_OK;
    for (int i = 0; i < count; i++) {
        uint32_t first, last;
        if (status == UXO_OK && read_name(entry[i]->d_name, &first, &last) && first <= self->last &&
            last >= self->first) {
            status = add_file(self, folder, entry[i]->d_name, report);
            const uxo_task_damage none = {.file = self->file_count - 1, .first = first, .last = last};
            status = status == UXO_OK ? scan_file(self, none, identity, report) : status;
        }
        free(entry[i]);
    }
    free(entry);
    return status;
}

uxo_status uxo_sweep_store_scan(uxo_sweep_store *self, const char *folder, uint32_t first, uint32_t last,
                                const char *identity, uxo_sweep_scan how, uxo_report *report)
{
    *self = (uxo_sweep_store){.first = first, .last = last, .how = how, .open_file = UINT32_MAX};
    self->folder = strdup(folder);
    self->entry = calloc((size_t)last - first + 1, sizeof *self->entry);
    uxo_status status = self->folder != NULL && self->entry != NULL ? UXO_OK : out_of_memory(report);
    for (uint32_t shard = sweep_shard(first); status == UXO_OK && shard <= sweep_shard(last); shard++) {
        status = scan_shard(self, shard, identity, report);
    }
    for (uint32_t i = 0; status == UXO_OK && i < self->damaged; i++) {
        judge_damage(self, &self->damage[i], report);
    }
    return status;
}

void uxo_sweep_store_free(uxo_sweep_store *self)
{
    uxo_records_close(&self->open);
    for (uint32_t i = 0; i < self->file_count; i++) {
        free(self->file[i]);
    }
    free(self->file);
    free(self->damage);
    free(self->entry);
    free(self->folder);
    memset(self, 0, sizeof *self);
}
