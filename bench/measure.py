"""Running programs for measuring: workloads, commands, one child with its resource usage, turns, medians. Not a program; see run.py."""
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

BENCH = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH / "workloads"))
import w1  # noqa: E402

LOG = sys.stderr
# As fast as the compiler makes it for this very machine, which the engine as shipped does not ask for.
PEER_FLAGS = ["-std=gnu11", "-O3", "-march=native", "-fopenmp"]


def build_peer(folder):
    """The C peer, compiled into the folder."""
    program = folder / "plain_gsl"
    command = [os.environ.get("CC", "cc"), *PEER_FLAGS, BENCH / "peers" / "plain_gsl.c", "-o", program, "-lgsl", "-lgslcblas", "-lm"]
    subprocess.run(command, check=True)
    return program


def workload(folder, **options):
    """W1 or a variant, written into the folder; its facts."""
    words = [str(folder)]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), str(value)]
    w1.main(words)
    return json.loads((folder / "workload.json").read_text())


def engine_command(engine, folder, output, threads, sets=()):
    words = [word for value in sets for word in ("--set", value)]
    return [engine, "run", folder / "scenario.yaml", "-o", output, *words, "--threads", threads, "--quiet"]


def peer_command(program, folder, facts, output, realisations, threads=1, seed=12345):
    return [*program, realisations, threads, seed, folder / "strikes.csv", output, facts["xmin"], facts["ymin"], facts["side"], facts["cell_m"]]


# Runs one command per line of JSON, answers with wall and processor seconds, largest memory [KiB], exit code and output.
LAUNCHER = """
import json, os, subprocess, sys, time
for line in sys.stdin:
    command, started = json.loads(line), time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # What these programs print fits a pipe, so that waiting first cannot block them.
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - started
    print(json.dumps([seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status),
                      child.stdout.read().decode(), child.stderr.read().decode()]), flush=True)
"""
_launchers = []


def launcher():
    """A small process that starts the programs: a child inherits the largest memory of the one that forked it, and this one holds maps."""
    if not _launchers:
        _launchers.append(subprocess.Popen([sys.executable, "-I", "-S", "-c", LAUNCHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    return _launchers[0]


def run_child(command):
    """Wall and processor seconds, largest resident memory and standard output of one whole program."""
    server = launcher()
    server.stdin.write(json.dumps([str(word) for word in command]) + "\n")
    server.stdin.flush()
    wall, cpu, peak_kib, code, output, errors = json.loads(server.stdout.readline())
    if code != 0:
        sys.exit(f"bench: exit code {code} of {' '.join(map(str, command))}\n{errors}")
    return {"wall": wall, "cpu": cpu, "peak_mb": peak_kib / 1024.0, "output": output}


def summarise(runs):
    """Medians, and how far the repeats lie apart: (largest - smallest) / median."""
    result = {"repeats": len(runs)}
    for name in ("wall", "cpu"):
        values = [run[name] for run in runs]
        middle = statistics.median(values)
        result[f"{name}_seconds"] = round(middle, 4)
        result[f"{name}_spread"] = round((max(values) - min(values)) / middle, 3) if middle > 0 else 0.0
    result["peak_mb"] = round(max(run["peak_mb"] for run in runs), 1)
    return result


def take_turns(contestants, repeats, warm_up=True):
    """Runs all contestants {name: command} once to warm up, then `repeats` times one after the other; {name: [runs]}."""
    runs = {name: [] for name in contestants}
    for turn in range(0 if warm_up else 1, repeats + 1):
        for name, command in contestants.items():
            run = run_child(command)
            if turn > 0:
                runs[name].append(run)
            print(f"bench: {'warm-up' if turn == 0 else f'turn {turn} of {repeats}'}, {name}: {run['wall']:.2f} s, "
                  f"{run['cpu']:.2f} s of processor", file=sys.stderr)
    return runs


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def machine(engine):
    version = subprocess.run([engine, "--version"], capture_output=True, text=True, check=False).stdout
    return {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "processor": processor(),
            "cores": os.cpu_count(), "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
            "system": platform.platform(), "load_before": [round(value, 2) for value in os.getloadavg()],
            "engine": version.strip().splitlines(), "peer_flags": " ".join(PEER_FLAGS)}


def shown(command):
    """A command for the record: without the folders of this machine."""
    def short(word):
        key, sign, value = word.rpartition("=")
        return key + sign + pathlib.Path(value).name if "/" in value else word
    return " ".join(short(str(word)) for word in command)


def last_json(run):
    """The line of JSON with which a peer ends."""
    return json.loads(run["output"].strip().splitlines()[-1])
