"""optimisers.safetensors: steps of PyTorch's Adam and AdamW with given gradients."""

import torch

from golden import Golden, Source

STEPS = 12
COUNT = 21
SETTINGS = {"lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.05}


def generate():
    golden = Golden("optimisers")
    golden.put_number("rate", SETTINGS["lr"])
    golden.put_number("beta1", SETTINGS["betas"][0])
    golden.put_number("beta2", SETTINGS["betas"][1])
    golden.put_number("epsilon", SETTINGS["eps"])
    golden.put_number("weightDecay", SETTINGS["weight_decay"])
    source = Source(520)
    weights = source.normal(COUNT)
    # Scales from 1 down to what is no longer large beside epsilon.
    gradients = source.normal(STEPS, COUNT) * 10.0 ** -torch.arange(COUNT, dtype=torch.float64).remainder(9)
    gradients = gradients.float().double()
    golden.put("weights", weights)
    golden.put("gradients", gradients)
    for name, kind in [("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW)]:
        parameter = weights.clone().requires_grad_()
        optimiser = kind([parameter], **SETTINGS)
        for step in range(STEPS):
            parameter.grad = gradients[step].clone()
            optimiser.step()
            golden.put(f"{name}.{step}", parameter)
    golden.save()
