"""calling.py - what tests that call the program share: where it is, calls that end with a known code, checks, files made on the spot.

    from calling import UXOSIM, call, expect, write      the program: sys.argv[1] or $UXOSIM
"""
import os
import subprocess
import sys

UXOSIM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.environ.get("UXOSIM", "uxosim")


def expect(condition, what):
    """Ends the test where something is not so."""
    if not condition:
        sys.exit(f"FAILED: {what}")


def call(*arguments, code=0, **more):
    """What a call prints: its output, or its messages where another code than 0 is expected; with an error there must be no output. `more` is for
    subprocess.run."""
    arguments = [str(argument) for argument in arguments]
    done = subprocess.run([UXOSIM, *arguments], capture_output=True, check=False, **more)
    expect(done.returncode == code, f"uxosim {' '.join(arguments)}: exit code {done.returncode}, not {code}\n{done.stderr.decode()}")
    expect(code == 0 or not done.stdout, f"uxosim {' '.join(arguments)}: output with an error")
    return done.stdout.decode() if code == 0 else done.stderr.decode()


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
