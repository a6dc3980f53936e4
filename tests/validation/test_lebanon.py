#!/usr/bin/python3
"""Lebanon 2006: which numbers of submunitions fired go with what was cleared? docs/validation.md says what it shows.

Published: 1.2, 2 or 4 million fired [V]; 0.5-1 million duds [V]; 139,700 cleared by January 2008, of them 57,271 M77 and 46,082 M42 or M46
[V]; 43 per hectare cleared until then, later 20-40 [D]; 38.7 km2 contaminated [V].
ASSUMED: fired in the proportions found; the remainder half M85, half BLU-63. What was not found of what lay in the ground searched: at most
a fifth (visual search finds 0.80-0.95, a prior nobody measured there), generously a half.

ctest-label: slow
ctest-timeout: 900
"""
import validating as v
from validating import Campaign, Case, Engine, Verdict

import numpy as np

FIRED = (1.2e6, 2e6, 4e6)
SITES = 1000
CLEARED, AREA_HA, PER_HA = 139700, 3870, 43
EXTRAPOLATED = AREA_HA * PER_HA
FOUND_SHARE, FOUND_SHARE_GENEROUS = 0.8, 0.5
CLAIMED = (0.5e6, 1e6)
FINDS = {"m26-m77": 57271, "m483a1-m42-m46": 46082, "m395-m85": (139700 - 57271 - 46082) / 2, "cbu-58-blu-63": (139700 - 57271 - 46082) / 2}
LOADS = {"m26-m77": 644, "m483a1-m42-m46": 88, "m395-m85": 63, "cbu-58-blu-63": 650}
REALISATIONS = 1000
SURVIVES, DIES = "survives", "does not survive"
WORTH_DOUBT = 0.05


def strikes(fired, finds):
    """Strikes by type in proportion to the finds, carriers as even as they go: [(munition, carriers)] and the number fired exactly."""
    total = sum(finds.values())
    listed, exactly = [], 0
    for name, found in finds.items():
        carriers = round(fired * found / total / LOADS[name])
        listed += [(name, count) for count in v.even(carriers, min(carriers, round(SITES * found / total))) if count]
        exactly += carriers * LOADS[name]
    return listed, exactly


def shares(engine, fired, finds, rates=None):
    """Duds over submunitions fired in each realisation, and their exact number."""
    known = v.catalogue()
    made = {name: v.entry(known, name, **({"dud_rate": rates} if rates else {})) for name in finds}
    assert all(made[name]["submunitions_per_carrier"] == LOADS[name] for name in finds)
    listed, exactly = strikes(fired, finds)
    return engine.totals(Campaign(made, listed, 3000, 3000, realisations=REALISATIONS), 2006) / exactly


def band(found_share):
    """What lay there: at least what was cleared, at most what the density gives over the whole area if so much of it was found."""
    return CLEARED, EXTRAPOLATED / found_share


def chance(duds, limits):
    return float(np.mean((duds >= limits[0]) & (duds <= limits[1])))


def outcome(share, fired):
    return SURVIVES if chance(share * fired, band(FOUND_SHARE_GENEROUS)) >= WORTH_DOUBT else DIES


def table(share_of):
    """One line for each number fired: duds, chance of the bands, what rate and what found share it would take."""
    strict, generous = band(FOUND_SHARE), band(FOUND_SHARE_GENEROUS)
    lines = ["fired      thousand duds of the engine   P(strict)  P(generous)  remaining it takes  found share it takes"]
    for fired in FIRED:
        duds = share_of[fired] * fired
        low, _, high = v.quantiles(duds)
        lines.append(f"{fired / 1e6:.1f} M      {np.mean(duds) / 1e3:.0f} [{low / 1e3:.0f} to {high / 1e3:.0f}]".ljust(41)
                     + f"{chance(duds, strict):.3f}      {chance(duds, generous):.3f}        "
                     f"{strict[0] / fired:.1%} to {strict[1] / fired:.1%}".ljust(44) + f"{EXTRAPOLATED / high:.2f} to {EXTRAPOLATED / low:.2f}")
    return lines


def combinations(share):
    """The joint prior, number fired by share that remains: which combinations are in the bands, and how likely that share is beforehand."""
    edges = (0.00, 0.04, 0.06, 0.08, 0.10, 0.12, 0.14, 0.16, 0.18, 0.20, 0.25, 1.00)
    middles = [(a + b) / 2 for a, b in zip(edges, edges[1:-1])] + [0.25]
    strict, generous = band(FOUND_SHARE), band(FOUND_SHARE_GENEROUS)
    prior = [np.mean((share >= a) & (share < b)) for a, b in zip(edges, edges[1:])]
    lines = ["combinations at the middle of each class: # in the strict band, + in the generous one only, . in neither",
             "remaining, up to %  " + "".join(f"{100 * b:6.0f}" for b in edges[1:]), "prior probability   " + "".join(f"{p:6.2f}" for p in prior)]
    for fired in (1.2e6, 1.6e6, 2.0e6, 2.5e6, 3.0e6, 3.5e6, 4.0e6):
        marks = ["#" if strict[0] <= m * fired <= strict[1] else "+" if generous[0] <= m * fired <= generous[1] else "." for m in middles]
        lines.append(f"{fired / 1e6:.1f} M fired         " + "".join(f"{mark:>6}" for mark in marks)
                     + f"   P(strict) {chance(share * fired, strict):.3f}, P(generous) {chance(share * fired, generous):.3f}")
    return lines


def pooled(share_of):
    """What averaging over the three totals makes of it: the conflict disappears."""
    duds = np.concatenate([share_of[fired] * fired for fired in FIRED])
    weights = np.array([chance(share_of[fired] * fired, band(FOUND_SHARE)) for fired in FIRED])
    return duds, weights / weights.sum()


def case(engine: Engine):
    share_of = {fired: shares(engine, fired, FINDS) for fired in FIRED}
    strict, generous = band(FOUND_SHARE), band(FOUND_SHARE_GENEROUS)
    lines = [f"input: 1.2, 2 or 4 million fired over {SITES} strikes; failure rates of the catalogue for M77, M42/M46, M85 and BLU-63 mixed as found",
             f"clearance: {CLEARED} by January 2008; {PER_HA} per ha x {AREA_HA} ha = {EXTRAPOLATED}",
             f"bands of duds: strict {strict[0]:.0f}-{strict[1]:.0f} (at least {FOUND_SHARE:.0%} of what lay there was found), "
             f"generous {generous[0]:.0f}-{generous[1]:.0f} ({FOUND_SHARE_GENEROUS:.0%})",
             f"failed and remaining, share of fired: {v.spread_text(100 * share_of[FIRED[0]])} %", ""]
    lines += table(share_of) + [""] + combinations(share_of[FIRED[0]])
    duds, weights = pooled(share_of)
    low, _, high = v.quantiles(duds)
    lines += ["", f"all three totals equally likely, averaged: {low / 1e3:.0f} to {high / 1e3:.0f} thousand duds, P(strict band) = {chance(duds, strict):.2f}: "
              "the average hides the conflict",
              "weights of the three totals given the strict band, from equal ones: " + ", ".join(
                  f"{fired / 1e6:.1f} M {weight:.2f}" for fired, weight in zip(FIRED, weights)),
              f"the claim of {CLAIMED[0] / 1e6:.1f} to {CLAIMED[1] / 1e6:.0f} million duds against clearance, without the engine: it takes a found share of "
              f"{EXTRAPOLATED / CLAIMED[1]:.2f} to {EXTRAPOLATED / CLAIMED[0]:.2f}",
              "P(duds in the claim) of the engine: " + ", ".join(f"{fired / 1e6:.1f} M {chance(share_of[fired] * fired, CLAIMED):.2f}" for fired in FIRED),
              "", "other priors of the rate, P(generous band) at 1.2, 2 and 4 million:"]
    for label, finds, rates in (
            ("all as M77, one rate of 5-23 %", {"m26-m77": 1}, None),
            ("all as M42/M46, one rate of 10-30 %", {"m483a1-m42-m46": 1}, None),
            ("30-40 % for all (MACC SL via IRIN 2008 [V2])", FINDS, {"interval90": [0.30, 0.40], "per": "campaign"})):
        # A share of fired hardly depends on how many were fired: one run serves the three.
        share = shares(engine, FIRED[0], finds, rates)
        lines.append(f"  {label}: " + ", ".join(f"{chance(share * fired, generous):.3f}" for fired in FIRED))
    verdicts = [Verdict(f"{fired / 1e6:.1f} million fired", f"{v.spread_text(share_of[fired] * fired / 1e3, '{:.0f}', ' thousand duds')}",
                        f"{generous[0] / 1e3:.0f} to {generous[1] / 1e3:.0f} thousand (generous band)", outcome(share_of[fired], fired)) for fired in FIRED]
    low_rates = shares(engine, FIRED[0], FINDS, {"interval90": [0.03, 0.06], "per": "campaign"})
    high_rates = shares(engine, FIRED[0], FINDS, {"interval90": [0.30, 0.40], "per": "campaign"})
    checks = [("seeded: rates of 3-6 %: 1.2 million", outcome(low_rates, FIRED[0]), (DIES,)),
               ("seeded: rates of 3-6 %: 4 million", outcome(low_rates, FIRED[2]), (SURVIVES,)),
               ("seeded: rates of 30-40 %: 1.2 million", outcome(high_rates, FIRED[0]), (DIES,))]
    return Case("Lebanon 2006", lines, verdicts, checks)


if __name__ == "__main__":
    v.main("lebanon", case, [SURVIVES, SURVIVES, DIES])
