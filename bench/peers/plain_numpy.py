#!/usr/bin/python3
"""The reference work W1 in plain NumPy: arrays over the submunitions of one realisation. One thread.

Same arguments, maps and statistics as plain_gsl.c: every submunition gets its place and then fails or not. PCG64 and the ziggurat
normals of numpy.random. Not here: anything of uxosim; this program is what it is measured against.
"""
import json
import sys
import time

import numpy

CARRIERS, SUBMUNITIONS = 4, 100
PATTERN_ALONG_M, PATTERN_ACROSS_M, SPREAD_M = 120.0, 60.0, 50.0
FAILED, FUNCTIONED = 12.0, 88.0


class Realisation:
    """Cells of the duds of one realisation after the other; one array operation per step, in arrays that are kept."""

    def __init__(self, strikes, xmin_m, ymin_m, side, cell_m):
        self.x_m, self.y_m, self.heading_deg, self.heading_sd_deg = strikes
        self.xmin_m, self.ymin_m, self.side, self.cell_m = xmin_m, ymin_m, side, cell_m
        self.shape = (len(self.x_m), CARRIERS, SUBMUNITIONS)
        self.along, self.across, self.column, self.row, self.work = (numpy.empty(self.shape) for _ in range(5))

    def turn(self, out, start, along, across):
        numpy.multiply(self.along, along[:, None, None], out=out)
        out += numpy.multiply(self.across, across[:, None, None], out=self.work)
        out += start[:, :, None]

    def draw(self, source):
        count = self.shape[0]
        heading = numpy.radians(self.heading_deg + self.heading_sd_deg * source.standard_normal(count))
        rate = source.beta(FAILED, FUNCTIONED, count)
        sine, cosine = numpy.sin(heading) / self.cell_m, numpy.cos(heading) / self.cell_m
        release = SPREAD_M * source.standard_normal((2, count, CARRIERS))
        source.standard_normal(out=self.along)
        source.standard_normal(out=self.across)
        self.turn(self.column, (self.x_m[:, None] + release[0] - self.xmin_m) / self.cell_m,
                  PATTERN_ALONG_M * sine, PATTERN_ACROSS_M * cosine)
        self.turn(self.row, (self.y_m[:, None] + release[1] - self.ymin_m) / self.cell_m,
                  PATTERN_ALONG_M * cosine, -PATTERN_ACROSS_M * sine)
        lies = source.random(out=self.work) < rate[:, None, None]
        column, row = numpy.floor(self.column[lies]), numpy.floor(self.row[lies])
        inside = (column >= 0) & (column < self.side) & (row >= 0) & (row < self.side)
        return ((self.side - 1 - row[inside]) * self.side + column[inside]).astype(numpy.int64)


def main():
    if len(sys.argv) != 10:
        sys.exit("plain_numpy.py REALISATIONS 1 SEED STRIKES.csv OUTPUT-PREFIX XMIN_M YMIN_M SIDE CELL_M")
    started = time.monotonic()
    realisations, seed, side = int(sys.argv[1]), int(sys.argv[3]), int(sys.argv[8])
    xmin_m, ymin_m, cell_m = float(sys.argv[6]), float(sys.argv[7]), float(sys.argv[9])
    strikes = numpy.loadtxt(sys.argv[4], delimiter=",", skiprows=1, usecols=(1, 2, 3, 4), ndmin=2).T
    source = numpy.random.default_rng(seed)
    total, squares, hits = (numpy.zeros(side * side) for _ in range(3))
    realisation = Realisation(strikes, xmin_m, ymin_m, side, cell_m)
    for _ in range(realisations):
        cell, count = numpy.unique(realisation.draw(source), return_counts=True)
        total[cell] += count
        squares[cell] += count * count
        hits[cell] += 1
    mean = total / realisations
    maps = {"mean": mean, "variance": (squares - realisations * mean * mean) / max(realisations - 1, 1),
            "probability": hits / realisations}
    for name, values in maps.items():
        values.astype("<f8").tofile(f"{sys.argv[5]}_{name}.f64")
    seconds = time.monotonic() - started
    placed = realisations * strikes.shape[1] * CARRIERS * SUBMUNITIONS
    print(f"plain_numpy: {placed / seconds / 1e6:.4g} million submunitions a second", file=sys.stderr)
    print(json.dumps({"program": "plain_numpy", "realisations": realisations, "threads": 1, "strikes": strikes.shape[1],
                      "submunitions": placed, "duds_per_realisation": total.sum() / realisations, "seconds": seconds,
                      "submunitions_per_second": placed / seconds}))


if __name__ == "__main__":
    main()
