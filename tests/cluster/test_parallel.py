#!/usr/bin/python3
"""test_parallel.py - a sweep without Slurm (tools/cluster/local.sh, GNU parallel): jobs, their log, going on after a job whose program was killed, and
nothing to do the third time. The collected file has the bytes of a run without any of this. Paths have blanks, quotes and a percent sign.

    test_parallel.py [UXOSIM]       the program: default $UXOSIM. ctest-timeout: 240
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

UXOSIM = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"]).resolve())
SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
SWEEP = """format: 1
title: A sweep, for tests
base: shushi/scenario.yaml
seed: 1
design: {list: true}
axes:
  confidence: {key: strikes.defaults.confidence, values: [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]}
output: sweep_out
"""
# Kills itself in the one job that is to die, once; else it is the program.
FRAGILE = """#!/bin/sh
case "$*" in
*"--task 3 "*) [ -e "$FRAGILE_MARK" ] || { : >"$FRAGILE_MARK"; kill -KILL $$; } ;;
esac
exec "$REAL_UXOSIM" "$@"
"""


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def run(*words, code=0, **environment):
    done = subprocess.run([str(word) for word in words], env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    expect(done.returncode == code, f"{words}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def started(folder):
    """Lines of the job log: one for each job that was started."""
    logs = list((folder / "log").glob("parallel-*.joblog"))
    expect(len(logs) == 1, f"one job log: {logs}")
    return logs[0].read_text(encoding="utf-8").splitlines()[1:]


def main():
    if shutil.which("parallel") is None:
        print("GNU parallel is not installed")
        sys.exit(77)
    here = pathlib.Path("it's a \"sweep\", 50% of it").resolve()
    shutil.rmtree(here, ignore_errors=True)
    shutil.copytree(SOURCE / "configs", here)
    (here / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
    base = here / "shushi/scenario.yaml"
    base.write_text(re.sub(r"(?m)^  realisations: \d+", "  realisations: 100", base.read_text(encoding="utf-8")), encoding="utf-8")
    fragile = here / "fragile program"
    fragile.write_text(FRAGILE, encoding="utf-8")
    fragile.chmod(0o755)
    plan, plain = here / "sweep out", here / "plain"
    for folder in (plan, plain):
        run(UXOSIM, "sweep", "plan", here / "sweep.yaml", "-o", folder)
    run(UXOSIM, "sweep", "run", plain)
    run(UXOSIM, "sweep", "collect", plain, "-o", here / "plain.nc")

    # Tasks that are said to take 5 s, in jobs of 1 s: each is a job of its own.
    local = (SOURCE / "tools/cluster/local.sh", plan, "--jobs", 2, "--seconds", 1, "--uxosim")
    (plan / "plan.csv").write_text(re.sub(r"(?m)^(\d+,[^,]*),[^,]*,", r"\1,5,", (plan / "plan.csv").read_text(encoding="utf-8")), encoding="utf-8")
    surroundings = {"FRAGILE_MARK": str(here / "died once"), "REAL_UXOSIM": UXOSIM}
    said = run(*local, fragile, code=1, **surroundings)
    expect("call it again" in said and len(started(plan)) == 6, f"the first time: {said} {started(plan)}")
    refusal = run(UXOSIM, "sweep", "collect", plan, "-o", here / "local.nc", code=65)
    expect("1 of 6 tasks" in refusal and not (here / "local.nc").exists(), f"collected with a hole: {refusal}")
    run(*local, fragile, **surroundings)
    expect(len(started(plan)) == 7, f"the second time only what failed: {started(plan)}")
    run(*local, fragile, **surroundings)
    expect(len(started(plan)) == 7, f"the third time nothing: {started(plan)}")
    run(UXOSIM, "sweep", "collect", plan, "-o", here / "local.nc")
    expect((here / "local.nc").read_bytes() == (here / "plain.nc").read_bytes(), "the bytes differ from those of a plain run")
    print("6 jobs, one of them died and was done the second time; the same bytes as without parallel")


main()
