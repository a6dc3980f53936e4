"""slurm.py - a real Slurm for tests: munged, slurmctld and slurmd in a private folder, on the loopback device, without systemd or cgroups.

    with slurm.cluster("why") as cluster:
        job = cluster.run("sbatch", "--parsable", script)

Nothing of the machine's own Slurm is read or touched; several may run at a time. Needs root and Debian's slurm-wlm and munge:
`why_not()` says what is missing. Whatever happens to the test, a guard of its own ends all that was started and removes the folder.
Run as a program it is that guard.
"""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

# In the environment of all that a cluster starts, jobs too: how the guard knows what is its own.
MARK = "UXOSIM_TEST_SLURM"
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "scancel", "sinfo")
START_LIMIT_S = 40

# CPUs are more than there may be, so that jobs that wait for a signal block nobody. NoInAddrAny: listen on 127.0.0.1 only.
# cred_expire is also what a requeued job has to wait: 120 s if not said, at least 5. MaxArraySize is small so that arrays have to be split.
CONFIGURATION = """
ClusterName=uxosim
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/socket/munge,cred_expire=5
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,batch_sched_delay=0,bf_interval=2
PriorityType=priority/basic
ReturnToService=2
MaxArraySize={max_array_size}
KillWait=5
MinJobAge=600
SlurmctldDebug=info
SlurmdDebug=info
NodeName=localhost NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes=localhost Default=YES MaxTime=60 DefMemPerCPU=500 State=UP
"""


def why_not():
    """Why there can be no Slurm here; None if there can."""
    if os.geteuid() != 0:
        return "a private Slurm needs root (its daemons change users)"
    missing = [name for name in PROGRAMS if find(name) is None]
    return f"not installed: {', '.join(missing)} (Debian: slurm-wlm, munge)" if missing else None


def find(name):
    return shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin:" + os.environ.get("PATH", ""))


def free_port():
    """One that nobody has now; somebody may take it before we do, so that starting is tried again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Failed(Exception):
    """Something did not come about in time, or a command failed; the logs are printed."""


def expect(condition, what):
    if not condition:
        raise Failed(what)


def skip_without():
    """Ends a test, as skipped, where there can be no Slurm."""
    reason = why_not()
    if reason:
        print(reason)
        sys.exit(77)


class Cluster:
    """A running Slurm; `folder` is its own."""

    def __init__(self, folder, cpus, max_array_size):
        self.folder = folder
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("SLURM", "SBATCH", "MUNGE", "OMP_"))}
        self.environment.update({"SLURM_CONF": f"{folder}/slurm.conf", MARK: str(folder)})
        for name, mode in (("socket", 0o755), ("private", 0o700), ("state", 0o755), ("spool", 0o755)):
            (folder / name).mkdir()
            (folder / name).chmod(mode)
        (folder / "private/key").write_bytes(os.urandom(1024))
        (folder / "private/key").chmod(0o400)
        (folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=folder, cpus=cpus, max_array_size=max_array_size, controller_port=free_port(), node_port=free_port()))
        # Nothing uses control groups; but slurmd looks for them where it is not told of which kind they are, and ends without them.
        (folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")

    def start(self):
        folder = self.folder
        self.daemon("munged", "--foreground", "--key-file", folder / "private/key", "--socket", folder / "socket/munge",
                    "--pid-file", folder / "socket/munged.pid", "--log-file", folder / "private/munged.log",
                    "--seed-file", folder / "private/munged.seed")
        self.wait_for(lambda: (folder / "socket/munge").exists(), "munged", START_LIMIT_S)
        self.daemon("slurmctld", "-D", "-f", folder / "slurm.conf")
        self.daemon("slurmd", "-D", "-N", "localhost", "-f", folder / "slurm.conf")
        self.wait_for(lambda: self.run("sinfo", "-h", "-o", "%T", check=False).strip() == "idle", "an idle node", START_LIMIT_S)

    def daemon(self, name, *arguments):
        with open(self.folder / f"{name}.out", "ab") as log:
            process = subprocess.Popen([find(name), *map(str, arguments)], env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log, start_new_session=True)
        time.sleep(0.1)
        if process.poll() is not None:
            raise Failed(f"{name} ended at once with {process.returncode}")

    def run(self, *command, check=True, **options):
        """Standard output of a command that sees this cluster."""
        done = subprocess.run([find(str(command[0])) or str(command[0]), *map(str, command[1:])], env=self.environment, text=True,
                              capture_output=True, timeout=60, check=False, **options)
        if check and done.returncode != 0:
            raise Failed(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def jobs(self):
        """What is known of every job and task of an array: {"12_3" or "12": {"JobState": ..., ...}}; those that wait as a block are "12_[3-5]"."""
        found = {}
        for line in self.run("scontrol", "--oneliner", "show", "job", check=False).splitlines():
            fields = dict(word.split("=", 1) for word in line.split() if "=" in word)
            if "ArrayTaskId" in fields:
                task = fields["ArrayTaskId"]
                found[f"{fields['ArrayJobId']}_{task if task.isdigit() else f'[{task}]'}"] = fields
            elif "JobId" in fields:
                found[fields["JobId"]] = fields
        return found

    def program(self, *words):
        """(process, seconds of processor time) of the one program of a job whose arguments hold all these; None if there is none now. Shells
        do not count."""
        for process in marked(self.folder):
            with contextlib.suppress(OSError):
                arguments = pathlib.Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace").split("\0")
                if all(word in arguments for word in words) and not arguments[0].endswith("bash"):
                    times = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
                    return process, (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
        return None

    def stop_program(self, busy_s, *words):
        """Stops (SIGSTOP) the program once it has worked for some time, so that what follows meets it in the midst of its work. Its process."""
        found = self.wait_for(lambda: (self.program(*words) or (0, 0))[1] >= busy_s and self.program(*words), f"program {words}", 60)
        os.kill(found[0], signal.SIGSTOP)
        return found[0]

    @staticmethod
    def continue_program(process):
        """Lets a stopped program go on; Slurm may have done that already, before a TERM that ended it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)

    def wait_for(self, condition, what, limit_s):
        """Returns the first true value of the condition."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.05)
        raise Failed(f"{what}: not within {limit_s} s")

    def logs(self):
        """The ends of all logs, and the jobs, for a message."""
        parts = []
        for path in sorted([*self.folder.rglob("*.log"), *self.folder.glob("*.out")]):
            tail = path.read_text(errors="replace").splitlines()[-25:]
            parts.append(f"--- {path.relative_to(self.folder)}\n" + "\n".join(tail))
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            shown = subprocess.run([find("scontrol"), "--oneliner", "show", "job"], env=self.environment, text=True, capture_output=True,
                                   timeout=20, check=False)
            parts.append("--- jobs\n" + shown.stdout + shown.stderr)
        return "\n".join(parts)


@contextlib.contextmanager
def cluster(cpus=8, max_array_size=1001):
    """A Slurm that is up; down and without trace afterwards. In the system's folder for temporary files, because a socket's path is short."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="uxosim-slurm-"))
    folder.chmod(0o755)
    guard = start_guard(folder)
    try:
        for attempt in (1, 2, 3):
            ours = folder / str(attempt)
            ours.mkdir()
            up = Cluster(ours, cpus, max_array_size)
            try:
                up.start()
                break
            except Failed as failure:
                print(f"attempt {attempt} to start Slurm: {failure}\n{up.logs()}", file=sys.stderr, flush=True)
                end_all(folder)
                if attempt == 3:
                    raise
        try:
            yield up
        except BaseException:
            print(up.logs(), file=sys.stderr, flush=True)
            raise
    finally:
        guard.stdin.close()
        guard.wait()
        if guard.returncode != 0:
            raise Failed(f"processes of {folder} could not be ended")


def start_guard(folder):
    """Waits until we are gone, then cleans up. A session of its own: a signal to the test's group does not reach it."""
    return subprocess.Popen([sys.executable, __file__, str(folder)], stdin=subprocess.PIPE, start_new_session=True)


def marked(folder):
    """Processes of this cluster: those whose environment began with its mark. Never ourselves."""
    mark = f"{MARK}={folder}".encode()
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z" and any(variable == mark or variable.startswith(mark + b"/") for variable in variables):
            found.append(int(entry.name))
    return found


def end_all(folder):
    """Ends them, politely at first; whether none is left."""
    for number, limit_s in ((signal.SIGTERM, 3), (signal.SIGKILL, 10)):
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            left = marked(folder)
            if not left:
                return True
            for process in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)
                    os.kill(process, signal.SIGCONT)
            time.sleep(0.2)
    return not marked(folder)


def guard_main(folder):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    gone = end_all(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return 0 if gone else 1


if __name__ == "__main__":
    sys.exit(guard_main(pathlib.Path(sys.argv[1])))
