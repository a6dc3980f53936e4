"""twin.py - the whole model of docs/model.md once more, slowly and to be read: one realisation after another, one submunition after another,
patterns integrated point by point, random numbers of NumPy's own. It shares no code and no numbers with the program.

A *world* is what files tell the program, as plain arrays on the grid: see World. A *scenario* is the dictionary that is written as the
scenario file, the catalogue likewise.

    result = simulate(scenario, catalogue, strikes, world, realisations, seed)
"""
import dataclasses
import math

import numpy as np

from twin_quantities import Shared, at_level, draw, shifted

R95_PER_SIGMA = math.sqrt(-2.0 * math.log(0.05))
BLOCK_M = 100.0  # affected area is counted in aligned blocks
AFFECTED_DUDS = 0.05
POINTS = 12  # to a cell's side, for integrals of patterns
WALK_STEP_M, WALK_ACROSS = 4.0, 3  # pieces of a walk: their length, and how many beside each other
BACKGROUND_REACH_M = 500.0  # beyond the grid; must exceed what a pattern and its spread reach


@dataclasses.dataclass
class World:
    """Arrays are [ny, nx], row 0 south. district: index or -1. ground: index into `classes`. cleared: one mask for each task."""
    xmin: float
    ymin: float
    cell: float
    nx: int
    ny: int
    district: np.ndarray
    districts: int
    population: np.ndarray = None
    ground: np.ndarray = None
    classes: tuple = ()
    reference: int = 0
    tasks: tuple = ()  # (mask, day, coverage, detection)


# ---- patterns


def offsets(shape, along, across, width, count, rng):
    """Offsets along and across the heading of `count` submunitions."""
    if shape == "gaussian":
        return along * rng.normal(size=count), across * rng.normal(size=count)
    angle = rng.uniform(0.0, 2.0 * math.pi, count)
    inner, outer = (0.0, 1.0) if shape == "uniform-ellipse" else (max(0.0, 1.0 - 0.5 * width), 1.0 + 0.5 * width)
    radius = np.sqrt(rng.uniform(inner * inner, outer * outer, count))
    return along * radius * np.cos(angle), across * radius * np.sin(angle)


def density(shape, along, across, width, u, v):
    """Of one submunition per m2 at offsets u (along) and v (across)."""
    square = (u / along) ** 2 + (v / across) ** 2
    if shape == "gaussian":
        return np.exp(-0.5 * square) / (2.0 * math.pi * along * across)
    inner, outer = (0.0, 1.0) if shape == "uniform-ellipse" else (max(0.0, 1.0 - 0.5 * width), 1.0 + 0.5 * width)
    area = math.pi * along * across * (outer * outer - inner * inner)
    return ((square >= inner * inner) & (square < outer * outer)) / area


@dataclasses.dataclass
class Carrier:
    x: float
    y: float
    sine: float  # of the heading, clockwise from north
    cosine: float
    shape: str
    along: float
    across: float
    width: float
    load: int
    rate: float
    day: str
    origin: str  # "listed" or "background"


def cell_masses(world, carrier):
    """Share of a carrier's submunitions in each cell, [ny, nx], by the midpoints of POINTS x POINTS squares a cell."""
    out = np.zeros((world.ny, world.nx))
    reach = 6.0 * max(carrier.along, carrier.across) if carrier.shape == "gaussian" else 2.1 * max(carrier.along, carrier.across)
    x0, x1 = (int(min(max(math.floor((carrier.x + s * reach - world.xmin) / world.cell) + (s > 0), 0), world.nx)) for s in (-1, 1))
    y0, y1 = (int(min(max(math.floor((carrier.y + s * reach - world.ymin) / world.cell) + (s > 0), 0), world.ny)) for s in (-1, 1))
    if x0 >= x1 or y0 >= y1:
        return out
    step = world.cell / POINTS
    x = world.xmin + world.cell * x0 + step * (np.arange((x1 - x0) * POINTS) + 0.5) - carrier.x
    y = world.ymin + world.cell * y0 + step * (np.arange((y1 - y0) * POINTS) + 0.5) - carrier.y
    u = x[None, :] * carrier.sine + y[:, None] * carrier.cosine
    v = x[None, :] * carrier.cosine - y[:, None] * carrier.sine
    value = density(carrier.shape, carrier.along, carrier.across, carrier.width, u, v) * step * step
    out[y0:y1, x0:x1] = value.reshape(y1 - y0, POINTS, x1 - x0, POINTS).sum(axis=(1, 3))
    return out


# ---- one realisation


def strike_rate(munition, name, shared, rng, shift):
    """Failure rate of a strike's submunitions, or None where each carrier has its own."""
    mean = at_level(munition["dud_rate"], "strike", f"{name}.dud_rate", shared, rng)
    if mean is None:
        return None
    mean = shifted(mean, shift)
    if "dud_rate_between_strikes" not in munition or mean in (0.0, 1.0):
        return mean
    k = at_level(munition["dud_rate_between_strikes"]["concentration"], "strike", f"{name}.k", shared, rng)
    return rng.beta(mean * k, (1.0 - mean) * k)


def true_place(report, scenario, heading, shared, rng):
    error = scenario["strikes"]["defaults"].get("location_error", {"r95_m": 0})
    (kind, size), = error.items()
    size = at_level(size, "strike", "location_error", shared, rng)
    if kind == "r95_m":
        dx, dy = size / R95_PER_SIGMA * rng.normal(size=2)
    else:
        radius, angle = size * math.sqrt(rng.uniform()), rng.uniform(0.0, 2.0 * math.pi)
        dx, dy = radius * math.cos(angle), radius * math.sin(angle)
    x, y = report["x_m"] + dx, report["y_m"] + dy
    part = scenario["strikes"].get("displacement", {}).get(report.get("evidence", "strike"))
    if part is not None:  # what was found lies that far from the release point
        along, across = (at_level(part.get(key, 0), "strike", f"displacement.{key}", shared, rng) for key in ("along_m", "across_m"))
        x -= along * math.sin(heading) + across * math.cos(heading)
        y -= along * math.cos(heading) - across * math.sin(heading)
    return x, y


def carriers_of_strike(reports, scenario, catalogue, shared, rng, origin="listed"):
    """Carriers that opened, and how many did not with what load; none where the strike was none."""
    defaults = scenario["strikes"]["defaults"]
    campaign = scenario.get("campaign", {})
    status = reports[0].get("status", defaults.get("status", "confirmed"))
    confidence = at_level(defaults.get("confidence", 1.0), "strike", "confidence", shared, rng)
    reliability = shared.of(f"reliability.{status}", campaign.get("reliability", {}).get(status, 1.0))
    if rng.uniform() >= confidence * reliability:
        return [], 0, 0
    shift = shared.of("shift", campaign.get("dud_rate_log_odds_shift", 0.0))
    mixture = defaults["munition"]
    name = mixture if isinstance(mixture, str) else draw({"choice": mixture}, rng)
    munition = catalogue["munitions"][name]
    pattern = munition["pattern"]

    def value(key, quantity, level, default="strike"):
        return at_level(quantity, level, f"{name}.{key}", shared, rng, default)

    sizes = {"spread_along": munition["carrier_spread_m"]["along"], "spread_across": munition["carrier_spread_m"]["across"],
             "along": pattern["along_m"], "across": pattern["across_m"], "width": pattern.get("width", 0.0),
             "failure": munition.get("carrier_failure", 0.0)}
    of_strike = {key: value(key, quantity, "strike") for key, quantity in sizes.items()}
    load = value("load", munition["submunitions_per_carrier"], "strike", "campaign")
    rate = strike_rate(munition, name, shared, rng, shift)
    heading = defaults.get("heading_deg", "unknown")
    if heading == "unknown":
        heading = rng.uniform(0.0, 360.0)
    else:
        heading = at_level(heading, "strike", "heading", shared, rng)
        heading += at_level(defaults.get("heading_sd_deg", 0.0), "strike", "heading_sd", shared, rng) * rng.normal()
    heading = math.radians(heading)
    places = [true_place(report, scenario, heading, shared, rng) for report in reports]
    order = rng.permutation(len(places))
    count = at_level(defaults["carriers"], "strike", "carriers", shared, rng)
    opened, intact, intact_load = [], 0, 0
    for j in range(int(count)):
        mine = {key: value(key, sizes[key], "carrier") if of is None else of for key, of in of_strike.items()}
        my_load = int(load if load is not None else value("load", munition["submunitions_per_carrier"], "carrier"))
        my_rate = rate if rate is not None else shifted(value("dud_rate", munition["dud_rate"], "carrier"), shift)
        x, y = places[order[j % len(places)]]
        a, c = mine["spread_along"] * rng.normal(), mine["spread_across"] * rng.normal()
        x += a * math.sin(heading) + c * math.cos(heading)
        y += a * math.cos(heading) - c * math.sin(heading)
        if rng.uniform() < mine["failure"]:
            intact += 1
            intact_load += my_load
            continue
        opened.append(Carrier(x, y, math.sin(heading), math.cos(heading), pattern["shape"], mine["along"], mine["across"],
                              mine["width"], my_load, my_rate, reports[0].get("date", ""), origin))
    return opened, intact, intact_load


def remaining(world, scenario, rate, day, shared):
    """Share of the submunitions that fall on each cell and remain there unexploded, [ny, nx]."""
    if world.ground is None:
        share = np.full((world.ny, world.nx), rate)
    else:
        given = scenario.get("ground", {}).get("dud_rate_log_odds", {})
        by_class = []
        for i, name in enumerate(world.classes):
            beta = 0.0 if i == world.reference else shared.of(f"ground.{name}", given.get(name, {"normal": {"mean": 0.3, "sd": 0.4}}))
            by_class.append(shifted(rate, beta))
        share = np.array(by_class)[world.ground]
    for i, (mask, cleared, coverage, detection) in enumerate(world.tasks):
        if cleared > day:
            found = shared.of(f"coverage.{i}", coverage) * shared.of(f"detection.{i}", detection)
            share = np.where(mask, share * (1.0 - found), share)
    return share


def residents_in_reach(world, range_m):
    """Residents per m2 within reach of each cell, [ny, nx]: added up on aligned blocks, each spread evenly over the square that reaches range_m
    to all sides of its block's centre, the mean of that over each block. The grid is whole blocks; beyond it nobody is known."""
    side = int(round(BLOCK_M / world.cell))
    persons = world.population.reshape(world.ny // side, side, world.nx // side, side).sum(axis=(1, 3))
    reach = max(range_m, 0.5 * BLOCK_M)

    def covered(blocks):
        """[i, j]: share of block j, along one axis, that the square about block i covers, per metre of that square."""
        centre, edge = BLOCK_M * (np.arange(blocks) + 0.5)[:, None], BLOCK_M * np.arange(blocks)[None, :]
        overlap = np.minimum(centre + reach, edge + BLOCK_M) - np.maximum(centre - reach, edge)
        return np.maximum(overlap, 0.0) / BLOCK_M / (2.0 * reach)

    per_m2 = covered(persons.shape[0]).T @ persons @ covered(persons.shape[1])
    return np.repeat(np.repeat(per_m2, side, axis=0), side, axis=1)


def chance_of_accident(world, scenario, near, shared):
    """K of a dud in the first year by the cell where it lies, [ny, nx]; `near` are the residents in reach."""
    exposure, risk = scenario["exposure"], scenario["risk"]
    each = (shared.of("q", risk["detonation_per_contact"]) * shared.of("s", exposure["accessible_share"]) *
            shared.of("r", exposure["return_share"]))
    ground = np.zeros(max(1, len(world.classes)))
    for name, activity in exposure["activities"].items():
        a = shared.of(f"{name}.p", activity["participation"]) * shared.of(f"{name}.a", activity["ground_m2_per_person_year"])
        for i, land in enumerate(world.classes or ("",)):
            wanted = activity.get("classes", "all")
            ground[i] += a if wanted == "all" or land in wanted else 0.0
    decline = exposure["decline"]
    f, fast, slow = (shared.of(key, decline[key]) for key in ("fast_share", "fast_years", "slow_years"))
    years = f * fast * (1.0 - math.exp(-1.0 / fast)) + (1.0 - f) * slow * (1.0 - math.exp(-1.0 / slow))
    of_class = ground[world.ground] if world.ground is not None else ground[0]
    return shared.of("h", risk["hazardous_share"]) * (1.0 - np.exp(-near * of_class * each * years))


def place_points(world, carrier, share, rng):
    """Cells of the duds of one carrier as flat indices, -1 outside the grid. Outside, nothing is known of the ground."""
    along, across = offsets(carrier.shape, carrier.along, carrier.across, carrier.width, carrier.load, rng)
    x = carrier.x + along * carrier.sine + across * carrier.cosine
    y = carrier.y + along * carrier.cosine - across * carrier.sine
    ix = np.floor((x - world.xmin) / world.cell).astype(int)
    iy = np.floor((y - world.ymin) / world.cell).astype(int)
    inside = (ix >= 0) & (ix < world.nx) & (iy >= 0) & (iy < world.ny)
    flat = np.where(inside, iy * world.nx + ix, -1)
    p = np.where(inside, share.ravel()[flat], carrier.rate)
    return flat[rng.uniform(size=carrier.load) < p]


def background_strikes(scenario, catalogue, world, shared, rng):
    """Carriers of strikes that nobody reported: Poisson, anywhere on the grid or near it, flying anywhere. No report of theirs is doubtful."""
    of = scenario["background"]
    rates = {key: value for key, value in scenario.get("campaign", {}).items() if key != "reliability"}
    like = {"strikes": {"defaults": {"munition": of["munition"], "carriers": of["carriers"]}}, "campaign": rates}
    width, height = (n * world.cell + 2.0 * BACKGROUND_REACH_M for n in (world.nx, world.ny))
    out = []
    for _ in range(rng.poisson(shared.of("background", of["density_per_km2"]) * width * height / 1e6)):
        place = {"status": "unreported", "x_m": world.xmin - BACKGROUND_REACH_M + rng.uniform(0.0, width),
                 "y_m": world.ymin - BACKGROUND_REACH_M + rng.uniform(0.0, height)}
        out += carriers_of_strike([place], like, catalogue, shared, rng, "background")[0]
    return out


class Walk:
    """A strip about a straight line, cut into pieces; all of a piece has the ground of the cell where the line is."""

    def __init__(self, world, x0, y0, x1, y1, width_m):
        length = math.hypot(x1 - x0, y1 - y0)
        pieces = int(math.ceil(length / WALK_STEP_M))
        at = (np.arange(pieces) + 0.5) / pieces
        side = ((np.arange(WALK_ACROSS) + 0.5) / WALK_ACROSS - 0.5)[:, None] * width_m
        x, y = x0 + at * (x1 - x0), y0 + at * (y1 - y0)
        self.cell = (((y - world.ymin) // world.cell) * world.nx + (x - world.xmin) // world.cell).astype(int)
        self.x, self.y = x + side * (y1 - y0) / length, y - side * (x1 - x0) / length
        self.piece_m2 = length * width_m / pieces / WALK_ACROSS

    def contacts(self, carrier, share):
        """Duds of one carrier that are expected on the strip."""
        u = (self.x - carrier.x) * carrier.sine + (self.y - carrier.y) * carrier.cosine
        v = (self.x - carrier.x) * carrier.cosine - (self.y - carrier.y) * carrier.sine
        each = density(carrier.shape, carrier.along, carrier.across, carrier.width, u, v) * share.ravel()[self.cell]
        return carrier.load * each.sum() * self.piece_m2


# ---- all of them


def group_strikes(strikes):
    """Reports of one event are one strike."""
    groups = {}
    for report in strikes:
        groups.setdefault(report.get("event") or report["id"], []).append(report)
    return [groups[key] for key in sorted(groups)]


def columns_of(world, values):
    """Sums of values [ny, nx] by district, then outside every district."""
    index = np.where(world.district < 0, world.districts, world.district).ravel()
    return np.bincount(index, weights=values.ravel(), minlength=world.districts + 1)


def affected(world, mu):
    """Area in hectares of the aligned blocks that expect enough, by column without outside the grid. The grid is whole blocks."""
    side = int(round(BLOCK_M / world.cell))
    blocks = mu.reshape(world.ny // side, side, world.nx // side, side).sum(axis=(1, 3)) >= AFFECTED_DUDS
    cells = np.repeat(np.repeat(blocks, side, axis=0), side, axis=1)
    return columns_of(world, cells * world.cell ** 2 / 1e4)


def simulate(scenario, catalogue, strikes, world, realisations, seed, line=None):
    """Arrays over realisations r and columns c (districts, outside them, outside the grid) and maps [ny, nx], row 0 south:

    dud_count[r, c], accidents[r, c]            points
    expectation[r, c - 1], affected_ha[r, c - 1]  given all draws but the last, without outside the grid
    accident_expectation[r, c - 1]              likewise; accidents are zero without a population
    background[r, c]                            points of unreported strikes
    contacts[r]                                 duds expected on the strip `line` (x0, y0, x1, y1, width)
    intact[r, 2]                                carriers that did not open, and their load
    density_mean, density_sd                    duds per hectare, of the conditional expectation
    probability, count_mean, count_sd           P(at least one) by integration; of the points
    accident_mean, accident_sd                  first year, per hectare, of expected duds times the chance of an accident with each
    accident_points_sd                          the same of the points
    """
    rng = np.random.default_rng(seed)
    shape = (world.ny, world.nx)
    columns = world.districts + 2
    out = {"dud_count": np.zeros((realisations, columns), int), "accidents": np.zeros((realisations, columns), int),
           "accident_expectation": np.zeros((realisations, columns - 1)),
           "expectation": np.zeros((realisations, columns - 1)), "affected_ha": np.zeros((realisations, columns - 1)),
           "background": np.zeros((realisations, columns), int), "contacts": np.zeros(realisations), "intact": np.zeros((realisations, 2))}
    sums = {key: np.zeros(shape) for key in ("mu", "mu2", "q", "n", "n2", "a", "a2", "m2")}
    column = np.append(np.where(world.district < 0, world.districts, world.district).ravel(), columns - 1)  # [-1]: outside the grid
    walk = Walk(world, *line) if line else None
    cells = world.ny * world.nx
    with_people = world.population is not None
    near = residents_in_reach(world, scenario["exposure"]["range_m"]) if with_people else None
    for r in range(realisations):
        shared = Shared(rng)
        mu, none, count = np.zeros(shape), np.ones(shape), np.zeros(cells + 1)
        for reports in group_strikes(strikes):
            carriers, intact, intact_load = carriers_of_strike(reports, scenario, catalogue, shared, rng)
            out["intact"][r] += intact, intact_load
            for carrier in carriers:
                share = remaining(world, scenario, carrier.rate, carrier.day, shared)
                mass = cell_masses(world, carrier) * share
                mu += carrier.load * mass
                none *= (1.0 - mass) ** carrier.load
                count += np.bincount(place_points(world, carrier, share, rng) % (cells + 1), minlength=cells + 1)
                out["contacts"][r] += walk.contacts(carrier, share) if walk else 0.0
        for carrier in background_strikes(scenario, catalogue, world, shared, rng) if "background" in scenario else []:
            share = remaining(world, scenario, carrier.rate, carrier.day, shared)
            out["background"][r] += np.bincount(column[place_points(world, carrier, share, rng)], minlength=columns)
        out["dud_count"][r] = np.bincount(column, weights=count, minlength=columns)
        out["expectation"][r] = columns_of(world, mu)
        out["affected_ha"][r] = affected(world, mu)
        chance = chance_of_accident(world, scenario, near, shared) if with_people else np.zeros(shape)
        hits = rng.binomial(count[:-1].astype(int), chance.ravel())
        out["accidents"][r] = np.bincount(column[:-1], weights=hits, minlength=columns)
        out["accident_expectation"][r] = columns_of(world, mu * chance)
        on_grid = count[:-1].reshape(shape)
        for key, value in (("mu", mu), ("mu2", mu * mu), ("q", 1.0 - none), ("n", on_grid), ("n2", on_grid * on_grid),
                           ("a", mu * chance), ("a2", (mu * chance) ** 2), ("m2", (on_grid * chance) ** 2)):
            sums[key] += value
    ha = world.cell ** 2 / 1e4
    out["density_mean"] = sums["mu"] / realisations / ha
    out["density_sd"] = np.sqrt(np.maximum(0.0, sums["mu2"] / realisations - (sums["mu"] / realisations) ** 2)) / ha
    out["accident_mean"] = sums["a"] / realisations / ha
    out["accident_sd"], out["accident_points_sd"] = (
        np.sqrt(np.maximum(0.0, sums[square] / realisations - (sums["a"] / realisations) ** 2)) / ha for square in ("a2", "m2"))
    out["probability"] = sums["q"] / realisations
    out["count_mean"] = sums["n"] / realisations
    out["count_sd"] = np.sqrt(np.maximum(0.0, sums["n2"] / realisations - out["count_mean"] ** 2))
    return out
