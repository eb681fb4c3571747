"""renormalization.safetensors: batch renormalisation (Ioffe 2017, algorithm 1), four steps of one layer.

PyTorch has no such layer: this is the algorithm in its operations, with r and d detached. The running variance follows
the unbiased one of the batch, as that of PyTorch's batch norm does.
"""

import torch

from golden import Golden, Source, variables

EPSILON = 1e-5
MOMENTUM = 0.1
LARGEST_SCALE = 1.5
LARGEST_SHIFT = 0.5
# Steps before the correction begins.
WARM_UP = 1
STEPS = 4
SHAPE = (4, 6, 3, 5)


def renormalise(x, gamma, beta, mean, variance, corrects):
    """N×C×H×W, with the running statistics before the step; gives the output, and these after it."""
    batch_mean = x.mean((0, 2, 3))
    batch_variance = x.var((0, 2, 3), correction=0)
    deviation, running = (batch_variance + EPSILON).sqrt(), (variance + EPSILON).sqrt()
    r, d = torch.ones_like(mean), torch.zeros_like(mean)
    if corrects:
        r = (deviation / running).clamp(1 / LARGEST_SCALE, LARGEST_SCALE).detach()
        d = ((batch_mean - mean) / running).clamp(-LARGEST_SHIFT, LARGEST_SHIFT).detach()

    def channels(values):
        return values.reshape(1, -1, 1, 1)

    normalised = (x - channels(batch_mean)) / channels(deviation) * channels(r) + channels(d)
    count = x.numel() / x.shape[1]
    mean = (1 - MOMENTUM) * mean + MOMENTUM * batch_mean.detach()
    variance = (1 - MOMENTUM) * variance + MOMENTUM * batch_variance.detach() * count / (count - 1)
    return channels(gamma) * normalised + channels(beta), mean, variance, r, d


def generate():
    golden = Golden("renormalization")
    for name, value in [("epsilon", EPSILON), ("momentum", MOMENTUM), ("largestScale", LARGEST_SCALE),
                        ("largestShift", LARGEST_SHIFT), ("warmUp", WARM_UP), ("steps", STEPS)]:
        golden.put_number(name, value)
    source = Source(510)
    gamma, beta = source.normal(SHAPE[1], mean=1, deviation=0.3), source.normal(SHAPE[1], deviation=0.3)
    golden.put("gamma", gamma)
    golden.put("beta", beta)
    mean, variance = torch.zeros(SHAPE[1], dtype=torch.float64), torch.ones(SHAPE[1], dtype=torch.float64)
    inside = outside = 0
    for step in range(STEPS):
        x = (source.normal(*SHAPE, deviation=1.3) + source.normal(1, SHAPE[1], 1, 1, deviation=0.5)).float().double()
        upstream = source.normal(*SHAPE)
        x, scale, shift = variables(x, gamma, beta)
        output, mean, variance, r, d = renormalise(x, scale, shift, mean, variance, step >= WARM_UP)
        inside += int((d.abs() < LARGEST_SHIFT).sum())
        outside += int((d.abs() == LARGEST_SHIFT).sum())
        gradients = torch.autograd.grad((output * upstream).sum(), [x, scale, shift])
        for name, images in [("input", x), ("outputGradient", upstream), ("output", output), ("inputGradient", gradients[0])]:
            golden.put_images(f"{step}.{name}", images)
        golden.put(f"{step}.gammaGradient", gradients[1])
        golden.put(f"{step}.betaGradient", gradients[2])
        golden.put(f"{step}.runningMean", mean)
        golden.put(f"{step}.runningVariance", variance)
    assert inside > 0 and outside > 0, "the limits are to be met by some channels and not by others"
    golden.save()
