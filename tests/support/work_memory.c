/* work_memory.c - see work_memory.h. */
#include "work_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void work_memory_init(work_memory *self)
{
    memset(self, 0, sizeof *self);
    pthread_mutex_init(&self->lock, NULL);
}

void work_memory_free(work_memory *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->unit[i].bytes);
    }
    free(self->unit);
    pthread_mutex_destroy(&self->lock);
}

static void *copy_of(const void *bytes, size_t size)
{
    void *const copy = malloc(size + 1);
    memcpy(copy, bytes, size);
    return copy;
}

static void append(work_memory *self, uxo_work_kind kind, uint32_t a, uint32_t b, const void *bytes, size_t size)
{
    if (self->count == self->capacity) {
        self->capacity = 2 * self->capacity + 16;
        self->unit = realloc(self->unit, self->capacity * sizeof *self->unit);
    }
    self->unit[self->count++] = (work_unit){kind, a, b, copy_of(bytes, size), size};
}

static bool has(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index)
{
    work_memory *const self = user;
    uint32_t count = 0;
    pthread_mutex_lock(&self->lock);
    for (size_t i = 0; i < self->count; i++) {
        const work_unit *const unit = &self->unit[i];
        count += unit->kind == kind && unit->a == a && unit->b == b;
    }
    pthread_mutex_unlock(&self->lock);
    return count > index;
}

static uxo_status find(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, uint32_t index, void **bytes,
                       size_t *size, uxo_report *report)
{
    work_memory *const self = user;
    (void)report;
    *bytes = NULL;
    pthread_mutex_lock(&self->lock);
    for (size_t i = 0; i < self->count && *bytes == NULL; i++) {
        const work_unit *const unit = &self->unit[i];
        if (unit->kind == kind && unit->a == a && unit->b == b && index-- == 0) {
            *bytes = copy_of(unit->bytes, unit->size);
            *size = unit->size;
            self->found++;
        }
    }
    pthread_mutex_unlock(&self->lock);
    return UXO_OK;
}

static uxo_status keep(void *user, uxo_work_kind kind, uint32_t a, uint32_t b, const void *bytes, size_t size,
                       uxo_report *report)
{
    work_memory *const self = user;
    pthread_mutex_lock(&self->lock);
    const bool fails = ++self->keeps == self->fail_keep;
    if (!fails) {
        append(self, kind, a, b, bytes, size);
    }
    self->stop = self->stop_after > 0 && self->keeps >= self->stop_after;
    pthread_mutex_unlock(&self->lock);
    return fails ? uxo_fail(report, UXO_ERR_IO, NULL, "no room left") : UXO_OK;
}

static bool due(void *user)
{
    (void)user;
    return false;
}

static uxo_status begin(void *user, uxo_report *report)
{
    work_memory *const self = user;
    (void)report;
    for (size_t i = 0; i < self->count; i++) {
        free(self->unit[i].bytes);
    }
    self->count = 0;
    return UXO_OK;
}

static uxo_status commit(void *user, uxo_report *report)
{
    (void)user;
    (void)report;
    return UXO_OK;
}

uxo_work_store work_memory_store(work_memory *self, uint32_t part, uint32_t parts, bool complete)
{
    return (uxo_work_store){.user = self,
                            .is_part = parts > 1 && !complete,
                            .part = part,
                            .parts = parts,
                            .complete = complete,
                            .find = find,
                            .has = has,
                            .keep = keep,
                            .due = due,
                            .begin = begin,
                            .commit = commit};
}

void work_memory_add(work_memory *self, const work_memory *other)
{
    for (size_t i = 0; i < other->count; i++) {
        const work_unit *const unit = &other->unit[i];
        append(self, unit->kind, unit->a, unit->b, unit->bytes, unit->size);
    }
}

work_unit *work_memory_at(work_memory *self, uxo_work_kind kind, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->unit[i].kind == kind && self->unit[i].a == a && self->unit[i].b == b) {
            return &self->unit[i];
        }
    }
    return NULL;
}

void work_memory_drop(work_memory *self, uxo_work_kind kind, uint32_t a, uint32_t b)
{
    work_unit *const unit = work_memory_at(self, kind, a, b);
    assert_non_null(unit);
    free(unit->bytes);
    *unit = self->unit[--self->count];
}
