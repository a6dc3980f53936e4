#!/usr/bin/python3
"""test_sweep_idle.py - axes that cannot matter are warned of when a sweep is planned: word for word; and never one that does matter, by running every
axis one at a time, with either estimator.

    test_sweep_idle.py [UXOSIM]       the program: default $UXOSIM
ctest-timeout: 300
"""
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

UXOSIM = sys.argv[1] if len(sys.argv) > 1 else os.environ["UXOSIM"]
HERE = pathlib.Path(__file__).resolve().parent
CONFIGS = HERE.parents[1] / "configs"
XMIN, YMIN, WIDTH, HEIGHT = 300000, 5540000, 2400, 1000


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def run(*words, cwd=None):
    done = subprocess.run([UXOSIM, "sweep", *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd)
    expect(done.returncode == 0, f"{words}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done


IDLE = """format: 1
base: base/scenario.yaml
design: {latin_hypercube: 5}
axes:
  carriers: {key: strikes.defaults.carriers, values: [1, 2, 3]}
  unused: {key: override.rocket-b.dud_rate, uniform: [0.05, 0.2]}
  used: {key: override.rocket-a.dud_rate, uniform: [0.05, 0.2]}
  until: {key: run.as_of, values: [2024-01-01, 2024-02-01]}
  alleged: {key: campaign.reliability.alleged, values: [0.5, 0.6]}
  confidence: {key: strikes.defaults.confidence, values: [0.5, 0.9]}
"""
WARNED = """sweep.yaml:5:3: warning: axis 'carriers' changes nothing that is simulated: every strike has its own, or its values come to the same (7 pairs of scenarios compared that differ in strikes.defaults.carriers alone)
    5 |   carriers: {key: strikes.defaults.carriers, values: [1, 2, 3]}
      |   ^~~~~~~~
sweep.yaml:6:3: warning: axis 'unused' changes nothing that is simulated: no listed strike may have used this munition (5 pairs of scenarios compared that differ in override.rocket-b.dud_rate alone)
    6 |   unused: {key: override.rocket-b.dud_rate, uniform: [0.05, 0.2]}
      |   ^~~~~~
sweep.yaml:8:3: warning: axis 'until' changes nothing that is simulated: it limits dates, and no draw depends on it (6 pairs of scenarios compared that differ in run.as_of alone)
    8 |   until: {key: run.as_of, values: [2024-01-01, 2024-02-01]}
      |   ^~~~~
sweep.yaml:9:3: warning: axis 'alleged' changes nothing that is simulated: no strike is of this status (6 pairs of scenarios compared that differ in campaign.reliability.alleged alone)
    9 |   alleged: {key: campaign.reliability.alleged, values: [0.5, 0.6]}
      |   ^~~~~~~
"""


def words(scratch):
    shutil.copytree(HERE / "bad_sweep" / "common", scratch / "base")
    (scratch / "base" / "strikes.csv").write_text("id,lon,lat,date,carriers\ns1,36.3,50.0,2023-01-05,2\ns2,36.31,50.01,2023-02-06,3\n", encoding="utf-8")
    (scratch / "sweep.yaml").write_text(IDLE, encoding="utf-8")
    said = run("plan", "sweep.yaml", "-o", "out", cwd=scratch).stderr
    expect(said == WARNED, f"exactly these warnings:\n{said}")
    expect(run("run", "out", "-q", cwd=scratch).stderr == "" and run("status", "out", cwd=scratch).stderr == "", "they are given once, by plan")
    # Where some value of another axis makes it matter, nothing is said.
    switch = IDLE[:IDLE.index("  carriers")].replace("latin_hypercube: 5", "grid: true")
    switch += "  alleged: {key: campaign.reliability.alleged, values: [0.5, 0.6]}\n  status: {key: strikes.defaults.status, values: [confirmed, probable, alleged]}\n"
    (scratch / "switch.yaml").write_text(switch, encoding="utf-8")
    expect("changes nothing" not in run("plan", "switch.yaml", "-o", "switch", cwd=scratch).stderr, "an axis that matters with one value of another axis")


def twins(scratch):
    """Of values that are written in several ways some come to the same: said of these, and never that the axis does not matter, wherever they stand."""
    strikes = scratch / "base" / "strikes.csv"
    strikes.write_text("id,lon,lat,date\ns1,36.3,50.0,2023-01-05\n", encoding="utf-8")
    plain, same = "{range: [1, 4]}", "{range: [1, 4], per: strike}"
    for number, values in enumerate(((plain, same, 9), (9, plain, same), (plain, 9, same), (plain, same, 9, 20), (plain, 9))):
        path = scratch / f"twins{number}.yaml"
        path.write_text("format: 1\nbase: base/scenario.yaml\ndesign: {grid: true}\naxes:\n"
                        f"  d: {{key: strikes.defaults.carriers, values: [{', '.join(map(str, values))}]}}\n", encoding="utf-8")
        said = run("plan", path.name, "-o", path.stem, cwd=scratch).stderr
        expect("changes nothing" not in said, f"{values}: {said}")
        pair = [values.index(value) + 1 for value in (plain, same) if value in values]
        wanted = f"its values {pair[0]} and {pair[1]} come to the same simulation" if len(pair) == 2 else ""
        expect(wanted in said and (wanted or "come to the same" not in said), f"{values}: {said}")


def ground(folder, estimator):
    """Ground, clearance and a background; nobody lives there."""
    def stripe(first, last, **properties):
        x0, x1 = XMIN + WIDTH * first / 3, XMIN + WIDTH * last / 3
        ring = [[x0, YMIN], [x1, YMIN], [x1, YMIN + HEIGHT], [x0, YMIN + HEIGHT], [x0, YMIN]]
        return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    def layer(name, *features):
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}
        (folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features, "crs": crs}), encoding="utf-8")

    layer("districts.geojson", stripe(0, 1, NAME="west"), stripe(1, 2, NAME="middle"), stripe(2, 3, NAME="east"))
    layer("ground.geojson", stripe(0, 1, C=1), stripe(1, 3, C=2))
    layer("cleared.geojson", stripe(2, 3, DATE="2022-06-01"))
    shutil.copy(HERE / "bad_sweep" / "common" / "munitions.yaml", folder)
    rows = [f"s{i},2022-03-0{i + 1},{XMIN + WIDTH * (2 * i + 1) // 6},{YMIN + HEIGHT // 2},{status},{evidence}" for i, (status, evidence) in enumerate([("probable", "motor"), ("confirmed", ""), ("", "dud")])]
    (folder / "strikes.csv").write_text("id,date,x_m,y_m,status,evidence\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (folder / "scenario.yaml").write_text(f"""format: 1
run: {{as_of: 2022-12-31, seed: 5, realisations: 60, estimator: {estimator}}}
grid: {{crs: "EPSG:32637", cell_size_m: 25, bounds_m: [300000, 5540000, 302400, 5541000]}}
layers:
  districts: {{file: districts.geojson, name: NAME}}
  ground: {{file: ground.geojson, field: C, classes: {{1: paved, 2: soil, 3: marsh}}, reference: paved}}
  cleared: {{file: cleared.geojson, date: DATE, coverage: 1.0, detection: 0.8}}
ground: {{dud_rate_log_odds: {{soil: 1.0}}}}
munitions: munitions.yaml
strikes: {{file: strikes.csv, defaults: {{munition: rocket-a, carriers: 4, heading_deg: 90}}, displacement: {{motor: {{along_m: 300}}}}}}
campaign: {{reliability: {{probable: 0.8}}}}
background: {{density_per_km2: 0.5, munition: rocket-b, carriers: {{range: [1, 3], per: campaign}}}}
""", encoding="utf-8")
    return {"grid.cell_size_m": [25, 50], "layers.cleared.coverage": [0.9, 0.8], "layers.cleared.detection": [0.9, 0.8], "ground.dud_rate_log_odds.soil": [1, 1.5],
            "ground.dud_rate_log_odds.marsh": [0.1, 0.2], "campaign.dud_rate_log_odds_shift": [0.1, 0.2], "campaign.reliability.confirmed": [0.9, 0.8],
            "campaign.reliability.probable": [0.9, 0.8], "campaign.reliability.alleged": [0.3, 0.2], 
            "strikes.defaults.carriers": [3, 4], "strikes.defaults.heading_sd_deg": [5, 10], "strikes.defaults.confidence": [0.7, 0.8], "strikes.defaults.status": ["probable", "alleged"],
            "strikes.defaults.evidence": ["motor", "crater"], "strikes.defaults.location_error.r95_m": [100, 200], "override.rocket-a.submunitions_per_carrier": [50, 60],
            "override.rocket-a.dud_rate": [0.1, 0.2], "override.rocket-a.dud_rate_between_strikes.concentration": [10, 20], "override.rocket-a.carrier_failure": [0.1, 0.2],
            "override.rocket-a.carrier_spread_m.along": [10, 20], "override.rocket-a.carrier_spread_m.across": [10, 20], "override.rocket-a.pattern.along_m": [50, 70],
            "override.rocket-a.pattern.across_m": [50, 70], "override.rocket-b.dud_rate": [0.1, 0.2], "override.rocket-b.pattern.along_m": [50, 70], "run.as_of": ["2023-01-01", "2023-02-01"],
            "exposure.return_share": [0.5, 0.6]}


def people(folder):
    """People, and headings that nobody knows."""
    shutil.copytree(CONFIGS / "stepanakert", folder / "stepanakert")
    shutil.copy(CONFIGS / "munitions.yaml", folder.parent)
    text = (folder / "stepanakert" / "scenario.yaml").read_text(encoding="utf-8").replace("realisations: 2000", "realisations: 60").replace("cell_size_m: 10", "cell_size_m: 50")
    for file in (folder / "stepanakert").iterdir():
        file.rename(folder / file.name)
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    return {"grid.margin_m": [500, 900], "strikes.defaults.heading_sd_deg": [5, 10], "strikes.defaults.confidence": [0.5, 0.6], "exposure.range_m": [500, 1000], "exposure.return_share": [0.5, 0.6],
            "exposure.accessible_share": [0.5, 0.6], "exposure.decline.fast_share": [0.5, 0.6], "exposure.decline.fast_years": [1, 2], "exposure.decline.slow_years": [20, 30],
            "risk.hazardous_share": [0.5, 0.6], "risk.detonation_per_contact": [0.001, 0.002], "risk.casualties_per_accident": [1.5, 2], "risk.deaths_per_casualty": [0.2, 0.3],
            "campaign.reliability.alleged": [0.5, 0.6]}


def one_at_a_time(folder, axes):
    """The first scenario, and for each axis one that differs in it alone: what is warned of changes no number. Returns the names of idle keys."""
    names = {key: f"a{i}" for i, key in enumerate(axes)}
    lines = [f"  {names[key]}: {{key: {key}, values: [{', '.join(str(values[i == k]) for i in range(-1, len(axes)))}]}}" for k, (key, values) in enumerate(axes.items())]
    (folder / "sweep.yaml").write_text("format: 1\nbase: scenario.yaml\ndesign: {list: true}\naxes:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    said = run("plan", "sweep.yaml", "-o", "out", cwd=folder).stderr
    run("run", "out", "-q", cwd=folder)
    run("collect", "out", "-o", "out.nc", "--csv", "out.csv", cwd=folder)
    tables = {}
    with open(folder / "out.csv", encoding="utf-8") as file:
        rows = csv.reader(file)
        head = next(rows)
        for row in rows:
            tables.setdefault(int(row[0]), []).append(row[head.index("missing"):])
    alive = {key for k, key in enumerate(axes) if tables[k + 2] != tables[1]}
    warned = {key for key in axes if f"axis '{names[key]}' changes nothing" in said}
    expect(not warned & alive, f"warned of, and yet it matters: {sorted(warned & alive)}")
    print(f"{len(alive)} of {len(axes)} axes matter; warned of: {', '.join(sorted(warned))}; idle in one pair, not warned of: {', '.join(sorted(set(axes) - alive - warned)) or 'none'}")
    expect(len(re.findall("changes nothing", said)) == len(warned), said)
    return warned


def main():
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        for part in ("words", "analog", "expected-value", "people"):
            (scratch / part).mkdir()
        words(scratch / "words")
        twins(scratch / "words")
        for estimator in ("analog", "expected-value"):
            folder = scratch / estimator
            warned = one_at_a_time(folder, ground(folder, estimator))
            expect(warned >= {"override.rocket-b.dud_rate", "override.rocket-b.pattern.along_m", "run.as_of", "exposure.return_share"}, warned)
        warned = one_at_a_time(scratch / "people", people(scratch / "people"))
        expect(warned >= {"strikes.defaults.heading_sd_deg", "campaign.reliability.alleged"}, warned)
    print("axes that cannot matter are warned of, and no others")


main()
