#!/usr/bin/python3
"""test_parts.py - parts and checkpoints do not get in each other's way: no part replaces another, one run at a time has a checkpoint, what is complete is not
done again, the order of --set is no difference, and what is one is said in words.

    test_parts.py [UXOSIM]      default $UXOSIM
ctest-timeout: 300
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import everything
from resuming import KEPT, OFTEN, OUT, UXOSIM, call, expect, interrupted

SCENARIO = "analog.yaml"
LONG = ("--set", "run.realisations=2000000", "--set", "strikes.defaults.carriers=40")
MIDDLE = ("--set", "run.realisations=20000")
TALLY = 3  # kind of a record: what fell on a tile


def says(*arguments, code, words):
    said = call(*arguments, code=code)
    for word in words:
        expect(word in said, f"{arguments}: '{word}' is not in what is said:\n{said}")
    return said


def left(*known):
    """Names in the folder that no input has."""
    return sorted(path.name for path in pathlib.Path().iterdir() if path.name not in known)


def one_name_for_two_parts():
    part = pathlib.Path("x.part")
    call("run", SCENARIO, "--part", "1/2", "-o", part, "-q")
    first = part.read_bytes()
    for more in ((), ("--resume",)):
        says("run", SCENARIO, "--part", "2/2", "-o", part, "-q", *more, code=73,
             words=["'x.part' is part 1/2 of this run", "part 2/2 does not replace it", "-o"])
        says("run", SCENARIO, "--part", "1/3", "-o", part, "-q", *more, code=73, words=["part 1/2 of this run", "part 1/3"])
        says("run", SCENARIO, "--part", "2/2", "-o", part, "-q", "--set", "run.seed=5", *more, code=73, words=["part 1/2 of another run"])
        says("run", SCENARIO, "--part", "1/2", "-o", part, "-q", "--set", "run.seed=5", *more, code=65,
             words=["run.seed was '11', is '5' now", "remove 'x.part'"])
        says("run", SCENARIO, "--part", "1/2", "-o", part, *more, code=0, words=["part 1/2 of this run is there already, complete: nothing to do"])
        expect(part.read_bytes() == first, "a part has changed")
    part.write_bytes(first[:-3])
    says("run", SCENARIO, "--part", "1/2", "-o", part, "--resume", code=0, words=["damaged at byte", "made anew"])
    expect(part.read_bytes() == first, "a damaged part was not made anew")
    part.write_bytes(first[:50])
    says("run", SCENARIO, "--part", "1/2", "-o", part, code=73, words=["its head is damaged", "not overwritten"])
    part.unlink()
    expect(not pathlib.Path("x.part.checkpoint").exists(), "refusals leave a checkpoint")
    print("one name for two parts: refused by name; a part that is complete is not made again")


def other_order():
    """The order of --set, values that are set to what they are, comments: the same run. Its result tells of --set as the first part, or the last command, had them."""
    sets = ("--set", "run.seed=3", "--set", "run.as_of=2022-12-30")
    turned = (*sets[2:], *sets[:2], "--set", "grid.cell_size_m=10", "--set", "run.realisations=203")
    call("run", SCENARIO, "-q", "-o", "whole.nc", *sets)
    call("run", SCENARIO, "--part", "1/2", "-o", "1.part", "-q", *sets)
    call("run", SCENARIO, "--part", "2/2", "-o", "2.part", "-q", *turned)
    call("merge", "2.part", "1.part", "-o", OUT, "-q")
    expect(OUT.read_bytes() == pathlib.Path("whole.nc").read_bytes(), "--set in another order: other bytes")
    OUT.unlink()
    commented = pathlib.Path("commented.yaml")
    commented.write_text("# a comment\n" + pathlib.Path(SCENARIO).read_text())
    call("run", commented, "--part", "2/2", "-o", "3.part", "-q", *turned)
    expect(pathlib.Path("3.part").stat().st_size > 0, "no part")
    call("merge", "1.part", "3.part", "-o", OUT, "-q")
    expect(OUT.read_bytes() == pathlib.Path("whole.nc").read_bytes(), "a comment: other bytes")
    OUT.unlink()
    last = ("--set", "run.seed=3", "--set", "run.seed=4")
    call("run", SCENARIO, "--part", "2/2", "-o", "4.part", "-q", *last)
    says("merge", "1.part", "4.part", "-o", OUT, "-q", code=65,
         words=["part '4.part': run.seed is '4', in '1.part' it is '3'", "run.as_of is '2022-12-31', in '1.part' it is '2022-12-30'"])
    call("run", SCENARIO, "--part", "2/2", "-o", "5.part", "-q", *sets, "--set", "munitions.ring.dud_rate=0.5", code=65)
    call("run", SCENARIO, "--part", "2/2", "-o", "5.part", "-q", *sets, "--set", "override.ring.dud_rate=0.5")
    says("merge", "1.part", "5.part", "-o", OUT, "-q", code=65, words=["override.ring.dud_rate", "is '0.5' in '5.part', and not there in '1.part'"])
    for part in range(1, 6):
        pathlib.Path(f"{part}.part").unlink()
    commented.unlink()
    pathlib.Path("whole.nc").unlink()
    print("another order of --set, values that change nothing, comments: the same run; differences are said key by key")


def wait_for(path, process):
    for _ in range(400):
        if path.exists() and path.stat().st_size > 0:
            return
        expect(process.poll() is None, f"ended with {process.returncode} before it could be looked at")
        time.sleep(0.02)
    sys.exit(f"FAILED: {path} does not come")


def two_at_once():
    """The second is refused from the first moment on, whatever it wants with the checkpoint; the first goes on, and a third goes on with it."""
    whole = ("--set", "run.realisations=10000")
    run = ("run", SCENARIO, "-q", "-o", OUT, *whole)
    call("run", SCENARIO, "-q", "-o", "whole.nc", *whole)
    process = subprocess.Popen([UXOSIM, *map(str, run), "--checkpoint"], stderr=subprocess.PIPE, text=True)
    wait_for(KEPT, process)
    process.send_signal(signal.SIGSTOP)  # so that it cannot end before the others have been refused
    for more in (("--checkpoint",), ("--part", "1/2"), ("--part", "1/2", "--resume"), ("--resume", "--set", "run.seed=5")):
        says(*run, *more, code=73, words=["'out.nc.checkpoint' is in use by another run that has not ended (a whole run)", "-o"])
    # The same run, started again while the first start is about to end: its job has to come back.
    says(*run, "--resume", code=75, words=["'out.nc.checkpoint' is in use by another process (a whole run)", "the same command goes on"])
    expect(process.poll() is None, "the first run had ended: nothing is proved")
    process.send_signal(signal.SIGCONT)
    expect(process.wait(timeout=120) == 0, process.stderr.read())
    expect(OUT.read_bytes() == pathlib.Path("whole.nc").read_bytes(), "other bytes after another run was refused")
    expect(not KEPT.exists(), "the checkpoint is still there")
    OUT.unlink()
    pathlib.Path("whole.nc").unlink()
    part, kept = pathlib.Path("x.part"), pathlib.Path("x.part.checkpoint")
    process = subprocess.Popen([UXOSIM, "run", SCENARIO, "-q", "--part", "1/2", "-o", part, *LONG, OFTEN], stderr=subprocess.PIPE, text=True)
    wait_for(kept, process)
    says("run", SCENARIO, "-q", "--part", "2/2", "-o", part, *LONG, code=73, words=["in use by another run", "(part 1/2)", "name of its own"])
    time.sleep(0.5)  # states have taken the place of the first file: the lock has to move with it
    says("run", SCENARIO, "-q", "--part", "2/2", "-o", part, *LONG, "--resume", code=73, words=["in use by another run"])
    process.send_signal(signal.SIGTERM)
    expect(process.wait(timeout=60) == 75 and kept.exists(), "the first part did not end as it should")
    says("run", SCENARIO, "-q", "--part", "2/2", "-o", part, *LONG, "--resume", code=65, words=["is of part 1/2, not of part 2/2"])
    says("run", SCENARIO, "-q", "--part", "2/2", "-o", part, *LONG, code=73, words=["of part 1/2 that was interrupted"])
    kept.unlink()
    print("two runs with one checkpoint: the second is refused (73; 75 where it resumes the same run), the first ends as it would have")


def nothing_in_it():
    """What a crash may leave of a file: nothing, zeros, a head that is damaged, a head and no state."""
    call("run", SCENARIO, "-q", "-o", "whole.nc")
    wanted = pathlib.Path("whole.nc").read_bytes()
    code = 0
    for tenth in range(1, 100):
        code = interrupted(0.1 * tenth, signal.SIGTERM, "run", SCENARIO, "-q", OFTEN, "--resume", "-o", OUT, *LONG)
        if code == 75:
            break
    expect(code == 75, f"no run could be interrupted: {code}")
    kept = KEPT.read_bytes()
    aside = pathlib.Path("out.nc.checkpoint.damaged")
    for empty in (b"", bytes(5), bytes(70000)):
        for more in ("--resume", "--checkpoint"):
            KEPT.write_bytes(empty)
            call("run", SCENARIO, "-q", "-o", OUT, more)
            expect(OUT.read_bytes() == wanted and not KEPT.exists() and not aside.exists(), f"{len(empty)} zeros and {more}")
            OUT.unlink()
    for damaged in (kept[:8], kept[:100], kept.replace(b"run.seed\t11", b"run.seed\t12", 1)):
        KEPT.write_bytes(damaged)
        says("run", SCENARIO, "-o", OUT, "--checkpoint", code=73, words=["--resume", "remove it"])
        expect(KEPT.read_bytes() == damaged, "a checkpoint that was refused is not what it was")
        says("run", SCENARIO, "-o", OUT, "--resume", code=0, words=["is damaged", "'out.nc.checkpoint.damaged' now", "starts anew"])
        expect(aside.read_bytes() == damaged and OUT.read_bytes() == wanted and not KEPT.exists(), "a damaged head")
        aside.unlink()
        OUT.unlink()
    head = kept[:24 + int.from_bytes(kept[8:16], "little") + int.from_bytes(kept[16:24], "little") + 64]
    for rest, word in ((b"", "there is nothing to go on with"), (b"torn", "is damaged at byte")):
        KEPT.write_bytes(head + rest)
        says("run", SCENARIO, "-o", OUT, "--resume", code=0, words=[word])
        expect(OUT.read_bytes() == wanted and not KEPT.exists(), "a head without a state")
        OUT.unlink()
    KEPT.write_bytes(b"the only copy of somebody's letter")
    says("run", SCENARIO, "-o", OUT, "--resume", code=65, words=["does not begin as one"])
    expect(KEPT.read_bytes() == b"the only copy of somebody's letter", "a file that is not ours has changed")
    KEPT.unlink()
    os.mkdir(KEPT)
    says("run", SCENARIO, "-o", OUT, "--resume", code=73, words=["out.nc.checkpoint", "irectory"])
    os.rmdir(KEPT)
    pathlib.Path("whole.nc").unlink()
    print("checkpoints of no byte, of zeros, without a state: begun anew; a damaged head is set aside; what is no checkpoint stays")


def nobody_reads():
    """The result is complete: no checkpoint stays, though nobody reads what is printed, and the run does not end before for that."""
    for streams in ("stdout", "stderr"):
        reading, writing = os.pipe()
        os.close(reading)
        process = subprocess.Popen([UXOSIM, "run", SCENARIO, OFTEN, "-o", OUT], restore_signals=True,
                                   **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, streams: writing})
        os.close(writing)
        code = process.wait(timeout=60)
        expect(code in ((0,) if streams == "stderr" else (74, -signal.SIGPIPE)), f"{streams} closed: exit code {code}")
        expect(OUT.exists() and not KEPT.exists(), f"{streams} closed: {left()}")
        OUT.unlink()
    print("a closed pipe leaves no checkpoint beside a complete result")


def another_signal():
    """TERM behind USR1, as at the end of a Slurm job: what is done is kept. The same signal again is obeyed at once, and what was kept before is still there."""
    process = subprocess.Popen([UXOSIM, "run", SCENARIO, "-q", "-o", OUT, OFTEN, *LONG], stderr=subprocess.PIPE, text=True)
    wait_for(KEPT, process)
    process.send_signal(signal.SIGUSR1)
    process.send_signal(signal.SIGTERM)
    expect(process.wait(timeout=60) == 75 and KEPT.exists(), "USR1 and TERM: not resumable")
    process = subprocess.Popen([UXOSIM, "run", SCENARIO, "-q", "-o", OUT, OFTEN, *LONG, "--resume"], stderr=subprocess.PIPE, text=True)
    time.sleep(1.0)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)
    expect(process.wait(timeout=60) in (75, -signal.SIGTERM) and KEPT.exists(), f"TERM twice: {process.returncode}")
    says("run", SCENARIO, "-q", "-o", OUT, "--checkpoint", *LONG, code=73, words=["a whole run that was interrupted"])
    KEPT.unlink()
    pathlib.Path("out.nc.checkpoint.new").unlink(missing_ok=True)
    print("a second signal")


def records_of(kept):
    """The head, and the records behind it: kind, a, b, all bytes."""
    at = 24 + int.from_bytes(kept[8:16], "little") + int.from_bytes(kept[16:24], "little") + 64
    head, records = kept[:at], []
    while at < len(kept):
        end = at + 24 + 128 + int.from_bytes(kept[at + 16:at + 24], "little")
        records.append((*(int.from_bytes(kept[at + i:at + i + 4], "little") for i in (0, 4, 8)), kept[at:end]))
        at = end
    return head, records


def is_tally(record):
    return record[0] == TALLY and record[2] == 0


def failed_self_check():
    """A checkpoint whose checksums are right and whose tallies are not: nobody is told to go on with it, and it does not stay."""
    run = ("run", SCENARIO, "-q", "-o", OUT, *MIDDLE)
    for tenth in range(1, 60):
        code = interrupted(0.1 * tenth, signal.SIGTERM, *run, OFTEN, "--resume")
        head, records = records_of(KEPT.read_bytes()) if code == 75 else (b"", [])
        if any(map(is_tally, records)):
            break
    expect(any(map(is_tally, records)), "no run was interrupted with duds on the ground")
    KEPT.write_bytes(head + b"".join(record[3] for record in records if not is_tally(record)))
    said = says(*run, "--resume", code=70, words=["self-check failed", "'out.nc.checkpoint' is removed"])
    expect("go on with the same command" not in said, f"a run that cannot end is to be gone on with: {said}")
    expect(not KEPT.exists() and not OUT.exists(), "a failed self-check leaves a file")
    print("a self-check that failed: its checkpoint is removed, nobody is told to resume")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        everything.make(folder, "analog").rename(f"{folder}/{SCENARIO}")
        inputs = left()
        for check in (one_name_for_two_parts, other_order, two_at_once, nothing_in_it, nobody_reads, another_signal, failed_self_check):
            check()
            expect(left(*inputs) == [], f"{check.__name__} leaves {left(*inputs)}")
        os.chdir("/")


main()
