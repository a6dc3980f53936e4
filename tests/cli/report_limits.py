"""Small results at the ends of what a page can be of, for its tests. Not a test itself."""
from report_case import MUNITIONS, XMIN, YMIN, call, write

ONE = f"a,2022-03-01,{XMIN + 500},{YMIN + 400},confirmed\n"
BACKGROUND = "background: {density_per_km2: 0.5, munition: m, carriers: 2}\n"
# Name: rows of the strike list, estimator, cells across and down, length of a cell [m], more of the scenario, realisations.
CASES = {
    "no-strikes": ("", "expected-value", 60, 40, 20, "", 300),
    "no-districts": (ONE, "expected-value", 60, 40, 20, "", 300),
    "one-cell": (ONE, "expected-value", 1, 1, 1000, "", 300),
    "analog": (ONE, "analog", 60, 40, 20, "", 300),
    "background": (ONE, "expected-value", 60, 40, 20, BACKGROUND, 300),
    "beside": (ONE.replace(str(XMIN + 500), str(XMIN - 300)), "expected-value", 60, 40, 20, "", 300),
}
MILLIONS = (ONE, "expected-value", 2000, 2000, 20, "", 20)  # as many cells as a page may have
TOO_MANY = (ONE, "expected-value", 2001, 2000, 20, "", 20)


def make_case(name, rows, estimator, nx, ny, cell, more, realisations):
    write("munitions.yaml", MUNITIONS)
    write(f"{name}.csv", "id,date,x_m,y_m,status\n" + rows)
    write(f"{name}.yaml", f"""format: 1
title: {name}
run: {{as_of: 2022-12-31, seed: 1, realisations: {realisations}, estimator: {estimator}}}
grid: {{crs: "EPSG:32637", cell_size_m: {cell}, bounds_m: [{XMIN}, {YMIN}, {XMIN + cell * nx}, {YMIN + cell * ny}]}}
munitions: munitions.yaml
strikes: {{file: {name}.csv, defaults: {{munition: m, carriers: 2, location_error: {{r95_m: 150}}, heading_deg: unknown, confidence: 0.9}}}}
{more}""")
    call("run", f"{name}.yaml", "-o", f"{name}.nc", "--quiet")
    return f"{name}.nc"
