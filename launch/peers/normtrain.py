"""normtrain itself: how it is built, started and measured."""

import csv
import statistics
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from peers.command import output_of

WARM_UP_STEPS = 5
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
    """`images_per_second` over all ranks, from the median step time."""
    with tempfile.TemporaryDirectory() as folder:
        write_images(Path(folder), ranks * batch * (WARM_UP_STEPS + steps))
        training = ["train", "--norm", norm, "--batch", str(batch), "--epochs", "1", "--workers", str(ranks), "--quiet"]
        data = ["--dataset", "mnist", "--data", folder, "--set", "dataset.trainImages=null", "--out", f"{folder}/run"]
        output_of([*launcher, *training, *data], f"normtrain with {norm} and batch {batch}")
        with open(f"{folder}/run/metrics.csv", newline="") as file:
            seconds = [float(row["seconds"]) for row in csv.DictReader(file)]
    return {"images_per_second": ranks * batch / statistics.median(seconds[WARM_UP_STEPS:])}


def write_images(folder, count):
    """Images in MNIST's format: as many as are trained on, and few to test, which is not measured."""
    for part, images in [("train", count), ("t10k", 10)]:
        pixels = bytes(index * index % 251 for index in range(28 * 28))
        (folder / f"{part}-images-idx3-ubyte").write_bytes(struct.pack(">4i", 0x803, images, 28, 28) + pixels * images)
        labels = bytes(index % 10 for index in range(images))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">2i", 0x801, images) + labels)
