#!/usr/bin/python3
"""test_slurm_cancel.py - a run that Slurm ends by TERM (scancel, scontrol requeue, as when a job is preempted) saves itself, though the signal comes
twice: to every process of the job, and from the script that waits. The requeued job goes on to the bytes of the single run.

    test_slurm_cancel.py [UXOSIM]       the program: default $UXOSIM. ctest-timeout: 300
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

SETS = ("--set", "run.realisations=6000")
ENDED = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL")


def submit(cluster, scenario, out):
    script = out.with_suffix(".sh")
    script.write_text(f"#!/usr/bin/env bash\n#SBATCH --requeue --open-mode=append --output={out.with_suffix('.log')}\n"
                      f"exec {SOURCE}/tools/cluster/requeue.sh {UXOSIM} run {scenario} {' '.join(SETS)} -q --threads 1 --checkpoint --resume -o {out}\n")
    return cluster.run("sbatch", "--parsable", "--mem=500", script).strip()


def state(cluster, job):
    return cluster.jobs()[job]["JobState"]


def end_by(cluster, job, out, *command):
    """The job's program is met in the midst of its work."""
    process = cluster.stop_program(0.5, out.as_posix())
    cluster.run(*command, job)
    cluster.continue_program(process)
    log = out.with_suffix(".log")
    cluster.wait_for(lambda: "ended by TERM" in log.read_text() or "ended with" in log.read_text(), f"the end after {command}", 60)
    said = log.read_text()
    expect("SIGTERM, passed on" in said and "resumable" in said, f"after {command} the script says: {said}")
    left = sorted(path.name for path in out.parent.glob(f"{out.stem}.nc*"))
    expect(left == [f"{out.name}.checkpoint"], f"after {command} there are {left}: {said}")


def main():
    slurm.skip_without()
    with slurm.cluster() as cluster:
        folder = cluster.folder / "runs"
        shutil.copytree(SOURCE / "configs", folder)
        scenario, single = folder / "stepanakert/scenario.yaml", folder / "single.nc"
        cancelled, requeued = folder / "cancelled.nc", folder / "requeued.nc"
        jobs = submit(cluster, scenario, cancelled), submit(cluster, scenario, requeued)
        end_by(cluster, jobs[0], cancelled, "scancel")
        end_by(cluster, jobs[1], requeued, "scontrol", "requeue")
        command = (UXOSIM, "run", scenario, *SETS, "-q", "-o")
        subprocess.run([*command, single], check=True)
        subprocess.run([*command, cancelled, "--resume"], check=True)
        cluster.wait_for(lambda: state(cluster, jobs[1]) in ENDED, "the requeued job", 120)
        expect(state(cluster, jobs[0]) == "CANCELLED", f"the first job is {state(cluster, jobs[0])}")
        expect(state(cluster, jobs[1]) == "COMPLETED", f"the second job is {state(cluster, jobs[1])}")
        for out in (cancelled, requeued):
            expect(out.read_bytes() == single.read_bytes(), f"{out.name} and the single run differ")
        print("ended by scancel and by scontrol requeue in the midst of their work, gone on with: the bytes of the single run")


main()
