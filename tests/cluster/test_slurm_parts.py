#!/usr/bin/python3
"""test_slurm_parts.py - one big run in parts on a real Slurm (support/slurm.py): a part whose time is up is told so by Slurm, saves itself, is
requeued and goes on; a dependent job merges. The result has the bytes of the single run. Paths have blanks and a percent sign.

    test_slurm_parts.py [UXOSIM]       the program: default $UXOSIM. ctest-timeout: 300
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys

UXOSIM = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"]).resolve())
SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(SOURCE / "tests/support"))
import slurm  # noqa: E402 (the folder is known only now)

PARTS = 3
SETS = ("--set", "run.realisations=6000")


def expect(condition, what):
    if not condition:
        raise slurm.Failed(what)


def interrupted_part(cluster, out, job):
    """Part 2 is stopped in the midst of its work until Slurm has told its job that the time is up, as it would be if it took longer."""
    log = out.with_name(f"{out.stem}-2-of-{PARTS}-{job}.log")
    process = cluster.stop_program(0.5, "--part", f"2/{PARTS}")
    cluster.wait_for(lambda: "SIGUSR1, passed on" in log.read_text(), "Slurm's signal before the limit", 90)
    os.kill(process, signal.SIGCONT)
    cluster.wait_for(lambda: "start 2 on" in log.read_text(), "the second start of part 2", 60)
    return log


def main():
    reason = slurm.why_not()
    if reason:
        print(reason)
        sys.exit(77)
    with slurm.cluster() as cluster:
        folder = cluster.folder / "big run, 50% of it"
        shutil.copytree(SOURCE / "configs", folder / "con figs")
        scenario, out, single = folder / "con figs/stepanakert/scenario.yaml", folder / "out put.nc", folder / "single.nc"
        said = cluster.run(SOURCE / "tools/cluster/submit_parts.sh", scenario, "-o", out, "--parts", PARTS, *SETS, "--cpus", 1, "--minutes", 1,
                           "--uxosim", UXOSIM, "--", "--signal=B:USR1@50")
        jobs = [line.split()[1].rstrip(":") for line in said.splitlines()]
        expect(len(jobs) == 2, f"array and merge: {said}")
        array, merge = jobs

        alone = subprocess.Popen([UXOSIM, "run", scenario, *SETS, "-q", "--threads", "1", "-o", single], env=cluster.environment,
                                 stdout=subprocess.DEVNULL)
        log = interrupted_part(cluster, out, array)
        cluster.wait_for(lambda: cluster.jobs()[merge]["JobState"] not in ("PENDING", "RUNNING", "COMPLETING"), "the merged result", 120)
        expect(alone.wait(120) == 0, "the single run failed")

        states = {name: (fields["JobState"], fields["Restarts"]) for name, fields in cluster.jobs().items()}
        expect(all(state == "COMPLETED" for state, _ in states.values()), f"states: {states}")
        expect(states[f"{array}_2"][1] == "1", f"part 2 was requeued once: {states}")
        text = log.read_text()
        expect("resumable, back into the queue" in text, f"the log of part 2: {text}")
        expect(out.read_bytes() == single.read_bytes(), "merged and single run differ")
        expect(not list(folder.glob("*.checkpoint")), "a checkpoint is left")
        print(f"{PARTS} parts, one interrupted by Slurm's signal and requeued, merged: the bytes of the single run\n{text}")


main()
