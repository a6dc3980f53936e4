#!/usr/bin/python3
"""test_sweep_states.py - sweeps that were moved, changed or damaged after they were planned: what is said of them, and the way out.

    test_sweep_states.py [UXOSIM]       the program: default $UXOSIM
ctest-timeout: 300
"""
import hashlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

UXOSIM = sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"]
CASES = pathlib.Path(__file__).resolve().parent / "bad_sweep" / "common"
SWEEP = """format: 1
title: A test
base: base/scenario.yaml
design: {grid: true}
axes:
  rate: {key: override.rocket-a.dud_rate, values: [0.1, 0.2]}
  carriers: {key: strikes.defaults.carriers, values: [1, 2, 3]}
"""


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def run(*words, code=0, cwd=None):
    done = subprocess.run([UXOSIM, "sweep", *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd)
    expect(done.returncode == code, f"{words}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done


def project(folder, sweep=SWEEP):
    folder.mkdir(parents=True)
    shutil.copytree(CASES, folder / "base")
    (folder / "sweep.yaml").write_text(sweep, encoding="utf-8")
    return folder


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    expect(old in text, f"{old} is not in {path}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def counts(folder, code=0, *words):
    lines = run("status", folder, *words, code=code).stdout.splitlines()
    return {line.split()[0]: line.split(maxsplit=1)[1] for line in lines}


def moved(scratch):
    """All of it, only the folder of tasks, only the sweep file, only the base; by relative and by absolute paths, and over links."""
    whole = project(scratch / "whole")
    run("plan", "sweep.yaml", "-o", "out", cwd=whole)
    run("run", whole / "out", "-q", "--task", "1-4")
    (scratch / "deeper").mkdir()
    whole = whole.rename(scratch / "deeper" / "there")
    run("run", whole / "out", "-q")
    expect(counts(whole / "out")["done"] == "6", "a sweep that was moved as a whole goes on")
    run("collect", "out", "-o", "out.nc", cwd=whole)
    absolute = project(scratch / "absolute")
    run("plan", absolute / "sweep.yaml", "-o", scratch / "elsewhere")
    run("run", scratch / "elsewhere", "-q")
    run("collect", scratch / "elsewhere", "-o", scratch / "one.nc")
    expect((scratch / "one.nc").read_bytes() == (whole / "out.nc").read_bytes(), "being moved shows in the collected file")

    (scratch / "far" / "away").mkdir(parents=True)
    folder = (scratch / "elsewhere").rename(scratch / "far" / "away" / "out")
    for command in (["run", folder], ["status", folder], ["collect", folder, "-o", scratch / "two.nc"]):
        said = run(*command, code=66).stderr
        expect("the sweep file is not at" in said and "say with --sweep FILE where it is now" in said, said)
    for command in (["run", folder, "-q"], ["status", folder], ["collect", folder, "-o", scratch / "two.nc"]):
        run(*command, "--sweep", absolute / "sweep.yaml")
    expect((scratch / "one.nc").read_bytes() == (scratch / "two.nc").read_bytes(), "--sweep gives the same file")
    run("status", folder, "--sweep", "sweep.yaml", cwd=absolute)

    (absolute / "base").rename(absolute / "gone")
    said = run("run", folder, "--sweep", absolute / "sweep.yaml", code=66).stderr
    expect(f"'{absolute}/base/scenario.yaml' (scenario) cannot be read any more" in said and "put it back" in said, said)

    (scratch / "store").mkdir()
    linked = project(scratch / "linked")
    (linked / "base").rename(scratch / "store" / "base")
    (linked / "base").symlink_to(scratch / "store" / "base")
    run("plan", linked / "sweep.yaml", "-o", linked / "out")
    linked = linked.rename(scratch / "deeper" / "linked")
    run("run", linked / "out", "-q", "--task", 1)


def changed(scratch):
    """What has changed is named, key by key; status says so, too."""
    base = project(scratch / "changed")
    sweep, scenario, folder = base / "sweep.yaml", base / "base" / "scenario.yaml", base / "out"
    run("plan", sweep, "-o", folder)
    run("run", folder, "-q")
    changes = [(sweep, "0.2]", "0.3]", ["axes.rate was {key: override.rocket-a.dud_rate, values: [0.1, 0.2]}, is {key: override.rocket-a.dud_rate, values: [0.1, 0.3]}"]),
               (sweep, "title: A test", "seed: 4", ["title is gone, was A test", "seed is new: 4"]),
               (sweep, "format: 1", "format: 1 # one", ["in comments, layout or order only"]),
               (scenario, "realisations: 100", "realisations: 200", ["run.realisations was 100, is 200"]),
               (scenario, "seed: 1, realisations: 100", "realisations: 100, seed: 1", ["in comments, layout or order only"]),
               (base / "base" / "strikes.csv", "\n", "\n\n", ["strikes.csv' (strikes) has changed since the sweep was planned"])]
    for path, old, new, words in changes:
        before = path.read_text(encoding="utf-8")
        replace(path, old, new)
        for command in (["status", folder], ["run", folder], ["collect", folder, "-o", base / "out.nc"]):
            said = run(*command, code=65)
            for word in [*words, "plan it again, into another folder"]:
                expect(word in said.stderr, f"{command}: {word} is not said: {said.stderr}")
            expect(command[0] != "status" or "done       6" in said.stdout, "status counts all the same")
        run("status", folder, "--unfinished", code=65)
        path.write_text(before, encoding="utf-8")
        run("status", folder)
    expect(not (base / "out.nc").exists(), "nothing is collected")


def spoil(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def damaged(scratch):
    """Tasks of a damaged file are counted as such until they are done again, in whatever file; a file that a crash has torn is none."""
    base = project(scratch / "damaged")
    folder, shard = base / "out", base / "out" / "tasks" / "0000"
    run("plan", base / "sweep.yaml", "-o", folder)
    run("run", folder, "-q", "--task", "1-3")
    run("run", folder, "-q", "--task", "4-6")
    run("collect", folder, "-o", base / "one.nc")
    first = shard / "0000001-0000003.tasks"
    whole = first.read_bytes()
    spoil(first, len(whole) - 1000)
    seen = run("status", folder, code=65)
    expect("damaged    1: 3\n" in seen.stdout and "where it was changed" in seen.stderr, f"{seen.stdout}{seen.stderr}")
    expect(run("status", folder, "--unfinished").stdout == "3\n", "it is to be run again")
    run("run", folder, "-q", "--task", 3)
    for command in (["status", folder], ["run", folder, "-q"], ["collect", folder, "-o", base / "two.nc"]):
        expect(run(*command).stderr == "", f"{command}: nothing is said of damage that was mended in another file")
    expect((base / "one.nc").read_bytes() == (base / "two.nc").read_bytes(), "the same bytes")

    (shard / "0000003-0000003.tasks").unlink()
    spoil(first, 100)  # the head
    seen = run("status", folder, code=65)
    expect("damaged    3: 1-3\n" in seen.stdout and "its head is damaged" in seen.stderr, f"{seen.stdout}{seen.stderr}")
    refused = run("collect", folder, "-o", base / "three.nc", code=65)
    expect("3 of 6 tasks are not done: 1-3;" in refused.stderr, refused.stderr)
    run("run", folder, "-q", "--task", "1-3")
    expect(run("status", folder).stderr == "" and first.with_name(first.name + ".damaged").exists(), "it was put aside")
    run("collect", folder, "-o", base / "three.nc")
    expect((base / "one.nc").read_bytes() == (base / "three.nc").read_bytes() and first.read_bytes() == whole, "the same bytes again")

    first.write_bytes(bytes(len(whole)))  # as power may leave it
    expect(run("status", folder, "--unfinished").stdout == "1-3\n", "a file of zeros is to be done again")
    run("run", folder, "-q", "--task", "1-3")
    expect(first.read_bytes() == whole, "a file of zeros is in nobody's way")

    first.write_bytes(whole[:-1000])
    seen = run("status", folder)
    expect("died       1: 3\n" in seen.stdout and "damaged    0" in seen.stdout and "as after a crash" in seen.stderr, f"{seen.stdout}{seen.stderr}")


def maps_in(content):
    """Places and sizes of the bytes of maps in a file of tasks (docs/file_format.md: records), in the order of tasks."""
    identity, notes = struct.unpack_from("<QQ", content, 8)
    at, found = 24 + identity + notes + 64, []
    while at < len(content):
        kind, size = struct.unpack_from("<I", content, at)[0], struct.unpack_from("<Q", content, at + 16)[0]
        if kind == 2:
            found.append((at + 24 + 128, size))
        at += 24 + 128 + size
    return found


def damaged_map(scratch):
    """`status` goes by the heads of maps, which may be most of a sweep; whoever uses or runs again what it says tests their bytes."""
    base = project(scratch / "maps", SWEEP + "layers: [dud_density]\n")
    folder, file = base / "out", base / "out" / "tasks" / "0000" / "0000001-0000006.tasks"
    run("plan", base / "sweep.yaml", "-o", folder)
    run("run", folder, "-q")
    run("collect", folder, "-o", base / "one.nc")
    places = maps_in(file.read_bytes())
    expect(len(places) == 6, f"maps of six tasks: {places}")
    place, size = places[4]
    spoil(file, place + size // 2)
    expect(counts(folder)["done"] == "6", "bytes of maps are not tested")
    seen = run("status", folder, "--verify", code=65)
    expect("damaged    2: 5-6\n" in seen.stdout and f"not whole from byte {place - 24 - 128} on" in seen.stderr, f"{seen.stdout}{seen.stderr}")
    expect(run("status", folder, "--unfinished").stdout == "5-6\n", "both are to be run again")
    refused = run("collect", folder, "-o", base / "two.nc", code=65)
    expect("2 of 6 tasks are not done: 5-6;" in refused.stderr, refused.stderr)
    run("run", folder, "-q", "--task", 5)
    run("run", folder, "-q", "--task", 6)
    expect(counts(folder)["done"] == "6", "a map that is there twice, once damaged")
    run("status", folder, "--verify")
    for again in file.parent.glob("000000[56]*"):
        again.unlink()
    run("run", folder, "-q")
    run("collect", folder, "-o", base / "two.nc")
    expect((base / "one.nc").read_bytes() == (base / "two.nc").read_bytes(), "tasks 5 and 6 were run again, to the same bytes")
    run("status", folder, "--verify")
    place, size = maps_in(file.read_bytes())[4]
    spoil(file, place - 100)  # the head of the map: its checksum of the bytes
    expect("damaged    2: 5-6\n" in run("status", folder, code=65).stdout, "heads are tested")


def foreign(scratch):
    """A file of another plan is refused with the keys that differ."""
    one, other = project(scratch / "one"), project(scratch / "other", SWEEP.replace("[1, 2, 3]", "[1, 2, 4]"))
    replace(other / "base" / "scenario.yaml", "seed: 1,", "seed: 7,")
    for base in (one, other):
        run("plan", base / "sweep.yaml", "-o", base / "out")
        run("run", base / "out", "-q", "--task", "1")
    shutil.copy(other / "out" / "tasks" / "0000" / "0000001-0000001.tasks", one / "out" / "tasks" / "0000" / "0000001-0000002.tasks")
    said = run("status", one / "out", code=65).stderr
    expect("0000001-0000002.tasks" in said and "scenario run.seed was '7', is '1'" in said, said)
    expect("sweep axes.carriers was '{key: strikes.defaults.carriers, values: [1, 2, 4]}', is '{key: strikes.defaults.carriers, values: [1, 2, 3]}'" in said, said)


def too_many(scratch):
    """A plan that could not be read back is not written; and files with the same people make an axis that changes nothing."""
    configs = pathlib.Path(__file__).resolve().parents[2] / "configs"
    shutil.copytree(configs / "stepanakert", scratch / "base")
    shutil.copy(configs / "munitions.yaml", scratch)
    replace(scratch / "base" / "scenario.yaml", "realisations: 2000", "realisations: 20")
    replace(scratch / "base" / "scenario.yaml", "cell_size_m: 10", "cell_size_m: 200")
    people = next((scratch / "base").glob("*population.tif"))
    names = [f"{'p' * 230}{i:03}.tif" for i in range(300)]
    for name in names:
        shutil.copy(people, scratch / "base" / name)
    head = SWEEP[:SWEEP.index("  rate")]
    for count, code in ((300, 65), (3, 0)):
        (scratch / "sweep.yaml").write_text(f"{head}  people: {{key: layers.population.file, values: [{', '.join(names[:count])}]}}\n", encoding="utf-8")
        said = run("plan", scratch / "sweep.yaml", "-o", scratch / "out", code=code).stderr
        expect("axis 'people' changes nothing that is simulated: its values come to the same on this grid" in said, said)
        expect(("more than a plan can hold" in said) == (count == 300) == (not (scratch / "out" / "plan.json").exists()), said)
    run("status", scratch / "out")


def other_libraries(scratch):
    """A node with other modules than the machine where the sweep was planned: nothing of it gets into the sweep, and no task counts as failed for it."""
    base = project(scratch / "libraries")
    folder = base / "out"
    run("plan", base / "sweep.yaml", "-o", folder)
    run("run", folder, "-q", "--task", "1-2")
    path = folder / "plan.json"
    before = path.read_text(encoding="utf-8")
    plan = json.loads(before)
    names = [line.split("\t")[0] for line in plan["made_of"]]
    expect("GDAL" not in names, "GDAL is loaded for a scenario that does not need it")
    for library in ("libdeflate", "HDF5", "GSL", "SLEEF", "PROJ"):
        lines = [line + ".x" if line.startswith(library + "\t") else line for line in plan["made_of"]]
        expect(names.count(library) == 1, f"{library} is not among what the plan is known by: {names}")
        digest = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
        path.write_text(json.dumps({**plan, "made_of": lines, "identity": digest}, indent=1), encoding="utf-8")
        shutil.rmtree(folder / "tasks")
        said = run("run", folder, "-q", code=73).stderr
        expect(f"{library} is " in said and "the sweep was planned with" in said and "plan it again" in said, said)
        seen = counts(folder)
        expect(seen["done"] == "0" and seen["failed"] == "0", f"{library}: {seen}")
    path.write_text(before, encoding="utf-8")
    shutil.rmtree(folder / "tasks")
    run("run", folder, "-q")
    expect(counts(folder)["done"] == "6", "with the plan's libraries it goes on")


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        for test in (moved, changed, damaged, damaged_map, other_libraries, foreign, too_many):
            folder = scratch / test.__name__
            folder.mkdir()
            test(folder.resolve())
    print("sweeps that were moved, changed or damaged are told, with the way out")


main()
