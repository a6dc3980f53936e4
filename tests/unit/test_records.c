/* test_records.c - a file of records gives back what was put in, and tells every kind of damage: torn tails, any flipped bit, other files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "reported.h"
#include "scratch.h"
#include "uxosim/records.h"

static const uxo_records_head HEAD = {"run.seed\t1\nrun.realisations\t500\n", "part\t1/1\n"};
enum { RECORDS = 5 };

/* Bytes of the i-th record: of several sizes, none among them. */
static size_t bytes_of(uint32_t i, unsigned char *bytes)
{
    const size_t size = (size_t)i * i * 37;
    for (size_t k = 0; k < size; k++) {
        bytes[k] = (unsigned char)(k * 7 + i);
    }
    return size;
}

static void write_file(const char *path, bool complete)
{
    uxo_report report;
    uxo_records records;
    unsigned char bytes[4096];
    uxo_report_init(&report);
    assert_int_equal(uxo_records_create(&records, path, &HEAD, &report), UXO_OK);
    for (uint32_t i = 0; i < RECORDS; i++) {
        const size_t size = bytes_of(i, bytes);
        assert_int_equal(uxo_records_append(&records, 3, 10 - i, 7, bytes, size, &report), UXO_OK);
    }
    if (complete) {
        assert_int_equal(uxo_records_finish(&records, &report), UXO_OK);
    }
    assert_int_equal(uxo_records_sync(&records, &report), UXO_OK);
    uxo_records_close(&records);
    uxo_records_close(&records);
    uxo_report_free(&report);
}

static long size_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return (long)status.st_size;
}

/* Records that can be read, each tested; from the first on. */
static uint32_t count_good(const uxo_records *records, uxo_report *report)
{
    unsigned char wanted[4096];
    uint32_t good = 0;
    for (uint32_t i = 0; i < RECORDS; i++) {
        void *bytes;
        const uxo_record_place *const place = uxo_records_find(records, 3, 10 - i, 7, 0);
        if (place != NULL) {
            assert_int_equal(place->size, bytes_of(i, wanted));
            assert_int_equal(uxo_records_read(records, place, &bytes, report), UXO_OK);
            assert_memory_equal(bytes, wanted, place->size);
            free(bytes);
            good++;
        }
    }
    return good;
}

static void gives_back_what_was_put_in(void **state)
{
    uxo_report report;
    uxo_records records;
    (void)state;
    uxo_report_init(&report);
    write_file("a", true);
    assert_int_equal(uxo_records_open(&records, "a", false, &report), UXO_OK);
    assert_true(records.complete);
    assert_int_equal(records.count, RECORDS);
    assert_string_equal(records.identity, HEAD.identity);
    assert_string_equal(records.notes, HEAD.notes);
    assert_int_equal(count_good(&records, &report), RECORDS);
    assert_null(uxo_records_find(&records, 3, 10, 7, 1));
    assert_null(uxo_records_find(&records, 3, 11, 7, 0));
    assert_null(uxo_records_find(&records, 4, 10, 7, 0));
    uxo_records_close(&records);
    uxo_report_free(&report);
}

/* A file that is not held open is read all the same; one that is gone meanwhile is an error. */
static void parked_files_can_be_read(void **state)
{
    uxo_report report;
    uxo_records records;
    void *bytes;
    (void)state;
    uxo_report_init(&report);
    write_file("parked", true);
    assert_int_equal(uxo_records_open(&records, "parked", false, &report), UXO_OK);
    const int file = records.file;
    uxo_records_park(&records);
    uxo_records_park(&records);
    assert_int_equal(lseek(file, 0, SEEK_CUR), -1); /* closed */
    assert_int_equal(count_good(&records, &report), RECORDS);
    assert_int_equal(rename("parked", "elsewhere"), 0);
    assert_int_equal(uxo_records_read(&records, uxo_records_find(&records, 3, 10, 7, 0), &bytes, &report), UXO_ERR_IO);
    assert_null(bytes);
    uxo_records_close(&records);
    uxo_records_park(&records);
    uxo_report_free(&report);
}

static void equal_numbers_keep_their_order(void **state)
{
    uxo_report report;
    uxo_records records;
    (void)state;
    uxo_report_init(&report);
    assert_int_equal(uxo_records_create(&records, "b", &HEAD, &report), UXO_OK);
    for (int i = 0; i < 3; i++) {
        const char letter = (char)('x' + i);
        assert_int_equal(uxo_records_append(&records, 1, 2, 3, &letter, 1, &report), UXO_OK);
    }
    uxo_records_close(&records);
    assert_int_equal(uxo_records_open(&records, "b", true, &report), UXO_OK);
    assert_false(records.complete);
    for (uint32_t i = 0; i < 3; i++) {
        void *bytes;
        assert_int_equal(uxo_records_read(&records, uxo_records_find(&records, 1, 2, 3, i), &bytes, &report), UXO_OK);
        assert_int_equal(*(char *)bytes, 'x' + (int)i);
        free(bytes);
    }
    /* What is added is there when the file is opened anew. */
    assert_int_equal(uxo_records_append(&records, 1, 2, 4, "more", 4, &report), UXO_OK);
    uxo_records_close(&records);
    assert_int_equal(uxo_records_open(&records, "b", false, &report), UXO_OK);
    assert_int_equal(records.count, 4);
    assert_non_null(uxo_records_find(&records, 1, 2, 4, 0));
    uxo_records_close(&records);
    uxo_report_free(&report);
}

/* A file cut at any place: records before it are there, nothing else is, and what is added then comes behind them. */
static void torn_tails_are_cut_off(void **state)
{
    uxo_report report;
    uxo_records records;
    (void)state;
    uxo_report_init(&report);
    write_file("whole", true);
    const long size = size_of("whole");
    uint32_t before = RECORDS + 1;
    for (long cut = size - 1; cut >= 0; cut -= cut > size - 300 ? 1 : 13) {
        write_file("torn", true);
        assert_int_equal(truncate("torn", cut), 0);
        const uxo_status status = uxo_records_open(&records, "torn", true, &report);
        if (status != UXO_OK) {
            assert_int_equal(status, UXO_ERR_DATA); /* of the head nothing may be missing */
            assert_int_equal(before, 0);
            continue;
        }
        assert_false(records.complete);
        assert_int_equal(records.torn, records.end < (uint64_t)cut);
        const uint32_t good = count_good(&records, &report);
        assert_true(good <= before && good <= RECORDS);
        assert_int_equal(good, records.count);
        before = good;
        assert_int_equal(size_of("torn"), records.end);
        assert_int_equal(uxo_records_append(&records, 9, 9, 9, "new", 3, &report), UXO_OK);
        uxo_records_close(&records);
        assert_int_equal(uxo_records_open(&records, "torn", false, &report), UXO_OK);
        assert_non_null(uxo_records_find(&records, 9, 9, 9, 0));
        assert_int_equal(records.end, records.size);
        uxo_records_close(&records);
    }
    assert_int_equal(before, 0);
    uxo_report_free(&report);
}

static void flip(const char *path, long offset, int bit)
{
    FILE *const file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, offset, SEEK_SET), 0);
    const int byte = fgetc(file);
    assert_int_equal(fseek(file, offset, SEEK_SET), 0);
    fputc(byte ^ 1 << bit, file);
    assert_int_equal(fclose(file), 0);
}

/* Any bit of the file: it is not taken for complete, and no record is read that is not what was written. */
static void every_flipped_bit_is_found(void **state)
{
    uxo_report report;
    uxo_records records;
    (void)state;
    uxo_report_init(&report);
    write_file("bits", true);
    const long size = size_of("bits");
    for (long at = 0; at < size; at++) {
        const int bit = (int)(at * 5 % 8);
        flip("bits", at, bit);
        const uxo_status status = uxo_records_open(&records, "bits", false, &report);
        if (status == UXO_OK) {
            assert_false(records.complete);
            assert_true(records.end < records.size && !records.torn);
            assert_int_equal(count_good(&records, &report), records.count);
            assert_true(records.count < RECORDS || records.end < records.size);
            uxo_records_close(&records);
        } else {
            assert_int_equal(status, UXO_ERR_DATA);
        }
        flip("bits", at, bit);
    }
    assert_int_equal(uxo_records_open(&records, "bits", false, &report), UXO_OK);
    assert_true(records.complete);
    /* And one that is flipped after the file was opened. */
    const uxo_record_place *const place = uxo_records_find(&records, 3, 10 - 4, 7, 0);
    void *bytes;
    assert_non_null(place);
    flip("bits", (long)place->offset + 3, 2);
    assert_int_equal(uxo_records_read(&records, place, &bytes, &report), UXO_ERR_DATA);
    assert_null(bytes);
    uxo_records_close(&records);
    uxo_report_free(&report);
}

/* Bytes of one kind are not tested before they are read; heads, and all other kinds, are. */
static void a_survey_goes_by_heads(void **state)
{
    uxo_report report;
    uxo_records records;
    void *bytes;
    (void)state;
    uxo_report_init(&report);
    write_file("surveyed", true);
    assert_int_equal(uxo_records_survey(&records, "surveyed", 3, &report), UXO_OK);
    assert_true(records.complete);
    assert_int_equal(count_good(&records, &report), RECORDS);
    const uxo_record_place place = *uxo_records_find(&records, 3, 10 - 4, 7, 0);
    uxo_records_close(&records);
    flip("surveyed", (long)place.offset + 3, 2);
    assert_int_equal(uxo_records_survey(&records, "surveyed", 3, &report), UXO_OK);
    assert_true(records.complete && records.end == records.size && records.count == RECORDS);
    assert_int_equal(uxo_records_read(&records, &place, &bytes, &report), UXO_ERR_DATA);
    uxo_records_close(&records);
    assert_int_equal(uxo_records_survey(&records, "surveyed", 4, &report), UXO_OK);
    assert_true(!records.complete && records.end < records.size && records.count == RECORDS - 1);
    uxo_records_close(&records);
    flip("surveyed", (long)place.offset + 3, 2);
    flip("surveyed", (long)place.offset - 3, 2);
    assert_int_equal(uxo_records_survey(&records, "surveyed", 3, &report), UXO_OK);
    assert_true(!records.complete && records.count == RECORDS - 1);
    uxo_records_close(&records);
    uxo_report_free(&report);
}

static void other_files_are_refused(void **state)
{
    uxo_report report;
    uxo_records records;
    (void)state;
    uxo_report_init(&report);
    assert_int_equal(uxo_records_open(&records, "nowhere", false, &report), UXO_ERR_NOINPUT);
    assert_int_equal(uxo_records_open(&records, "/", false, &report), UXO_ERR_DATA);
    FILE *const file = fopen("other", "w");
    assert_non_null(file);
    fputs("\211HDF\r\n\032\n and a good deal more, so that it is long enough", file);
    assert_int_equal(fclose(file), 0);
    const long size = size_of("other");
    assert_int_equal(uxo_records_open(&records, "other", true, &report), UXO_ERR_DATA);
    assert_int_equal(size_of("other"), size); /* it is as it was */
    assert_int_equal(uxo_records_create(&records, "no/such/folder", &HEAD, &report), UXO_ERR_CANTCREATE);
    uxo_report_free(&report);
}

static void what_differs_is_named(void **state)
{
    uxo_report report;
    uxo_records records;
    (void)state;
    uxo_report_init(&report);
    write_file("c", false);
    assert_int_equal(uxo_records_open(&records, "c", false, &report), UXO_OK);
    assert_int_equal(uxo_records_check(&records, HEAD.identity, "checkpoint", NULL, &report), UXO_OK);
    assert_int_equal(report.count, 0);
    assert_int_equal(uxo_records_check(&records, "run.seed\t2\nnew key\tx\n", "checkpoint", NULL, &report),
                     UXO_ERR_DATA);
    assert_reported(&report, UXO_ERROR, "checkpoint 'c': run.seed was '1', is '2'");
    assert_reported(&report, UXO_ERROR, "run.realisations was '500', is no longer there");
    assert_reported(&report, UXO_ERROR, "new key was not there, is 'x' now");
    char value[8];
    assert_true(uxo_records_value(HEAD.identity, "run.realisations", value, sizeof value));
    assert_string_equal(value, "500");
    assert_false(uxo_records_value(HEAD.identity, "run", value, sizeof value));
    assert_false(uxo_records_value(HEAD.identity, "run.realisations", value, 3));
    uxo_records_close(&records);
    uxo_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_put_in),     cmocka_unit_test(parked_files_can_be_read),
        cmocka_unit_test(equal_numbers_keep_their_order), cmocka_unit_test(torn_tails_are_cut_off),
        cmocka_unit_test(every_flipped_bit_is_found),     cmocka_unit_test(a_survey_goes_by_heads),
        cmocka_unit_test(other_files_are_refused),        cmocka_unit_test(what_differs_is_named),
    };
    return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
