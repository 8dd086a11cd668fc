"""What the scripts of all peers share: processes that are ended again, the server's memory, the line of the result."""
import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

LARGEST_ARRAY = 10_000_000


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--nodes", type=int, default=10)
    parser.add_argument("--elements", type=int, default=259_257, help="float32 parameters of the model")
    parser.add_argument("--rounds", type=int, default=10, help="measured ones; one more warms up")
    parser.add_argument("--patience", type=int, default=900, help="seconds for all of it")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the logs behind")
    return parser.parse_args()


def sizes(elements):
    """Of the model's arrays: as few as are not longer than LARGEST_ARRAY."""
    whole, rest = divmod(elements, LARGEST_ARRAY)
    return [LARGEST_ARRAY] * whole + ([rest] if rest else [])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tool(name):
    """A program of the environment whose Python runs this."""
    return str(pathlib.Path(sys.executable).parent / name)


def families():
    """Children by the parent's process id."""
    children = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                with open(f"/proc/{entry.name}/stat") as stat:
                    parent = int(stat.read().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
            except (OSError, IndexError, ValueError):
                pass  # it has ended meanwhile
    return children


def tree(root):
    children, found, todo = families(), [], [root]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def named(text):
    """Processes in whose command line this stands, but not this one."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if text.encode() in pathlib.Path("/proc", entry.name, "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                pass  # it has ended meanwhile
    return found


def resident_mib(pid):
    try:
        with open(f"/proc/{pid}/status") as status:
            return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS")), 0)
    except OSError:
        return 0


class Parties:
    """Processes with a log each in one folder; closing ends them and what they started."""

    def __init__(self, name, keep=False):
        # whoever ends this ends what it started
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"peer-{name}-"))
        self.keep = keep
        self.processes = []
        self.servers = lambda: []
        self.peak_mib = 0
        self.over = threading.Event()
        self.looks = threading.Thread(target=self._look, daemon=True)
        self.looks.start()

    def _look(self):
        while not self.over.wait(0.25):
            self.peak_mib = max(self.peak_mib, sum(map(resident_mib, self.servers())))

    def run(self, *command, log="commands", **options):
        with open(self.folder / f"{log}.log", "ab") as out:
            result = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, **options)
        if result.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed:\n{self.log(log)[-3000:]}")

    def start(self, name, *command, server=False, **options):
        out = open(self.folder / f"{name}.log", "wb")
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True, **options)
        self.processes.append(process)
        if server:
            self.servers = lambda: tree(process.pid)
        return process

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def wait(self, condition, what, seconds, *needed):
        end = time.monotonic() + seconds
        while not condition():
            ended = [p.args[0] for p in needed if p.poll() not in (None, 0)]
            if ended or time.monotonic() > end:
                logs = "".join(f"\n== {f}\n{f.read_text(errors='replace')[-3000:]}" for f in self.folder.glob("*.log"))
                raise SystemExit(f"{what}: {'ended: ' + str(ended) if ended else 'not within the time'}{logs}")
            time.sleep(0.1)

    def close(self):
        self.over.set()
        self.looks.join()
        # what was started in the background belongs to nobody here, but names this folder
        family = [pid for process in self.processes for pid in tree(process.pid)]
        family += [pid for pid in named(str(self.folder)) if pid not in family]
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for pid in reversed(family):
                try:
                    os.kill(pid, sign)
                except ProcessLookupError:
                    pass
            end = time.monotonic() + 10
            while any(p.poll() is None for p in self.processes) and time.monotonic() < end:
                time.sleep(0.1)
        if self.keep:
            print(f"logs are in {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def report(peer, version, args, ends, peak_mib):
    """ends: when each round ended, the one that warms up included, in seconds of any clock."""
    rounds = [later - earlier for earlier, later in zip(ends, ends[1:])]
    print(json.dumps({
        "peer": peer,
        "version": version,
        "nodes": args.nodes,
        "megabytes": round(args.elements * 4 / 1e6, 2),
        "round_seconds_median": round(statistics.median(rounds), 3),
        "rounds": [round(seconds, 3) for seconds in rounds],
        "server_peak_mib": round(peak_mib),
    }), flush=True)
