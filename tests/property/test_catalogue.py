"""The catalogue: the munitions that users rely on are there, and every number has a source that says how sure it is.

Not here: whether the numbers are right; docs/sources.md argues that.
"""
import os
import pathlib
import re
import sys

import yaml

SOURCE = pathlib.Path(os.environ.get("UXOSIM_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
NUMBERS = ["submunitions_per_carrier", "dud_rate", "dud_rate_between_strikes", "carrier_failure", "carrier_spread_m", "pattern"]
PROMISED = """lar-160-m095 smerch-9m55k-9n235 uragan-9m27k-9n210 rbk-500-shoab-0.5 rbk-500-ao-2.5rt tochka-9n123k-9n24 m26-m77
    m483a1-m42-m46 m864-m42-m46 m396-m85 m395-m85 cbu-87-blu-97 bl755 mk-20-rockeye cbu-24-blu-26 cbu-58-blu-63 rbk-250-ptab-2.5m
    rbk-500-ptab-1m unknown""".split()
CERTAINTY = re.compile(r"\[V\]|\[V2\b|\[D\]|unverified|ASSUMED")


def intervals(value, path):
    """(path, mapping) of every distribution below a value."""
    if isinstance(value, dict):
        if "interval90" in value or "choice" in value:
            yield path, value
        else:
            for key, item in value.items():
                yield from intervals(item, f"{path}.{key}")


def problems(catalogue, prose):
    for wanted in PROMISED:
        if wanted not in catalogue:
            yield f"{wanted} is missing"
    for name, entry in catalogue.items():
        for number in NUMBERS:
            sentence = entry["sources"].get(number, "")
            if number not in entry:
                yield f"{name}: no {number}"
            if not CERTAINTY.search(sentence):
                yield f"{name}: the source of {number} does not say how sure it is: {sentence!r}"
        for path, form in intervals({n: entry[n] for n in NUMBERS}, name):
            if form.get("per") not in ("campaign", "strike", "carrier"):
                yield f"{path}: does not say at which level it varies"
            if "interval90" in form and not 0 < form["interval90"][0] < form["interval90"][1]:
                yield f"{path}: ends out of order"
        if entry["dud_rate"]["per"] != "campaign":
            yield f"{name}: a published range is ignorance about the type: per: campaign"
        if f"`{name}`" not in prose:
            yield f"{name}: docs/sources.md does not check it"


def main():
    catalogue = yaml.safe_load((SOURCE / "configs/munitions.yaml").read_text(encoding="utf-8"))["munitions"]
    found = list(problems(catalogue, (SOURCE / "docs/sources.md").read_text(encoding="utf-8")))
    for problem in found:
        print(problem)
    print(f"{len(catalogue)} munitions, {len(found)} problems")
    return 1 if found else 0


sys.exit(main())
