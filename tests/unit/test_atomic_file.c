/* test_atomic_file.c - an output is there whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "uxosim/atomic_file.h"

static char folder[] = "/tmp/uxosim-atomic-XXXXXX";

static int enter(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    unlink("out.txt");
    unlink("link.txt");
    rmdir("sub");
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void put(const char *path, const char *text)
{
    FILE *const file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void expect(const char *path, const char *text)
{
    char read[64] = "";
    FILE *const file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fgets(read, sizeof read, file) != NULL || text[0] == '\0');
    fclose(file);
    assert_string_equal(read, text);
}

static int entries(void)
{
    int count = 0;
    DIR *const open = opendir(".");
    for (struct dirent *entry = readdir(open); entry != NULL; entry = readdir(open)) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(open);
    return count;
}

static void writes_and_replaces(void **state)
{
    (void)state;
    uxo_report report;
    uxo_atomic_file file;
    uxo_report_init(&report);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(uxo_atomic_begin(&file, "out.txt", &report), UXO_OK);
        put(file.temporary, i == 0 ? "first" : "second");
        if (i == 1) {
            expect("out.txt", "first");
        }
        assert_int_equal(uxo_atomic_commit(&file, &report), UXO_OK);
        uxo_atomic_abandon(&file);
        expect("out.txt", i == 0 ? "first" : "second");
        assert_int_equal(entries(), 1);
    }
    uxo_report_free(&report);
}

static void abandons(void **state)
{
    (void)state;
    uxo_report report;
    uxo_atomic_file file;
    uxo_atomic_file other;
    uxo_report_init(&report);
    put("out.txt", "before");
    assert_int_equal(uxo_atomic_begin(&file, "out.txt", &report), UXO_OK);
    assert_int_equal(uxo_atomic_begin(&other, "out.txt", &report), UXO_OK);
    assert_string_not_equal(file.temporary, other.temporary);
    uxo_atomic_abandon(&file);
    uxo_atomic_abandon(&file);
    uxo_atomic_abandon(&other);
    expect("out.txt", "before");
    assert_int_equal(entries(), 1);
    uxo_report_free(&report);
}

static void follows_links(void **state)
{
    (void)state;
    uxo_report report;
    uxo_atomic_file file;
    struct stat about;
    uxo_report_init(&report);
    put("out.txt", "before");
    assert_int_equal(symlink("out.txt", "link.txt"), 0);
    assert_int_equal(uxo_atomic_begin(&file, "link.txt", &report), UXO_OK);
    put(file.temporary, "after");
    assert_int_equal(uxo_atomic_commit(&file, &report), UXO_OK);
    assert_int_equal(lstat("link.txt", &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    expect("out.txt", "after");
    uxo_report_free(&report);
}

static unsigned mode_of(const char *path)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return about.st_mode & 07777;
}

/* A file that its owner hid stays hidden, one that he opened stays open, whatever the umask; a new one takes the umask.
 */
static void keeps_permissions(void **state)
{
    (void)state;
    static const unsigned modes[] = {0600, 0640, 0666, 0755};
    uxo_report report;
    uxo_atomic_file file;
    uxo_report_init(&report);
    const mode_t before = umask(022);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        put("out.txt", "before");
        assert_int_equal(chmod("out.txt", modes[i]), 0);
        assert_int_equal(uxo_atomic_begin(&file, "out.txt", &report), UXO_OK);
        assert_int_equal(mode_of(file.temporary), modes[i]);
        put(file.temporary, "after");
        assert_int_equal(uxo_atomic_commit(&file, &report), UXO_OK);
        assert_int_equal(mode_of("out.txt"), modes[i]);
        expect("out.txt", "after");
    }
    assert_int_equal(unlink("out.txt"), 0);
    assert_int_equal(uxo_atomic_begin(&file, "out.txt", &report), UXO_OK);
    assert_int_equal(uxo_atomic_commit(&file, &report), UXO_OK);
    assert_int_equal(mode_of("out.txt"), 0644);
    umask(before);
    uxo_report_free(&report);
}

static void refuses(void **state)
{
    (void)state;
    static const char *const path[] = {"", "sub", "sub/", "nowhere/out.txt", "/dev/null", "out.txt/below"};
    uxo_report report;
    uxo_report_init(&report);
    assert_true(mkdir("sub", 0777) == 0 || errno == EEXIST);
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        uxo_atomic_file file;
        assert_int_equal(uxo_atomic_begin(&file, path[i], &report), UXO_ERR_CANTCREATE);
        assert_int_equal(report.error_count, i + 1);
    }
    uxo_report_free(&report);
}

/* Temporary files of killed programs are mentioned if they are of the same target; those of living ones never. */
static void mentions_what_was_left_behind(void **state)
{
    uxo_atomic_file file;
    uxo_report report;
    char gone[3][64], living[64];
    (void)state;
    const pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    snprintf(gone[0], sizeof gone[0], ".tmp-%ld-0-out.txt", (long)child);
    snprintf(gone[1], sizeof gone[1], ".tmp-%ld-0-other.txt", (long)child);
    snprintf(gone[2], sizeof gone[2], ".tmp-%ld-out.txt", (long)child);
    snprintf(living, sizeof living, ".tmp-%ld-7-out.txt", (long)getppid());
    for (int i = 0; i < 3; i++) {
        put(gone[i], "half");
    }
    put(living, "half");

    uxo_report_init(&report);
    assert_int_equal(uxo_atomic_begin(&file, "./out.txt", &report), UXO_OK);
    assert_int_equal(report.count, 1);
    assert_int_equal(report.item[0].severity, UXO_NOTE);
    assert_non_null(strstr(report.item[0].text, gone[0]));
    expect(gone[0], "half"); /* it may be somebody's on another machine */
    uxo_atomic_abandon(&file);
    uxo_report_free(&report);
    for (int i = 0; i < 3; i++) {
        unlink(gone[i]);
    }
    unlink(living);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_and_replaces),
                                       cmocka_unit_test(abandons),
                                       cmocka_unit_test(follows_links),
                                       cmocka_unit_test(keeps_permissions),
                                       cmocka_unit_test(refuses),
                                       cmocka_unit_test(mentions_what_was_left_behind)};
    return cmocka_run_group_tests(tests, enter, leave);
}
