#!/usr/bin/python3
"""test_slurm_sweep.py - a sweep on a real Slurm (support/slurm.py): arrays of 8 bundles; one job is requeued in the midst of its work, the program of
another is killed. The dependent job refuses to collect with a hole and names it; after submitting again it collects the bytes of a local run.
Paths have blanks and a percent sign; arrays may have 5 jobs here, so there are two.

    test_slurm_sweep.py [UXOSIM]       the program: default $UXOSIM. ctest-timeout: 300
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

UXOSIM = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"]).resolve())
SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(SOURCE / "tests/support"))
import slurm  # noqa: E402 (the folder is known only now)
from slurm import expect  # noqa: E402

ENDED = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY")
SWEEP = """format: 1
title: A sweep, for tests
base: stepanakert/scenario.yaml
seed: 1
design: {grid: true}
axes:
  location: {key: strikes.defaults.location_error, values: [{r95_m: 100}, {r95_m: 200}, {r95_m: 300}, {r95_m: 400}]}
  confidence: {key: strikes.defaults.confidence, values: [0.6, 0.7, 0.8, 0.9]}
output: sweep_out
"""


def submit(cluster, folder, out, *options):
    """Numbers of the arrays, and of the job that collects."""
    said = cluster.run(SOURCE / "tools/cluster/submit.sh", folder, "--output", out, "--uxosim", UXOSIM, *options)
    arrays = [line.split()[1].rstrip(":") for line in said.splitlines() if line.startswith("array ")]
    collect = [line.split()[1].rstrip(":") for line in said.splitlines() if line.startswith("collect ")]
    expect(len(collect) == 1, f"what submit.sh says: {said}")
    return arrays, collect[0]


def states(cluster):
    return {name: fields["JobState"] for name, fields in cluster.jobs().items()}


def wait_for_end(cluster, collect):
    cluster.wait_for(lambda: states(cluster).get(collect) in ENDED, "the job that collects", 150)
    return states(cluster)


def disturb(cluster, bundles, arrays):
    """Requeues the first job and kills the program of the fifth, both in the midst of their work."""
    first, fifth = (cluster.stop_program(0.2, "--task", bundles[i]) for i in (0, 4))
    cluster.run("scontrol", "requeue", f"{arrays[0]}_0")
    os.kill(fifth, signal.SIGKILL)
    cluster.continue_program(first)


def main():
    slurm.skip_without()
    with slurm.cluster(max_array_size=5) as cluster:
        folder = cluster.folder / "a sweep, 50% of it"
        shutil.copytree(SOURCE / "configs", folder)
        (folder / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
        base = folder / "stepanakert/scenario.yaml"  # long enough to be met in the midst of it
        base.write_text(re.sub(r"(?m)^  realisations: \d+", "  realisations: 6000", base.read_text(encoding="utf-8")), encoding="utf-8")
        plan, out = folder / "sweep out", folder / "out put.nc"
        cluster.run(UXOSIM, "sweep", "plan", folder / "sweep.yaml", "-o", plan)
        local = start_local(folder)

        table = plan / "plan.csv"  # as if each task took a second: two of them are a bundle, however fast the program is
        table.write_text(re.sub(r"(?m)^(\d.*),[^,]*,([^,]*,[^,]*)$", r"\1,1,\2", table.read_text(encoding="utf-8")), encoding="utf-8")
        arrays, collect = submit(cluster, plan, out, "--seconds", 2, "--at-most", 6)
        lists = list((plan / "log").glob("bundles.*"))
        bundles = [line.split()[0] for line in lists[0].read_text().splitlines()]
        expect(len(bundles) >= 8 and len(arrays) == 2, f"two arrays of at least 8 jobs: {bundles} {arrays}")
        disturb(cluster, bundles, arrays)
        ended = wait_for_end(cluster, collect)
        jobs = cluster.jobs()
        expect(jobs[f"{arrays[0]}_0"]["Restarts"] == "1" and ended[f"{arrays[0]}_0"] == "COMPLETED", f"requeued once, then done: {ended}")
        expect(ended[f"{arrays[0]}_4"] == "FAILED", f"a killed program is a failed job: {ended}")
        expect(ended[collect] == "FAILED" and not out.exists(), f"collected in spite of a hole: {ended}")
        refusal = (plan / f"log/collect-{collect}.log").read_text()

        arrays, collect = submit(cluster, plan, out, "--seconds", 600)
        ended = wait_for_end(cluster, collect)
        expect(all(ended[name] == "COMPLETED" for name in ended if name.split("_")[0] in (*arrays, collect)), f"the second time: {ended}")
        expect(local.wait(120) == 0, "the local run failed")
        cluster.run(UXOSIM, "sweep", "collect", folder / "local", "-o", folder / "local.nc")
        expect(out.read_bytes() == (folder / "local.nc").read_bytes(), "Slurm's result and the local one differ")
        print(f"{len(bundles)} jobs, one requeued, one killed; with a hole:\n{refusal}\nthen the bytes of the local run")


def start_local(folder):
    """The same sweep without Slurm, at the same time."""
    subprocess.run([UXOSIM, "sweep", "plan", folder / "sweep.yaml", "-o", folder / "local"], check=True, stdout=subprocess.DEVNULL)
    return subprocess.Popen([UXOSIM, "sweep", "run", folder / "local", "--task", "1-16", "--threads", "1"], stdout=subprocess.DEVNULL)


main()
