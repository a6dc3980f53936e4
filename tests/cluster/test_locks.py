#!/usr/bin/python3
"""test_locks.py - file systems without file locks (many an NFS and Lustre): results are written and read all the same. Where the environment
insists on locks, the message says the way out. The file system is an ordinary one whose locks were made to fail by a preloaded library.

    test_locks.py [UXOSIM]       the program: default $UXOSIM
"""
import os
import pathlib
import shutil
import subprocess
import sys

UXOSIM = sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"]
SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", "."))
NO_LOCKS = """#include <errno.h>
#include <stdio.h>
int flock(int file, int operation)
{
    (void)file, (void)operation;
    fputs("flock was called\\n", stderr);
    errno = ENOLCK;
    return -1;
}
"""


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def run(environment, *words):
    variables = {key: value for key, value in os.environ.items() if key != "HDF5_USE_FILE_LOCKING"}
    done = subprocess.run([UXOSIM, *words], env={**variables, **environment}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def main():
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        print("no C compiler to make the library without locks")
        sys.exit(77)
    pathlib.Path("no_locks.c").write_text(NO_LOCKS, encoding="utf-8")
    library = pathlib.Path("no_locks.so").resolve()
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, "no_locks.c"], check=True)
    command = ["run", str(SOURCE / "configs/stepanakert/scenario.yaml"), "--set", "run.realisations=20", "--quiet", "-o"]

    code, _, errors = run({}, *command, "with.nc")
    expect(code == 0, f"ordinary run: {code} {errors}")
    # Locks asked for: the library does what it is to do, and the message names the way out.
    without = {"LD_PRELOAD": str(library)}
    insisting = {**without, "HDF5_USE_FILE_LOCKING": "TRUE"}
    way_out = "set HDF5_USE_FILE_LOCKING=FALSE"
    code, _, errors = run(insisting, *command, "insisting.nc")
    expect(code == 74 and "flock was called" in errors and way_out in errors, f"run that insists: {code} {errors}")
    expect(not pathlib.Path("insisting.nc").exists(), "a run that failed left a file")
    code, _, errors = run(insisting, "districts", "with.nc")
    expect(code == 65 and way_out in errors, f"reading that insists: {code} {errors}")

    code, _, errors = run(without, *command, "without.nc")
    expect(code == 0 and "flock" not in errors, f"run without locks: {code} {errors}")
    expect(pathlib.Path("with.nc").read_bytes() == pathlib.Path("without.nc").read_bytes(), "the bytes differ without locks")
    code, table, errors = run(without, "districts", "without.nc")
    expect(code == 0 and "total" in table and "flock" not in errors, f"reading without locks: {code} {errors}")
    print("written and read without locks, same bytes; with them insisted on, the message says the way out")


main()
