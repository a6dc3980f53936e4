/* sweep_writer.h - private to sim/result: names and kinds of records that the writer and the reader of a store agree on. */
#ifndef UXOSIM_RESULT_SWEEP_WRITER_H
#define UXOSIM_RESULT_SWEEP_WRITER_H

#include <string.h>

#include "uxosim/digest.h"
#include "uxosim/sweep_store.h"

/* a: the task. MAPS comes before the DONE that it belongs to. */
enum { SWEEP_RECORD_STARTED = 1, SWEEP_RECORD_MAPS, SWEEP_RECORD_DONE, SWEEP_RECORD_FAILED };

#define SWEEP_SHARD_FORMAT "%s/tasks/%04u"
#define SWEEP_FILE_ENDING ".tasks"
#define SWEEP_DAMAGED_ENDING ".damaged" /* behind it: put aside, read by nobody */
enum { SWEEP_MOST_PATH = 4096 };

/* Is there more than what somebody leaves who dies while the head is written? The head holds the identity and a digest. */
static inline bool sweep_has_head(uint64_t size, const char *identity)
{
    return size >= strlen(identity) + UXO_DIGEST_SIZE;
}

/* Shard of a task. */
static inline uint32_t sweep_shard(uint32_t task)
{
    return (task - 1) / UXO_SWEEP_SHARD;
}

#endif
