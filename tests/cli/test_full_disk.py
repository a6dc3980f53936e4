#!/usr/bin/python3
"""test_full_disk.py - a disk that is full while a run keeps its work, or writes its result: a clear error, nothing under the final name, and the run goes on to
the same bytes when there is room again. Mounts a small file system in memory: skipped without root.

    test_full_disk.py [UXOSIM]      default $UXOSIM
ctest-timeout: 300
"""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import everything
from resuming import call, expect

SKIPPED = 77


@contextlib.contextmanager
def small_disk(folder, kib):
    os.makedirs(folder, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", folder], capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        print(f"skipped: no file system can be mounted here: {mounted.stderr.strip()}")
        sys.exit(SKIPPED)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def grow(folder, kib):
    subprocess.run(["mount", "-o", f"remount,size={kib}k", folder], check=True)


def check(scenario, folder, kib, *options):
    """A disk of so many KiB, then a larger one."""
    with small_disk(folder, kib):
        out = pathlib.Path(folder) / "out.nc"
        said = call("run", scenario, "-q", "-o", out, "--checkpoint=0", *options, code=74)
        expect("No space left on device" in said or "is full" in said or "space" in said, f"no word of the disk: {said}")
        left = sorted(path.name for path in pathlib.Path(folder).iterdir())
        expect(not out.exists() and all(name == "out.nc.checkpoint" for name in left), f"left on a full disk: {left}")
        grow(folder, 65536)
        call("run", scenario, "-q", "-o", out, "--resume", *options)
        expect(out.read_bytes() == pathlib.Path("whole.nc").read_bytes(), f"{kib} KiB: other bytes")
        expect([path.name for path in pathlib.Path(folder).iterdir()] == ["out.nc"], "something is left")
        return "out.nc.checkpoint" in left


def main():
    if os.geteuid() != 0:
        print("skipped: needs root to mount a file system")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for estimator in ("analog", "expected-value"):
            scenario = everything.make(folder, estimator).rename(f"{folder}/{estimator}.yaml")
            call("run", scenario, "-q", "-o", "whole.nc")
            size = pathlib.Path("whole.nc").stat().st_size // 1024
            kept = [check(scenario, f"{folder}/disk", kib) for kib in (64, size // 4, size // 2, size)]
            expect(any(kept), f"{estimator}: no disk was large enough for a checkpoint: {kept}")
            print(f"{estimator}: disks of 64, {size // 4}, {size // 2} and {size} KiB filled up; with a checkpoint there: {kept}")
        os.chdir("/")


main()
