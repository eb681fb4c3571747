"""precise.safetensors: statistics of precise batch norm (Wu and Johnson 2021) of the network in pytorch.safetensors.

The network is in training mode with a momentum of 1, so that its running statistics are those of the last batch; they are
put together as fvcore's `update_bn_stats` does with its population estimator: weighted by the sizes of the batches, with
Bessel's correction undone.
"""

import torch
from safetensors.torch import load_file

from golden import FOLDER, Golden
from network import CHANNELS
from pytorch import Network, digits

# Images of three workers in each step.
COUNTS = [[2, 3, 1], [4, 0, 2], [1, 5, 2]]


def population(network, batches):
    """Mean and variance of each layer's input over all batches, by the layer's number."""
    totals = {}
    for images in batches:
        network(images)
        pixels = len(images) * images.shape[2] * images.shape[3]
        for layer in range(1, len(CHANNELS) + 1):
            # Max pooling halves the sides behind the layers 2 and 4.
            count = pixels // (1 if layer <= 2 else 4 if layer <= 4 else 16)
            norm = getattr(network, f"normalization{layer}")
            mean, unbiased = norm.running_mean.clone(), norm.running_var.clone()
            square = unbiased * (count - 1) / count + mean**2
            number, means, squares = totals.get(layer, (0, 0, 0))
            totals[layer] = number + count, means + count * mean, squares + count * square
    return {layer: (means / number, squares / number - (means / number) ** 2)
            for layer, (number, means, squares) in totals.items()}


def generate():
    golden = Golden("precise")
    images, _ = digits("train")
    images = (images - images.mean()) / images.std(correction=0)
    network = Network("bn")
    network.load_state_dict(load_file(FOLDER / "pytorch.safetensors"))
    network.double().train()
    for layer in range(1, len(CHANNELS) + 1):
        getattr(network, f"normalization{layer}").momentum = 1.0
    counts = torch.tensor(COUNTS)
    golden.put("counts", counts)
    images = images[: counts.sum()]
    cells = {"worker": counts.flatten().tolist(), "world": counts.sum(1).tolist()}
    with torch.no_grad():
        for group, sizes in cells.items():
            batches = [batch for batch in images.split(sizes) if len(batch) > 0]
            for layer, (mean, variance) in population(network, batches).items():
                golden.put(f"{group}.normalization{layer}.mean", mean)
                golden.put(f"{group}.normalization{layer}.variance", variance)
    golden.save()
