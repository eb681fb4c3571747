"""A golden file in the making, and exact random inputs."""

from pathlib import Path

import torch
from safetensors.torch import save_file

FOLDER = Path(__file__).parent


class Golden:
    """Tensors by name, rounded to float32 as they are put in."""

    def __init__(self, name, writer="Tests/Golden/generate.py"):
        self.path = FOLDER / f"{name}.safetensors"
        # One entry only: safetensors writes several in no particular order.
        self.metadata = {"writer": writer}
        self.tensors = {}

    def put(self, name, tensor):
        """Stores floats as float32, integers as int64."""
        kind = torch.float32 if tensor.is_floating_point() else torch.int64
        self.put_exactly(name, tensor.to(kind))

    def put_exactly(self, name, tensor):
        """Stores a tensor in its own type."""
        assert name not in self.tensors, name
        assert not tensor.is_floating_point() or tensor.isfinite().all(), name
        # A copy with memory of its own: shared memory is refused by the writer.
        self.tensors[name] = tensor.detach().contiguous().clone()

    def put_images(self, name, tensor):
        """Stores images, which PyTorch keeps as NCHW, as NHWC."""
        self.put(name, tensor.permute(0, 2, 3, 1))

    def put_number(self, name, number):
        """Stores a setting: whole numbers as int64, others as float64, both without dimensions."""
        kind = torch.int64 if isinstance(number, int) else torch.float64
        self.put_exactly(name, torch.tensor(number, dtype=kind))

    def save(self):
        save_file(self.tensors, self.path, metadata=self.metadata)
        print(f"{self.path.name}: {len(self.tensors)} tensors, {self.path.stat().st_size} bytes")


class Source:
    """Random numbers in float64 that float32 holds exactly."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape, mean=0.0, deviation=1.0):
        numbers = torch.randn(shape, generator=self.generator, dtype=torch.float64) * deviation + mean
        return numbers.to(torch.float32).to(torch.float64)

    def labels(self, count, classes):
        return torch.randint(0, classes, (count,), generator=self.generator)

    def permutation(self, count):
        return torch.randperm(count, generator=self.generator)


def variables(*tensors):
    """Copies that record what is computed from them."""
    return [tensor.detach().clone().requires_grad_() for tensor in tensors]
