#!/usr/bin/python3
"""compression.py RESULT.nc - size and time of the maps of a result with other compressions: the table of docs/file_format.md.

Chunks as the file has them; a chunk that holds one value only is not stored and does not count.
"""
import sys
import time
import zlib

import h5py
import numpy as np


def chunks(dataset):
    high, wide = dataset.chunks
    cells = dataset[:]
    for row in range(0, cells.shape[0], high):
        for column in range(0, cells.shape[1], wide):
            part = cells[row:row + high, column:column + wide]
            chunk = np.zeros((high, wide), cells.dtype)
            chunk[:part.shape[0], :part.shape[1]] = part
            if part.min() != part.max():
                yield chunk


def packed(chunk, shuffle, level):
    data = chunk.view(np.uint8).reshape(-1, chunk.itemsize).T.tobytes() if shuffle else chunk.tobytes()
    return len(zlib.compress(data, level))


def main():
    with h5py.File(sys.argv[1]) as file:
        print("map", *(f"{'shuffle+' if shuffle else ''}deflate{level}" for shuffle in (0, 1) for level in (1, 4, 6)))
        for name, dataset in file.items():
            if isinstance(dataset, h5py.Dataset) and dataset.ndim == 2 and "grid_mapping" in dataset.attrs:
                parts = list(chunks(dataset))
                row = []
                for shuffle in (False, True):
                    for level in (1, 4, 6):
                        start = time.perf_counter()
                        size = sum(packed(part, shuffle, level) for part in parts)
                        row.append(f"{size / 1000:.0f} kB ({time.perf_counter() - start:.2f} s)")
                print(name, *row, sep=" | ")


if __name__ == "__main__":
    main()
