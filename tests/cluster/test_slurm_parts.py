#!/usr/bin/python3
"""test_slurm_parts.py - one big run in parts on a real Slurm (support/slurm.py): a part whose time is up is told so by Slurm, saves itself, is
requeued and goes on; a dependent job merges. The result has the bytes of the single run. Paths have blanks and a percent sign.

    test_slurm_parts.py [UXOSIM]       the program: default $UXOSIM. ctest-timeout: 300
"""
import os
import pathlib
import shutil
import subprocess
import sys

UXOSIM = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"]).resolve())
SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(SOURCE / "tests/support"))
import slurm  # noqa: E402 (the folder is known only now)
from slurm import expect  # noqa: E402

PARTS = 3
SETS = ("--set", "run.realisations=6000")


def interrupted_part(cluster, out, job):
    """Part 2 is stopped in the midst of its work until Slurm has told its job that the time is up, as it would be if it took longer."""
    log = out.with_name(f"{out.stem}-2-of-{PARTS}-{job}.log")
    process = cluster.stop_program(0.5, "--part", f"2/{PARTS}")
    cluster.wait_for(lambda: "SIGUSR1, passed on" in log.read_text(), "Slurm's signal before the limit", 90)
    cluster.continue_program(process)
    cluster.wait_for(lambda: "start 2 on" in log.read_text(), "the second start of part 2", 60)
    return log


def submit(cluster, scenario, out):
    """Numbers of the array and of the job that merges."""
    said = cluster.run(SOURCE / "tools/cluster/submit_parts.sh", scenario, "-o", out, "--parts", PARTS, *SETS, "--cpus", 1, "--minutes", 1,
                       "--uxosim", UXOSIM, "--", "--signal=B:USR1@50")
    jobs = [line.split()[1].rstrip(":") for line in said.splitlines()]
    expect(len(jobs) == 2, f"array and merge: {said}")
    return jobs


def wait_for_merge(cluster, merge):
    """States and restarts of all jobs when it has ended."""
    cluster.wait_for(lambda: cluster.jobs()[merge]["JobState"] not in ("PENDING", "RUNNING", "COMPLETING"), "the merged result", 120)
    states = {name: (fields["JobState"], fields["Restarts"]) for name, fields in cluster.jobs().items()}
    expect(all(state == "COMPLETED" for state, _ in states.values()), f"states: {states}")
    return states


def again(cluster, scenario, out):
    """Submitted once more with one part lost: the others stay as they are."""
    parts = [out.with_name(f"{out.stem}-{i}-of-{PARTS}.part") for i in range(1, PARTS + 1)]
    before = [part.stat().st_mtime_ns for part in parts]
    parts[0].unlink()
    out.unlink()
    wait_for_merge(cluster, submit(cluster, scenario, out)[1])
    changed = [part.stat().st_mtime_ns != then for part, then in zip(parts, before)]
    expect(changed == [True] + [False] * (PARTS - 1), f"parts computed again: {changed}")


def main():
    slurm.skip_without()
    with slurm.cluster() as cluster:
        folder = cluster.folder / "big run, 50% of it"
        shutil.copytree(SOURCE / "configs", folder / "con figs")
        scenario, out, single = folder / "con figs/stepanakert/scenario.yaml", folder / "out put.nc", folder / "single.nc"
        array, merge = submit(cluster, scenario, out)
        alone = subprocess.Popen([UXOSIM, "run", scenario, *SETS, "-q", "--threads", "1", "-o", single], env=cluster.environment,
                                 stdout=subprocess.DEVNULL)
        log = interrupted_part(cluster, out, array)
        states = wait_for_merge(cluster, merge)
        expect(alone.wait(120) == 0, "the single run failed")
        expect(states[f"{array}_2"][1] == "1", f"part 2 was requeued once: {states}")
        text = log.read_text()
        expect("resumable, back into the queue" in text, f"the log of part 2: {text}")
        expect(out.read_bytes() == single.read_bytes(), "merged and single run differ")
        expect(not list(folder.glob("*.checkpoint")), "a checkpoint is left")
        again(cluster, scenario, out)
        expect(out.read_bytes() == single.read_bytes(), "the second merged and the single run differ")
        print(f"{PARTS} parts, one interrupted by Slurm's signal and requeued, merged: the bytes of the single run\n{text}")


main()
