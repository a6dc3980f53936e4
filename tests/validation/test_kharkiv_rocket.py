#!/usr/bin/python3
"""Kharkiv, 25 February 2022: span of 25 craters of one rocket. The catalogue's pattern was made from it: a check of consistency, no validation.

Published: 25 craters of one cluster rocket over a span of 350 m (Airwars RUK004 [V2]); 72 submunitions in a 9M55K [V2]. ASSUMED: the 25 found are
any 25 of the 72.

ctest-label: slow
ctest-timeout: 300
"""
import validating as v
from validating import Campaign, Case, Engine, Verdict

import random

FOUND, ITEMS, SPAN_M = 25, 72, 350
MUNITION = "smerch-9m55k-9n235"
ROCKETS, SEEDS = 100, 5


def spans(engine, factor=1.0):
    """Largest distance among 25 of 72 impacts, and among all 72, of rockets that opened [m]."""
    known = v.catalogue()
    assert known[MUNITION]["submunitions_per_carrier"] == ITEMS
    pattern = known[MUNITION]["pattern"] if factor == 1.0 else v.scaled_lengths(known[MUNITION]["pattern"], factor)
    rocket = v.all_fail(known, MUNITION, carrier_failure=None, carrier_spread_m=None, pattern=pattern)
    campaign = Campaign({MUNITION: rocket}, [(MUNITION, 1)] * ROCKETS, round(3000 * max(1.0, factor)), 10)
    some, everything = [], []
    for seed in range(1, SEEDS + 1):
        rng = random.Random(seed)
        for points in engine.points(campaign, seed):
            some.append(v.span_m(points[v.shuffled(rng, range(len(points)))[:FOUND]]))
            everything.append(v.span_m(points))
    return some, everything


def outcome(values):
    low, _, high = v.quantiles(values)
    return v.CONSISTENT if low <= SPAN_M <= high else v.INCONSISTENT


def case(engine: Engine):
    some, everything = spans(engine)
    lines = [f"input: one {MUNITION} at a time, {ROCKETS * SEEDS} rockets, all impacts; points of the engine to within 10 m",
             f"largest distance among {FOUND} of {ITEMS} impacts: " + " - ".join(f"{q:.0f}" for q in v.quantiles(some)) + " m (5 - 50 - 95 %)",
             f"among all {ITEMS}: " + " - ".join(f"{q:.0f}" for q in v.quantiles(everything)) + " m"]
    verdict = Verdict(f"span of {FOUND} impacts", f"{v.spread_text(some, '{:.0f}', ' m')}", f"{SPAN_M} m", outcome(some))
    checks = [(f"seeded: pattern times {factor:g}", outcome(spans(engine, factor)[0]), (v.INCONSISTENT,)) for factor in (0.4, 2.5)]
    return Case("One rocket on Kharkiv", lines, [verdict], checks)


if __name__ == "__main__":
    v.main("kharkiv-rocket", case, [v.CONSISTENT])
