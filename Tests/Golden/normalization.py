"""normalization.safetensors: batch, layer, instance and group norm, forward and backward."""

from typing import NamedTuple

import torch
import torch.nn.functional as F

from golden import Golden, Source, variables

EPSILON = 1e-5
MOMENTUM = 0.1
SLOPE = 0.2

ACTIVATIONS = {
    "none": lambda z: z,
    "relu": F.relu,
    "leakyRelu": lambda z: F.leaky_relu(z, SLOPE),
}


def in_closed_form(x, gamma, beta, groups):
    """Group norm by its formula. PyTorch refuses statistics over one value; the formula gives beta there."""
    grouped = x.reshape(x.shape[0], groups, -1)
    centred = grouped - grouped.mean(2, keepdim=True)
    normalised = (centred / torch.sqrt((centred**2).mean(2, keepdim=True) + EPSILON)).reshape(x.shape)
    if gamma is None:
        return normalised
    return normalised * gamma.reshape(1, -1, 1, 1) + beta.reshape(1, -1, 1, 1)


def over_groups(x, gamma, beta, groups):
    closed = in_closed_form(x, gamma, beta, groups)
    if x[0].numel() == groups:
        return closed
    output = F.group_norm(x, groups, gamma, beta, EPSILON)
    assert torch.allclose(output, closed, rtol=1e-9, atol=1e-9)
    return output


def methods(shape, groups, mean, variance):
    """The norms by name; batch norm in training overwrites `mean` and `variance`, as PyTorch does."""
    channels = shape[1]
    table = {
        "batchTraining": lambda x, g, b: F.batch_norm(x, mean, variance, g, b, True, MOMENTUM, EPSILON),
        "batchEvaluation": lambda x, g, b: F.batch_norm(x, mean, variance, g, b, False, MOMENTUM, EPSILON),
        "layer": lambda x, g, b: over_groups(x, g, b, 1),
        "instance": lambda x, g, b: over_groups(x, g, b, channels),
    }
    for count in groups:
        table[f"group{count}"] = lambda x, g, b, count=count: over_groups(x, g, b, count)
    return table


def most_cases(method):
    """Affine or not, and the activation behind."""
    yield from [("affine", "none"), ("affine", "relu"), ("affine", "leakyRelu"), ("plain", "none")]


def few_cases(method):
    """For large images, to keep the file small."""
    yield ("affine", "relu")
    if method == "batchTraining":
        yield from [("affine", "none"), ("plain", "leakyRelu")]
    if method == "group8":
        yield ("plain", "leakyRelu")


class ImageSet(NamedTuple):
    """Images that several norms are applied to."""

    name: str
    batch: int
    height: int
    width: int
    channels: int
    groups: list
    cases: callable = most_cases
    # With 1000, the mean of every channel is a thousand deviations.
    mean: float = 0
    # How far, of the largest value, the input of an activation stays away from zero.
    margin: float = 1e-4


IMAGE_SETS = [
    ImageSet("4x5x3x8", 4, 5, 3, 8, [2, 4]),
    ImageSet("3x4x4x7", 3, 4, 4, 7, [1, 7]),
    ImageSet("5x6x6x1", 5, 6, 6, 1, [1]),
    ImageSet("6x1x1x16", 6, 1, 1, 16, [2, 4]),
    ImageSet("1x3x3x4", 1, 3, 3, 4, [2]),
    ImageSet("2x7x7x32", 2, 7, 7, 32, [8, 16], few_cases, margin=1e-5),
    ImageSet("4x4x4x96", 4, 4, 4, 96, [8, 32], few_cases, margin=1e-5),
    ImageSet("mean1000", 4, 5, 5, 8, [2], mean=1000, margin=1e-3),
]


class NearZero(Exception):
    """An activation's input is so close to zero that rounding decides about its gradient."""


def put_set(golden, images, source):
    shape = (images.batch, images.channels, images.height, images.width)
    x = source.normal(*shape, mean=images.mean, deviation=1 if images.mean else 1.5)
    upstream = source.normal(*shape)
    gamma = source.normal(images.channels, mean=1, deviation=0.3)
    beta = source.normal(images.channels, deviation=0.3)
    running_mean = source.normal(images.channels, mean=images.mean, deviation=0.5)
    running_variance = (source.normal(images.channels, deviation=0.3).abs() + 0.5).float().double()

    found = {}
    for method in methods(shape, images.groups, running_mean, running_variance):
        for affine, activation in images.cases(method):
            running = running_mean.clone(), running_variance.clone()
            norm = methods(shape, images.groups, *running)[method]
            parameters = variables(gamma, beta) if affine == "affine" else []
            (input,) = variables(x)
            normalised = norm(input, *(parameters or [None, None]))
            if activation != "none" and normalised.abs().min() < images.margin * normalised.abs().max():
                raise NearZero
            output = ACTIVATIONS[activation](normalised)
            gradients = torch.autograd.grad((output * upstream).sum(), [input, *parameters])
            found[f"{images.name}.{method}.{affine}.{activation}"] = (method, running, output, gradients)

    golden.put_images(f"{images.name}.input", x)
    golden.put_images(f"{images.name}.outputGradient", upstream)
    golden.put(f"{images.name}.gamma", gamma)
    golden.put(f"{images.name}.beta", beta)
    golden.put(f"{images.name}.runningMean", running_mean)
    golden.put(f"{images.name}.runningVariance", running_variance)
    for case, (method, running, output, gradients) in found.items():
        golden.put_images(f"{case}.output", output)
        golden.put_images(f"{case}.inputGradient", gradients[0])
        if len(gradients) == 3:
            golden.put(f"{case}.gammaGradient", gradients[1])
            golden.put(f"{case}.betaGradient", gradients[2])
        if method == "batchTraining":
            golden.put(f"{case}.runningMean", running[0])
            golden.put(f"{case}.runningVariance", running[1])


def put_cumulative_average(golden, source):
    """Running statistics with momentum=None: the plain average over the batches seen so far."""
    norm = torch.nn.BatchNorm2d(5, momentum=None, affine=False, dtype=torch.float64)
    for step in range(3):
        x = source.normal(4, 5, 3, 2, mean=step, deviation=1 + step)
        norm(x)
        golden.put_images(f"cumulative.{step}.input", x)
        golden.put(f"cumulative.{step}.runningMean", norm.running_mean)
        golden.put(f"cumulative.{step}.runningVariance", norm.running_var)


def generate():
    golden = Golden("normalization")
    seed = 1
    for images in IMAGE_SETS:
        while True:
            seed += 1
            try:
                put_set(golden, images, Source(seed))
                break
            except NearZero:
                continue
    put_cumulative_average(golden, Source(0))
    golden.put_number("epsilon", EPSILON)
    golden.put_number("momentum", MOMENTUM)
    golden.put_number("slope", SLOPE)
    golden.save()
