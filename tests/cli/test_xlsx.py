#!/usr/bin/python3
"""test_xlsx.py - districts --format xlsx as other people's reader sees it: typed numbers, meanings, names of any script, equal bytes, full disks.

    test_xlsx.py [UXOSIM]      default $UXOSIM
ctest-timeout: 300
"""
import csv
import datetime
import io
import json
import os
import pathlib
import resource
import signal
import sys
import tempfile
import time
import zipfile

import openpyxl

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from calling import call, expect, write
from catalogue import one_munition

NAMES = ["منطقة الشمال", "אזור צפון", 'Харків, "північ"', "<b>bold</b> & brave", "=1+1; 'quoted'"]
NAMES += [f"district {i}" for i in range(len(NAMES), 80)]
SENTENCE = "Modelled, not surveyed."
LAST = ["outside every district", "outside the grid", "total"]
MUNITIONS = one_munition(0.5, 200, 100)
SCENARIO = """format: 1
title: "Spreadsheet <i>&</i> Ґанок"
run: {as_of: 2022-12-31, seed: 3, realisations: 200}
grid: {crs: "EPSG:32637", cell_size_m: 20, bounds_m: [300000, 5540000, 302400, 5541000]}
layers: {districts: {file: districts.geojson, name: NAME, population: N}}
munitions: munitions.yaml
strikes: {file: strikes.csv, defaults: {munition: m, carriers: {range: [1, 3]}, confidence: 0.9}}
"""


def make():
    features = []
    for i, name in enumerate(NAMES):
        x0, x1 = 300000 + 2000 * i / len(NAMES), 300000 + 2000 * (i + 1) / len(NAMES)
        ring = [[x0, 5540000], [x1, 5540000], [x1, 5541000], [x0, 5541000], [x0, 5540000]]
        features.append({"type": "Feature", "properties": {"NAME": name, "N": 1000 + i},
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})
    write("districts.geojson", json.dumps({"type": "FeatureCollection", "features": features, "crs": {
        "type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32637"}}}))
    write("munitions.yaml", MUNITIONS)
    write("scenario.yaml", SCENARIO)
    write("strikes.csv", "id,x_m,y_m,date\na,301000,5540500,2022-01-01\n")
    call("run", "scenario.yaml", "-o", "a.nc", "--quiet")


def check_table(book, rows):
    sheet = book.worksheets[0]
    expect(sheet.freeze_panes == "B2", "the header and the names stay in sight")
    head = [cell.value for cell in sheet[1]]
    expect(head[:2] == ["district", "kind"] and len(set(head)) == len(head), f"header {head}")
    expect([sheet.cell(i + 2, 1).value for i in range(len(rows))] == [row["district"] for row in rows], "names")
    expect([sheet.cell(i + 2, 1).data_type for i in range(len(rows))] == ["s"] * len(rows), "names are texts, not formulas")
    expect(sheet.cell(2, 2).value == "district" and sheet.cell(len(rows) + 1, 2).value == "total", "kinds")
    for column, name in enumerate(head[2:], 3):
        for i, row in enumerate(rows):
            cell, exact = sheet.cell(i + 2, column), row[name]
            if exact == "":
                expect(cell.value is None, f"{name} in {row['district']} has no meaning, but {cell.value}")
            else:
                expect(cell.data_type == "n" and abs(cell.value - float(exact)) <= 1e-15 * abs(float(exact)),
                       f"{name} in {row['district']}: {cell.value!r} instead of {exact}")
    expect([name for name in rows[0] if any(row[name] for row in rows)] == [head[0], *head[2:]], "columns that were computed")
    texts = [cell.value for cell in sheet["A"] if isinstance(cell.value, str)]
    expect(texts[-1].startswith(SENTENCE), "the sentence below the table")
    return head[2:]


def check_meanings(book, head):
    sheet = book.worksheets[1]
    columns = json.loads(call("districts", "a.nc", "-f", "json"))["columns"]
    expect(sheet.freeze_panes == "A2", "header of the meanings")
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    expect([row[0] for row in found] == head, "a meaning for each column")
    expect(all(row[1:] == [columns[row[0]]["unit"], columns[row[0]]["meaning"]] for row in found), "units and meanings")


def check_book():
    rows = list(csv.DictReader(io.StringIO(call("districts", "a.nc", "-f", "csv"))))
    expect([row["district"] for row in rows] == NAMES + LAST, "csv")
    call("districts", "a.nc", "--format", "xlsx", "-o", "a.xlsx")
    book = openpyxl.load_workbook("a.xlsx")
    check_meanings(book, check_table(book, rows))
    about = {row[0].value: row[1].value for row in book.worksheets[2].iter_rows()}
    expect(about["summary"].startswith(SENTENCE) and about["title"] == 'Spreadsheet <i>&</i> Ґанок' and about["as_of"] == "2022-12-31", "about")
    expect(book.properties.created == datetime.datetime(1980, 1, 1) and SENTENCE in book.properties.description, "properties")
    call("districts", "a.nc", "--format", "xlsx", "-o", "sorted.xlsx", "--sort", "duds_mean")
    sheet = openpyxl.load_workbook("sorted.xlsx").worksheets[0]
    column = [cell.value for cell in sheet[1]].index("duds_mean") + 1
    means = [sheet.cell(i + 2, column).value for i in range(len(NAMES))]
    expect(means == sorted(means, reverse=True) and means[0] > means[-1], "sorted")


def check_bytes():
    time.sleep(2.1)  # archives keep times in steps of two seconds
    call("districts", "a.nc", "--format", "xlsx", "-o", "b.xlsx", env={**os.environ, "TZ": "Asia/Tokyo"})
    with open("a.xlsx", "rb") as a, open("b.xlsx", "rb") as b:
        expect(a.read() == b.read(), "equal results, equal files")


def check_full_disk():
    """The archive would fit, a part of it before compression does not: a silently cut table is the danger."""
    with zipfile.ZipFile("a.xlsx") as archive:
        largest = max(info.file_size for info in archive.infolist())
    size = os.path.getsize("a.xlsx")
    expect(largest > 2 * size, "a part that is larger than the whole")
    before = sorted(os.listdir("."))
    for limit in (1024, size // 2, size + 100, largest - 100):
        def shrink(limit=limit):
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        message = call("districts", "a.nc", "-f", "xlsx", "-o", "full.xlsx", code=74, preexec_fn=shrink)
        expect("cannot write" in message, message)
    expect(sorted(os.listdir(".")) == before, "a full disk leaves nothing behind")
    expect("-o FILE.xlsx" in call("districts", "a.nc", "-f", "xlsx", code=64), "a spreadsheet needs a file")
    expect("table, csv or json" in call("districts", "a.nc", "-f", "xlsx", "-o", "x.xlsx", "--variance", code=64), "views")
    call("districts", "a.nc", "-f", "xlsx", "-o", "nowhere/x.xlsx", code=73)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make()
        check_book()
        check_bytes()
        check_full_disk()
    print("the spreadsheet is as it should be")


if __name__ == "__main__":
    main()
