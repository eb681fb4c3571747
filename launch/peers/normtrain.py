"""normtrain itself: how it is built, started and measured."""

import json
import subprocess
import sys
from pathlib import Path

from peers.command import output_of

ROOT = Path(__file__).resolve().parents[2]


def prepare(ranks):
    """Installs and builds what is missing; gives the command that starts normtrain on `ranks` ranks."""
    script = """
        source "$1/launch/prepare"
        prepare_binary >&2
        place_ranks "$2"
        printf '%s\\n' "${placement[@]}" "$binary"
    """
    prepared = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script, "bench", ROOT, str(ranks)], stdout=subprocess.PIPE, text=True
    )
    if prepared.returncode != 0:
        # It has said why.
        sys.exit(prepared.returncode)
    return ["mpirun", "-q", "-np", str(ranks), *prepared.stdout.splitlines()]


def figures(launcher, ranks, norm, batch, steps):
    """`images_per_second` over all ranks, from the median step time of the slowest rank, and more."""
    measurement = ["bench", "--norm", norm, "--batch", str(batch), "--workers", str(ranks), "--steps", str(steps), "--json"]
    output = output_of([*launcher, *measurement], f"normtrain with {norm} and batch {batch}")
    return json.loads(output)["rows"][0]
