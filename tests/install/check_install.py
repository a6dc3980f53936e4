"""Installs the build into an empty folder, moves it, and uses it as a stranger would: find_package, pkg-config, the program.

Arguments: source folder, build folder. Works in the current folder. ctest-timeout: 300
"""
import os
import pathlib
import shutil
import subprocess
import sys

SOURCE, BINARY = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
HERE = pathlib.Path.cwd() / "install-check"


def run(*command, **options):
    print("+", *command, flush=True)
    done = subprocess.run([str(part) for part in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode:
        sys.exit(f"{done.stdout}\nfailed with {done.returncode}")
    return done.stdout


def compiler():
    """The compiler and the instrumentation of the build under test; a library with sanitizers needs them in its user too."""
    cache = (BINARY / "CMakeCache.txt").read_text().splitlines()
    value = dict(line.split("=", 1) for line in cache if "=" in line and not line.startswith(("#", "//")))
    flags = [f"-fsanitize={value['UXOSIM_SANITIZE:STRING']}"] if value.get("UXOSIM_SANITIZE:STRING") else []
    flags += ["--coverage"] if value.get("UXOSIM_COVERAGE:BOOL") == "ON" else []
    return next(value[key] for key in value if key.startswith("CMAKE_C_COMPILER:")), flags


def main():
    shutil.rmtree(HERE, ignore_errors=True)
    first, prefix = HERE / "first", HERE / "moved"
    run("cmake", "--install", BINARY, "--prefix", first)
    first.rename(prefix)
    cc, flags = compiler()

    run("cmake", "-G", "Ninja", "-S", SOURCE / "tests/install/consumer", "-B", HERE / "build", f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_C_COMPILER={cc}", f"-DCMAKE_C_FLAGS={' '.join(flags)}")
    run("cmake", "--build", HERE / "build")
    by_cmake = run(HERE / "build/consumer")

    package = next(prefix.rglob("uxosim.pc")).parent
    found = run("pkg-config", "--cflags", "--libs", "uxosim", env={**os.environ, "PKG_CONFIG_PATH": str(package)}).split()
    run(cc, *flags, SOURCE / "tests/install/consumer/consumer.c", "-o", HERE / "by-pkg-config", *found)
    by_pkg_config = run(HERE / "by-pkg-config")
    if by_cmake != by_pkg_config or len(by_cmake.split()) != 4:
        sys.exit(f"cmake's program says\n{by_cmake}\nthat of pkg-config\n{by_pkg_config}")

    for header in sorted((SOURCE / "include/uxosim").glob("*.h")):
        own = header.name == "gdal_library.h"  # for our own modules only: it needs GDAL's headers
        if (prefix / "include/uxosim" / header.name).exists() == own:
            sys.exit(f"{header.name} was {'installed' if own else 'not installed'}")
    for path in prefix.rglob("*"):
        if path.suffix in (".cmake", ".pc") and str(SOURCE) in path.read_text():
            sys.exit(f"{path} names the source folder")
    if (prefix / "bin/uxosim").exists():
        print(run(prefix / "bin/uxosim", "--version"))
    elif (BINARY / "uxosim").exists():
        sys.exit("the program was not installed")
    print(by_cmake)
    shutil.rmtree(HERE)


main()
