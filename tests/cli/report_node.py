"""The folder of the report's source with its npm packages, as the lock file has them, for tests. Not a test itself."""
import os
import shutil
import subprocess
import sys

SOURCE = os.environ.get("UXOSIM_SOURCE_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SKIPPED = 77
NPM_S = 240


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def npm_folder(path):
    """Copies tools/report to `path` and installs what its lock file names; skips the test where that cannot be had."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            skip(f"there is no {program}")
    shutil.copytree(os.path.join(SOURCE, "tools", "report"), path, ignore=shutil.ignore_patterns("node_modules", "dist"))
    try:
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"], cwd=path, capture_output=True,
                              text=True, check=False, timeout=NPM_S)
    except subprocess.TimeoutExpired:
        skip(f"npm ci took more than {NPM_S} s; is there a network?")
    if done.returncode != 0:
        if "EUSAGE" in done.stderr or "in sync" in done.stderr:
            sys.exit(f"FAILED: package.json and package-lock.json do not agree\n{done.stderr}")
        skip(f"npm ci: {done.stderr.strip()[-500:]}")
    return path
