"""Makes every *.safetensors file of this folder with PyTorch, on the CPU.

    pip install torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu
    pip install safetensors==0.8.0 packaging
    python3 Tests/Golden/generate.py

Everything is computed in float64 from inputs that were rounded to float32 first, so that the inputs in the files are
exact; results are rounded once, when they are stored. README.md says what each file holds.
"""

import torch

import contrastive
import head
import network
import normalization
import operations
import optimisers
import precise
import pytorch
import renormalization
import resnet20
import rms
import training
from golden import Golden


def exchange_format():
    """A few tensors of known values: what Python writes, others must read."""
    golden = Golden("format", "safetensors for Python")
    golden.tensors = {
        "floats": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 2,
        "doubles": torch.tensor([0.1, -1e300], dtype=torch.float64),
        "integers": torch.tensor([-(2**40), 0, 2**40]),
        "bytes": torch.tensor([0, 1, 127, 128, 255], dtype=torch.uint8),
        "nothing": torch.zeros(0, 4, dtype=torch.float32),
        "scalar": torch.tensor(-7.0, dtype=torch.float32),
    }
    golden.save()


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    exchange_format()
    normalization.generate()
    operations.generate()
    network.generate()
    training.generate()
    pytorch.generate()
    rms.generate()
    renormalization.generate()
    optimisers.generate()
    head.generate()
    resnet20.generate()
    precise.generate()
    contrastive.generate()
