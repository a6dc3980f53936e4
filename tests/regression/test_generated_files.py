#!/usr/bin/python3
"""configs/reference.yaml, configs/scenario.schema.json and docs/scenario_reference.md are what the schema table says."""
import os
import pathlib
import subprocess
import sys

GENERATED = {"yaml": "configs/reference.yaml", "json": "configs/scenario.schema.json", "markdown": "docs/scenario_reference.md"}


def main():
    source = pathlib.Path(os.environ["UXOSIM_SOURCE_DIR"])
    program = pathlib.Path(os.environ["UXOSIM_BINARY_DIR"]) / "uxosim_schema_print"
    stale = []
    for kind, name in GENERATED.items():
        wanted = subprocess.run([program, kind], stdout=subprocess.PIPE, check=True).stdout
        path = source / name
        if not path.exists() or path.read_bytes() != wanted:
            stale.append(name)
            print(f"{name} is out of date; renew it with: build/dev/uxosim_schema_print {kind} > {name}")
    print(f"{len(GENERATED)} files, {len(stale)} out of date")
    return 1 if stale else 0


sys.exit(main())
