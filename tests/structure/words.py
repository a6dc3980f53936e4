"""House rule: every file says at its start what it is; nothing is left for later, in a comment or by a place-holder; nothing names one machine."""
import re

from _house import C_FOLDERS, SOURCE, files, finish, text

# Spelt in halves so that this file does not find itself.
LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
# A place that a generator of text was to fill.
PLACE_HOLDER = re.compile(r"@" r"@")
MACHINE = re.compile(r"(?<![\w.])/(home|root|work|tmp)/\w+")
TEXT_SUFFIXES = {".c", ".h", ".py", ".sh", ".sbatch", ".md", ".cmake", ".txt", ".in", ".yaml", ".cff", ".json"}
FOLDERS = ("sim", "include", "tools", "tests", "bench", "cmake", "configs", "docs")
OPENING = {".c": "/*", ".h": "/*", ".py": ('"""', "#"), ".sh": "#!", ".sbatch": "#!", ".cmake": "#", ".yaml": "#"}


def main():
    findings = []
    paths = files(FOLDERS, TEXT_SUFFIXES)
    paths += [path.relative_to(SOURCE) for path in sorted(SOURCE.iterdir())
              if path.suffix in TEXT_SUFFIXES or path.name in ("CMakeLists.txt", ".clang-tidy")]
    for path in paths:
        if path.name == "LICENSE":
            continue
        content = text(path)
        opening = OPENING.get(path.suffix)
        # Broken inputs in tests/ are what they have to be.
        wants_opening = path.parts[0] in C_FOLDERS or path.suffix in (".c", ".h", ".py", ".sh", ".sbatch", ".cmake")
        if opening and wants_opening and not content.startswith(opening):
            findings.append(f"{path}:1: does not start with a comment that says what it is")
        for number, line in enumerate(content.splitlines(), 1):
            if LATER.search(line):
                findings.append(f"{path}:{number}: left for later: {line.strip()}")
            if PLACE_HOLDER.search(line):
                findings.append(f"{path}:{number}: a place-holder: {line.strip()}")
            if path.parts[0] != "tests" and MACHINE.search(line):
                findings.append(f"{path}:{number}: a path of one machine: {line.strip()}")
    finish(findings, len(paths))


main()
