#!/usr/bin/python3
"""Regression: how many instructions our own code executes on small fixed scenarios, room by room, against instructions/expected.json.

Times are too noisy to guard; instruction counts under valgrind repeat to the last digit. Only code of the program itself is counted, by the
folder of the function's file: what GDAL, HDF5, libdeflate, SLEEF and the loader do is theirs, so that their updates do not matter here. One thread,
the sse2 kernel (valgrind knows no AVX-512). The figures hold for one compiler and build type; other builds only show theirs and count as skipped.

`test_instructions.py --update` rewrites the figures; a rise belongs into CHANGELOG.md with its reason. Not here: time (bench/).
"""
# ctest-timeout: 300
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", HERE.parents[1]))
PROGRAM = os.environ.get("UXOSIM", str(SOURCE / "build" / "dev" / "uxosim"))
EXPECTED = HERE / "instructions" / "expected.json"
TOLERANCE = 0.05
SKIPPED = 77  # SKIP_RETURN_CODE in tests/CMakeLists.txt
# Rooms below this share of the total are shown, not judged: a new line of provenance may double them.
SMALLEST_SHARE = 0.01
GROUND = ["--side", "200", "--strikes", "25"]
# One for each estimator, and for maps in closed form and sampled ones.
WORK = {
    "analog": [*GROUND, "--realisations", "200"],
    "closed-form": [*GROUND, "--estimator", "expected-value", "--realisations", "50"],
    "sampled": [*GROUND, "--estimator", "expected-value", "--variant", "disc", "--realisations", "20"],
}


def build_name():
    """Compiler with its major version, and build type, from --version."""
    text = subprocess.run([PROGRAM, "--version"], check=True, capture_output=True, text=True).stdout
    fields = dict(line.split(None, 1) for line in text.splitlines() if len(line.split(None, 1)) == 2)
    name, version = fields["compiler"].split()[:2]
    return f"{name} {version.split('.')[0]} {fields['flags'].split()[0]}"


def room_of(file):
    match = re.search(r"(?:^|/)(sim/\w+|tools)/[^/]+\.[ch]$", file)
    return match.group(1) if match else "other"


def count_own(profile, program):
    """Instructions by room, from callgrind's file with plain names: own costs only, not those of calls."""
    rooms, own, room, of_call = {}, False, "other", False
    for line in profile.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("ob="):
            own = pathlib.Path(line[3:]).name == pathlib.Path(program).name
        elif line.startswith("fl="):
            room = room_of(line[3:])
        elif line.startswith("calls="):
            of_call = True  # the next line is what the callee took
        elif line[:1].isdigit():
            if own and not of_call:
                rooms[room] = rooms.get(room, 0) + int(line.split()[1])
            of_call = False
    return rooms


def measure(folder, words):
    work = folder / "work"
    subprocess.run([sys.executable, SOURCE / "bench" / "workloads" / "w1.py", work, *words], check=True)
    profile = folder / "callgrind.out"
    command = ["valgrind", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no", f"--callgrind-out-file={profile}", PROGRAM, "run",
               str(work / "scenario.yaml"), "-o", str(folder / "instructions.nc"), "--threads", "1", "--kernel", "sse2", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"exit code {done.returncode}: {' '.join(command)}\n{done.stderr}")
    return count_own(profile, PROGRAM)


def judge(rooms, expected):
    """True when no judged room of a scenario has risen, nor fallen unnoticed, by more than the tolerance."""
    good = True
    total = sum(rooms.values())
    for room in sorted(set(rooms) | set(expected)):
        found, wanted = rooms.get(room, 0), expected.get(room, 0)
        judged = max(found, wanted) >= SMALLEST_SHARE * total
        change = found / wanted - 1.0 if wanted else float("inf")
        bad = judged and abs(change) > TOLERANCE
        good = good and not bad
        print(f"{room:14} {found:>14,} instructions, stored {wanted:>14,}: {change:+.1%}{'' if judged else ' (not judged)'}{'  <-- ' if bad else ''}")
    return good


def main():
    build = build_name()
    stored = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}
    found = {}
    for scenario, words in WORK.items():
        with tempfile.TemporaryDirectory() as name:
            found[scenario] = dict(sorted(measure(pathlib.Path(name), words).items()))
        if sum(found[scenario].values()) < 1e6:
            sys.exit(f"hardly any instruction of our own was seen: {scenario}: {found[scenario]}")
    if "--update" in sys.argv[1:]:
        stored[build] = found
        EXPECTED.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n")
    if build not in stored:
        print(f"SKIPPED, no figures are stored for {build}: {found}")
        sys.exit(SKIPPED)
    good = True
    for scenario, rooms in found.items():
        print(f"{scenario}:")
        good = judge(rooms, stored[build].get(scenario, {})) and good
    if not good:
        sys.exit(f"more than {TOLERANCE:.0%} off; if meant, {pathlib.Path(__file__).name} --update and say why in CHANGELOG.md")


if __name__ == "__main__":
    main()
