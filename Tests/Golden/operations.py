"""operations.safetensors: the operations of a network, forward and backward, and the gradients of gradients."""

import torch
import torch.nn.functional as F

from golden import Golden, Source, variables

SLOPE = 0.2


def put_convolution(golden, name, x, weight, bias, stride, padding, source):
    """`x`: N×C×H×W."""
    inputs = variables(x, weight) + (variables(bias) if bias is not None else [])
    output = F.conv2d(*inputs, stride=stride, padding=padding)
    upstream = source.normal(*output.shape)
    gradients = torch.autograd.grad((output * upstream).sum(), inputs)
    golden.put_images(f"{name}.input", x)
    golden.put(f"{name}.weight", weight)
    golden.put_number(f"{name}.stride", stride)
    golden.put_number(f"{name}.padding", padding)
    golden.put_images(f"{name}.output", output)
    golden.put_images(f"{name}.outputGradient", upstream)
    golden.put_images(f"{name}.inputGradient", gradients[0])
    golden.put(f"{name}.weightGradient", gradients[1])
    if bias is not None:
        golden.put(f"{name}.bias", bias)
        golden.put(f"{name}.biasGradient", gradients[2])


def put_convolutions(golden, source):
    # Images N, C, H, W; output channels; kernel, stride, padding; bias.
    cases = {
        "kernel3": ((2, 4, 6, 5), 5, 3, 1, 1, False),
        "kernel1": ((2, 8, 4, 4), 6, 1, 1, 0, False),
        "kernel3Stride2": ((2, 4, 7, 6), 8, 3, 2, 1, False),
        "kernel1Stride2": ((2, 4, 6, 7), 8, 1, 2, 0, False),
        "channels7": ((3, 7, 5, 5), 7, 3, 1, 1, False),
        "channel1": ((2, 1, 8, 8), 4, 3, 1, 1, False),
        "channels32": ((1, 32, 6, 6), 32, 3, 1, 1, False),
        "pixel": ((4, 3, 1, 1), 5, 3, 1, 1, False),
        "batch1": ((1, 3, 9, 11), 4, 3, 1, 1, False),
        "bias": ((2, 3, 5, 5), 4, 3, 1, 1, True),
    }
    for name, (images, channels, kernel, stride, padding, has_bias) in cases.items():
        x = source.normal(*images)
        fan_in = images[1] * kernel * kernel
        weight = source.normal(channels, images[1], kernel, kernel, deviation=fan_in**-0.5)
        bias = source.normal(channels) if has_bias else None
        put_convolution(golden, f"convolution.{name}", x, weight, bias, stride, padding, source)


def put_case(golden, name, operation, inputs, source, images=False):
    """An operation on any number of named inputs; the gradient of `input` is `inputGradient`, and so on."""
    put = golden.put_images if images else golden.put
    recorded = variables(*inputs.values())
    output = operation(*recorded)
    upstream = source.normal(*output.shape)
    gradients = torch.autograd.grad((output * upstream).sum(), recorded)
    for (input, values), gradient in zip(inputs.items(), gradients):
        put(f"{name}.{input}", values)
        put(f"{name}.{input}Gradient", gradient)
    # Pooling over the whole image leaves N×C.
    put_output = put if output.dim() == 4 else golden.put
    put_output(f"{name}.output", output)
    put_output(f"{name}.outputGradient", upstream)


def put_others(golden, source):
    for name, batch, inputs, outputs in [("small", 5, 7, 3), ("classes10", 8, 128, 10), ("batch1", 1, 6, 4)]:
        dense = {
            "input": source.normal(batch, inputs),
            "weight": source.normal(outputs, inputs, deviation=inputs**-0.5),
            "bias": source.normal(outputs),
        }
        put_case(golden, f"dense.{name}", F.linear, dense, source)
    matrices = {"left": source.normal(4, 6), "right": source.normal(6, 5)}
    put_case(golden, "matrixProduct.rectangular", torch.matmul, matrices, source)

    def max_pool(x):
        return F.max_pool2d(x, 2)

    put_case(golden, "maxPool.even", max_pool, {"input": source.normal(2, 3, 28, 28)}, source, images=True)
    put_case(golden, "maxPool.odd", max_pool, {"input": source.normal(3, 5, 7, 7)}, source, images=True)

    def average(x):
        return x.mean((2, 3))

    put_case(golden, "globalAveragePool.odd", average, {"input": source.normal(3, 5, 7, 7)}, source, images=True)
    put_case(golden, "globalAveragePool.pixel", average, {"input": source.normal(2, 4, 1, 1)}, source, images=True)

    # Zero is in it: there the gradient of ReLU is 0 and that of leaky ReLU the slope.
    with_zero = source.normal(3, 17)
    with_zero[1, 4] = 0
    put_case(golden, "relu", F.relu, {"input": with_zero}, source)
    put_case(golden, "leakyRelu", lambda x: F.leaky_relu(x, SLOPE), {"input": with_zero}, source)
    pair = {"left": source.normal(3, 17), "right": source.normal(3, 17)}
    put_case(golden, "add", torch.add, pair, source)
    put_case(golden, "multiply", torch.mul, pair, source)
    put_case(golden, "sum", torch.sum, {"input": source.normal(3, 17)}, source)
    golden.put_number("slope", SLOPE)


def put_cross_entropies(golden, source):
    """The sum over the samples divided by the global batch, of which they may be a part only."""
    for name, batch, global_batch, offset, spread in [
        ("whole", 6, 6, 0, 1),
        ("part", 3, 8, 0, 1),
        ("large", 4, 4, 1000, 100),
    ]:
        logits = source.normal(batch, 10, mean=offset, deviation=spread)
        labels = source.labels(batch, 10)
        (recorded,) = variables(logits)
        loss = F.cross_entropy(recorded, labels, reduction="sum") / global_batch
        (gradient,) = torch.autograd.grad(loss, recorded)
        golden.put(f"softmaxCrossEntropy.{name}.logits", logits)
        golden.put(f"softmaxCrossEntropy.{name}.labels", labels)
        golden.put_number(f"softmaxCrossEntropy.{name}.globalBatch", global_batch)
        golden.put(f"softmaxCrossEntropy.{name}.loss", loss)
        golden.put(f"softmaxCrossEntropy.{name}.logitsGradient", gradient)


def put_penalty(golden, name, operation, inputs, source, images=()):
    """The pattern of a gradient penalty.

    g = ∂ Σ f(inputs)·upstream / ∂ first input, penalty = Σ g²; what is stored as `penaltyByNAME` is the derivative of
    the penalty by that input, where it is not zero. `images`: the names of what is to be stored as NHWC.
    """
    names = [*inputs, "upstream"]
    with torch.no_grad():
        shape = operation(*inputs.values()).shape
    recorded = variables(*inputs.values(), source.normal(*shape))
    output = operation(*recorded[:-1])
    (g,) = torch.autograd.grad((output * recorded[-1]).sum(), recorded[0], create_graph=True)
    penalty = (g**2).sum()
    derivatives = torch.autograd.grad(penalty, recorded, allow_unused=True)
    for input, values, derivative in zip(names, recorded, derivatives):
        put = golden.put_images if input in images else golden.put
        put(f"{name}.{input}", values)
        if derivative is not None and derivative.abs().max() > 0:
            put(f"{name}.penaltyBy{input[0].upper()}{input[1:]}", derivative)
    put = golden.put_images if names[0] in images else golden.put
    put(f"{name}.{names[0]}Gradient", g)
    golden.put(f"{name}.penalty", penalty)


def put_penalties(golden, source):
    for name, images, channels, kernel, stride, padding in [
        ("kernel3", (2, 3, 5, 4), 4, 3, 1, 1),
        ("kernel1", (2, 5, 3, 3), 4, 1, 1, 0),
        ("kernel3Stride2", (2, 3, 7, 6), 4, 3, 2, 1),
    ]:
        case = f"gradientPenalty.convolution.{name}"
        inputs = {
            "input": source.normal(*images),
            "weight": source.normal(channels, images[1], kernel, kernel, deviation=0.3),
        }
        put_penalty(
            golden,
            case,
            lambda x, w: F.conv2d(x, w, stride=stride, padding=padding),
            inputs,
            source,
            images=("input", "upstream"),
        )
        golden.put_number(f"{case}.stride", stride)
        golden.put_number(f"{case}.padding", padding)
    matrices = {"left": source.normal(4, 6), "right": source.normal(6, 5)}
    put_penalty(golden, "gradientPenalty.matrixProduct", torch.matmul, matrices, source)
    pair = {"left": source.normal(3, 7), "right": source.normal(3, 7)}
    put_penalty(golden, "gradientPenalty.multiply", torch.mul, pair, source)
    single = {"input": source.normal(3, 7)}
    put_penalty(golden, "gradientPenalty.leakyRelu", lambda x: F.leaky_relu(x, SLOPE), single, source)
    put_penalty(golden, "gradientPenalty.sum", torch.sum, single, source)

    def critic(x, weight1, weight2):
        hidden = F.leaky_relu(F.conv2d(x, weight1, padding=1), SLOPE)
        return F.leaky_relu(F.conv2d(hidden, weight2, stride=2, padding=1), SLOPE)

    def squared_critic(x, weight1, weight2):
        output = critic(x, weight1, weight2)
        return (output * output).sum()

    inputs = {
        "input": source.normal(2, 2, 6, 6),
        "weight1": source.normal(4, 2, 3, 3, deviation=0.3),
        "weight2": source.normal(5, 4, 3, 3, deviation=0.2),
    }
    put_penalty(golden, "gradientPenalty.critic", critic, inputs, source, images=("input", "upstream"))
    put_penalty(golden, "gradientPenalty.squaredCritic", squared_critic, inputs, source, images=("input",))


def generate():
    golden = Golden("operations")
    source = Source(100)
    put_convolutions(golden, source)
    put_others(golden, source)
    put_cross_entropies(golden, source)
    put_penalties(golden, source)
    golden.save()
