#!/usr/bin/python3
"""compression.py RESULT.nc... - size and time of the maps of results with other compressions: the table of docs/file_format.md.

Chunks as the files have them; a chunk that holds one value only is not stored and does not count. Times are of the compressor alone, the
best of three. Shuffling by HDF5's filter (bytes of equal significance together) is done by NumPy beforehand and not timed. How low
bytes are stored (sim/result/result_pack.c) is imitated: its sizes are about right, its times too long by what NumPy takes for it.
`--smooth` takes, instead of the maps that are there, a sum of gaussians about the strikes of the file: what a map in closed form looks like.
"""
import argparse
import ctypes
import ctypes.util
import time
import zlib

import h5py
import numpy as np

DEFLATE = ctypes.CDLL(ctypes.util.find_library("deflate"))
DEFLATE.libdeflate_alloc_compressor.restype = ctypes.c_void_p
DEFLATE.libdeflate_zlib_compress.restype = ctypes.c_size_t
DEFLATE.libdeflate_zlib_compress.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
ROOM = ctypes.create_string_buffer(1 << 20)


def libdeflate(level):
    compressor = DEFLATE.libdeflate_alloc_compressor(level)
    return lambda data: DEFLATE.libdeflate_zlib_compress(compressor, data, len(data), ROOM, len(ROOM))


METHODS = {**{f"libdeflate {level}": libdeflate(level) for level in (1, 2, 3, 4, 6)}, "zlib 4": lambda data: len(zlib.compress(data, 4))}


def runs(data):
    """Bytes that sim/result/deflate_bytes.c makes of these: runs of 32 zeros and more take about nine, all others are stored."""
    zero = np.flatnonzero(np.diff(np.concatenate(([0], data == 0, [0])).astype(np.int8)))
    lengths = zero[1::2] - zero[::2]
    lengths = lengths[lengths >= 32]
    return len(data) - lengths.sum() + 5 * (len(data) // 65535 + 1) + int((9 + lengths * 13 / 8 / 258).sum())


def stored_low_bytes(data, item_bytes=4):
    """What sim/result/result_pack.c does with shuffled values: leading planes of bytes that look random are not compressed."""
    count, stored, size = len(data) // item_bytes, 0, 0
    while stored < item_bytes - 1:
        plane = np.frombuffer(data, np.uint8, count, stored * count)
        found = np.bincount(plane[::max(1, count // 4096)], minlength=256)[1:]
        if found.sum() > 1 and (found * (found - 1)).sum() * 255 >= 4 * found.sum() * (found.sum() - 1):
            break
        size += runs(plane)
        stored += 1
    return size + METHODS["libdeflate 1"](data[stored * count:])


def chunks(cells, high, wide):
    for row in range(0, cells.shape[0], high):
        for column in range(0, cells.shape[1], wide):
            part = cells[row:row + high, column:column + wide]
            chunk = np.zeros((high, wide), cells.dtype)
            chunk[:part.shape[0], :part.shape[1]] = part
            if part.min() != part.max():
                yield chunk


def shuffled(chunk):
    return chunk.view(np.uint8).reshape(-1, chunk.itemsize).T.tobytes()


def maps_of(file):
    for name, dataset in file.items():
        if isinstance(dataset, h5py.Dataset) and dataset.ndim > 1 and "grid_mapping" in dataset.attrs:
            planes = dataset[:] if dataset.ndim == 3 else dataset[:][None]
            for index, plane in enumerate(planes):
                yield name if dataset.ndim == 2 else f"{name}[{index}]", plane, dataset.chunks[-2:]


def smooth_maps_of(file):
    """Density, probability and spread as closed forms give them; a fifth of the reach serves as the standard deviation."""
    x, y = file["x"][:], file["y"][:]
    strikes = file["strikes"]
    density = np.zeros((len(y), len(x)))
    for at_x, at_y, reach, duds in zip(strikes["x"][:], strikes["y"][:], strikes["reach"][:], strikes["expected_duds"][:]):
        sd = reach / 5.0
        part = np.outer(np.exp(-0.5 * ((y - at_y) / sd) ** 2), np.exp(-0.5 * ((x - at_x) / sd) ** 2))
        part[np.hypot(y[:, None] - at_y, x[None, :] - at_x) > reach] = 0.0
        density += part * (duds / (2.0 * np.pi * sd * sd) * 1e4)
    cell_ha = float(file.attrs["cell_size_m"][0]) ** 2 / 1e4
    shape = file["dud_density"].chunks
    for name, cells in (("density", density), ("probability", -np.expm1(-density * cell_ha)), ("sd", np.sqrt(density * 0.3))):
        yield f"smooth {name}", cells.astype(np.float32), shape


def measure(pieces, method):
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        size = sum(method(piece) for piece in pieces)
        best = min(best, time.process_time() - start)
    return f"{size / 1000:.0f} ({1000 * best:.0f})"


def main():
    parser = argparse.ArgumentParser(description="Kilobytes and, in brackets, milliseconds of one core.")
    parser.add_argument("results", nargs="+")
    parser.add_argument("--smooth", action="store_true")
    arguments = parser.parse_args()
    shuffles = {**METHODS, "libdeflate 1, low bytes stored": stored_low_bytes}
    print("", "map", *METHODS, *(f"shuffle, {name}" for name in shuffles), "", sep=" | ")
    for path in arguments.results:
        with h5py.File(path) as file:
            for name, cells, shape in smooth_maps_of(file) if arguments.smooth else maps_of(file):
                parts = list(chunks(cells, *shape))
                plain, bytewise = [part.tobytes() for part in parts], [shuffled(part) for part in parts]
                row = [measure(plain, method) for method in METHODS.values()]
                row += [measure(bytewise, method) for method in shuffles.values() if cells.itemsize == 4 or method is not stored_low_bytes]
                print("", name, *row, "", sep=" | ")


if __name__ == "__main__":
    main()
