"""head.safetensors: the network with a norm behind its dense layer alone, on one batch."""

import torch
import torch.nn.functional as F

from golden import Golden, Source
from network import CLASSES, EPSILON, MOMENTUM

BATCH = 8
EXTENT = 9


def initial_parameters(source):
    parameters = {}
    for layer, (inputs, outputs) in enumerate([(1, 32), (32, 64)], 1):
        parameters[f"convolution{layer}.weight"] = source.normal(outputs, inputs, 3, 3, deviation=(2 / (9 * inputs)) ** 0.5)
        parameters[f"convolution{layer}.bias"] = source.normal(outputs, deviation=0.1)
    parameters["dense1.weight"] = source.normal(64, 64, deviation=(2 / 64) ** 0.5)
    parameters["normalization1.gamma"] = source.normal(64, mean=1, deviation=0.2)
    parameters["normalization1.beta"] = source.normal(64, deviation=0.2)
    parameters["dense.weight"] = source.normal(CLASSES, 64, deviation=(1 / 64) ** 0.5)
    parameters["dense.bias"] = source.normal(CLASSES, deviation=0.1)
    return parameters


def logits_of(images, parameters, mean, variance):
    x = images
    for layer in [1, 2]:
        x = F.conv2d(x, parameters[f"convolution{layer}.weight"], parameters[f"convolution{layer}.bias"], padding=1)
        x = F.max_pool2d(F.relu(x), 2)
    x = F.linear(x.mean((2, 3)), parameters["dense1.weight"])
    x = F.batch_norm(
        x, mean, variance, parameters["normalization1.gamma"], parameters["normalization1.beta"], True, MOMENTUM, EPSILON)
    return F.linear(F.relu(x), parameters["dense.weight"], parameters["dense.bias"])


def generate():
    golden = Golden("head")
    source = Source(530)
    parameters = initial_parameters(source)
    for name, values in parameters.items():
        golden.put(name, values)
    images, labels = source.normal(BATCH, 1, EXTENT, EXTENT), source.labels(BATCH, CLASSES)
    golden.put_images("images", images)
    golden.put("labels", labels)
    recorded = {name: values.clone().requires_grad_() for name, values in parameters.items()}
    mean, variance = torch.zeros(64, dtype=torch.float64), torch.ones(64, dtype=torch.float64)
    logits = logits_of(images, recorded, mean, variance)
    loss = F.cross_entropy(logits, labels)
    golden.put_exactly("loss", loss)
    golden.put("logits", logits)
    for name, gradient in zip(recorded, torch.autograd.grad(loss, list(recorded.values()))):
        golden.put(f"gradient.{name}", gradient)
    golden.put("after.normalization1.runningMean", mean)
    golden.put("after.normalization1.runningVariance", variance)
    golden.save()
