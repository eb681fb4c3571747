"""resnet20.safetensors: ResNet-20 for small images with batch norm, on one batch."""

import torch
import torch.nn.functional as F

from golden import Golden, Source
from network import CLASSES, EPSILON, MOMENTUM

BATCH = 4
EXTENT = 12
CHANNELS = [16, 32, 64]
BLOCKS = 3
# Large ones: only every 16th element of their gradients is stored.
STORED = {"convolution1.weight", "stage1.block1.convolution1.weight", "stage2.block1.convolution1.weight", "dense.weight"}


def layers():
    """Name of the prefix, number, inputs, outputs and stride of each convolution."""
    yield "", 1, 3, CHANNELS[0], 1
    inputs = CHANNELS[0]
    for stage, outputs in enumerate(CHANNELS, 1):
        for block in range(1, BLOCKS + 1):
            stride = 2 if stage > 1 and block == 1 else 1
            yield f"stage{stage}.block{block}.", 1, inputs, outputs, stride
            yield f"stage{stage}.block{block}.", 2, outputs, outputs, 1
            inputs = outputs


def initial_parameters(source):
    parameters = {}
    for prefix, number, inputs, outputs, _ in layers():
        deviation = (2 / (9 * inputs)) ** 0.5
        parameters[f"{prefix}convolution{number}.weight"] = source.normal(outputs, inputs, 3, 3, deviation=deviation)
        parameters[f"{prefix}normalization{number}.gamma"] = source.normal(outputs, mean=1, deviation=0.2)
        parameters[f"{prefix}normalization{number}.beta"] = source.normal(outputs, deviation=0.2)
    parameters["dense.weight"] = source.normal(CLASSES, CHANNELS[-1], deviation=0.125)
    parameters["dense.bias"] = source.normal(CLASSES, deviation=0.1)
    return parameters


def shortcut(x, channels, stride):
    """Every stride-th pixel, with channels of zeros to equal parts on both sides (option A of He et al. 2016)."""
    padding = (channels - x.shape[1]) // 2
    return F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, padding, padding))


def logits_of(images, parameters, running):
    def normalised(x, prefix, number, stride):
        x = F.conv2d(x, parameters[f"{prefix}convolution{number}.weight"], stride=stride, padding=1)
        mean, variance = running[f"{prefix}normalization{number}"]
        gamma, beta = (parameters[f"{prefix}normalization{number}.{name}"] for name in ("gamma", "beta"))
        return F.batch_norm(x, mean, variance, gamma, beta, True, MOMENTUM, EPSILON)

    convolutions = list(layers())
    x = F.relu(normalised(images, "", 1, 1))
    for (prefix, _, _, outputs, stride), _ in zip(convolutions[1::2], convolutions[2::2]):
        residual = normalised(F.relu(normalised(x, prefix, 1, stride)), prefix, 2, 1)
        x = F.relu(residual + shortcut(x, outputs, stride))
    return F.linear(x.mean((2, 3)), parameters["dense.weight"], parameters["dense.bias"])


def generate():
    golden = Golden("resnet20")
    source = Source(540)
    parameters = initial_parameters(source)
    for name, values in parameters.items():
        golden.put(name, values)
    images, labels = source.normal(BATCH, 3, EXTENT, EXTENT), source.labels(BATCH, CLASSES)
    golden.put_images("images", images)
    golden.put("labels", labels)
    recorded = {name: values.clone().requires_grad_() for name, values in parameters.items()}
    running = {
        f"{prefix}normalization{number}": (torch.zeros(outputs, dtype=torch.float64), torch.ones(outputs, dtype=torch.float64))
        for prefix, number, _, outputs, _ in layers()
    }
    logits = logits_of(images, recorded, running)
    loss = F.cross_entropy(logits, labels)
    golden.put_exactly("loss", loss)
    golden.put("logits", logits)
    for name, gradient in zip(recorded, torch.autograd.grad(loss, list(recorded.values()))):
        if name in STORED or "normalization" in name or name == "dense.bias":
            golden.put(f"gradient.{name}", gradient)
        else:
            golden.put_exactly(f"gradient.{name}.sumOfSquares", (gradient**2).sum())
    for name in ["normalization1", "stage3.block3.normalization2"]:
        golden.put(f"after.{name}.runningMean", running[name][0])
        golden.put(f"after.{name}.runningVariance", running[name][1])
    golden.save()
