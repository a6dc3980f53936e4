#!/usr/bin/env bash
# Everything that a developer or a fresh machine needs, one word each; `tools/dev.sh help` lists them.
# Debian 12, as root or with sudo. Installs only what is missing, so that a second time needs no network.
# Not here: how things are built (CMakePresets.json) and what is tested (tests/CMakeLists.txt).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

# What it takes to build and run the program.
build_packages=(cmake ninja-build gcc libc6-dev pkg-config git libgsl-dev libhdf5-dev libgdal-dev libproj-dev libyaml-dev libsleef-dev
    libdeflate-dev libssl-dev libxlsxwriter-dev zlib1g-dev
    libcairo2-dev libpango1.0-dev fonts-dejavu-core)
# What the tests need on top: a second compiler, the readers that other people use, checkers.
test_packages=(clang clang-format libomp-14-dev libclang-rt-14-dev librandom123-dev libcmocka-dev
    valgrind gdal-bin netcdf-bin nco hdf5-tools python3 python3-numpy python3-xarray python3-h5py python3-h5netcdf
    python3-netcdf4 python3-gdal python3-yaml python3-jsonschema python3-openpyxl shellcheck qemu-user
    poppler-utils slurm-wlm munge parallel locales)
# What slow tests need besides: a browser with what drives it (npm fetches the rest by its lock file), QGIS, R's spatstat.
slow_packages=(chromium python3-qgis r-base-core r-cran-spatstat.random r-cran-spatstat.explore)
lint_packages=(clang-tidy cppcheck)
coverage_packages=(gcovr)

say() { printf 'dev: %s\n' "$*"; }

usage() {
    cat <<'END'
tools/dev.sh COMMAND
  demo          install what is missing, build, run configs/stepanakert, print its table of districts, write its report
  test          install what is missing, build with gcc, clang, sanitizers and for release, run every test but slow ones
  slow          install what they need, the slow tests: browser, QGIS, R, validation
  build [PRESET...]   build presets (dev clang release asan coverage); default: dev
  setup         install the Debian packages for everything above
  format        format all C sources;  check-format: only tell
  lint          cppcheck, gcc -fanalyzer, clang-tidy
  coverage      line coverage of sim/ and tools/
  help          this text
END
}

# as_root COMMAND...: runs it as root, directly or by sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# install_packages NAME...: Debian packages, only those that are missing.
install_packages() {
    local name missing=()
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system; needed are the equivalents of: $*"
        return 0
    fi
    for name in "$@"; do
        if [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" != installed ]; then
            missing+=("$name")
        fi
    done
    if [ ${#missing[@]} -eq 0 ]; then
        say "all $# Debian packages are there"
        return 0
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        say "not root and no sudo; as root: apt-get install --no-install-recommends ${missing[*]}" >&2
        return 1
    fi
    say "installing ${#missing[@]} of $# Debian packages: ${missing[*]}"
    local log
    log=$(mktemp)
    if ! apt_install "${missing[@]}" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        say "could not install: ${missing[*]}" >&2
        return 1
    fi
    rm -f "$log"
}

apt_install() {
    # The lists may be usable even where they cannot be renewed; the installation decides.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 update || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "$@"
}

# build PRESET: configures and builds as much as can be built; the log only when it fails.
build() {
    local preset=$1 log start=$SECONDS
    mkdir -p build
    log=build/$preset.log
    say "building $preset"
    if ! { cmake --preset "$preset" && cmake --build --preset "$preset" -- -k 0; } >"$log" 2>&1; then
        grep -v -E '^(-- |\[[0-9]+/[0-9]+\] (Building|Linking|Generating|Build))' "$log" | tail -n 60 >&2 || true
        say "building $preset failed, all of it in $log" >&2
        return 1
    fi
    say "built $preset in $((SECONDS - start)) s"
}

# run_suite PRESET...: the tests of several builds as one CTest run, so that one summary at the end speaks for all of them.
# A build that failed is a failed test of that run; its other tests do not run.
run_suite() {
    local presets=("$@") preset
    rm -rf build/all
    mkdir -p build/all
    {
        echo "# Written by tools/dev.sh: the tests of ${presets[*]}."
        for preset in "${presets[@]}"; do
            # Already built: this repeats only what failed.
            echo "add_test(build.$preset cmake --build \"$PWD/build/$preset\")"
            echo "set_tests_properties(build.$preset PROPERTIES LABELS build RUN_SERIAL ON TIMEOUT 1800)"
            if [ -f "build/$preset/CTestTestfile.cmake" ]; then
                echo "subdirs(\"$PWD/build/$preset\")"
            fi
        done
        case "${presets[*]}" in
        *clang*)
            echo "add_test(cli.same_bytes /usr/bin/python3 \"$PWD/tests/cli/same_bytes.py\""
            echo "    \"$PWD/build/dev/uxosim\" \"$PWD/build/clang/uxosim\" \"$PWD/build/release/uxosim\")"
            echo "set_tests_properties(cli.same_bytes PROPERTIES LABELS cli TIMEOUT 600 COST 1000)"
            ;;
        esac
    } >build/all/CTestTestfile.cmake
}

command_demo() {
    install_packages "${build_packages[@]}"
    build release
    mkdir -p out
    build/release/uxosim run configs/stepanakert/scenario.yaml -o out/stepanakert.nc
    build/release/uxosim report out/stepanakert.nc -o out/stepanakert.html
    say "result: $PWD/out/stepanakert.nc"
    say "report: $PWD/out/stepanakert.html"
}

command_test() {
    local preset failed=0
    install_packages "${build_packages[@]}" "${test_packages[@]}" || failed=1
    for preset in dev clang asan release; do
        build "$preset" || failed=1
    done
    run_suite dev clang asan release
    ctest_all -LE slow || failed=1
    return $failed
}

command_slow() {
    install_packages "${build_packages[@]}" "${test_packages[@]}" "${slow_packages[@]}"
    # Whoever has a newer node than Debian's has its npm, too, under another name of package.
    command -v node >/dev/null || install_packages nodejs
    command -v npm >/dev/null || install_packages npm
    build dev
    build asan
    run_suite dev asan
    ctest_all -L slow
}

# One more than there are processors: some tests wait for a cluster's clock, or for a program to be killed.
ctest_all() {
    ctest --test-dir build/all --output-on-failure --no-label-summary --no-tests=error --parallel "$(($(nproc) + 1))" "$@"
}

command_build() {
    local preset
    [ $# -gt 0 ] || set -- dev
    for preset in "$@"; do
        build "$preset"
    done
}

command_setup() {
    install_packages "${build_packages[@]}" "${test_packages[@]}"
}

c_sources() {
    find sim include tools tests bench -name '*.[ch]' 2>/dev/null | sort
}

command_format() {
    c_sources | xargs -r clang-format -i
}

command_check_format() {
    c_sources | xargs -r clang-format --dry-run -Werror
}

command_lint() {
    install_packages "${build_packages[@]}" "${test_packages[@]}" "${lint_packages[@]}"
    local failed=0
    build dev
    # Leaks are left to the sanitizer in the tests: both analysers take memory for lost that is stored through a second pointer.
    say "cppcheck"
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem --suppress=memleak -j "$(nproc)" -I include sim tools || failed=1
    say "gcc -fanalyzer (shown, to be judged; does not fail)"
    cmake --preset analyse >/dev/null
    cmake --build --preset analyse --clean-first | grep -E -A 6 '(warning|error): ' || true
    say "clang-tidy"
    find sim tools -name '*.c' -print0 |
        xargs -0 -r -P "$(nproc)" -n 4 clang-tidy --quiet -p build/dev 2>/dev/null || failed=1
    return $failed
}

command_coverage() {
    install_packages "${build_packages[@]}" "${test_packages[@]}" "${coverage_packages[@]}"
    build coverage
    find build/coverage -name '*.gcda' -delete
    ctest --preset coverage --parallel "$(nproc)"
    gcovr --root . --filter sim/ --filter tools/ --object-directory build/coverage --txt build/coverage/coverage.txt \
        --html-details build/coverage/coverage.html
    cat build/coverage/coverage.txt
}

case "${1:-help}" in
demo | test | slow | build | setup | format | lint | coverage)
    command=$1
    shift
    "command_$command" "$@"
    ;;
check-format) command_check_format ;;
help | -h | --help) usage ;;
*)
    usage >&2
    exit 64
    ;;
esac
