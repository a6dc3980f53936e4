"""What the house-rule scripts share: which files there are, and how a finding is reported. Not a rule itself."""
import pathlib
import sys

SOURCE = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
BINARY = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else SOURCE / "build" / "dev"
C_FOLDERS = ("sim", "include", "tools")


def files(folders, suffixes):
    """Files below the folders, sorted, as paths relative to the source folder."""
    found = []
    for folder in folders:
        for path in (SOURCE / folder).rglob("*"):
            if path.is_file() and path.suffix in suffixes and not {"__pycache__", "node_modules"} & set(path.parts):
                found.append(path.relative_to(SOURCE))
    return sorted(found)


def text(path):
    return (SOURCE / path).read_text(encoding="utf-8")


def finish(findings, checked):
    """Prints the findings and ends the script; nothing checked is a failure too."""
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings in {checked} checked")
    sys.exit(1 if findings or checked == 0 else 0)
