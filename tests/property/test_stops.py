#!/usr/bin/python3
"""test_stops.py - a run that is asked to end, at whichever moment it can notice, ends with nothing that is half done in what it keeps: it says that
it was interrupted, and gone on with it has the bytes of the run that was not; or it was so near its end that it has them already.

The copy of the program uxosim-stop-at (programs/stop_at.c) numbers the moments. Of every place in the program that asks the first moments, the
last ones and some between are tried, by both estimators, with every part of the model, whole and in parts; so does a sweep.

    test_stops.py [FOLDER]      of the two programs: default $UXOSIM_BINARY_DIR
ctest-timeout: 600
ctest-label: once
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import everything

BINARY = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM_BINARY_DIR"]).resolve()
UXOSIM, STOPPING = str(BINARY / "uxosim"), str(BINARY / "tests/uxosim-stop-at")
RESUMABLE, TERMINATED = 75, 143
OFTEN = "--checkpoint=0.01"  # chunks of the map are kept, however quickly they are made
FEW = 1  # moments of a place at its beginning, at its end and between

SWEEP = """format: 1
base: BASE
design: {grid: true}
axes: {failure: {key: override.ring.carrier_failure, values: [0.1, 0.2]}}
layers: [dud_density]
"""


def fail(text):
    sys.exit(f"FAILED: {text}")


def call(program, *arguments, codes=(0,), **environment):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=200,
                          env={**os.environ, **environment})
    if done.returncode not in codes:
        fail(f"{environment} {' '.join(map(str, arguments))}: exit code {done.returncode}, not one of {codes}\n{done.stderr}")
    return done.returncode


def moments():
    """Those to be tried of the run with one thread that wrote asked.txt, and how many places ask."""
    asked = {}
    for line in pathlib.Path("asked.txt").read_text().splitlines():
        number, place = map(int, line.split())
        asked.setdefault(place, []).append(number)
    chosen = set()
    for numbers in asked.values():
        chosen.update(numbers[:FEW] + numbers[-FEW:] + numbers[::len(numbers) // FEW + 1])
    return sorted(chosen), len(asked)


def clean(out):
    for path in (out, pathlib.Path(f"{out}.checkpoint")):
        path.unlink(missing_ok=True)


def check(what, wanted, out, command, result_of=lambda: None):
    """A command that makes `out` is asked to end at each of these moments, with one thread and with two, with a checkpoint and without. result_of
    makes of `out` what has the bytes that are wanted, if it has not them itself."""
    ends = {0: 0, RESUMABLE: 0, TERMINATED: 0}
    clean(out)
    call(STOPPING, *command, "--threads", 1, OFTEN, UXOSIM_STOP_LIST="asked.txt")
    tried, places = moments()
    for trial, number in enumerate(tried):
        keep = (OFTEN,) if trial % 4 != 3 else ()
        clean(out)
        code = call(STOPPING, *command, *keep, "--threads", 1 + (trial % 5 == 2), codes=ends, UXOSIM_STOP_AT=str(number))
        ends[code] += 1
        if (code == 0) != out.exists():
            fail(f"{what}, moment {number}: exit code {code}, the result is {'there' if out.exists() else 'not there'}")
        if code != 0:
            call(UXOSIM, *command, "--checkpoint", "--resume")
        if (result_of() or out).read_bytes() != wanted:
            fail(f"{what}, moment {number}: exit code {code}, and then other bytes than those of the run that was not interrupted")
    clean(out)
    if ends[RESUMABLE] < len(tried) // 4 or places < 5:
        fail(f"{what}: {ends} at {places} places: this proves nothing")
    print(f"{what}: {len(tried)} moments at {places} places: {ends[RESUMABLE]} times to be resumed, {ends[TERMINATED]} times ended without "
          f"a trace, {ends[0]} times done already", flush=True)


def check_all(what, scenario, settings, parts):
    whole, out, part, merged = map(pathlib.Path, ("whole.nc", "out.nc", "out.part", "merged.nc"))
    run = ("run", scenario, *settings, "-q")
    call(UXOSIM, *run, "-o", whole)
    wanted = whole.read_bytes()
    check(what, wanted, out, (*run, "-o", out))
    for number in parts:
        other = pathlib.Path(f"{what}-{3 - number}.part")
        call(UXOSIM, *run, "--part", f"{3 - number}/2", "-o", other)

        def merge():
            call(UXOSIM, "merge", part, other, "-q", "-o", merged)
            return merged

        check(f"{what}, part {number}", wanted, part, (*run, "--part", f"{number}/2", "-o", part), merge)


def check_sweep(scenario):
    """Its tasks are done or are done again."""
    pathlib.Path("sweep.yaml").write_text(SWEEP.replace("BASE", str(scenario)))
    planned, folder, out = map(pathlib.Path, ("planned", "folder", "sweep.nc"))
    call(UXOSIM, "sweep", "plan", "sweep.yaml", "-o", planned)
    run, collect = ("sweep", "run", folder, "-q", "--threads", 1), ("sweep", "collect", folder, "-o", out)

    def collected(program, **environment):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(planned, folder)
        code = call(program, *run, codes=(0, RESUMABLE), **environment)
        if code != 0:
            call(UXOSIM, *run)
        call(UXOSIM, *collect)
        return out.read_bytes(), code

    wanted, _ = collected(STOPPING, UXOSIM_STOP_LIST="asked.txt")
    tried, places = moments()
    codes = []
    for number in tried:
        found, code = collected(STOPPING, UXOSIM_STOP_AT=str(number))
        codes.append(code)
        if found != wanted:
            fail(f"sweep, moment {number}: exit code {code}, and then other bytes than those of the sweep that was not interrupted")
    print(f"sweep: {len(tried)} moments at {places} places, {codes.count(RESUMABLE)} times gone on with")


def main():
    settings = ("--set", "output.variance_realisations=3")
    few = (*settings, "--set", "run.realisations=30")
    one_chunk, two_chunks = ("--set", "grid.cell_size_m=50"), ("--set", "grid.cell_size_m=20")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        scenario = everything.make(folder, "analog").rename("analog.yaml")
        check_all("analog", scenario, few + one_chunk, ())
        scenario = everything.make(folder, "expected-value").rename("expected-value.yaml")
        check_all("expected-value", scenario, few + two_chunks, (2,))
        until = pathlib.Path("until.yaml")
        until.write_text(scenario.read_text().replace("realisations: 203", "until: {relative_error: 0.5, max_realisations: 2000}"))
        check_all("until", until, settings + one_chunk, ())
        base = pathlib.Path("base.yaml")
        base.write_text(scenario.read_text().replace("realisations: 203", "realisations: 20").replace("cell_size_m: 10", "cell_size_m: 50"))
        check_sweep(base)
        os.chdir("/")


main()
