/* test_ordered.c - the ordered loop: every iteration once, commits in order and one at a time, failures end it and lose
 * nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "uxosim/maps.h"

enum { COUNT = 500, NEVER = COUNT };

typedef struct trial {
    atomic_int worked[COUNT];
    atomic_int held;       /* results that exist */
    atomic_int committing; /* threads in commit */
    atomic_int broken;     /* rules that were seen broken: the loop's threads cannot fail a test */
    int threads;
    size_t next;
    size_t fail_work, fail_commit;
} trial;

static uxo_status work(void *user, int thread, size_t index, void **result)
{
    trial *const self = user;
    size_t *const made = malloc(sizeof *made);
    const struct timespec nap = {0, index % 7 == 0 ? 200000 : 0}; /* some come late */
    nanosleep(&nap, NULL);
    *made = index;
    *result = made;
    atomic_fetch_add(&self->held, 1);
    atomic_fetch_add(&self->broken, atomic_fetch_add(&self->worked[index], 1) != 0);
    atomic_fetch_add(&self->broken, thread < 0 || thread >= self->threads);
    return index == self->fail_work ? UXO_ERR_MEMORY : UXO_OK;
}

static void discard(void *user, void *result)
{
    trial *const self = user;
    atomic_fetch_sub(&self->held, 1);
    free(result);
}

static uxo_status commit(void *user, size_t index, void *result)
{
    trial *const self = user;
    atomic_fetch_add(&self->broken, atomic_fetch_add(&self->committing, 1) != 0);
    atomic_fetch_add(&self->broken, index != self->next++ || *(size_t *)result != index);
    atomic_fetch_sub(&self->committing, 1);
    discard(user, result);
    return index == self->fail_commit ? UXO_ERR_IO : UXO_OK;
}

static uxo_status run(trial *self, int threads, size_t fail_work, size_t fail_commit)
{
    const uxo_ordered_loop loop = {self, work, commit, discard};
    *self = (trial){.threads = threads, .fail_work = fail_work, .fail_commit = fail_commit};
    const uxo_status status = uxo_ordered_run(&loop, COUNT, threads);
    assert_int_equal(self->broken, 0);
    assert_int_equal(self->held, 0);
    return status;
}

static void in_order_with_any_number_of_threads(void **state)
{
    (void)state;
    trial self;
    for (int threads = 1; threads <= 8; threads++) {
        assert_int_equal(run(&self, threads, NEVER, NEVER), UXO_OK);
        assert_int_equal(self.next, COUNT);
    }
    const uxo_ordered_loop loop = {&self, work, commit, discard};
    assert_int_equal(uxo_ordered_run(&loop, 0, 4), UXO_OK);
    assert_true(uxo_ordered_threads(0) >= 1);
    assert_int_equal(uxo_ordered_threads(3), 3);
}

static void a_failure_ends_it(void **state)
{
    (void)state;
    trial self;
    for (int threads = 1; threads <= 4; threads += 3) {
        assert_int_equal(run(&self, threads, 100, NEVER), UXO_ERR_MEMORY);
        assert_true(self.next <= 100);
        assert_int_equal(run(&self, threads, NEVER, 100), UXO_ERR_IO);
        assert_int_equal(self.next, 101);
        assert_true(threads > 1 || self.worked[101] == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_order_with_any_number_of_threads),
                                       cmocka_unit_test(a_failure_ends_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
