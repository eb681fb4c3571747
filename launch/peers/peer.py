"""The peers: which scripts measure them, and with which variants."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from peers.command import last_line, output_of
from peers.failure import Failure


@dataclass(frozen=True)
class Peer:
    title: str
    # Fails where the peer can't be used; prints its version.
    probe: str
    # What pip is to be told.
    package: str
    script: str
    # The arguments of the script that each variant takes, besides the common ones.
    variants: dict

    def __hash__(self):
        return hash(self.title)

    def version(self, python):
        found = subprocess.run([python, "-c", self.probe], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if found.returncode != 0:
            raise Failure(
                f"{python} can't use {self.title} ({last_line(found.stderr)}); install it with"
                f" `{python} -m pip install {self.package}`, or name another interpreter in PEER_PYTHON."
            )
        return last_line(found.stdout)

    def figures(self, python, variant, ranks, norm, batch, steps):
        """What the script prints: `images_per_second` and `peak_memory_bytes`."""
        purpose = f"{self.title} ({variant}) with {norm} and batch {batch}"
        common = ["--ranks", ranks, "--norm", norm, "--batch", batch, "--steps", steps]
        command = [python, Path(__file__).with_name(self.script), *common, *self.variants[variant]]
        output = output_of([str(part) for part in command], purpose)
        try:
            figures = json.loads(last_line(output))
            if figures["images_per_second"] > 0:
                return figures
        except (ValueError, KeyError, TypeError):
            pass
        raise Failure(f"{purpose} printed no images a second, but: {last_line(output)}")


PEERS = {
    "torch": Peer(
        title="PyTorch",
        probe="import torch, torch.distributed; print(torch.__version__)",
        package="torch --index-url https://download.pytorch.org/whl/cpu",
        script="torch_ddp.py",
        variants={name: ["--format", name] for name in ["contiguous", "channels_last"]},
    ),
    "jax": Peer(
        title="JAX",
        probe="import jax; jax.shard_map; print(jax.__version__)",
        package="'jax>=0.6'",
        script="jax_shard_map.py",
        variants={"nhwc": []},
    ),
}
