#!/usr/bin/python3
"""test_twin_power.py - the comparison with the twin can fail: test_twin.py sees each of the defects that are put into the twin.

ctest-label: slow
ctest-timeout: 1800
"""
import pathlib
import runpy
import sys

sys.argv = ["test_twin.py", "--power"]
runpy.run_path(str(pathlib.Path(__file__).with_name("test_twin.py")), run_name="__main__")
