/* test_yaml.c - the tree with its places, the refusals, --set, printing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "uxosim/yaml.h"

typedef struct fixture {
    uxo_yaml yaml;
    uxo_report report;
} fixture;

static uxo_status read(fixture *self, const char *text)
{
    uxo_report_init(&self->report);
    return uxo_yaml_read_text(&self->yaml, "t.yaml", text, strlen(text), 1, 1, &self->report);
}

static void clean(fixture *self)
{
    uxo_yaml_free(&self->yaml);
    uxo_report_free(&self->report);
}

static void nodes_know_their_places(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(read(&f, "a: 1\nbc:\n  d: [x, \"y z\"]\n"), UXO_OK);
    const uxo_node *const list = uxo_node_at(f.yaml.root, "bc.d");
    assert_non_null(list);
    assert_int_equal(list->kind, UXO_NODE_SEQUENCE);
    assert_int_equal(list->count, 2);
    assert_int_equal(list->place.line, 3);
    assert_int_equal(list->place.column, 6);
    assert_int_equal(list->key_place.column, 3);
    const uxo_node *const second = list->first->next;
    assert_string_equal(second->text, "y z");
    assert_true(second->quoted);
    assert_false(list->first->quoted);
    assert_int_equal(second->place.column, 10);
    assert_int_equal(second->place.width, 5);
    assert_string_equal(second->place.excerpt, "  d: [x, \"y z\"]");
    assert_null(uxo_node_at(f.yaml.root, "bc.e"));
    assert_null(uxo_node_get(list, "x"));
    assert_null(uxo_node_get(NULL, "x"));
    clean(&f);
}

static void columns_count_characters_and_marks_are_skipped(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(read(&f, "\xEF\xBB\xBF{\xC3\xA4\xC3\xB6: 1, b: 2}"), UXO_OK);
    const uxo_node *const b = uxo_node_get(f.yaml.root, "b");
    assert_int_equal(b->key_place.line, 1);
    assert_int_equal(b->key_place.column, 9);
    clean(&f);
}

static void a_text_may_start_anywhere(void **state)
{
    (void)state;
    fixture f;
    uxo_report_init(&f.report);
    assert_int_equal(uxo_yaml_read_text(&f.yaml, "s.csv", "{range: [1, 4]}", 15, 7, 20, &f.report), UXO_OK);
    assert_int_equal(f.yaml.root->first->place.line, 7);
    assert_int_equal(f.yaml.root->first->place.column, 28);
    clean(&f);
}

/* A broken text, how many errors it has, where the first one is. */
static void broken_texts_are_refused_with_places(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t errors;
        uint32_t line, column;
    } broken[] = {
        {"", 1, 1, 0},
        {"# only a comment\n", 1, 1, 0},
        {"a: &x 1\nb: *x\n", 2, 1, 4},
        {"a: !!int 1\n", 1, 1, 4},
        {"<<: {a: 1}\n", 1, 1, 1},
        {"a: 1\na: 2\nb: 3\na: 4\n", 2, 2, 1},
        {"a: 1\n---\nb: 1\n", 1, 2, 1},
        {"? [a]\n: 1\n", 1, 1, 3},
        {"a: [1, 2\nb: 3\n", 1, 2, 2},
        {"a:\n\tb: 1\n", 1, 2, 1},
        {"a: \"x\n", 1, 1, 6},
        {"a: 1\nb: \xFFx\n", 1, 2, 4},
        {"a: \x01\n", 1, 1, 4},
        {"a: \xED\xA0\x80\n", 1, 1, 4}, /* a surrogate */
        {"%TAG ! tag:x,2000:\n---\na: 1\n", 1, 1, 1},
        {"a: *x\n*x : 1\n", 2, 1, 4},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        fixture f;
        assert_int_equal(read(&f, broken[i].text), UXO_ERR_DATA);
        assert_null(f.yaml.root);
        assert_int_equal(f.report.error_count, broken[i].errors);
        size_t first = 0;
        while (f.report.item[first].severity != UXO_ERROR) {
            first++;
        }
        if (f.report.item[first].place.line != broken[i].line ||
            f.report.item[first].place.column != broken[i].column) {
            print_error("case %zu: %u:%u, expected %u:%u\n", i, (unsigned)f.report.item[first].place.line,
                        (unsigned)f.report.item[first].place.column, (unsigned)broken[i].line,
                        (unsigned)broken[i].column);
            fail();
        }
        clean(&f);
    }
}

static void nul_bytes_and_long_files_are_refused(void **state)
{
    (void)state;
    fixture f;
    uxo_report_init(&f.report);
    assert_int_equal(uxo_yaml_read_text(&f.yaml, "t", "a: b\0c", 6, 1, 1, &f.report), UXO_ERR_DATA);
    clean(&f);
    char *const long_text = malloc(UXO_YAML_MAX_BYTES + 1);
    memset(long_text, '#', UXO_YAML_MAX_BYTES + 1);
    uxo_report_init(&f.report);
    assert_int_equal(uxo_yaml_read_text(&f.yaml, "t", long_text, UXO_YAML_MAX_BYTES + 1, 1, 1, &f.report),
                     UXO_ERR_DATA);
    clean(&f);
    free(long_text);
}

static void depth_is_limited(void **state)
{
    (void)state;
    fixture f;
    char text[2 * UXO_YAML_MAX_DEPTH + 3] = "";
    memset(text, '[', UXO_YAML_MAX_DEPTH);
    memset(text + UXO_YAML_MAX_DEPTH, ']', UXO_YAML_MAX_DEPTH);
    assert_int_equal(read(&f, text), UXO_OK);
    clean(&f);
    memset(text, '[', UXO_YAML_MAX_DEPTH + 1);
    memset(text + UXO_YAML_MAX_DEPTH + 1, ']', UXO_YAML_MAX_DEPTH + 1);
    assert_int_equal(read(&f, text), UXO_ERR_DATA);
    clean(&f);
}

static void a_missing_file_is_no_input(void **state)
{
    (void)state;
    fixture f;
    uxo_report_init(&f.report);
    assert_int_equal(uxo_yaml_read_file(&f.yaml, "/nowhere/x.yaml", &f.report), UXO_ERR_NOINPUT);
    clean(&f);
    uxo_report_init(&f.report);
    assert_int_equal(uxo_yaml_read_file(&f.yaml, "/", &f.report), UXO_ERR_NOINPUT);
    clean(&f);
}

static void set_replaces_and_makes(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(read(&f, "a: {b: 1, c: 2}\nd: 3\n"), UXO_OK);
    assert_int_equal(uxo_yaml_set(&f.yaml, "a.b=[1, 2]", &f.report), UXO_OK);
    assert_int_equal(uxo_yaml_set(&f.yaml, "x.y.z={hello: world}", &f.report), UXO_OK);
    assert_int_equal(uxo_node_at(f.yaml.root, "a.b")->count, 2);
    assert_true(uxo_node_at(f.yaml.root, "a.b")->override);
    assert_false(uxo_node_at(f.yaml.root, "a.c")->override);
    assert_string_equal(uxo_node_at(f.yaml.root, "a.c")->text, "2");
    assert_string_equal(uxo_node_at(f.yaml.root, "x.y.z.hello")->text, "world");
    assert_string_equal(uxo_node_at(f.yaml.root, "a.b")->place.file, "--set a.b=[1, 2]");
    assert_int_equal(uxo_node_at(f.yaml.root, "a.b")->first->place.column, 6);
    static const char *const wrong[] = {"", "a", "=1", "a..b=1", ".a=1", "a.=1", "d.e=1", "a.b=[1", "a.b=", "a.b=&x 1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(uxo_yaml_set(&f.yaml, wrong[i], &f.report), UXO_ERR_DATA);
    }
    assert_int_equal(uxo_node_at(f.yaml.root, "a.b")->count, 2);
    clean(&f);
}

static void nodes_print_as_flow_yaml(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(read(&f, "a:\n  b: [1, \"x\\n\\\"y\\\"\"]\n  c: {}\n"), UXO_OK);
    char *const text = uxo_node_print(f.yaml.root);
    assert_string_equal(text, "{a: {b: [1, \"x\\n\\\"y\\\"\"], c: {}}}");
    free(text);
    clean(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_know_their_places),
        cmocka_unit_test(columns_count_characters_and_marks_are_skipped),
        cmocka_unit_test(a_text_may_start_anywhere),
        cmocka_unit_test(broken_texts_are_refused_with_places),
        cmocka_unit_test(nul_bytes_and_long_files_are_refused),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(a_missing_file_is_no_input),
        cmocka_unit_test(set_replaces_and_makes),
        cmocka_unit_test(nodes_print_as_flow_yaml),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
