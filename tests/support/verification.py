#!/usr/bin/python3
"""verification.py - the rows of docs/verification.md: what is claimed, the formula or the independent source, when it holds, the test that compares, and
where in the test's output the figure stands. The tables of that page are generated from here, the prose about them is not.

    verification.py                     says whether the page is what the rows say
    verification.py --update [TEST ...] runs the tests (default: all rows'; slow ones take minutes) in $UXOSIM_BINARY_DIR, default build/dev, and
                                        puts their figures into the page; rows of other tests keep what they have

Seeds are fixed, so figures change only if the model, the draws or the tests do. No timings.
"""
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parent.parent.parent))
BINARY = pathlib.Path(os.environ.get("UXOSIM_BINARY_DIR", SOURCE / "build" / "dev"))
PAGE = SOURCE / "docs" / "verification.md"
BEGIN, END = "<!-- begin: made by tests/support/verification.py -->", "<!-- end -->"
KIND = r"(unit|statistics|property|regression|cli|structure|install|validation)\.\w+$"
HEADER = ("claim", "formula or source", "holds when", "test", "last figure")

# ---- figures: from the output of a test to a few words

NUMBER = r"(-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|nan|inf)"


def short(text):
    """Four significant figures of a number; other text as it is."""
    try:
        value = float(text)
    except ValueError:
        return text
    if re.fullmatch(r"-?\d{1,7}", text):
        return text
    rounded = float(f"{value:.4g}")
    return f"{rounded:.0f}" if 1e4 <= abs(rounded) < 1e7 else f"{rounded:.4g}"


@dataclasses.dataclass
class Figure:
    """What `form` makes of the groups of the first line that `pattern` fits, after the first line that `after` fits."""
    pattern: str
    form: str
    after: str = ""

    def read(self, text):
        start = re.search(self.after, text, re.M) if self.after else None
        found = re.search(self.pattern, text[start.end():] if start else text, re.M)
        if found is None or (self.after and start is None):
            return None
        return self.form.format(*map(short, found.groups()))


@dataclasses.dataclass
class Largest:
    """Of the numbers that `pattern` finds, at most `first` of them: how many there are and the largest."""
    pattern: str
    form: str
    first: int = None

    def read(self, text):
        found = [abs(float(number)) for number in re.findall(self.pattern, text, re.M)][:self.first]
        return self.form.format(len(found), short(f"{max(found):.10g}")) if found else None


@dataclasses.dataclass
class Apart:
    """Pairs of numbers: how many, and the largest difference."""
    pattern: str
    form: str

    def read(self, text):
        found = [abs(float(a) - float(b)) for a, b in re.findall(self.pattern, text, re.M)]
        return self.form.format(len(found), f"{max(found):.1e}") if found else None


@dataclasses.dataclass
class Count:
    """How many lines fit."""
    pattern: str
    form: str

    def read(self, text):
        found = re.findall(self.pattern, text, re.M)
        return self.form.format(len(found)) if found else None


def z(name, says="", after=""):
    """A line of judge_z."""
    return Figure(rf"^ +{name} +{NUMBER} against {NUMBER} +\|z\| = {NUMBER}$", (says + " " if says else "") + "{0} against {1}, z {2}", after)


def largest_z(first=None, name=""):
    return Largest(rf"^ +{name}.*\|z\| = {NUMBER}$", "{0} figures, z up to {1}", first)


def chi_square(name, says=""):
    return Figure(rf"^ +{name} +chi-square {NUMBER} of {NUMBER}, tail {NUMBER}$", (says + " " if says else "") + "chi-square {0} of {1}")


def holds(words):
    """Of a test that prints nothing but its verdict: what the verdict says, which the test's own bound has to be."""
    return Figure(r"^\[ +OK \]", words)


EXACT = holds("exact")


@dataclasses.dataclass
class Row:
    claim: str
    formula: str
    holds: str
    test: str  # CTest
    within: str  # the function of a test in C, or a regular expression for the part of a script's output that begins with it; "" for all
    figures: list

    def key(self):
        return f"{self.test} {self.within} {self.claim}"

    def read(self, output):
        """The figures in the test's output; None where a line is not there."""
        text = output
        if self.within and is_c(self.test):
            begin, end = rf"^\[ RUN +\] {self.within}$", rf"^\[ +OK \] {self.within}$"
            found = re.search(begin + r".*?" + end, output, re.S | re.M)
            text = found.group(0) if found else ""
        elif self.within:
            found = re.search(rf"^{self.within}.*?(?=^\S|\Z)", output, re.S | re.M)
            text = found.group(0) if found else ""
        values = [figure.read(text) for figure in self.figures]
        return None if None in values else "; ".join(values)


def source_of(test):
    kind, name = test.split(".")
    for suffix in (".c", ".py"):
        path = SOURCE / "tests" / kind / (name + suffix)
        if path.exists():
            return path
    return None


def is_c(test):
    path = source_of(test)
    return path is not None and path.suffix == ".c"


def is_slow(test):
    path = source_of(test)
    return path is not None and re.search(r"ctest-label: *slow", path.read_text()) is not None


# ---- the page


def cell(text):
    return text.replace("|", "\\|")


def render(sections, figures):
    lines = []
    for title, rows in sections:
        lines += [f"## {title}", "", "| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
        for row in rows:
            of = f"`{row.test}`" + (" (slow)" if is_slow(row.test) else "")
            if row.within and is_c(row.test):
                of += f" `{row.within}`"
            lines.append("| " + " | ".join((row.claim, row.formula, row.holds, of, cell(figures.get(row.key(), "")))) + " |")
        lines.append("")
    return "\n".join(lines)


def split_page():
    """Text before, of and after the block."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN + "\n", 1)
    block, after = rest.split(END, 1)
    return before, block, after


def figures_of(sections):
    """Those that the page has, by row."""
    _, block, _ = split_page()
    found = {}
    lines = [line for line in block.splitlines() if line.startswith("| ")]
    for row in (row for _, rows in sections for row in rows):
        mark = f"`{row.test}`"
        for line in lines:
            cells = [part.strip() for part in re.split(r"(?<!\\)\|", line)[1:-1]]
            if cells[0] == row.claim and mark in cells[3] and (not is_c(row.test) or f"`{row.within}`" in cells[3]):
                found[row.key()] = cells[4].replace("\\|", "|")
    return found


def write_page(sections, figures):
    before, _, after = split_page()
    PAGE.write_text(before + BEGIN + "\n" + render(sections, figures) + END + after, encoding="utf-8")


# ---- the tests


def tests_of_build():
    """CTests of the build by name without prefix."""
    done = subprocess.run(["ctest", "--test-dir", str(BINARY), "--show-only=json-v1"], capture_output=True, text=True, check=True)
    tests = {}
    for test in json.loads(done.stdout)["tests"]:
        name = re.search(KIND, test["name"])
        if name:
            tests[name.group(0)] = test
    return tests


def run_test(test):
    """What a test prints; ends the program if it fails."""
    properties = {item["name"]: item["value"] for item in test["properties"]}
    environment = dict(os.environ, **dict(item.split("=", 1) for item in properties.get("ENVIRONMENT", [])))
    os.makedirs(properties["WORKING_DIRECTORY"], exist_ok=True)
    done = subprocess.run(test["command"], capture_output=True, text=True, env=environment, cwd=properties["WORKING_DIRECTORY"],
                          timeout=2.0 * float(properties.get("TIMEOUT", 120.0)), check=False)
    if done.returncode != 0:
        sys.exit(f"{test['name']} ends with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def update(sections, wanted):
    figures, tests = figures_of(sections), tests_of_build()
    rows = [row for _, rows in sections for row in rows if not wanted or row.test in wanted]
    for name in dict.fromkeys(row.test for row in rows):
        print(name, flush=True)
        output = run_test(tests[name])
        for row in rows:
            if row.test == name:
                value = row.read(output)
                if value is None:
                    sys.exit(f"{name}: no figure for '{row.claim}' in its output")
                figures[row.key()] = value
        write_page(sections, figures)


def main():
    from verification_rows import SECTIONS  # here, as that imports this
    if "--update" in sys.argv:
        update(SECTIONS, [word for word in sys.argv[1:] if word != "--update"])
    _, block, _ = split_page()
    if block != render(SECTIONS, figures_of(SECTIONS)):
        sys.exit(f"{PAGE.name} is not what the rows say; renew it: tests/support/verification.py --update")


if __name__ == "__main__":
    main()
