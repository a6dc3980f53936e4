#!/usr/bin/python3
"""test_resume.py - runs that were interrupted go on to the same bytes: SIGKILL at random moments (test_kills.py: more of them), signals that ask for an end, realisations that
are added until errors are small; and what is refused, by name.

    test_resume.py [UXOSIM]      default $UXOSIM
ctest-timeout: 600
ctest-label: once
"""
import hashlib
import os
import pathlib
import random
import resource
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import everything
from resuming import KEPT, OFTEN, OUT, call, expect, interrupted, kill_often, same_as, whole


def refused(*arguments, code, words):
    said = call(*arguments, code=code)
    for word in words:
        expect(word in said, f"{arguments}: '{word}' is not in what is said:\n{said}")


def ask_for_an_end(scenario):
    bytes_wanted, seconds = whole(scenario)
    for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT, signal.SIGHUP):
        codes = []
        for share in (0.4, 0.7, 0.9):
            codes.append(interrupted(share * seconds, number, "run", scenario, "-q", "--checkpoint", "--resume", "-o", OUT))
            expect(codes[-1] in (0, 75, -number), f"{number.name}: exit code {codes[-1]}")
            expect(codes[-1] != 75 or KEPT.exists(), f"{number.name}: resumable without a checkpoint")
            if codes[-1] == 0:
                break
        expect(75 in codes or codes[-1] == 0, f"{number.name}: {codes}")
        call("run", scenario, "-q", "--resume", "-o", OUT)
        same_as(bytes_wanted, f"{scenario.name}, {number.name}")
        print(f"{scenario.name}: {number.name}: exit codes {codes}, then the same bytes")


def make_checkpoint(scenario):
    """Some state of the run, by interrupting it later and later."""
    for tenth in range(1, 60):
        OUT.unlink(missing_ok=True)
        if interrupted(0.1 * tenth, signal.SIGTERM, "run", scenario, "-q", OFTEN, "--resume", "-o", OUT) == 75:
            return KEPT.read_bytes()
    sys.exit("FAILED: no run could be interrupted")


def with_other_head(kept, old, new):
    """A checkpoint that says something else of its run, and is whole."""
    identity, notes = (int.from_bytes(kept[at:at + 8], "little") for at in (8, 16))
    said = kept[24:24 + identity].replace(old, new, 1)
    expect(said != kept[24:24 + identity], f"{old} is not in the identity")
    start = kept[:8] + len(said).to_bytes(8, "little") + kept[16:24] + said + kept[24 + identity:24 + identity + notes]
    return start + hashlib.sha256(start).hexdigest().encode() + kept[24 + identity + notes + 64:]


def refuse_others(scenario, bytes_wanted):
    kept = make_checkpoint(scenario)
    run = ("run", scenario, "-q", "-o", OUT)
    refused(*run, "--checkpoint", code=73, words=["out.nc.checkpoint", "a whole run", "--resume"])
    refused(*run, "--resume", "--set", "run.seed=99", code=65, words=["run.seed was '11', is '99' now", "belongs to another run"])
    refused(*run, "--resume", "--part", "1/2", "-o", OUT, code=65, words=["is of a whole run, not of part 1/2"])
    strikes = pathlib.Path("strikes.csv")
    text = strikes.read_text()
    strikes.write_text(text.replace("2022-03-01", "2022-03-02"))
    refused(*run, "--resume", code=65, words=["input strikes: strikes.csv has changed"])
    strikes.write_text(text)
    expect(KEPT.read_bytes() == kept, "a checkpoint that was refused is not what it was")
    KEPT.write_bytes(with_other_head(kept, b"version of uxosim\t", b"version of uxosim\tx"))
    refused(*run, "--resume", code=65, words=["version of uxosim was 'x", "belongs to another run"])
    for library in ("libdeflate", "HDF5", "GSL", "SLEEF", "PROJ", "GDAL"):  # as on a machine with other modules
        KEPT.write_bytes(with_other_head(kept, f"\n{library}\t".encode(), f"\n{library}\tx".encode()))
        refused(*run, "--resume", code=65, words=[f"{library} was 'x", "belongs to another run"])
    KEPT.write_bytes(b"no checkpoint at all, but long enough to be one")
    refused(*run, "--resume", code=65, words=["does not begin as one"])
    for size in (len(kept) - 1, len(kept) // 2, 3 * len(kept) // 4):  # torn by a crash: what is whole is used
        KEPT.write_bytes(kept[:size])
        call(*run, "--resume")
        same_as(bytes_wanted, f"{size} of {len(kept)} bytes of a checkpoint")
    print("refused by name: another seed, input, part, version; torn checkpoints are used as far as they are whole")
    refused("run", scenario, "-q", "-o", OUT, "--checkpoint=soon", code=64, words=["--checkpoint takes a number of seconds"])
    refused("run", scenario, "-q", "-o", OUT, "--part", "3/2", code=64, words=["--part takes i/n"])


def refuse_parts(scenario, bytes_wanted):
    for i in (1, 2, 3):
        call("run", scenario, "-q", "--part", f"{i}/3", "-o", f"{i}.part")
    call("run", scenario, "-q", "--part", "1/2", "-o", "half.part")
    call("run", scenario, "-q", "--part", "2/3", "-o", "foreign.part", "--set", "run.seed=12")
    pathlib.Path("short.part").write_bytes(pathlib.Path("2.part").read_bytes()[:-70])
    damaged = bytearray(pathlib.Path("2.part").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    pathlib.Path("damaged.part").write_bytes(damaged)
    merge = lambda *parts, code=65, words=(): refused("merge", *parts, "-q", "-o", OUT, code=code, words=words)
    merge("1.part", "3.part", words=["part 2 of 3 is missing"])
    merge("1.part", words=["part 2 of 3 is missing", "part 3 of 3 is missing"])
    merge("1.part", "2.part", "3.part", "2.part", words=["part 2 is there twice", "2.part"])
    merge("1.part", "foreign.part", "3.part", words=["'foreign.part': run.seed is '12', in '1.part' it is '11'"])
    merge("half.part", "2.part", "3.part", words=["half.part", "of 2", "2.part"])
    head = 24 + int.from_bytes(damaged[8:16], "little")
    for of in (100001, 2**32 - 1):  # more than there can be: no loop over all that are missing
        crafted = pathlib.Path("1.part").read_bytes()
        notes = crafted[head:head + int.from_bytes(crafted[16:24], "little")].replace(b"part\t1/3", f"part\t1/{of}".encode())
        start = crafted[:16] + len(notes).to_bytes(8, "little") + crafted[24:head] + notes
        pathlib.Path("crafted.part").write_bytes(start + hashlib.sha256(start).hexdigest().encode() + crafted[head + int.from_bytes(crafted[16:24], "little") + 64:])
        merge("crafted.part", words=["'crafted.part' is no part of a run"])
    merge("1.part", "damaged.part", "3.part", words=["part 2 of 3, 'damaged.part', is damaged at byte"])
    merge("1.part", "short.part", "3.part", words=["part 2 of 3, 'short.part', is"])
    merge("1.part", "absent.part", "3.part", words=["cannot open 'absent.part'"])
    merge("1.part", "whole.nc", "3.part", words=["whole.nc", "does not begin as one"])
    make_checkpoint(scenario)
    merge("1.part", KEPT, "3.part", words=["out.nc.checkpoint", "is no part of a run"])
    KEPT.unlink()
    strikes = pathlib.Path("strikes.csv")
    text = strikes.read_text()
    strikes.write_text(text + "\n")
    merge("1.part", "2.part", "3.part", words=["input strikes: strikes.csv has changed"])
    strikes.write_text(text)
    expect(not OUT.exists(), "a refused merge leaves a result")
    os.mkdir("elsewhere")
    for i in (1, 2, 3):
        shutil.move(f"{i}.part", f"elsewhere/{i}.part")
    refused("merge", *(f"elsewhere/{i}.part" for i in (3, 1, 2)), "-q", "-o", OUT, code=66, words=["elsewhere/expected-value.yaml"])
    call("merge", *(f"elsewhere/{i}.part" for i in (3, 1, 2)), "-q", "-o", OUT, "--scenario", scenario)
    same_as(bytes_wanted, "merged")
    print("refused by name: parts that are missing, there twice, foreign, of another number, damaged, short, no parts")


def more_parts_than_descriptors(folder):
    """A process may have fewer files open than there are parts. Parts that are missing are told together where they are many."""
    scenario = pathlib.Path(folder) / "analog.yaml"
    bytes_wanted, _ = whole(scenario)
    parts = [f"many-{i}.part" for i in range(1, 71)]
    for i, part in enumerate(parts):
        call("run", scenario, "-q", "--part", f"{i + 1}/70", "-o", part)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, limits[1]))
    call("merge", *parts, "-q", "-o", OUT)
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    same_as(bytes_wanted, "70 parts with 64 descriptors")
    refused("merge", *parts[:30], "-q", "-o", OUT, code=65, words=["parts 31 to 70 of 70 are missing"])
    for part in parts:
        pathlib.Path(part).unlink()


def small_maps_are_not_kept(scenario, bytes_wanted):
    """A run of a second has nothing that would be worth the writing, unless it is told to keep things often."""
    for option, few in (("--checkpoint", True), (OFTEN, False)):
        said = call("run", scenario, "-o", OUT, option)
        expect(("checkpoints: 0," in said) == few, f"{option}: {said}")
        same_as(bytes_wanted, option)


def go_on_with_a_part(scenario, bytes_wanted):
    part = pathlib.Path("b.part")
    code = 0
    for tenth in range(1, 40):
        part.unlink(missing_ok=True)
        code = interrupted(0.1 * tenth, signal.SIGUSR1, "run", scenario, "-q", OFTEN, "--resume", "--part", "2/2", "-o", part)
        if code == 75:
            break
    expect(code == 75 and not part.exists(), f"a part could not be interrupted: {code}")
    call("run", scenario, "-q", "--resume", "--part", "2/2", "-o", part)
    call("run", scenario, "-q", "--part", "1/2", "-o", "a.part")
    call("merge", part, "a.part", "-q", "-o", OUT)
    same_as(bytes_wanted, "a part that was interrupted")


def keep_adding(folder):
    """run.until: stages are kept; parts are refused."""
    until = pathlib.Path(folder) / "until.yaml"
    text = (pathlib.Path(folder) / "expected-value.yaml").read_text()
    until.write_text(text.replace("realisations: 203", "until: {relative_error: 0.05, max_realisations: 3000}"))
    bytes_wanted, seconds = whole(until)
    for share in (0.35, 0.6, 0.85):
        interrupted(share * seconds, signal.SIGKILL, "run", until, "-q", "--resume", "--checkpoint=0.2", "-o", OUT)
        call("run", until, "-q", "--resume", "-o", OUT)
        same_as(bytes_wanted, f"run.until, killed after {share} of its time")
    refused("run", until, "-q", "--part", "1/2", "-o", "u.part", code=64, words=["run.until cannot be done in parts"])
    print("run.until: the same bytes after three kills; not in parts")


def main():
    seed = 20260312
    chance = random.Random(seed)
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        scenarios = [everything.make(folder, name).rename(f"{folder}/{name}.yaml") for name in ("analog", "expected-value")]
        for scenario in scenarios:
            kill_often(scenario, 4, chance)
            ask_for_an_end(scenario)
        bytes_wanted, _ = whole(scenarios[1])
        refuse_others(scenarios[1], bytes_wanted)
        refuse_parts(scenarios[1], bytes_wanted)
        more_parts_than_descriptors(folder)
        small_maps_are_not_kept(scenarios[1], bytes_wanted)
        go_on_with_a_part(scenarios[1], bytes_wanted)
        keep_adding(folder)
        os.chdir("/")


main()
