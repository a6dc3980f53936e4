"""Maps of the engine and of the peers as arrays: reading, agreement by blocks, relative errors. Not a program; see run.py."""
import math

import h5py
import numpy

BLOCKS = 10
SHARE_OF_LARGEST = 0.01     # cells that count: at least this share of the largest value (interfaces.md, `until`)
# |error| of a normal estimate is, in the median, this many standard errors: the 75 % point of the normal distribution.
MEDIAN_ERROR_PER_SE = 0.6744897501960817
# Bounds of the agreement check: over 300 z the largest exceeds 4.5 once in 500 seeds; the root mean square of some 60 independent z is
# 1 +- 0.09, and the counts of pairs are skew, so 1.35 leaves room and still shows a bias of one standard error.
LARGEST_Z, LARGEST_RMS = 4.5, 1.35


def peer_map(prefix, side):
    """Density [1/cell], variance of the count and probability of one peer's run."""
    return {name: numpy.fromfile(f"{prefix}_{name}.f64", dtype="<f8").reshape(side, side)
            for name in ("mean", "variance", "probability")}


def peer_blocks(prefix):
    """Mean and variance over realisations of the block sums: duds, duds beyond a cell's first, ordered pairs within a cell."""
    return [numpy.fromfile(f"{prefix}_{name}.f64", dtype="<f8").reshape(3, BLOCKS, BLOCKS) for name in ("block_mean", "block_variance")]


def engine_map(path, cell_m):
    """The same of a result file, with realisations and standard errors; the count's variance only where `analog` gives it."""
    with h5py.File(path) as file:
        result = {"mean": file["dud_density"][:].astype(float) * (cell_m * cell_m / 1e4),
                  "probability": file["dud_probability"][:].astype(float)}
        if "dud_count_sd" in file:
            result["variance"] = file["dud_count_sd"][:].astype(float) ** 2
        result["realisations"] = int(file.attrs["realisations"])
        for name, layer, scale in (("mean", "dud_density", cell_m * cell_m / 1e4), ("probability", "dud_probability", 1.0)):
            if layer + "_standard_error" in file:
                result[name + "_error"] = file[layer + "_standard_error"][:].astype(float) * scale
            bound = file[layer].attrs.get("numerical_error_bound")
            if bound is not None:
                result[name + "_bound"] = float(numpy.ravel(bound)[0]) * scale
    return result


def reached_cells(path):
    """Cells that hold anything, counted by rows of chunks: a large map does not fit into memory."""
    with h5py.File(path) as file:
        layer = file["dud_density"]
        high = layer.chunks[0] if layer.chunks else layer.shape[0]
        return int(sum(numpy.count_nonzero(layer[row:row + high]) for row in range(0, layer.shape[0], high)))


def block_sums(values):
    side = values.shape[0]
    at = numpy.arange(side) * BLOCKS // side
    flat = (at[:, None] * BLOCKS + at[None, :]).ravel()
    return numpy.bincount(flat, weights=values.ravel(), minlength=BLOCKS * BLOCKS).reshape(BLOCKS, BLOCKS)


def agreement(candidate, candidate_realisations, prefix, realisations):
    """z of every block of 10 x 10: candidate against the C peer, with the C peer's variance for both, since they claim one model."""
    means, variances = peer_blocks(prefix)
    n = candidate_realisations
    # Not the maps themselves but what each adds: P and the squared counts are nearly the mean where duds are few.
    sums = {"duds": candidate["mean"], "beyond_first": candidate["mean"] - candidate["probability"]}
    if "variance" in candidate:
        sums["pairs"] = candidate["variance"] * (n - 1.0) / n + candidate["mean"] ** 2 - candidate["mean"]
    result, every = {}, []
    for index, (name, values) in enumerate(sums.items()):
        difference = block_sums(values) - means[index]
        error = numpy.sqrt(variances[index] * (1.0 / n + 1.0 / realisations))
        populated = means[index] * realisations > 100  # too few duds are no normal variate
        z = difference[populated] / error[populated]
        every.append(z)
        result[name] = {"blocks": int(populated.sum()), "largest_z": round(float(numpy.abs(z).max()), 2),
                        "rms_z": round(float(numpy.sqrt(numpy.mean(z * z))), 3),
                        "z_of_total": round(float(difference.sum() / numpy.sqrt(variances[index].sum() * (1.0 / n + 1.0 / realisations))), 2)}
    z = numpy.concatenate(every)
    result["agree"] = bool(numpy.abs(z).max() < LARGEST_Z and math.sqrt(float(numpy.mean(z * z))) < LARGEST_RMS)
    return result


def counted(reference):
    """The cells that count."""
    return reference >= SHARE_OF_LARGEST * reference.max()


def relative_errors(reference, candidate):
    """Median of |candidate - reference| / reference over the cells that count, and the standard error that would give it."""
    result = {}
    for name in ("mean", "probability"):
        cells = counted(reference[name])
        error = float(numpy.median(numpy.abs(candidate[name][cells] / reference[name][cells] - 1.0)))
        result["density" if name == "mean" else name] = {
            "cells": int(cells.sum()), "median_relative_error": error, "equivalent_relative_standard_error": error / MEDIAN_ERROR_PER_SE}
    return result


def error_of_reference(reference, name):
    """The equivalent standard error that an exact map would be found to have, for the reference's own stated errors: median of |s z| over
    cells with standard normal z (drawn), as in relative_errors."""
    cells = counted(reference[name])
    s = reference[name + "_error"][cells] / reference[name][cells]
    z = numpy.random.default_rng(1).standard_normal(s.size)
    return float(numpy.median(numpy.abs(s * z))) / MEDIAN_ERROR_PER_SE


def stated_error(candidate, reference, name):
    """Relative standard error that the candidate's file states, in the median over the cells that count; NaN where it states none: in
    closed form, or without the layer."""
    cells = counted(reference[name])
    if name + "_bound" in candidate or name + "_error" not in candidate:
        return float("nan")
    return float(numpy.median(candidate[name + "_error"][cells] / reference[name][cells]))


def dispersion(reference, variance):
    """Variance of a cell's count in units of its mean, over the cells that count: measured for all of them together, since a single cell of
    a run of the plain program has too few duds (often none) for a variance of its own."""
    cells = counted(reference["mean"])
    return float(variance[cells].sum() / reference["mean"][cells].sum())


def realisations_needed(reference, variance, relative_error):
    """Realisations for which the median relative standard error of independent realisations falls to `relative_error`.

    Of one realisation the relative standard error in a cell is sd / mean (density) and sqrt((1 - P) / P) (probability); it falls as
    1/sqrt(R), so R = (median / relative_error)^2. Means from the reference, variance / mean from the plain program.
    """
    mean = reference["mean"][counted(reference["mean"])]
    p = reference["probability"][counted(reference["probability"])]
    of_one = {"density": numpy.sqrt(dispersion(reference, variance) / mean), "probability": numpy.sqrt((1.0 - p) / p)}
    return {name: (float(numpy.median(values)) / relative_error) ** 2 for name, values in of_one.items()}
