"""resuming.py - runs of the program that are interrupted and gone on with, for tests.

    uxosim from sys.argv[1] or $UXOSIM; works in the current folder
"""
import pathlib
import signal
import subprocess
import time

from calling import UXOSIM, expect

OUT, KEPT = pathlib.Path("out.nc"), pathlib.Path("out.nc.checkpoint")
OFTEN = "--checkpoint=0.01"


def call(*arguments, code=0):
    done = subprocess.run([UXOSIM, *map(str, arguments)], capture_output=True, text=True, errors="replace", check=False, timeout=200)
    expect(done.returncode == code, f"{arguments}: exit code {done.returncode}, not {code}\n{done.stderr}")
    return done.stdout + done.stderr


def interrupted(delay_s, number, *arguments):
    """Exit code of a run that gets a signal after a while."""
    process = subprocess.Popen([UXOSIM, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        process.wait(timeout=delay_s)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    process.stderr.read()
    return process.wait(timeout=100)


def whole(scenario):
    begin = time.monotonic()
    call("run", scenario, "-q", "-o", "whole.nc", OFTEN)
    return pathlib.Path("whole.nc").read_bytes(), time.monotonic() - begin


def same_as(bytes_wanted, what):
    expect(OUT.read_bytes() == bytes_wanted, f"{what}: other bytes than the run that was not interrupted")
    expect(not KEPT.exists(), f"{what}: the checkpoint is still there")
    OUT.unlink()


def kill_often(scenario, trials, chance):
    bytes_wanted, seconds = whole(scenario)
    with_checkpoint = done_before = 0
    for trial in range(trials):
        for _ in range(chance.choice((1, 1, 2, 3))):
            code = interrupted(chance.uniform(0.15, 1.0) * seconds, signal.SIGKILL, "run", scenario, "-q", "--resume", OFTEN, "-o", OUT)
            done_before += code == 0
            with_checkpoint += KEPT.exists()
            expect(code in (0, -signal.SIGKILL), f"trial {trial}: exit code {code}")
            expect(code != 0 or OUT.exists(), f"trial {trial}: no result")
            if OUT.exists():  # killed or not: under its name it is complete
                expect(OUT.read_bytes() == bytes_wanted, f"trial {trial}: a result of a run that was killed")
                break
        call("run", scenario, "-q", "--resume", OFTEN, "-o", OUT, "--threads", chance.choice((1, 2, 3)))
        same_as(bytes_wanted, f"{scenario.name}, trial {trial}")
    expect(with_checkpoint >= trials // 4, f"{scenario.name}: only {with_checkpoint} of {trials} left a checkpoint: the moments prove nothing")
    print(f"{scenario.name}: {trials} of {trials} killed runs ended in the same bytes; {with_checkpoint} times there was a checkpoint, "
          f"{done_before} were done before")
