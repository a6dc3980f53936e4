"""validating.py - what the cases of tests/validation share: synthetic scenarios of published totals, runs, areas, the report. Not a test.

A case is a module test_<case>.py with a function case(program) that returns a Case: lines to print, verdicts by rules that are stated
before the numbers, and seeded defects that the comparison has to notice. main() prints it and compares verdicts with what the module
has recorded and figures with docs/validation.md; --update writes the figures there.

Random draws outside the program (which bomb lies in which zone) come from Python's random.Random: its random() and getrandbits() are the
same in all versions, and shuffle() is written out here.
"""
import argparse
import dataclasses
import difflib
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # the readers are the distribution's packages

import h5py
import numpy as np
import yaml

SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
PAGE = SOURCE / "docs" / "validation.md"
# UTM zone 31 at the equator: open sea. No place of a case is a real one.
CRS = "EPSG:32631"
EAST_M, NORTH_M = 300000, 100000
LIMIT_S = 600


# ---- Verdicts. Every rule is one of these; a case says beforehand which.
AGREES = "agrees"
DISAGREES = "disagrees"
BOUND_MET = "bound met"
BOUND_BROKEN = "bound broken"
CONSISTENT = "consistent, no validation"
INCONSISTENT = "inconsistent"
NOT_COMPARABLE = "not comparable"


@dataclasses.dataclass
class Verdict:
    """One comparison: what is compared, what the engine says, what was observed, and the outcome by the rule of the case."""
    what: str
    engine: str
    observed: str
    outcome: str


@dataclasses.dataclass
class Case:
    """Lines of the report, verdicts, and checks: (what was done, outcome, outcomes that it must have). Most are seeded defects to be noticed."""
    title: str
    lines: list
    verdicts: list
    checks: list


def within(low, value, high):
    return AGREES if low <= value <= high else DISAGREES


def quantiles(values, shares=(0.05, 0.5, 0.95)):
    """Quantiles of the empirical distribution function (type 1), as the engine's own."""
    ordered = np.sort(np.asarray(values, dtype=float))
    return [ordered[max(0, math.ceil(share * len(ordered)) - 1)] for share in shares]


def spread_text(values, form="{:.1f}", unit=""):
    """mean [5 % to 95 %]"""
    low, _, high = quantiles(values)
    return f"{form.format(float(np.mean(values)))} [{form.format(low)} to {form.format(high)}]{unit}"


# ---- Draws outside the program

def shuffled(rng, items):
    """Fisher and Yates with random(), which does not change between versions of Python."""
    items = list(items)
    for last in range(len(items) - 1, 0, -1):
        other = int(rng.random() * (last + 1))
        items[last], items[other] = items[other], items[last]
    return items


def dealt(rng, total, places):
    """`total` carriers over `places`, at least one each, the rest each to a place drawn evenly."""
    counts = [1] * places
    for _ in range(total - places):
        counts[int(rng.random() * places)] += 1
    return counts


def even(total, places):
    """`total` over `places` as evenly as it goes."""
    return [total // places + (1 if place < total % places else 0) for place in range(places)]


# ---- Scenarios

def catalogue():
    with open(SOURCE / "configs" / "munitions.yaml", encoding="utf-8") as file:
        return yaml.safe_load(file)["munitions"]


def entry(munitions, name, **changes):
    """A catalogue entry with some of its quantities replaced; None removes one."""
    made = {key: value for key, value in munitions[name].items()}
    made["sources"] = dict(made["sources"])
    for key, value in changes.items():
        if value is None:
            made.pop(key, None)
            made["sources"].pop(key, None)
        else:
            made[key] = value
            made["sources"][key] = "ASSUMED: set by a validation case, docs/validation.md says why"
    return made


def all_fail(munitions, name, **changes):
    """The entry with every submunition a dud, so that the map of duds is that of all impacts of carriers that opened."""
    return entry(munitions, name, dud_rate=1.0, dud_rate_between_strikes=None, **changes)


def scaled_lengths(quantities, factor):
    """The pattern or the spread of an entry with all its lengths times a factor."""
    def scaled(value):
        if isinstance(value, dict):
            return {key: [factor * end for end in inner] if key in ("interval90", "uniform", "triangular") else inner for key, inner in value.items()}
        return factor * value
    return {key: value if key in ("shape", "width") else scaled(value) for key, value in quantities.items()}


def lattice(count, spacing_m):
    """Centres of `count` squares of a synthetic lattice: [(x, y)], and its columns and rows."""
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    places = [(EAST_M + (index % columns + 0.5) * spacing_m, NORTH_M + (index // columns + 0.5) * spacing_m) for index in range(count)]
    return places, columns, rows


@dataclasses.dataclass
class Campaign:
    """Strikes on a synthetic lattice. strikes: [(munition, carriers)]; squares: also make each square of the lattice a district;
    residents_per_km2: people live everywhere alike."""
    munitions: dict
    strikes: list
    spacing_m: int
    cell_m: int
    estimator: str = "analog"
    realisations: int = 1
    squares: bool = False
    residents_per_km2: float = 0.0
    sections: dict = dataclasses.field(default_factory=dict)


class Engine:
    """Runs the program in a folder of its own."""

    def __init__(self, program):
        self.program = str(program)
        self.folder = tempfile.TemporaryDirectory(prefix="uxosim-validation-")
        self.path = pathlib.Path(self.folder.name)
        self.prepared = None
        self.runs = 0

    def write(self, campaign):
        places, columns, rows = lattice(len(campaign.strikes), campaign.spacing_m)
        lines = ["id,x_m,y_m,munition,carriers"]
        lines += [f"SYNTHETIC-{index:04d},{x},{y},{munition},{carriers}"
                  for index, ((x, y), (munition, carriers)) in enumerate(zip(places, campaign.strikes))]
        (self.path / "strikes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (self.path / "munitions.yaml").write_text(json.dumps({"munitions": campaign.munitions}, indent=1), encoding="utf-8")
        far = [EAST_M + columns * campaign.spacing_m, NORTH_M + rows * campaign.spacing_m]
        scenario = {
            "format": 1, "title": "SYNTHETIC places, published totals",
            "run": {"seed": 1, "realisations": campaign.realisations, "estimator": campaign.estimator},
            "grid": {"crs": CRS, "cell_size_m": campaign.cell_m, "bounds_m": [EAST_M, NORTH_M, *far]},
            "munitions": "munitions.yaml",
            "strikes": {"file": "strikes.csv"},
            "output": {"layers": ["dud_density"]},
            **campaign.sections}
        scenario["layers"] = {}
        if campaign.squares:
            scenario["layers"]["districts"] = self.write_squares(places, campaign.spacing_m)
        if campaign.residents_per_km2 > 0:
            scenario["layers"]["population"] = self.write_population(campaign, columns * campaign.spacing_m, rows * campaign.spacing_m)
        (self.path / "scenario.yaml").write_text(json.dumps(scenario, indent=1), encoding="utf-8")
        self.prepared = campaign

    def write_squares(self, places, spacing_m):
        half = spacing_m / 2
        rings = [[(x + a * half, y + b * half) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))] for x, y in places]
        text = "name,WKT\n" + "".join(
            f'zone-{index:04d},"POLYGON (({", ".join(f"{x} {y}" for x, y in ring)}))"\n' for index, ring in enumerate(rings))
        (self.path / "zones.csv").write_text(text, encoding="utf-8")
        (self.path / "zones.vrt").write_text(
            f'<OGRVRTDataSource><OGRVRTLayer name="zones"><SrcDataSource relativeToVRT="1">zones.csv</SrcDataSource>'
            f'<GeometryType>wkbPolygon</GeometryType><LayerSRS>{CRS}</LayerSRS>'
            f'<GeometryField encoding="WKT" field="WKT"/></OGRVRTLayer></OGRVRTDataSource>', encoding="utf-8")
        return {"file": "zones.vrt", "name": "name"}

    def write_population(self, campaign, width_m, height_m):
        columns, rows, cell_m = width_m // 1000, height_m // 1000, 1000
        assert (columns * cell_m, rows * cell_m) == (width_m, height_m)
        (self.path / "population.asc").write_text(
            f"ncols {columns}\nnrows {rows}\nxllcorner {EAST_M}\nyllcorner {NORTH_M}\ncellsize {cell_m}\nNODATA_value -1\n"
            + (" ".join([str(campaign.residents_per_km2)] * columns) + "\n") * rows, encoding="utf-8")
        (self.path / "population.vrt").write_text(
            f'<VRTDataset rasterXSize="{columns}" rasterYSize="{rows}"><SRS>{CRS}</SRS>'
            f'<GeoTransform>{EAST_M}, {cell_m}, 0, {NORTH_M + height_m}, 0, -{cell_m}</GeoTransform><VRTRasterBand dataType="Float32" band="1">'
            f'<SimpleSource><SourceFilename relativeToVRT="1">population.asc</SourceFilename><SourceBand>1</SourceBand></SimpleSource>'
            f'</VRTRasterBand></VRTDataset>', encoding="utf-8")
        return {"file": "population.vrt"}

    def run(self, campaign, seed, scenario=None, extra=()):
        """Runs a campaign (or a scenario file) and returns its open result."""
        if scenario is None:
            if self.prepared is not campaign:
                self.write(campaign)
            scenario = self.path / "scenario.yaml"
        out = self.path / "out.nc"
        command = [self.program, "run", str(scenario), "-o", str(out), "--quiet", "--set", f"run.seed={seed}", *extra]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        self.runs += 1
        return h5py.File(out, "r")

    def points(self, campaign, seed):
        """The duds of one realisation, to within a cell: a list of arrays (n, 2) in metres, one for each square of the lattice."""
        assert campaign.realisations == 1 and campaign.estimator == "analog"
        with self.run(campaign, seed) as result:
            density = result["dud_density"][...]
            x, y = result["x"][...], result["y"][...]
        row, column = np.nonzero(density)
        count = np.rint(density[row, column] * campaign.cell_m ** 2 / 1e4).astype(int)
        row, column = np.repeat(row, count), np.repeat(column, count)
        columns = math.ceil(math.sqrt(len(campaign.strikes)))
        east, north = x[column], y[row]
        square = ((north - NORTH_M) // campaign.spacing_m).astype(int) * columns + ((east - EAST_M) // campaign.spacing_m).astype(int)
        order = np.argsort(square, kind="stable")
        bounds = np.searchsorted(square[order], np.arange(len(campaign.strikes) + 1))
        places = np.column_stack((east, north))[order]
        return [places[a:b] for a, b in zip(bounds, bounds[1:])]

    def totals(self, campaign, seed):
        """Duds in each realisation, all strikes together."""
        with self.run(campaign, seed) as result:
            return result["districts/dud_count"][...].sum(axis=1).astype(float)


# ---- Areas

def hull(points):
    """Convex hull, counter-clockwise, by Andrew's monotone chain."""
    points = sorted(set(map(tuple, points)))
    if len(points) <= 2:
        return points

    def chain(sequence):
        kept = []
        for p in sequence:
            while len(kept) > 1 and ((kept[-1][0] - kept[-2][0]) * (p[1] - kept[-2][1])
                                     - (kept[-1][1] - kept[-2][1]) * (p[0] - kept[-2][0])) <= 0:
                kept.pop()
            kept.append(p)
        return kept[:-1]
    return chain(points) + chain(reversed(points))


def hull_and_buffer_ha(points, buffer_m):
    """Area of the convex hull widened by a buffer with round corners, exact (Steiner): A + P b + pi b^2. Nothing for no point."""
    if len(points) == 0:
        return 0.0
    ring = hull(points)
    pairs = list(zip(ring, ring[1:] + ring[:1]))
    area = 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)
    around = sum(math.dist(a, b) for a, b in pairs)
    return (area + around * buffer_m + math.pi * buffer_m ** 2) / 1e4


def span_m(points):
    """Largest distance between two points."""
    ring = hull(points)
    return max((math.dist(a, b) for a in ring for b in ring), default=0.0)


# ---- Report

def text_of(found):
    lines = list(found.lines) + [""]
    for verdict in found.verdicts:
        lines += [f"{verdict.what}", f"  engine    {verdict.engine}", f"  observed  {verdict.observed}", f"  verdict   {verdict.outcome}"]
    if found.checks:
        lines += ["", "checks of the comparison"]
        lines += [f"  {what}: {outcome}" for what, outcome, _ in found.checks]
    return "\n".join(lines) + "\n"


def marked(page, name):
    begin, end = f"<!-- begin {name} -->\n```\n", f"```\n<!-- end {name} -->"
    start = page.find(begin)
    stop = page.find(end, start)
    if start < 0 or stop < 0:
        sys.exit(f"{PAGE}: has no block of {name}")
    return start + len(begin), stop


def compare_page(name, text, update):
    """Difference between the figures of the page and those of now; --update writes them."""
    page = PAGE.read_text(encoding="utf-8")
    start, stop = marked(page, name)
    if page[start:stop] == text:
        return []
    if update:
        PAGE.write_text(page[:start] + text + page[stop:], encoding="utf-8")
        return []
    return [f"the figures of {PAGE.name} are not those of this program; read the difference, then {name} --update",
            *difflib.unified_diff(page[start:stop].splitlines(), text.splitlines(), PAGE.name, "now", lineterm="", n=0)]


def compare_table(name, recorded):
    """The row of the case in the page's table has to name every verdict."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{name}` |")]
    if len(rows) != 1:
        return [f"{PAGE.name}: {len(rows)} rows of {name} in the table"]
    return [f"{PAGE.name}: the row of {name} does not say \"{outcome}\"" for outcome in sorted(set(recorded)) if outcome not in rows[0]]


def main(name, case, recorded):
    """recorded: the outcomes that docs/validation.md discusses, in the order of the verdicts."""
    parser = argparse.ArgumentParser(description=f"Validation case {name}; see docs/validation.md.")
    parser.add_argument("--program", default=os.environ.get("UXOSIM", SOURCE / "build" / "release" / "uxosim"))
    parser.add_argument("--update", action="store_true", help="write the figures into docs/validation.md")
    parser.add_argument("--print", action="store_true", help="only print the case; compare nothing")
    arguments = parser.parse_args()
    found = case(Engine(arguments.program))
    text = text_of(found)
    print(found.title + "\n" + text)
    if arguments.print:
        return
    findings = []
    outcomes = [verdict.outcome for verdict in found.verdicts]
    if outcomes != recorded:
        findings.append(f"verdicts {outcomes}, recorded are {recorded}: rewrite what docs/validation.md says of {name} before recording them")
    findings += [f"not as it must be: {what}: {outcome}" for what, outcome, noticing in found.checks if outcome not in noticing]
    findings += compare_table(name, recorded)
    findings += compare_page(name, text, arguments.update)
    print("\n".join(findings) if findings else "as recorded")
    sys.exit(1 if findings else 0)
