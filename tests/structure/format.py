"""House rule: C sources look as clang-format 14 makes them (`tools/dev.sh format`)."""
import subprocess
import sys

from _house import SOURCE, files, finish


def main():
    version = subprocess.run(["clang-format", "--version"], capture_output=True, text=True, check=True).stdout
    if "version 14." not in version:
        print(f"clang-format 14 is needed (other versions format differently): {version.strip()}")
        sys.exit(1)
    paths = files(("sim", "include", "tools", "tests", "bench"), {".c", ".h"})
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *map(str, paths)], cwd=SOURCE, capture_output=True, text=True)
    findings = sorted({line.split(":")[0] + ": not formatted" for line in done.stderr.splitlines() if ": error: " in line})
    if done.returncode and not findings:
        findings = [done.stderr]
    finish(findings, len(paths))


main()
