"""Where the time of a run goes, by perf, and how far each part is from a measured limit. Not a program; see run.py.

Samples count for the innermost function of the engine that was at work, functions that the compiler has put into others included (a
build with -g tells them apart); what SLEEF, libdeflate or the kernel did counts for the function that asked for it. Not here: what a
limit is measured by (README.md).
"""
import collections
import math
import re
import shutil
import subprocess
import sys

import measure

# Part: (patterns "file:function", unit it is counted in, limit in ns per unit or None). The first that matches counts.
DRAWS = [("random numbers (Philox)", r"kernels_template\.h:(philox|multiply|job_blocks|store_words|key_of|rounds?)|:_mm512_(mul_epu32|mask_shuffle)|kernels\.c:uxo_philox", "carrier"),
         ("transform (normals, directions)", r":(normal_pairs|normals|minus_two_log|sine_cosine\w*|uxo_sincospi|uxo_normals?\w*)$", "carrier"),
         ("failure rates", r"draws_rate\.c:|:uxo_log$", "strike"),
         ("strikes and carriers drawn", r"(drawing|draws|draws_carrier|draws_private|kernels)\.[ch]:|:uxo_(sincospi|sqrt)|kernels_avx512\.c:(counts|draws)|kernels_template\.h:(counts|draws)", "carrier")]
WRITING = [("compression", r"(result_pack|deflate_bytes)\.[ch]:", "cell"),
           ("writing, tables", r"(hdf5_\w+|result_\w+|atomic_file|digest)\.[ch]:", "cell")]
GROUPS = {
    "analog": DRAWS + [
        ("places into cells, duds queued", r"(analog)\.c:|kernels_template\.h:|kernels_avx512\.c:|:_mm512_", "dud"),
        ("duds put into buckets", r"(buckets|slabs)\.[ch]:", "dud"),
        ("tally", r"tally\.c:", "dud"),
        ("estimates", r"(outcome|analog_maps|maps|stats|summary)\.[ch]:", "cell")] + WRITING,
    "expected-value": [
        ("gaussians: exponentials", r"kernels_field_\w+\.[ch]:(start|exponential\w*)$", "gaussian cell"),
        ("gaussians: adding", r"kernels_field_\w+\.[ch]:(add|add_\w+|loss_series|cut_rows|where|store_lanes|load_lanes|counted_up|spread)$|kernels_field_private", "gaussian cell"),
        ("gaussians: which rows", r"(patch|kernels_field)\.c:", "gaussian cell"),
        ("statistics of cells", r":(accumulate|chance_of)|expected_tile\.c:", "cell and realisation"),
        ("order statistics", r"kernels_field_\w+\.[ch]:(count_below|pick|begin|guess|choose|is_done|search_lanes|order_statistics|load_bits)", "sample"),
        ("samples kept, exceedance, interpolation", r"expected_order\.[ch]:", "sample"),
        ("closed form", r"(marginal|expected_marginal)\.[ch]:", "cell"),
        ("districts, affected area", r"(expected_blocks|expected_squares)\.[ch]:", "realisation"),
        ("carriers as gaussians, index", r"expected_table\.[ch]:|:uxo_exp$", "carrier"),
        ("estimates, chunks, containment", r"(expected_\w+|outcome|maps|stats|summary|ordered)\.[ch]:", "cell")]
    + DRAWS + [("duds of the self-check", r"(analog|buckets|slabs|tally|kernels_template|kernels_avx512|kernels)\.[ch]:|:_mm512_", "dud")] + WRITING}
# Of the part alone, in ns per unit, measured on one core of Zen 5 with AVX-512: README.md says by what.
LIMITS = {
    "analog": {"random numbers (Philox)": "0.46", "transform (normals, directions)": "0.35 to 0.6", "tally": "0.34"},
    "expected-value": {"gaussians: exponentials": "0.02 to 0.065, all of the gaussians", "gaussians: adding": "", "gaussians: which rows": ""}}
CUT = 27.631  # of the gaussians: UXO_FIELD_CUT
QUANTILE_STEP_M = 20.0  # of the lattice of the quantiles: a third of the smaller pattern
BLOCK_M = 100.0  # of the lattice of districts and affected area


def profile(arguments, scratch, folder, sets):
    """[(own function as "file:function" or "", library)] of every sample, and the seconds of the run."""
    data = scratch / "perf.data"
    command = measure.engine_command(arguments.profiled, folder, scratch / "profiled.nc", 1, sets)
    run = measure.run_child(["perf", "record", "-q", "-F", "999", "--call-graph", "dwarf,1024", "-o", data, "--", *command])
    script = subprocess.run(["perf", "script", "-i", data, "--no-inline", "-F", "ip,sym,dso"], capture_output=True, text=True, check=True).stdout
    samples = []
    for block in script.split("\n\n"):
        frames = [match.groups() for match in (re.match(r"\s*([0-9a-f]+) .* \((.*)\)$", line) for line in block.splitlines()) if match]
        if frames:
            samples.append(frames)
    return samples, run


def own_functions(samples, program):
    """{address: "file:function"} of the innermost function at each address of the program."""
    addresses = sorted({address for frames in samples for address, library in frames if library == program})
    lines = subprocess.run(["addr2line", "-f", "-i", "-a", "-e", program], input="\n".join("0x" + address for address in addresses),
                           capture_output=True, text=True, check=True).stdout.splitlines()
    found, at = {}, 0
    while at < len(lines):
        address, function, place = format(int(lines[at], 16), "x"), lines[at + 1], lines[at + 2]
        found[address] = place.split(" ")[0].split("/")[-1].split(":")[0] + ":" + function
        at += 3
        while at < len(lines) and not lines[at].startswith("0x"):
            at += 2  # the functions that it was put into
    return found


def part_of(frames, functions, program, groups):
    address, library = frames[0]
    own = next((functions[address] for address, library in frames if library == program), None)
    if own is not None:
        for name, pattern, _ in groups:
            if re.search(pattern, own):
                return name, own
    return ("start-up, reading, closing" if own is None or re.match(r"(scenario|schema|yaml|layers|strikes|main|run|error|grid|quantity|distribution)", own)
            else "other"), own or library.split("/")[-1]


def counts_of(facts):
    """How many of each unit the run has: what it has by its design, without what it may save."""
    carriers = facts["strikes"] * 4 * facts["realisations"]
    reach_m2 = math.pi * CUT * 120.0 * 60.0  # of a carrier's gaussian
    steps_m = [QUANTILE_STEP_M, BLOCK_M] + ([] if facts["variant"] == "w1" else [facts["cell_m"]])  # quantiles, districts, cells
    points = (facts["side"] * facts["cell_m"] / QUANTILE_STEP_M) ** 2
    return {"carrier": carriers, "strike": facts["strikes"] * facts["realisations"], "realisation": facts["realisations"], "cell": facts["side"] ** 2,
            "dud": 0.12 * facts["submunitions_per_realisation"] * facts["realisations"],
            "gaussian cell": sum(carriers * reach_m2 / step_m ** 2 for step_m in steps_m), "sample": points * facts["realisations"],
            "cell and realisation": facts["side"] ** 2 * facts["realisations"]}


def one(arguments, scratch, name, options, sets=()):
    folder = scratch / "profiled"
    facts = measure.workload(folder, **options)
    samples, run = profile(arguments, scratch, folder, sets)
    program = str(arguments.profiled.resolve())
    functions = own_functions(samples, program)
    groups = GROUPS[facts["estimator"]]
    shares, largest = collections.Counter(), {}
    for frames in samples:
        part, own = part_of(frames, functions, program, groups)
        shares[part] += 1
        largest.setdefault(part, collections.Counter())[own] += 1
    units = {part: unit if facts["estimator"] == "expected-value" else "dud" for part, _, unit in groups}
    counts = counts_of(facts)
    seconds = run["cpu"]
    rows = []
    for part, count in shares.most_common():
        row = {"part": part, "share": round(count / len(samples), 4), "milliseconds": round(1e3 * seconds * count / len(samples), 1),
               "most": [f"{own} {number}" for own, number in largest[part].most_common(4)]}
        if part in LIMITS[facts["estimator"]]:
            row["limit"] = LIMITS[facts["estimator"]][part]
        if counts.get(units.get(part)):
            row["unit"] = units[part]
            row["ns_per_unit"] = float(f"{1e9 * seconds * count / len(samples) / counts[units[part]]:.3g}")
        rows.append(row)
    return {"name": name, "samples": len(samples), "cpu_seconds": round(seconds, 3), "counts": counts, "rows": rows}


def roofline(arguments, scratch):
    if shutil.which("perf") is None or not arguments.profiled.exists():
        sys.exit(f"bench: roofline needs perf and {arguments.profiled}: see bench/README.md, Profiles")
    expected = {"estimator": "expected-value"}
    return {"what": "roofline", "machine": measure.machine(arguments.engine), "runs": [
        one(arguments, scratch, "analog, W1, 100,000 realisations", {"realisations": 100000}),
        one(arguments, scratch, "expected-value, W1 in closed form, 2000 realisations", {**expected, "realisations": 2000}),
        one(arguments, scratch, "expected-value, W1 in closed form, density and probability, 1000 realisations", {**expected, "realisations": 1000},
            ["output.layers=[dud_density,dud_probability]"]),
        one(arguments, scratch, "expected-value, places known to 50 m (sampled), 500 realisations", {**expected, "realisations": 500, "variant": "disc"})]}
