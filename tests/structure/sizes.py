"""House rule: a file of the engine, the tools and the tests has at most 400 lines, a function of C at most 60."""
import re

from _house import C_FOLDERS, files, finish, text

FILE_LINES = 400
FUNCTION_LINES = 60


def functions(lines):
    """(name, first line, number of lines) of each function: its brace opens and closes in the first column (.clang-format)."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            top = start - 1
            while top > 0 and lines[top - 1] and not lines[top - 1].endswith(("*/", ";", "}")):
                top -= 1
            names = re.findall(r"(\w+)\s*\(", " ".join(lines[top:start - 1]))
            yield (names[0] if names else "?", start, number - start + 1)
            start = None


def main():
    findings = []
    longest = []
    paths = files(C_FOLDERS, {".c", ".h"})
    tests = files(["tests"], {".c", ".h", ".py"})
    for path in paths + tests:
        lines = text(path).splitlines()
        if len(lines) > FILE_LINES:
            findings.append(f"{path}: {len(lines)} lines, at most {FILE_LINES}")
        for name, start, count in functions(lines):
            longest.append((count, f"{path}:{start} {name}"))
            if count > FUNCTION_LINES:
                findings.append(f"{path}:{start}: {name} has {count} lines, at most {FUNCTION_LINES}")
    longest.sort(reverse=True)
    for count, where in longest[:5]:
        print(f"note: {count} lines in {where}")
    finish(findings, len(paths) + len(tests))


main()
