#!/usr/bin/python3
"""Regression: the case of test_goldens.py whose data are not part of the project, on its own so that CTest shows when it is skipped."""
# ctest-timeout: 300
import sys

import test_goldens

if __name__ == "__main__":
    test_goldens.main(["kharkiv", *sys.argv[1:]])
