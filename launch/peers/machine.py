"""The machine that is measured on."""

import datetime
import os
import platform
import shutil
import subprocess
from pathlib import Path

from peers.failure import Failure


def interpreter(name):
    path = shutil.which(name)
    if path is None:
        raise Failure(f"PEER_PYTHON names no program: {name}.")
    return path


def use_first_cores(ranks):
    """Keeps whatever is started from now on to one core a rank: those that mpirun binds its ranks to."""
    cores = {}
    for processor in sorted(os.sched_getaffinity(0)):
        siblings = Path(f"/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list")
        cores.setdefault(siblings.read_text() if siblings.exists() else processor, []).append(processor)
    os.sched_setaffinity(0, [processor for core in list(cores.values())[:ranks] for processor in core])


def description(peers):
    """What a reader of the figures has to know: the processor and the versions of all that is measured."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": processor_name(),
        "processors": os.cpu_count(),
        "processors_used": sorted(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.release()}",
        "commit": first_line("git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"),
        "compiler": first_line("swift", "--version"),
        "mpi": first_line("mpirun", "--version"),
        "peers": peers,
    }


def processor_name():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def first_line(*command):
    """None where the program is missing or fails."""
    try:
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return None
    return lines[0] if lines else None
