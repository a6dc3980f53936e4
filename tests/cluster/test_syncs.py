#!/usr/bin/python3
"""test_syncs.py - what has to be on the disk, and when: the head of a file of tasks, and its name, before anything follows. And a signal that comes while a file
is synced, as file systems over a network let it, is no failure. A preloaded library says what is synced, and fails every second time as such a signal does.

    test_syncs.py [UXOSIM]       the program: default $UXOSIM
"""
import os
import pathlib
import shutil
import subprocess
import sys

UXOSIM = sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"]
SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", "."))
SYNCS = """#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
int fsync(int file)
{
    static unsigned calls;
    char link[64], path[4096] = "";
    struct stat status;
    if (calls++ % 2 == 0) {
        errno = EINTR;
        return -1;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    (void)!readlink(link, path, sizeof path - 1);
    if (fstat(file, &status) == 0) {
        fprintf(stderr, "synced %lld %s\\n", (long long)status.st_size, path);
    }
    return (int)syscall(SYS_fsync, file);
}
"""
SWEEP = """format: 1
base: base/scenario.yaml
design: {grid: true}
axes:
  rate: {key: override.rocket-a.dud_rate, values: [0.1, 0.2]}
"""


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def run(environment, *words):
    done = subprocess.run([UXOSIM, *words], env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    expect(done.returncode == 0, f"{words}: exit code {done.returncode}\n{done.stderr}")
    return [tuple(line.split(" ", 2)[1:]) for line in done.stderr.splitlines() if line.startswith("synced ")]


def main():
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        print("no C compiler to make the library that watches")
        sys.exit(77)
    pathlib.Path("syncs.c").write_text(SYNCS, encoding="utf-8")
    library = pathlib.Path("syncs.so").resolve()
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, "syncs.c"], check=True)
    watched = {"LD_PRELOAD": str(library)}
    scenario = str(SOURCE / "configs/stepanakert/scenario.yaml")

    synced = run(watched, "run", scenario, "--set", "run.realisations=20", "--quiet", "-o", "out.nc", "--checkpoint=0")
    expect(any(path.endswith("out.nc.checkpoint.new") for _, path in synced), f"no checkpoint was synced: {synced}")
    expect(any("tmp-" in path and "out.nc" in path for _, path in synced), f"the result was not synced: {synced}")

    case = SOURCE / "tests/cli/bad_sweep/common"
    shutil.rmtree("sweep", ignore_errors=True)
    shutil.copytree(case, "sweep/base")
    pathlib.Path("sweep/sweep.yaml").write_text(SWEEP, encoding="utf-8")
    run({}, "sweep", "plan", "sweep/sweep.yaml", "-o", "sweep/out")
    synced = run(watched, "sweep", "run", "sweep/out", "-q")
    tasks = [path for path in pathlib.Path("sweep/out/tasks/0000").iterdir() if path.suffix == ".tasks"]
    expect(len(tasks) == 1, f"files: {tasks}")
    content = tasks[0].read_bytes()
    head = 24 + int.from_bytes(content[8:16], "little") + int.from_bytes(content[16:24], "little") + 64
    names = [path for _, path in synced]
    sizes = [int(size) for size, path in synced if path == str(tasks[0].resolve())]
    expect(sizes[:1] == [head] and sizes[-1] == len(content), f"the head, of {head} bytes, is not synced before what follows: {sizes}")
    for folder in (tasks[0].parent, tasks[0].parent.parent, tasks[0].parent.parent.parent):
        expect(str(folder.resolve()) in names, f"{folder} was not synced: {names}")
    print(f"head of {head} bytes and its folders synced before the tasks; signals meanwhile are no failure")


main()
