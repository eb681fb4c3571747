"""pytorch.safetensors and pytorch-logits.safetensors: the network as a PyTorch module, its state dict, and its logits."""

import gzip
from pathlib import Path

import torch
from torch import nn
from safetensors.torch import load_file, save_file

from golden import FOLDER, Golden, Source
from network import CHANNELS, CLASSES, GROUPS, POOL_BEHIND, SHIFTLESS, initial_biases

DIGITS = Path(__file__).parents[2] / "Sources/Datasets/Digits"
IMAGES = 20
STEPS = 100
BATCH = 32


def norm_layer(norm, channels):
    match norm:
        case "bn":
            return nn.BatchNorm2d(channels)
        case "gn":
            return nn.GroupNorm(GROUPS, channels)
        case "ln":
            return nn.GroupNorm(1, channels)
        case "in":
            return nn.GroupNorm(channels, channels)
        case "none":
            return nn.Identity()


class Network(nn.Module):
    """The network cnn of normtrain; its state dict is what `normtrain export --pytorch` writes and `--init` takes."""

    def __init__(self, norm, input_channels=1, classes=CLASSES):
        super().__init__()
        inputs = input_channels
        for layer, channels in enumerate(CHANNELS, 1):
            convolution = nn.Conv2d(inputs, channels, 3, padding=1, bias=norm in SHIFTLESS)
            self.add_module(f"convolution{layer}", convolution)
            self.add_module(f"normalization{layer}", norm_layer(norm, channels))
            inputs = channels
        self.dense = nn.Linear(inputs, classes)

    def forward(self, x):
        """The scores of each class: N×classes, for images N×C×H×W."""
        for layer in range(1, len(CHANNELS) + 1):
            x = getattr(self, f"convolution{layer}")(x)
            x = getattr(self, f"normalization{layer}")(x).relu()
            if layer in POOL_BEHIND:
                x = nn.functional.max_pool2d(x, 2)
        return self.dense(x.mean((2, 3)))


def idx(name, header):
    """The bytes of a gzipped IDX file behind its header."""
    return torch.frombuffer(bytearray(gzip.decompress((DIGITS / f"{name}.gz").read_bytes())[header:]), dtype=torch.uint8)


def digits(part):
    """The embedded digits: N×1×8×8 in float64 (bytes), and labels."""
    images = idx(f"{part}-images-idx3-ubyte", 16).reshape(-1, 1, 8, 8)
    return images.double(), idx(f"{part}-labels-idx1-ubyte", 8).long()


def train(network, images, labels):
    """Gives the weights and the running statistics values that a training leaves."""
    optimiser = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)
    for step in range(STEPS):
        batch = torch.arange(step * BATCH, (step + 1) * BATCH) % len(labels)
        optimiser.zero_grad()
        nn.functional.cross_entropy(network(images[batch]), labels[batch]).backward()
        optimiser.step()


def generate():
    torch.manual_seed(400)
    images, labels = digits("train")
    mean, deviation = images.mean(), images.std(correction=0)
    test_images, test_labels = digits("t10k")
    test_images, test_labels = ((test_images[:IMAGES] - mean) / deviation).float(), test_labels[:IMAGES]
    network = Network("bn").double()
    train(network, (images - mean) / deviation, labels)
    path = FOLDER / "pytorch.safetensors"
    save_file(network.float().state_dict(), path)
    print(f"{path.name}: {path.stat().st_size} bytes")

    golden = Golden("pytorch-logits")
    golden.put_images("images", test_images)
    golden.put("labels", test_labels)
    biases = initial_biases(Source(401))
    for name, values in biases.items():
        golden.put(name, values)
    for norm in ["bn", "gn", "ln", "in", "none"]:
        network = Network(norm)
        names = network.state_dict().keys()
        state = load_file(path) | biases
        network.load_state_dict({name: values for name, values in state.items() if name in names})
        with torch.no_grad():
            logits = network.double().eval()(test_images.double())
        golden.put(f"{norm}.logits", logits)
        right = (logits.argmax(1) == test_labels).sum()
        print(f"  {norm}: {right} of {IMAGES} right")
    golden.save()
