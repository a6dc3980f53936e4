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
from resuming import UXOSIM, call, expect

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


def check(scenario, folder, kib, *options, wanted="whole.nc", name="out.nc"):
    """A disk of so many KiB, then a larger one. Was there a checkpoint? None: the disk was large enough."""
    with small_disk(folder, kib):
        out = pathlib.Path(folder) / name
        done = subprocess.run([UXOSIM, "run", scenario, "-q", "-o", out, "--checkpoint=0", *options], capture_output=True, text=True, check=False, timeout=100)
        said = done.stderr
        if done.returncode == 0 and wanted != "whole.nc":
            return None
        expect(done.returncode == 74, f"{kib} KiB: exit code {done.returncode}: {said}")
        expect("No space left on device" in said or "is full" in said or "space" in said, f"no word of the disk: {said}")
        left = sorted(path.name for path in pathlib.Path(folder).iterdir())
        expect(not out.exists() and all(entry == f"{name}.checkpoint" for entry in left), f"left on a full disk: {left}")
        grow(folder, 65536)
        call("run", scenario, "-q", "-o", out, "--resume", *options)
        expect(out.read_bytes() == pathlib.Path(wanted).read_bytes() or is_part(name), f"{kib} KiB: other bytes")
        expect([path.name for path in pathlib.Path(folder).iterdir()] == [name], "something is left")
        if is_part(name):  # a part's records may lie in another order
            pathlib.Path("again.part").write_bytes(out.read_bytes())
        return f"{name}.checkpoint" in left


def is_part(name):
    return name.endswith(".part")


def check_parts(scenario, folder):
    """A part on disks of several sizes; what became of it is merged."""
    for i in (1, 2):
        pathlib.Path(f"{i}.part").unlink(missing_ok=True)
        call("run", scenario, "-q", "--part", f"{i}/2", "-o", f"{i}.part")
    size = pathlib.Path("1.part").stat().st_size // 1024
    tried = []
    for kib in (4, 24, size // 2, 3 * size // 4):
        tried.append(check(scenario, folder, kib, "--part", "1/2", wanted="1.part", name="out.part"))
        if tried[-1] is not None:
            call("merge", "again.part", "2.part", "-q", "-o", "merged.nc", "--scenario", scenario)
            expect(pathlib.Path("merged.nc").read_bytes() == pathlib.Path("whole.nc").read_bytes(), f"a part on {kib} KiB: other bytes")
    expect(tried[0] is not None and tried[2] is not None, f"parts never met a full disk: {tried}")
    return tried


def check_until(scenario, folder):
    until = scenario.with_name("until.yaml")
    until.write_text(scenario.read_text().replace("realisations: 203", "until: {relative_error: 0.05, max_realisations: 3000}"))
    call("run", until, "-q", "-o", "until.nc")
    size = pathlib.Path("until.nc").stat().st_size // 1024
    tried = [check(until, folder, kib, wanted="until.nc") for kib in (24, size // 4, size // 2)]
    expect(tried[1] is not None, f"run.until never met a full disk: {tried}")
    return tried


def check_read_only(scenario, folder):
    """Said before the work, by every command that would write there; what lies there can still be merged."""
    with small_disk(folder, 65536):
        for i in (1, 2):
            call("run", scenario, "-q", "--part", f"{i}/2", "-o", f"{folder}/{i}.part")
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        for more in ((), ("--checkpoint",), ("--resume",), ("--part", "1/2")):
            said = call("run", scenario, "-q", "-o", f"{folder}/out.nc", *more, code=73)
            expect("Read-only file system" in said and "cannot write into" in said, said)
        call("merge", f"{folder}/1.part", f"{folder}/2.part", "-q", "-o", f"{folder}/out.nc", code=73)
        call("merge", f"{folder}/1.part", f"{folder}/2.part", "-q", "-o", "merged.nc")
        expect(pathlib.Path("merged.nc").read_bytes() == pathlib.Path("whole.nc").read_bytes(), "merged: other bytes")


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
            print(f"{estimator}: a part, with a checkpoint there: {check_parts(scenario, f'{folder}/disk')}")
            check_read_only(scenario, f"{folder}/disk")
        print(f"run.until, with a checkpoint there: {check_until(scenario, f'{folder}/disk')}")
        os.chdir("/")


main()
