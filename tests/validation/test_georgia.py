#!/usr/bin/python3
"""Georgia 2008: does the area of 24 volleys stay below what was contaminated in all? A bound only; docs/validation.md says what it shows.

Published: 24 volleys of 13 LAR-160 rockets, 32,448 submunitions if all were cluster rockets [V]; 15 km2 estimated contaminated [V], by the
cluster munitions of both sides: at most 4.8 ha a rocket if all 312 were cluster rockets [D].

ctest-label: slow
ctest-timeout: 300
"""
import validating as v
from validating import Campaign, Case, Engine, Verdict

import numpy as np

VOLLEYS, ROCKETS, ITEMS = 24, 13, 32448
BOUND_KM2, BUFFER_M = 15.0, 50
MUNITION = "lar-160-m095"
CAMPAIGNS, SHORT = 40, 5


def square_kilometres(engine, make, volleys, rockets, campaigns, factor=1.0):
    """Sum over strikes of the area of hull and buffer [km2] in each campaign; no two strikes overlap."""
    known = v.catalogue()
    made = make(known, MUNITION)
    assert made["submunitions_per_carrier"] * VOLLEYS * ROCKETS == ITEMS
    stretched = {key: made[key] if factor == 1.0 else v.scaled_lengths(made[key], factor) for key in ("pattern", "carrier_spread_m")}
    campaign = Campaign({MUNITION: v.entry({MUNITION: made}, MUNITION, **stretched)}, [(MUNITION, rockets)] * volleys,
                        round(3000 * max(1.0, factor)), round(10 * max(1.0, factor)))
    return np.array([sum(v.hull_and_buffer_ha(strike, BUFFER_M) for strike in engine.points(campaign, seed + 1)) / 100
                     for seed in range(campaigns)])


def outcome(areas):
    return v.BOUND_MET if v.quantiles(areas)[0] <= BOUND_KM2 else v.BOUND_BROKEN


def case(engine: Engine):
    duds = square_kilometres(engine, v.entry, VOLLEYS, ROCKETS, CAMPAIGNS)
    impacts = square_kilometres(engine, v.all_fail, VOLLEYS, ROCKETS, CAMPAIGNS)
    apart = square_kilometres(engine, v.entry, VOLLEYS * ROCKETS, 1, SHORT)
    per_rocket = 100.0 / (VOLLEYS * ROCKETS)
    lines = [f"input: {VOLLEYS} volleys of {ROCKETS} rockets of 104 = {ITEMS} submunitions, {CAMPAIGNS} campaigns; convex hull of a volley and {BUFFER_M} m",
             f"area of all volleys, km2: duds {v.spread_text(duds)}, all impacts {v.spread_text(impacts)}",
             f"per rocket, ha: duds {v.spread_text(duds * per_rocket)}, all impacts {v.spread_text(impacts * per_rocket)}, "
             f"were every rocket to lie apart from the others {v.spread_text(apart * per_rocket)}"]
    verdicts = [Verdict("contaminated by 312 rockets, hull of the duds and 50 m", v.spread_text(duds, unit=" km2"), "at most 15 km2", outcome(duds)),
                Verdict("the same, all impacts", v.spread_text(impacts, unit=" km2"), "at most 15 km2", outcome(impacts))]
    wide = square_kilometres(engine, v.entry, VOLLEYS, ROCKETS, SHORT, 3.0)
    return Case("Georgia 2008", lines, verdicts, [(f"seeded: all lengths times 3 ({np.mean(wide):.0f} km2)", outcome(wide), (v.BOUND_BROKEN,))])


if __name__ == "__main__":
    v.main("georgia", case, [v.BOUND_MET, v.BOUND_MET])
