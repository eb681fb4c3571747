"""rms.safetensors: root-mean-square norm over channels and pixels, forward and backward."""

import torch
import torch.nn.functional as F

from golden import Golden, Source, variables

EPSILON = 1e-5
SHAPES = [(4, 5, 3, 8), (3, 4, 4, 7), (2, 7, 7, 32), (6, 1, 1, 16)]


def rms_norm(x, gamma):
    """PyTorch's over the axes of layer norm, with a scale for each channel."""
    return F.rms_norm(x, x.shape[1:], eps=EPSILON) * gamma.reshape(1, -1, 1, 1)


def generate():
    golden = Golden("rms")
    golden.put_number("epsilon", EPSILON)
    source = Source(500)
    for batch, height, width, channels in SHAPES:
        case = f"{batch}x{height}x{width}x{channels}"
        # A mean of its own for each channel: this norm does not take it away.
        x = source.normal(batch, channels, height, width) + source.normal(1, channels, 1, 1)
        upstream, gamma = source.normal(*x.shape), source.normal(channels, mean=1, deviation=0.3)
        x, gamma = variables(x.float().double(), gamma)
        output = rms_norm(x, gamma)
        gradients = torch.autograd.grad((output * upstream).sum(), [x, gamma])
        for name, images in [("input", x), ("outputGradient", upstream), ("output", output), ("inputGradient", gradients[0])]:
            golden.put_images(f"{case}.{name}", images)
        golden.put(f"{case}.gamma", gamma)
        golden.put(f"{case}.gammaGradient", gradients[1])
    golden.save()
