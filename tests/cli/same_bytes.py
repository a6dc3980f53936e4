"""Equal runs give equal bytes: two compilers, 1, 2 and 8 threads, other processors; points from places in metres, in degrees and in GeoJSON, and
expectations, sampled, in closed form and by district; ovals and rings.

Other processors: the C library's wide instructions switched off, and emulated ones with AVX2 but no AVX-512, and with neither.

Arguments: the programs to compare (as built by gcc, by clang and for release). Works in a temporary folder. Not a test of what the numbers mean.
"""
import hashlib
import json
import math
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

# Every form of distribution and every level occurs in one of the scenarios, so that every sampler is on the path to the file.
CATALOGUE = """\
munitions:
  per-campaign:
    name: Rates that all strikes share
    submunitions_per_carrier: 104
    dud_rate: {interval90: [0.05, 0.20], per: campaign}
    dud_rate_between_strikes: {concentration: 20}
    carrier_failure: {beta: {mean: 0.02, concentration: 50}, per: campaign}
    carrier_spread_m: {along: {interval90: [40, 120]}, across: 60}
    pattern: {shape: gaussian, along_m: {triangular: [40, 60, 90]}, across_m: 40}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", dud_rate_between_strikes: "ASSUMED: a test",
              carrier_failure: "ASSUMED: a test", carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
  per-strike:
    name: Rates of each strike
    submunitions_per_carrier: {range: [60, 72]}
    dud_rate: {uniform: [0.02, 0.40], per: strike}
    carrier_failure: 0.05
    carrier_spread_m: {along: 100, across: 100}
    pattern: {shape: gaussian, along_m: 70, across_m: 50}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", carrier_failure: "ASSUMED: a test",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
  per-carrier:
    name: Rates of each carrier
    submunitions_per_carrier: 600
    dud_rate: {beta: {mean: 0.1, concentration: 0.8}, per: carrier}
    carrier_failure: 0
    carrier_spread_m: {along: 50, across: 20}
    pattern: {shape: gaussian, along_m: 200, across_m: 80}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", carrier_failure: "ASSUMED: a test",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
"""
SCENARIO = """\
format: 1
title: The same bytes everywhere
run: {as_of: 2023-12-31, seed: 20220225, realisations: 300, estimator: analog}
grid: {crs: "EPSG:32637", cell_size_m: 25, bounds_m: [297000, 5537000, 303025, 5541050]}
munitions: munitions.yaml
strikes:
  file: strikes.csv
  defaults:
    munition: {per-campaign: 0.5, per-strike: 0.3, per-carrier: 0.2}
    carriers: {poisson: 3}
    location_error: {r95_m: 150}
    heading_deg: unknown
    confidence: 0.9
"""
STRIKES = """\
id,x_m,y_m,date,munition,carriers,heading_deg,heading_sd_deg
a,298010,5538020,2022-03-01,,,,
b,300500,5539000,2022-03-02,per-campaign,12,45,10
c,301800.25,5540100.75,2022-03-03,per-strike,"{range: [1, 4]}",350,
d,299990,5537100,2022-03-04,per-carrier,2,90,5
e,302990,5541040,2022-03-05,,"{choice: {1: 0.6, 8: 0.4}}",,
"""
# The same strikes by the other estimator: sampled maps, quantiles on a coarser lattice than the cells of 10 m.
SAMPLED = SCENARIO.replace("estimator: analog", "estimator: expected-value").replace("cell_size_m: 25", "cell_size_m: 10").replace(
    "realisations: 300", "realisations: 200").replace("[297000, 5537000, 303025, 5541050]", "[297000, 5537000, 303020, 5541050]") + """\
output: {quantiles: [0.05, 0.5, 0.95], density_thresholds_per_ha: [1, 10]}
"""
# Ovals and rings among gaussians, as points and as expectations.
SHAPES = {"shapes-points": SCENARIO, "shapes": SAMPLED}
SHAPES_MIXTURE = ("{per-campaign: 0.5, per-strike: 0.3, per-carrier: 0.2}", "{per-campaign: 0.2, oval: 0.4, ring: 0.4}")
# What has a closed form: normal places, headings known to some degrees or not at all, rates of each strike.
CLOSED = """\
format: 1
title: The same bytes everywhere, in closed form
run: {as_of: 2023-12-31, seed: 20220227, realisations: 200, estimator: expected-value}
grid: {crs: "EPSG:32637", cell_size_m: 10, bounds_m: [297000, 5537000, 303020, 5541050]}
munitions: munitions.yaml
strikes:
  file: closed.csv
  defaults:
    munition: {closed: 0.6, closed-wide: 0.4}
    carriers: {range: [1, 2]}
    location_error: {r95_m: 150}
    heading_deg: unknown
    confidence: 0.9
"""
CLOSED_STRIKES = """\
id,x_m,y_m,date,heading_deg,heading_sd_deg
a,298010,5538020,2022-03-01,,
b,300500,5539000,2022-03-02,45,10
c,301800.25,5540100.75,2022-03-03,350,25
d,299990,5537100,2022-03-04,90,0
"""
# Places in degrees, districts and people: reference systems and geodata are on the path too.
GEODATA = """\
format: 1
title: The same bytes everywhere, from geodata
run: {{as_of: 2023-12-31, seed: 20220226, realisations: 300, estimator: analog}}
grid: {{crs: "EPSG:32637", cell_size_m: 25, around: districts, margin_m: 300}}
layers:
  districts: {{file: districts.geojson, name: NAME}}
  population: {{file: people.asc}}
munitions: munitions.yaml
strikes:
  file: {strikes}
  defaults:
    munition: {{per-campaign: 0.6, normal-sizes: 0.4}}
    carriers: {{normal: {{mean: 4, sd: 2}}}}
    location_error: {{disc_m: {{uniform: [50, 250]}}}}
    heading_deg: {{normal: {{mean: 40, sd: 25}}}}
    confidence: {{beta: {{mean: 0.8, concentration: 20}}, per: campaign}}
"""
MORE_MUNITIONS = """\
  closed:
    name: Rates of each strike about a mean, sizes that are known
    submunitions_per_carrier: {range: [10, 20], per: carrier}
    dud_rate: 0.1
    dud_rate_between_strikes: {concentration: 20}
    carrier_failure: 0.05
    carrier_spread_m: {along: 60, across: 30}
    pattern: {shape: gaussian, along_m: 70, across_m: 50}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", dud_rate_between_strikes: "ASSUMED: a test",
              carrier_failure: "ASSUMED: a test", carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
  closed-wide:
    name: The same, wider
    submunitions_per_carrier: 30
    dud_rate: {beta: {mean: 0.1, concentration: 30}, per: strike}
    carrier_failure: 0
    carrier_spread_m: {along: 0, across: 0}
    pattern: {shape: gaussian, along_m: 150, across_m: 90}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test",
              carrier_failure: "ASSUMED: a test", carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
  oval:
    name: Evenly within an oval, sizes of each strike
    submunitions_per_carrier: 202
    dud_rate: {interval90: [0.05, 0.20], per: campaign}
    carrier_failure: 0
    carrier_spread_m: {along: 60, across: 30}
    pattern: {shape: uniform-ellipse, along_m: {interval90: [30, 122]}, across_m: {interval90: [18, 61]}}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", carrier_failure: "ASSUMED: a test",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
  ring:
    name: Along the edge of an oval, sizes of each carrier
    submunitions_per_carrier: 72
    dud_rate: {interval90: [0.05, 0.20], per: strike}
    carrier_failure: 0.02
    carrier_spread_m: {along: 20, across: 20}
    pattern: {shape: ring, along_m: {uniform: [80, 140], per: carrier}, across_m: 67, width: {interval90: [0.2, 1.0], per: carrier}}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", carrier_failure: "ASSUMED: a test",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
  normal-sizes:
    name: Sizes that are normal, drawn at every level
    submunitions_per_carrier: {choice: {88: 0.5, 202: 0.5}, per: carrier}
    dud_rate: {triangular: [0.05, 0.1, 0.3], per: strike}
    carrier_failure: {uniform: [0.0, 0.1], per: carrier}
    carrier_spread_m: {along: {normal: {mean: 80, sd: 20}}, across: {uniform: [20, 60], per: campaign}}
    pattern: {shape: gaussian, along_m: {normal: {mean: 60, sd: 10}, per: carrier}, across_m: {interval90: [30, 60], per: carrier}}
    sources: {submunitions_per_carrier: "ASSUMED: a test", dud_rate: "ASSUMED: a test", carrier_failure: "ASSUMED: a test",
              carrier_spread_m: "ASSUMED: a test", pattern: "ASSUMED: a test"}
"""
PLACES = [  # id, lon, lat, date, event, carriers
    ("a", 36.2113, 50.0021, "2022-03-01", "", None), ("b1", 36.2207, 50.0068, "2022-03-02", "b", 6), ("b2", 36.2251, 50.0049, "2022-03-02", "b", 6),
    ("c", 36.2333, 50.0101, "2022-03-03", "", None), ("d", 36.2450, 49.9990, "2022-03-04", "", 2),
]
AREAS = {"West": (36.2050, 49.9950, 36.2230, 50.0130), "Ost, \u0441\u0445\u0456\u0434": (36.2231, 49.9950, 36.2500, 50.0130)}
WGS_84 = """GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],\
UNIT["degree",0.0174532925199433]]"""


def collection(features):
    """GeoJSON of (properties, geometry type, coordinates)."""
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
        for properties, kind, coordinates in features]})


def ring(west, south, east, north):
    return [[[west, south], [east, south + 0.001], [east - 0.002, north], [west, north - 0.001], [west, south]]]


def people():
    """Persons on cells of degrees that are no cells of the grid, as an ASCII grid."""
    rows = [" ".join(str((7 * column + 13 * row) % 29 / 4) for column in range(30)) for row in range(12)]
    return "ncols 30\nnrows 12\nxllcorner 36.20\nyllcorner 49.99\ncellsize 0.002\n" + "\n".join(rows) + "\n"


def write_inputs(folder):
    """The scenarios' names."""
    csv = "id,lon,lat,date,event,carriers\n" + "".join(f"{id},{lon},{lat},{date},{event},{carriers or ''}\n"
                                                       for id, lon, lat, date, event, carriers in PLACES)
    points = collection(({"id": id, "date": date, "event": event or None, "carriers": carriers}, "Point", [lon, lat])
                        for id, lon, lat, date, event, carriers in PLACES)
    areas = collection(({"NAME": name}, "Polygon", ring(*bounds)) for name, bounds in AREAS.items())
    files = {"munitions.yaml": CATALOGUE + MORE_MUNITIONS, "metres.yaml": SCENARIO, "strikes.csv": STRIKES, "degrees.csv": csv, "points.geojson": points,
             "districts.geojson": areas, "people.asc": people(), "people.prj": WGS_84,
             "degrees.yaml": GEODATA.format(strikes="degrees.csv"), "points.yaml": GEODATA.format(strikes="points.geojson"),
             "sampled.yaml": SAMPLED, "closed.yaml": CLOSED, "closed.csv": CLOSED_STRIKES,
             "affected.yaml": GEODATA.format(strikes="degrees.csv").replace("estimator: analog", "estimator: expected-value")}
    files.update((f"{name}.yaml", text.replace(*SHAPES_MIXTURE).replace("00, estimator", "0, estimator")) for name, text in SHAPES.items())
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return ["metres", "degrees", "points", "sampled", "closed", "affected", *SHAPES]


NO_VECTORS = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX2_Usable,-FMA,-FMA_Usable,-FMA4,-AVX,-SSE4_2,-ERMS"}

EMULATED = {"Nehalem": "SSE4.2, no AVX, no FMA", "max": "AVX2 and FMA, no AVX-512"}


def libm_digest():
    """Digest of many exponentials and sines of the C library: different with and without fused multiply-add."""
    values = (f(i * 1e-3).hex() for i in range(1, 20000) for f in (math.exp, math.sin))
    return hashlib.sha256("".join(values).encode()).hexdigest()


def require_that_switch_works():
    """On a processor with FMA, NO_VECTORS must change what the C library computes; else it would prove nothing."""
    if platform.machine() != "x86_64" or " fma " not in pathlib.Path("/proc/cpuinfo").read_text():
        print("note: this processor has no FMA; there is nothing to switch off")
        return
    narrow = subprocess.run([sys.executable, __file__, "--libm"], env={**os.environ, **NO_VECTORS}, text=True, capture_output=True,
                            check=True).stdout.strip()
    if narrow == libm_digest():
        sys.exit("switching instruction sets off did not change the C library's mathematics: the test has lost its teeth")


def digest_of_run(program, folder, scenario, threads, environment):
    out = folder / "out.nc"
    done = subprocess.run([*program, "run", f"{scenario}.yaml", "-o", out.name, "--threads", str(threads), "--quiet"], cwd=folder,
                          env={**os.environ, **environment}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"{' '.join(program)} ended with {done.returncode}:\n{done.stdout}")
    return hashlib.sha256(out.read_bytes()).hexdigest()


def digests_of_runs(programs, folder, scenario):
    digests = {}
    for program in programs:
        def run(what, threads, command=(program,), environment={}):
            digests[f"{program}, {what}"] = digest_of_run(command, folder, scenario, threads, environment)

        for threads in (1, 2, 8):
            run(f"{threads} threads", threads)
        if platform.machine() == "x86_64":
            run("no wide instructions in the C library", 2, environment=NO_VECTORS)
            for model, meaning in EMULATED.items():
                run(f"emulated {model} ({meaning})", 2, command=("qemu-x86_64", "-cpu", model, program))
    return digests


def main():
    if sys.argv[1:] == ["--libm"]:
        print(libm_digest())
        return
    require_that_switch_works()
    programs = [str(pathlib.Path(program).resolve()) for program in sys.argv[1:]]
    differ = False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for scenario in write_inputs(folder):
            digests = digests_of_runs(programs, folder, scenario)
            for what, digest in digests.items():
                print(scenario, digest[:16], what)
            differ = differ or len(set(digests.values())) != 1
    if differ:
        sys.exit("the files differ")


main()
