#!/usr/bin/python3
"""test_verification.py - docs/verification.md is what its rows say; every test that it names is in this build, every function in its source; and the quick
tests still give the figures that stand there.

    test_verification.py      $UXOSIM_SOURCE_DIR, $UXOSIM_BINARY_DIR
ctest-timeout: 300
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.environ["UXOSIM_SOURCE_DIR"], "tests", "support"))
import verification  # noqa: E402
from verification_rows import SECTIONS  # noqa: E402

QUICK = ("statistics.test_totals", "statistics.test_closed_forms", "statistics.test_clustering", "statistics.test_variance", "statistics.test_accidents")


def places(rows, tests):
    """What is missing in the sources or in the build, which may have some kinds of tests only."""
    kinds = {name.split(".")[0] for name in tests}
    for row in rows:
        source = verification.source_of(row.test)
        if source is None:
            yield f"{row.test} has no source"
        elif source.suffix == ".c" and not re.search(rf"\b(cmocka_unit_test|TEST)\({row.within}\)", source.read_text()):
            yield f"{source.name} does not run {row.within}"
        if row.test not in tests and row.test.split(".")[0] in kinds:
            yield f"{row.test} is not in this build"


def pages(rows):
    before, block, _ = verification.split_page()
    figures = verification.figures_of(SECTIONS)
    if len({row.key() for row in rows}) != len(rows):
        yield "two rows are the same"
    for row in rows:
        if not figures.get(row.key()):
            yield f"'{row.claim}' has no figure"
    if block != verification.render(SECTIONS, figures):
        yield "docs/verification.md is not what the rows say"
    if "regression.test_verification" not in before:
        yield "docs/verification.md does not say how it is made"


def outputs(rows, tests):
    """Figures of quick tests that are no longer those of the page."""
    figures = verification.figures_of(SECTIONS)
    for name in QUICK:
        if name not in tests:
            continue
        output = verification.run_test(tests[name])
        for row in (row for row in rows if row.test == name):
            found = row.read(output)
            if found is None:
                yield f"{name} prints nothing that fits '{row.claim}'"
            elif found != figures.get(row.key()):
                yield f"'{row.claim}': the test gives '{found}', the page has '{figures.get(row.key())}'"


def readers():
    """That a figure which is not there, or another one, would be noticed."""
    row = verification.Row("", "", "", "statistics.test_totals", "f", [verification.z("mean")])
    line = "  mean                    1.5 against 1.25  |z| = 0.50\n"
    good = f"[ RUN      ] f\n{line}[       OK ] f\n"
    for text, wanted in ((good, "1.5 against 1.25, z 0.5"), (line, None), (good.replace("mean", "median"), None), (good.replace("OK", "FAILED"), None),
                         (good.replace("1.5 ", "1.6 "), "1.6 against 1.25, z 0.5")):
        if row.read(text) != wanted:
            yield f"reads '{row.read(text)}' in {text!r}"


def main():
    rows = [row for _, rows in SECTIONS for row in rows]
    tests = verification.tests_of_build()
    findings = [*readers(), *places(rows, tests), *pages(rows), *outputs(rows, tests)]
    for finding in findings:
        print(finding)
    print(f"{len(rows)} rows, {len({row.test for row in rows})} tests, {len(findings)} findings")
    if findings:
        sys.exit("renew the page if this is meant: tests/support/verification.py --update [TEST ...]")


if __name__ == "__main__":
    main()
