"""twin_quantities.py - quantities of the slow twin (twin.py): numbers and distributions in the notation of the scenario file, drawn with NumPy's
own random numbers, at the level at which they vary. Shares no code with the program.
"""
import math

import numpy as np

NORMAL_95 = 1.6448536269514722  # 95 % point of the normal


def draw(quantity, rng, lower=-math.inf, upper=math.inf):
    """One draw of a number or a distribution in the notation of the scenario file."""
    if not isinstance(quantity, dict):
        return quantity
    form = {key: value for key, value in quantity.items() if key != "per"}
    if len(form) != 1:
        raise ValueError(f"not a distribution: {quantity}")
    (kind, of), = form.items()
    if kind == "uniform":
        return rng.uniform(*of)
    if kind == "range":
        return int(rng.integers(of[0], of[1] + 1))
    if kind == "triangular":
        return rng.triangular(*of)
    if kind == "beta":
        return rng.beta(of["mean"] * of["concentration"], (1.0 - of["mean"]) * of["concentration"])
    if kind == "interval90":  # of a positive quantity: log-normal
        low, high = (math.log(x) for x in of)
        return math.exp(rng.normal(0.5 * (low + high), 0.5 * (high - low) / NORMAL_95))
    if kind == "normal":
        while True:
            value = rng.normal(of["mean"], of["sd"])
            if lower <= value <= upper:
                return value
    if kind == "choice":
        values, weights = zip(*of.items())
        return values[rng.choice(len(values), p=np.array(weights) / sum(weights))]
    raise ValueError(f"unknown distribution {kind}")


def logit(p):
    return math.log(p / (1.0 - p))


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


def shifted(p, beta):
    """A failure rate with beta added to its log odds."""
    return p if beta == 0.0 or p in (0.0, 1.0) else logistic(logit(p) + beta)


class Shared:
    """What is drawn once per realisation, on first use, and then kept."""

    def __init__(self, rng):
        self.rng = rng
        self.value = {}

    def of(self, name, quantity, **bounds):
        if name not in self.value:
            self.value[name] = draw(quantity, self.rng, **bounds)
        return self.value[name]


def at_level(quantity, level, name, shared, rng, default="strike"):
    """The value of a quantity that varies at `level`, or None where it varies at another that comes later."""
    if not isinstance(quantity, dict):
        return quantity
    per = quantity.get("per", default)
    if per == "campaign":
        return shared.of(name, quantity)
    return draw(quantity, rng) if per == level else None
