#!/usr/bin/python3
"""Kosovo 1999: could as many duds have lain there as were cleared? One-sided; docs/validation.md says what it shows.

Published: 333 sites, 1,392 bombs, 289,536 submunitions [V2] (208 a bomb exactly [D]); 15,940 bomblets cleared by December 2001 [V], without
those of KFOR, so that the duds were at least as many. Not published in what we read: the bombs by type and the bombs by site.

ctest-label: slow
ctest-timeout: 600
"""
import validating as v
from validating import Campaign, Case, Engine, Verdict

import random

import numpy as np

SITES, BOMBS, ITEMS = 333, 1392, 289536
LOAD = ITEMS // BOMBS
CLEARED = 15940
REALISATIONS = 2000
WORTH_DOUBT = 0.05  # below this chance of as many duds as were cleared the engine is said to be contradicted


def in_turn(site):
    return ("cbu-87-blu-97", "bl755")[site % 2]


def campaign(choose, rate=None, **further):
    """All sites; choose(site) names the munition."""
    assert LOAD * BOMBS == ITEMS
    known = v.catalogue()
    changes = {"submunitions_per_carrier": LOAD} | ({"dud_rate": rate} if rate else {})
    made = {name: v.entry(known, name, **changes) for name in ("cbu-87-blu-97", "bl755")}
    bombs = v.dealt(random.Random(1999), BOMBS, SITES)
    strikes = [(choose(site), count) for site, count in enumerate(bombs)]
    return Campaign(made, strikes, 3000, 1000, realisations=REALISATIONS, **further)


def duds(engine, choose, rate=None):
    """Duds of all sites in each realisation."""
    return engine.totals(campaign(choose, rate), 1)


def outcome(totals):
    return v.BOUND_MET if np.mean(totals >= CLEARED) >= WORTH_DOUBT else v.BOUND_BROKEN


def case(engine: Engine):
    variants = {"CBU-87 and BL755 in turn": in_turn,
                "CBU-87 only": lambda site: "cbu-87-blu-97", "BL755 only": lambda site: "bl755"}
    lines = [f"input: {SITES} sites, {BOMBS} bombs of {LOAD} = {ITEMS} submunitions, {REALISATIONS} realisations; failure rates of the catalogue",
             f"cleared by December 2001: {CLEARED} = {CLEARED / ITEMS:.1%} of all, a lower bound", ""]
    verdicts = []
    for name, choose in variants.items():
        totals = duds(engine, choose)
        share = np.mean(totals >= CLEARED)
        lines.append(f"{name}: duds {v.spread_text(totals, '{:.0f}')}, share of items {v.spread_text(100 * totals / ITEMS)} %, "
                     f"P(at least {CLEARED}) = {share:.3f}")
        if not verdicts:
            verdicts.append(Verdict(f"P(duds at least {CLEARED})", f"{share:.3f}; {v.spread_text(totals, '{:.0f}')} duds",
                                    f"at least {CLEARED}", outcome(totals)))
    checks = [("seeded: failure rates of 0.5-3 % instead of the catalogue's",
                outcome(duds(engine, in_turn, {"interval90": [0.005, 0.03], "per": "campaign"})), (v.BOUND_BROKEN,))]
    high = duds(engine, in_turn, {"interval90": [0.40, 0.60], "per": "campaign"})
    lines.append(f"not noticed, since the bound has one side: rates of 40-60 % ({np.mean(high):.0f} duds): {outcome(high)}")
    return Case("Kosovo 1999, duds", lines, verdicts, checks)


if __name__ == "__main__":
    v.main("kosovo", case, [v.BOUND_MET])
