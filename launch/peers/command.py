"""Programs that are measured: started in a session of their own, and never left behind."""

import os
import signal
import subprocess

from peers.failure import Failure

LIMIT_SECONDS = 600


def output_of(command, purpose):
    """What the command prints. `purpose` begins the sentence that tells of a failure."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise Failure(f"{purpose} was ended after {LIMIT_SECONDS} s without a figure.") from None
    finally:
        if process.returncode is None:
            end(process)
    if process.returncode != 0:
        raise Failure(f"{purpose} ended with status {process.returncode}: {last_line(errors or output)}")
    return output


def end(process):
    """Ends the whole session: first so that mpirun can end its ranks."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.communicate(timeout=5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def last_line(text):
    return (text.strip().splitlines() or ["it said nothing"])[-1].strip()
