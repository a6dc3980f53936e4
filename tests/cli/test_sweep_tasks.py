#!/usr/bin/python3
"""test_sweep_tasks.py - which tasks `uxosim sweep run` takes (a list, a file that holds one), and which it says it has done: those that are kept, also where
the disk is full (here a limit on the size of files, which needs no rights).

    test_sweep_tasks.py [UXOSIM]       the program: default $UXOSIM
"""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

UXOSIM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"])
CASES = pathlib.Path(__file__).resolve().parent / "bad_sweep" / "common"
TASKS = 12
SWEEP = """format: 1
title: A test
base: base/scenario.yaml
design: {grid: true}
axes:
  rate: {key: override.rocket-a.dud_rate, values: [0.1, 0.2, 0.3]}
  carriers: {key: strikes.defaults.carriers, values: [1, 2, 3, 4]}
"""


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def run(*words, code=0, **more):
    done = subprocess.run([UXOSIM, "sweep", *map(str, words)], capture_output=True, text=True, check=False, timeout=100, **more)
    expect(done.returncode == code, f"{words}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def plan(folder):
    folder.mkdir()
    shutil.copytree(CASES, folder / "base")
    (folder / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
    run("plan", folder / "sweep.yaml", "-o", folder / "out")
    return folder / "out"


def check_lists(folder):
    out, names = plan(folder), folder / "a list"
    for text, wanted in (("2,4-5\n", "2,4-5"), ("2,7", "7"), ("\n", None), ("", None)):
        names.write_text(text, encoding="utf-8")
        said = run("run", out, "--task", f"@{names}")
        done = re.findall(r"task (\d+) done", said)
        expect(done == {"2,4-5": ["2", "4", "5"], "7": ["7"], None: []}[wanted], f"{text!r}: {said}")
    names.write_text(run("status", out, "--unfinished"), encoding="utf-8")
    expect(names.read_text(encoding="utf-8") == "1,3,6,8-12\n", "what is left")
    names.write_text(",".join(["12", *["2"] * 100000]), encoding="utf-8")
    expect("1 done, 100000 were done before" in run("run", out, "--task", f"@{names}"), "a list longer than an argument may be")
    for text, word in (("1,x", "or @FILE with such a list"), ("1\n2\n", "--task takes"), ("13", "there is no task 13")):
        names.write_text(text, encoding="utf-8")
        expect(word in run("run", out, "--task", f"@{names}", code=64), f"{text!r}: {word}")
    expect("cannot read the list of tasks '/nowhere'" in run("run", out, "--task", "@/nowhere", code=66), "a list that is not there")
    expect("cannot read the list of tasks '/'" in run("run", out, "--task", "@/", code=66), "a folder")
    expect("--task takes" in run("run", out, "--task", "", code=64), "no list")


def check_full(folder):
    """Files may have as many bytes as five tasks and a bit have; writing more is an error, as on a full disk."""
    whole, out = plan(folder / "whole"), plan(folder / "limited")
    run("run", whole, "--task", "1-6")
    size = max(path.stat().st_size for path in whole.glob("tasks/*/*.tasks"))

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size - 200, resource.RLIM_INFINITY))

    # Without restoring SIGXFSZ, which Python ignores: the write fails instead.
    said = run("run", out, code=74, preexec_fn=limit, restore_signals=False)
    told, counted = re.findall(r"task (\d+) done", said), re.search(r"uxosim sweep: (\d+) done", said)
    kept = int(re.search(r"(?m)^done +(\d+)$", run("status", out))[1])
    expect(0 < kept < TASKS, f"the limit was not met: {said}")
    expect(len(told) == kept and int(counted[1]) == kept, f"{kept} tasks are kept; said: {said}")
    run("run", out, "-q")
    expect(f"done       {TASKS}\n" in run("status", out), "with room again")


def main():
    with tempfile.TemporaryDirectory() as name:
        check_lists(pathlib.Path(name) / "lists")
        (pathlib.Path(name) / "full").mkdir()
        check_full(pathlib.Path(name) / "full")
    print("lists of tasks from files; what is said to be done is kept")


main()
