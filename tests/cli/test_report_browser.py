#!/usr/bin/python3
"""test_report_browser.py - pages of `uxosim report` in headless Chromium: tools/report/check.mjs says what is tried.

Names with markup and right-to-left letters, for the public, from a public copy, and internal; and pages with little on them. Skipped where chromium, node or the npm packages
cannot be had (Debian: chromium, nodejs, npm). UXOSIM_REPORT_PICTURES=FOLDER keeps pictures and PDFs.

    test_report_browser.py [UXOSIM]      default $UXOSIM
ctest-label: slow
ctest-timeout: 600
"""
import os
import shutil
import subprocess
import sys
import tempfile

if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # numpy is the distribution's package

from report_case import call, make
from report_limits import CASES, make_case
from report_node import npm_folder, skip


def main():
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        skip("there is no chromium")
    pictures = os.path.abspath(os.environ.get("UXOSIM_REPORT_PICTURES", "pictures"))
    with tempfile.TemporaryDirectory(dir=".") as folder:
        source = npm_folder(os.path.join(os.path.abspath(folder), "report"))
        os.chdir(folder)
        make("usual")
        call("redact", "usual.nc", "-o", "copy.nc")
        call("report", "usual.nc", "-o", "public.html")
        call("report", "usual.nc", "-o", "internal.html", "--internal")
        call("report", "copy.nc", "-o", "copy.html")
        failed = 0
        for page in ("public", "internal", "copy"):
            print(f"{page}:", flush=True)
            done = subprocess.run(["node", os.path.join(source, "check.mjs"), f"{page}.html", pictures], check=False, env={**os.environ, "CHROMIUM": chromium})
            failed += done.returncode != 0
        for case, arguments in CASES.items():
            print(f"{case}:", flush=True)
            call("report", make_case(case, *arguments), "-o", f"{case}.html")
            done = subprocess.run(["node", os.path.join(source, "check.mjs"), f"{case}.html", pictures, "bare"], check=False, env={**os.environ, "CHROMIUM": chromium})
            failed += done.returncode != 0
        os.chdir("..")
    sys.exit(f"FAILED: {failed} pages" if failed else 0)


main()
