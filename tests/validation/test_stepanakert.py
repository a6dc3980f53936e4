#!/usr/bin/python3
"""Stepanakert 2020: more than 20 % of the city contaminated. By all ordnance, so there is no verdict; the engine's figure is printed beside it.

Published: more than 20 % of Stepanakert contaminated, all unexploded items (HALO, 2022 [V2]); three attacks with LAR-160 cluster rockets documented
(HRW, 2020 [V2]). The scenario is the one shipped: numbers of rockets are priors, places are SYNTHETIC.

ctest-label: slow
ctest-timeout: 300
"""
import validating as v
from validating import Case, Engine, Verdict

import numpy as np

SCENARIO = v.SOURCE / "configs" / "stepanakert" / "scenario.yaml"
OBSERVED = 0.20


def case(engine: Engine):
    with engine.run(None, 20201003, scenario=SCENARIO) as result:
        town = result["districts/row_kind"][...] == 0
        area_ha = float(result["districts/area_ha"][...][town].sum())
        # Columns of the realisations are the rows without the total.
        share = 100 * result["districts/affected_ha"][:, town[:-1]].sum(axis=1) / area_ha
        realisations, strikes = len(share), int(result["strikes"].attrs["count"])
        duds = result["districts/dud_count"][...].sum(axis=1)
    lines = [f"input: configs/stepanakert/scenario.yaml, {strikes} strikes of 1-26 rockets on SYNTHETIC places, {realisations} realisations",
             f"duds: {v.spread_text(duds, '{:.0f}')}; the town's area: {area_ha / 100:.1f} km2",
             f"strikes like these, side by side, that would affect {OBSERVED:.0%}: about {strikes * 100 * OBSERVED / np.mean(share):.0f}"]
    verdict = Verdict("share of the town affected (blocks of 100 m with at least 0.05 duds expected)", v.spread_text(share, unit=" %"),
                      "more than 20 %, all ordnance", v.NOT_COMPARABLE)
    return Case("Stepanakert 2020", lines, [verdict], [])


if __name__ == "__main__":
    v.main("stepanakert", case, [v.NOT_COMPARABLE])
