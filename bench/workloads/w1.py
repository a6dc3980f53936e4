#!/usr/bin/python3
"""Writes the reference work W1, or a scaled variant, as a scenario of uxosim with its strike list and catalogue.

W1: 1000 x 1000 cells of 5 m; 100 strikes uniform in the inner 4 x 4 km; 4 carriers of 100 submunitions each; gaussian pattern of
120 x 60 m about release points that are normal (50 m on each axis) about the strike; heading known to 15 degrees (sd), one draw per
strike; failure rate Beta(12, 88) per strike. Two variants have no map in closed form. Every number is made up to be a round, typical load: nothing here describes a real place.

Not here: running anything (bench/run.py), the meaning of the keys (docs/scenario_reference.md).
"""
import argparse
import json
import pathlib
import random

MUNITION = """\
# The munition of the reference work W1, made up for measuring speed.
munitions:
  w1:
    name: Reference work W1, no real munition
    submunitions_per_carrier: 100
    dud_rate: {beta: {mean: 0.12, concentration: 100}, per: RATE_PER}
    carrier_failure: 0.0
    carrier_spread_m: {along: 50, across: 50}
    pattern: {shape: gaussian, along_m: 120, across_m: 60}
    sources:
      submunitions_per_carrier: "ASSUMED: a round number of the usual size, for measuring"
      dud_rate: "ASSUMED: Beta(12, 88), the middle of published ranges, for measuring"
      carrier_failure: "ASSUMED: none, for measuring"
      carrier_spread_m: "ASSUMED: a round number of the usual size, for measuring"
      pattern: "ASSUMED: a round number of the usual size, for measuring"
"""

SCENARIO = """\
# Written by bench/workloads/w1.py: {side} x {side} cells of {cell_m:g} m, {strikes} strikes, list drawn with seed {seed}.
format: 1
title: Reference work W1, {side} x {side} cells, {strikes} strikes
run: {{as_of: 2020-02-01, seed: {seed}, {how_many}, estimator: {estimator}}}
grid: {{crs: EPSG:32637, cell_size_m: {cell_m:g}, bounds_m: [{xmin:.0f}, {ymin:.0f}, {xmax:.0f}, {ymax:.0f}]}}
munitions: munitions.yaml
strikes:
  file: strikes.csv
  defaults: {{munition: w1, carriers: 4, confidence: 1{more}}}
"""

# What a variant changes: (the failure rate is drawn once per ..., more defaults of the strikes). Neither has a map in closed form.
VARIANTS = {
    "w1": ("strike", ""),
    "campaign-rate": ("campaign", ""),
    "disc": ("strike", ", location_error: {disc_m: 50}"),
}

# Middle of the grid: on the central meridian of EPSG:32637, so that true and grid headings are the same to 0.03 degrees over 5 km.
CENTRE_X_M, CENTRE_Y_M = 500000.0, 5500000.0
INNER_SHARE = 0.8  # of the grid's side: the 4 of 5 km of W1
HEADING_SD_DEG = 15


def describe(arguments):
    """What a peer has to know, and what run.py needs to compute rates."""
    half = 0.5 * arguments.side * arguments.cell_m
    return {"side": arguments.side, "cell_m": arguments.cell_m, "strikes": arguments.strikes, "seed": arguments.seed,
            "realisations": arguments.realisations, "estimator": arguments.estimator, "variant": arguments.variant, "until": arguments.until,
            "xmin": CENTRE_X_M - half, "ymin": CENTRE_Y_M - half, "xmax": CENTRE_X_M + half, "ymax": CENTRE_Y_M + half,
            "submunitions_per_realisation": arguments.strikes * 4 * 100}


def write_strikes(path, facts):
    # A generator of its own for the list: the engine's seed says nothing about places.
    source = random.Random(facts["seed"])
    half = 0.5 * INNER_SHARE * facts["side"] * facts["cell_m"]
    with open(path, "w", encoding="ascii", newline="\n") as out:
        out.write("id,x_m,y_m,heading_deg,heading_sd_deg,date\n")
        for i in range(facts["strikes"]):
            x_m = CENTRE_X_M + source.uniform(-half, half)
            y_m = CENTRE_Y_M + source.uniform(-half, half)
            # Whole kilometres of strikes on few days look like repeated reports; one day each would run out of days.
            out.write(f"s{i:06d},{x_m:.2f},{y_m:.2f},{source.uniform(0.0, 360.0):.3f},{HEADING_SD_DEG},2020-01-01\n")


def write_workload(folder, facts):
    folder.mkdir(parents=True, exist_ok=True)
    how_many = f"realisations: {facts['realisations']}" if facts["until"] is None else f"until: {{relative_error: {facts['until']:g}}}"
    rate_per, more = VARIANTS[facts["variant"]]
    (folder / "munitions.yaml").write_text(MUNITION.replace("RATE_PER", rate_per), encoding="ascii")
    (folder / "scenario.yaml").write_text(SCENARIO.format(more=more, how_many=how_many, **facts), encoding="ascii")
    (folder / "workload.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="ascii")
    write_strikes(folder / "strikes.csv", facts)


def parse(words=None):
    parser = argparse.ArgumentParser(description="Writes W1 (the defaults) or a scaled variant into a folder.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--side", type=int, default=1000, help="cells along each side (default 1000)")
    parser.add_argument("--cell-m", type=float, default=5.0, help="cell size [m] (default 5)")
    parser.add_argument("--strikes", type=int, default=100)
    parser.add_argument("--realisations", type=int, default=10000)
    parser.add_argument("--until", type=float, help="this relative error instead of a number of realisations")
    parser.add_argument("--estimator", choices=["analog", "expected-value"], default="analog")
    parser.add_argument("--variant", choices=sorted(VARIANTS), default="w1",
                        help="campaign-rate: one failure rate for all strikes; disc: places known to 50 m (default w1: neither)")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(words)


def main(words=None):
    arguments = parse(words)
    write_workload(arguments.folder, describe(arguments))


if __name__ == "__main__":
    main()
