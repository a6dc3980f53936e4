"""`uxosim check` accepts every scenario of configs/, and its expected totals are those of a calculation by hand.

The Kharkiv data are not part of the project: that scenario is skipped, with a message, where they are absent.
"""
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
PROGRAM = os.environ.get("UXOSIM", str(SOURCE / "build/dev/uxosim"))
CONFIGS = SOURCE / "configs"
KHARKIV = CONFIGS / "kharkiv" / "../../../shared/data/kharkiv"

# Means of the Betas whose 5 % and 95 % points are 5-20 %, 5-40 %, 0.5-10 %: docs/model.md; found here by another program (numpy).
GENERIC, SOVIET, OPENED = 5.43 / 46.93, 2.45 / 12.45, 1 - 0.0395
UNKNOWN = (30 + 72 + 104 + 202 + 644) / 5
EXPECTED = {  # strikes, reports, duds: confidence x carriers x submunitions x failing x opened
    "stepanakert": (3, 3, 3 * 0.95 * 13.5 * 104 * GENERIC * OPENED),
    "kharkiv": (43, 53, 0.9 * (41 * 2.5 + 5 + 6) * (72 + 30) / 2 * SOVIET * OPENED),
    "shushi": (1, 1, 0.1 * 2.5 * (104 + UNKNOWN) / 2 * GENERIC * OPENED),
    "ganja": (2, 2, 2 * 0.05 * 2.5 * UNKNOWN * GENERIC * OPENED),
    "mingachevir": (1, 1, 0.05 * 2.5 * UNKNOWN * GENERIC * OPENED),
}


def problems(name, strikes, reports, duds):
    done = subprocess.run([PROGRAM, "check", str(CONFIGS / name / "scenario.yaml")], capture_output=True, text=True)
    if done.returncode:
        return [f"{name}: exit {done.returncode}\n{done.stderr}"]
    found = []
    if not re.search(rf"^strikes\s+{strikes}, from {reports} reports$", done.stdout, re.M):
        found.append(f"{name}: not {strikes} strikes from {reports} reports\n{done.stdout}")
    given = float(re.search(r"^expected duds\s+([\d.]+)", done.stdout, re.M).group(1))
    print(f"{name}: {given} duds expected, by hand {duds:.1f}")
    if abs(given / duds - 1) > 0.003:  # the rounding of the Betas above
        found.append(f"{name}: {given} duds expected, by hand {duds:.1f}")
    implied = float(re.search(r"^casualties per 1,000 duds .*: ([\d.e+]+) \(90 %", done.stdout, re.M).group(1))
    print(f"{name}: {implied} casualties per 1,000 duds implied")
    if not 0.2 <= implied <= 10 or "were observed" in done.stderr:  # Lebanon to Afghanistan: docs/sources.md
        found.append(f"{name}: {implied} casualties per 1,000 duds are outside what was observed")
    if "look like one" in done.stderr:
        found.append(f"{name}: reports that look like one strike are not joined\n{done.stderr}")
    return found


def main():
    found = []
    shipped = {path.parent.name for path in CONFIGS.glob("*/scenario.yaml")}
    if shipped != set(EXPECTED):
        found.append(f"scenarios are {sorted(shipped)}, this test knows {sorted(EXPECTED)}")
    for name, expected in EXPECTED.items():
        if name == "kharkiv" and not KHARKIV.is_dir():
            print("skipped: kharkiv, its data are not here")
            continue
        found += problems(name, *expected)
    for problem in found:
        print(problem)
    return 1 if found else 0


sys.exit(main())
