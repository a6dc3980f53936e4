"""House rule: every public header compiles alone, as the first thing in a file, with both compilers, and has a guard."""
import concurrent.futures
import os
import subprocess

from _house import SOURCE, files, finish

# gdal_library.h is for our own modules (it is not installed) and holds GDAL's headers.
GDAL = subprocess.run(["pkg-config", "--cflags", "gdal"], capture_output=True, text=True, check=True).stdout.replace("-I", "-isystem ").split()
FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wmissing-prototypes", "-Werror", "-fsyntax-only", "-I", str(SOURCE / "include"),
         *GDAL, "-x", "c", "-"]


def compile_alone(job):
    compiler, header = job
    # Twice: the second inclusion shows a missing guard.
    line = f'#include "{header.relative_to("include")}"\n'
    done = subprocess.run([compiler, *FLAGS], input=2 * line + "int uxo_one_declaration;\n", text=True, capture_output=True)
    first = "\n".join(done.stderr.splitlines()[:6])
    return f"{compiler}: {header}\n{first}" if done.returncode else None


def main():
    jobs = [(compiler, header) for header in files(["include"], {".h"}) for compiler in ("gcc", "clang")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = [finding for finding in pool.map(compile_alone, jobs) if finding]
    finish(findings, len(jobs))


main()
