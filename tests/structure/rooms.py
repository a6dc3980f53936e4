"""House rule: the table of rooms in docs/architecture.md names every module and nothing that is not there.

A module is a file without its ending; `yaml` stands for yaml_parse and yaml_tree too, `expected_*` for all that begin so. Whether what the table says
of them is true, only readers can tell.
"""
import re

from _house import SOURCE, finish, text

TABLE = "docs/architecture.md"
SUFFIXES = {".c", ".h", ".sh"}


def rows():
    """(folder, text of the second column) of each room with files of its own."""
    for line in text(TABLE).splitlines():
        found = re.match(r"\| `((?:sim/)?\w+/)` \| (.*?) \| ", line)
        if found:
            yield found[1], found[2]


def modules(folder):
    """Names of the files in a room, folders with a slash behind them."""
    names = set()
    for path in (SOURCE / folder).iterdir():
        if path.is_dir():
            names.add(path.name + "/")
        elif path.suffix in SUFFIXES:
            names.add(path.name if path.suffix == ".sh" else path.stem)
    return names


def stands_for(entry, module):
    entry = entry.rstrip("*").rstrip("_")
    return module == entry or module.startswith(entry + "_")


def main():
    findings, checked = [], 0
    rooms = dict(rows())
    for path in sorted((SOURCE / "sim").iterdir()):
        if f"sim/{path.name}/" not in rooms:
            findings.append(f"{TABLE}: no room sim/{path.name}/")
    commands = {path.stem[len("cmd_"):] for path in (SOURCE / "tools").glob("cmd_*.c")}
    for folder, content in rooms.items():
        entries = set(re.findall(r"`([\w*]+/?|\w+\.sh)`", content))
        there = modules(folder)
        for module in sorted(there):
            checked += 1
            if not any(stands_for(entry, module) for entry in entries):
                findings.append(f"{TABLE}: {folder} does not name {module}")
        for entry in sorted(entries - commands):
            checked += 1
            header = SOURCE / "include" / "uxosim" / f"{entry}.h"
            if not header.exists() and not any(stands_for(entry, module) for module in there):
                findings.append(f"{TABLE}: {entry} is not in {folder}")
    finish(findings, checked)


main()
