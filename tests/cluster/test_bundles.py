#!/usr/bin/python3
"""test_bundles.py - tools/cluster/bundles.sh and submit.sh --dry-run on plans that were written by hand: the same bundles where numbers have a decimal comma,
and lists of scattered tasks that are longer than an argument may be. No Slurm: what submit.sh asks of others is answered by two small scripts.

    test_bundles.py [UXOSIM]       the program is not needed
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
TOOLS = SOURCE / "tools/cluster"
sys.path.insert(0, str(SOURCE / "tests/support"))
import comma_locale  # noqa: E402 (the folder is known only now)
from calling import expect  # noqa: E402

ARGUMENT_BYTES = 128 * 1024
MANY = 60000


def run(*words, given=None, code=0, **environment):
    variables = {key: value for key, value in os.environ.items() if not key.startswith("LC_")}
    done = subprocess.run([str(word) for word in words], input=given, env={**variables, "LC_ALL": "C", **environment}, capture_output=True, text=True,
                          check=False, timeout=100)
    expect(done.returncode == code, f"{str(words)[:300]}: exit code {done.returncode}, not {code}\n{done.stdout[:500]}{done.stderr}")
    return done.stdout + done.stderr


def write_plan(folder, tasks, seconds):
    """The numbers of a task are between commas that are quoted, and others."""
    folder.mkdir()
    lines = [f'{i},"a, b",{seconds:.6g},{60 + i % 3 / 2},0.01' for i in range(1, tasks + 1)]
    (folder / "plan.csv").write_text("\n".join(["task,axis,seconds,mib,mb", *lines, ""]), encoding="utf-8")
    return folder


def tasks_of(lists):
    found = []
    for part in ",".join(lists).split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def check_locale(scratch, environment):
    plan = write_plan(scratch / "half", 501, 0.25)
    wanted = run(TOOLS / "bundles.sh", plan, 1, "1-501")
    expect(wanted.splitlines()[:2] == ["1-4 1.000 61", "5-8 1.000 61"] and len(wanted.splitlines()) == 126, wanted)
    if environment is None:
        return False
    found = run(TOOLS / "bundles.sh", plan, 1, "1-501", **environment)
    expect(found == wanted, f"with a decimal comma: {found[:200]}")
    return True


def write_answers(scratch, unfinished):
    """What submit.sh calls: the program, and Slurm's word on arrays. Returns the program."""
    (scratch / "unfinished").write_text(unfinished, encoding="utf-8")
    for name, text in (("uxosim", f"cat '{scratch}/unfinished'"), ("scontrol", "echo 'MaxArraySize = 1001'")):
        (scratch / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (scratch / name).chmod(0o755)
    return scratch / "uxosim"


def check_long_list(scratch, environment):
    """Every other task is left, as after a partition of many short jobs died."""
    plan = write_plan(scratch / "many", MANY, 0.01)
    odd = range(1, MANY, 2)
    text = ",".join(map(str, odd)) + "\n"
    expect(len(text) > ARGUMENT_BYTES, "the list is too short to find anything out")
    bundles = run(TOOLS / "bundles.sh", plan, 100000, "-", given=text)
    lists = [line.split()[0] for line in bundles.splitlines()]
    expect(tasks_of(lists) == list(odd), "every task of the list is in one bundle")
    expect(len(lists) > 1 and max(map(len, lists)) < ARGUMENT_BYTES // 2, f"lists that an argument has no room for: {[len(each) for each in lists]}")
    (scratch / "list").write_text(text.strip(), encoding="utf-8")
    expect(run(TOOLS / "bundles.sh", plan, 100000, f"@{scratch}/list") == bundles, "the list from a file")

    program = write_answers(scratch, text)
    said = run(TOOLS / "submit.sh", plan, "--seconds", 10, "--uxosim", program, "--dry-run", PATH=f"{scratch}:{os.environ['PATH']}", **(environment or {}))
    expect(re.search(r": 30 jobs in 1 arrays, each 6 min, 322 MiB, 1 threads; unfinished tasks: 1,3,5,", said) and len(said) < 1000, said[:500])


def check_refusals(scratch):
    plan = write_plan(scratch / "few", 5, 1)
    for tasks, word in (("1,x", "'x' is neither"), ("0", "'0' is neither"), ("1,3-", "'3-' is neither")):
        expect(word in run(TOOLS / "bundles.sh", plan, 1, tasks, code=64), f"{tasks}: {word}")
    expect("cannot read the list" in run(TOOLS / "bundles.sh", plan, 1, "@/nowhere", code=66), "a list that is not there")
    for nothing in ("", "\n"):
        expect(run(TOOLS / "bundles.sh", plan, 1, "-", given=nothing) == "", "no tasks, no bundles")
    expect(run(TOOLS / "bundles.sh", plan, 2, "2,4-9") == "2,4 2.000 61\n5 1.000 61\n", "tasks behind the last are none")


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name).resolve()
        environment = comma_locale.environment(scratch)
        tried = check_locale(scratch, environment)
        check_long_list(scratch, environment)
        check_refusals(scratch)
    print(f"bundles of {MANY // 2} scattered tasks; " + ("with a decimal comma, too" if tried else "SKIPPED: no locale with a decimal comma can be made here"))


main()
