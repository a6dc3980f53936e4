#!/usr/bin/python3
"""Makes the SYNTHETIC inputs of the scenarios stepanakert, shushi, ganja and mingachevir from synthetic_facts.json.

No public source gives districts, built-up density or strike positions for these towns. This makes stand-ins: zones, residents and
residential buildings per 100 m cell, and strike positions, seeded, the same on every run. Only the outline, the totals and the
attacks as reported come from outside; how they are spread is invented. Nothing here is a map of a real town.

    generate_synthetic.py              writes the files beside the scenarios
    generate_synthetic.py --check      compares them with what is there; exit 1 where they differ
    generate_synthetic.py --output DIR writes to DIR/<place>/ instead

Needs python3-gdal and the standard library.
"""
import argparse
import csv
import io
import json
import math
import pathlib
import random
import struct
import sys
import tempfile

from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
HERE = pathlib.Path(__file__).resolve().parent
EPSG = 32638           # UTM zone 38N: all four places
CELL_M = 100
SUBCENTRES = 4         # ASSUMED: a town has a core and some lesser centres
SUBCENTRE_WEIGHT = 0.35  # ASSUMED, of the core's height
SUBCENTRE_SD = 0.5     # ASSUMED, of the core's width
EMPTY_BELOW = 0.03     # ASSUMED: no residents where the built-up intensity is below this share of the core's
BUILDING_POWER = 0.6   # ASSUMED: fewer persons per building towards the edge (houses), more in the core (flats)
ZONE_SPACING = 0.5     # of the core's width, between the seeds of two zones
STRIKE_SPACING_M = 800  # more than twice the location error of the scenario, so that no two look like one


def transformations():
    geographic, grid = osr.SpatialReference(), osr.SpatialReference()
    geographic.ImportFromEPSG(4326)
    grid.ImportFromEPSG(EPSG)
    for system in (geographic, grid):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    there = osr.CoordinateTransformation(geographic, grid)
    back = osr.CoordinateTransformation(grid, geographic)
    # Rounded, because the last bits differ between versions of PROJ.
    to_grid = lambda p: tuple(round(v, 2) for v in there.TransformPoint(p[0], p[1])[:2])
    to_degrees = lambda p, digits: tuple(round(v, digits) for v in back.TransformPoint(p[0], p[1])[:2])
    return grid, to_grid, to_degrees


def area_m2(ring):
    return 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1]))


def inside(point, ring):
    x, y = point
    odd = False
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1]):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            odd = not odd
    return odd


def nearer(ring, own, other):
    """The part of a ring that is nearer to one seed than to another (Sutherland and Hodgman)."""
    side = lambda p: (math.dist(p, other) ** 2 - math.dist(p, own) ** 2)
    out = []
    for a, b in zip(ring, ring[1:] + ring[:1]):
        sa, sb = side(a), side(b)
        if sa >= 0:
            out.append(a)
        if (sa > 0 > sb) or (sa < 0 < sb):
            t = sa / (sa - sb)
            out.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
    return out


def shared_out(total, weights):
    """Whole numbers in proportion to the weights that add up to the total (largest remainders)."""
    scale = total / sum(weights)
    counts = [math.floor(w * scale) for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (counts[i] - weights[i] * scale, i))
    for i in order[: total - sum(counts)]:
        counts[i] += 1
    return counts


def drawn(rng, cells, weights, count, spacing_m):
    """Cells drawn by weight, each at least `spacing_m` from the others."""
    chosen = []
    for _ in range(100000):
        cell = rng.choices(cells, weights)[0]
        if all(math.dist(cell, other) >= spacing_m for other in chosen):
            chosen.append(cell)
            if len(chosen) == count:
                return chosen
    raise SystemExit("no room for so many places so far apart")


def direction(seed, centre, near_m):
    if math.dist(seed, centre) < near_m:
        return "centre"
    names = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"]
    bearing = math.degrees(math.atan2(seed[0] - centre[0], seed[1] - centre[1]))
    return names[round(bearing / 45) % 8]


def intensity(rng, cells, centre, width_m):
    """Built-up intensity of each cell: a core, lesser centres, and roughness."""
    nearby = [c for c in cells if math.dist(c, centre) < 4 * width_m]
    hills = [(centre, 1.0, width_m)]
    hills += [(rng.choice(nearby), SUBCENTRE_WEIGHT, SUBCENTRE_SD * width_m) for _ in range(SUBCENTRES)]
    values = []
    for cell in cells:
        height = sum(w * math.exp(-0.5 * (math.dist(cell, at) / sd) ** 2) for at, w, sd in hills)
        values.append(0.0 if height < EMPTY_BELOW else height * (0.5 + rng.random()))
    return values


def raster_bytes(system, label, cells, counts, bounds):
    """GeoTIFF of whole numbers per cell, row 0 north, uncompressed: less that could differ between versions of GDAL."""
    west, south, east, north = bounds
    nx, ny = (east - west) // CELL_M, (north - south) // CELL_M
    values = [0] * (nx * ny)
    for (x, y), count in zip(cells, counts):
        values[int((north - y) // CELL_M) * nx + int((x - west) // CELL_M)] = count
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "r.tif"
        data = gdal.GetDriverByName("GTiff").Create(str(path), nx, ny, 1, gdal.GDT_UInt16, ["COMPRESS=NONE"])
        data.SetGeoTransform((west, CELL_M, 0, north, 0, -CELL_M))
        data.SetProjection(system.ExportToWkt())
        data.SetMetadataItem("TIFFTAG_IMAGEDESCRIPTION", label)
        data.GetRasterBand(1).SetDescription(label)
        data.GetRasterBand(1).WriteRaster(0, 0, nx, ny, struct.pack("<%dH" % (nx * ny), *values), buf_type=gdal.GDT_UInt16)
        data = None
        return path.read_bytes()


def zones_text(name, place, seeds, centre, outline, cells, persons, buildings, to_degrees):
    seeds = sorted(seeds, key=lambda s: (math.dist(s, centre), s))
    features = []
    for i, seed in enumerate(seeds):
        ring = outline
        for other in seeds:
            if other != seed:
                ring = nearer(ring, seed, other)
        degrees = [list(to_degrees(p, 6)) for p in ring]
        degrees = [p for p, before in zip(degrees, degrees[-1:] + degrees[:-1]) if p != before]
        mine = [j for j, c in enumerate(cells) if min(seeds, key=lambda s: math.dist(s, c)) == seed]
        label = "SYNTHETIC zone %02d (%s)" % (i + 1, direction(seed, centre, 0.35 * place["core_sd_m"]))
        properties = {"NAME": label, "POPULATION": sum(persons[j] for j in mine)}
        if buildings:
            properties["BUILDINGS"] = sum(buildings[j] for j in mine)
        polygon = {"type": "Polygon", "coordinates": [degrees + degrees[:1]]}
        shape = ogr.CreateGeometryFromJson(json.dumps(polygon))
        if not shape.IsValid():
            raise SystemExit("%s: %s is not a valid polygon; choose another seed" % (name, label))
        features.append((properties, polygon))
    lines = ",\n".join(json.dumps({"type": "Feature", "properties": p, "geometry": g}) for p, g in features)
    head = '{"type": "FeatureCollection", "name": "SYNTHETIC_%s_zones", "features": [\n' % name
    return (head + lines + "\n]}\n").encode()


def strikes_text(place, positions, to_degrees):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "date", "lon", "lat", "evidence", "status", "source"])
    for strike, position in zip(place["strikes"], positions):
        lon, lat = to_degrees(position, 5)
        writer.writerow([strike["id"], strike["date"], "%.5f" % lon, "%.5f" % lat, strike["evidence"], strike["status"],
                         strike["source"]])
    return text.getvalue().encode()


def generate(name, place):
    """File name -> bytes."""
    system, to_grid, to_degrees = transformations()
    outline = [to_grid(p) for p in place["outline"]]
    if area_m2(outline) < 0:
        outline.reverse()
    centre = to_grid(place["centre"])
    down = lambda v: math.floor(v / CELL_M) * CELL_M
    xs, ys = [p[0] for p in outline], [p[1] for p in outline]
    bounds = (down(min(xs)), down(min(ys)), down(max(xs)) + CELL_M, down(max(ys)) + CELL_M)
    cells = [(x + CELL_M / 2, y + CELL_M / 2) for y in range(bounds[1], bounds[3], CELL_M)
             for x in range(bounds[0], bounds[2], CELL_M)]
    cells = [c for c in cells if inside(c, outline)]
    rng = random.Random(place["seed"])
    built = intensity(rng, cells, centre, place["core_sd_m"])
    persons = shared_out(place["population"], built)
    buildings = None
    if place["residential_buildings"]:
        buildings = shared_out(place["residential_buildings"], [v ** BUILDING_POWER for v in built])
    seeds = drawn(rng, cells, [0.1 + v for v in built], place["zones"], ZONE_SPACING * place["core_sd_m"])
    positions = drawn(rng, cells, built, len(place["strikes"]), STRIKE_SPACING_M)
    prefix = "SYNTHETIC_%s_" % name
    files = {
        prefix + "zones.geojson": zones_text(name, place, seeds, centre, outline, cells, persons, buildings, to_degrees),
        prefix + "population.tif": raster_bytes(system, "SYNTHETIC residents per 100 m cell", cells, persons, bounds),
        prefix + "strikes.csv": strikes_text(place, positions, to_degrees),
    }
    if buildings:
        files[prefix + "buildings.tif"] = raster_bytes(system, "SYNTHETIC residential buildings per 100 m cell", cells, buildings,
                                                       bounds)
    print("%s: outline %.1f km2, %d zones, %d residents, %s residential buildings, %d strikes"
          % (name, abs(area_m2(outline)) / 1e6, len(seeds), sum(persons), sum(buildings) if buildings else "no", len(positions)))
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files that are there, write nothing")
    parser.add_argument("--output", type=pathlib.Path, default=HERE.parent, help="folder of the places' folders")
    options = parser.parse_args()
    places = json.loads((HERE / "synthetic_facts.json").read_text(encoding="utf-8"))["places"]
    different = 0
    for name, place in places.items():
        for file, content in generate(name, place).items():
            path = options.output / name / file
            if not options.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            elif not path.is_file() or path.read_bytes() != content:
                print("differs: %s/%s" % (name, file), file=sys.stderr)
                different += 1
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
