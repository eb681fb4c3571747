"""JAX's speed at what `normtrain train` does: `shard_map` over CPU devices of one process, one device a worker.

    jax_shard_map.py --ranks 2 --norm syncbn --batch 32 --steps 20

Prints one line of JSON: `images_per_second`, over all devices, from the median of the step times, and
`peak_memory_bytes`, the largest resident memory of the one process that holds all devices.
"""

import argparse
import functools
import json
import os
import resource
import statistics
import time

from count import count

WARM_UP_STEPS = 5
CHANNELS = [32, 32, 64, 64, 128]
POOL_BEFORE = (2, 4)
CLASSES = 10
GROUPS = {"gn": 8, "ln": 1}
EPSILON = 1e-5
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 0.01, 0.9, 5e-4


def initial_parameters(numpy):
    """Convolutions as 3×3×inputs×outputs, each with the scale and shift of the norm behind it; the dense layer."""
    random = numpy.random.default_rng(0)

    def normal(*shape, inputs):
        return (random.standard_normal(shape) * (2 / inputs) ** 0.5).astype(numpy.float32)

    blocks, inputs = [], 1
    for channels in CHANNELS:
        weights = normal(3, 3, inputs, channels, inputs=9 * inputs)
        blocks.append((weights, numpy.ones(channels, numpy.float32), numpy.zeros(channels, numpy.float32)))
        inputs = channels
    dense = (normal(inputs, CLASSES, inputs=inputs), numpy.zeros(CLASSES, numpy.float32))
    return blocks, dense


def normalize(norm, x):
    """`x`: N×H×W×C, with the statistics of the norm and without its scale and shift."""
    import jax
    import jax.numpy as jnp

    if norm in GROUPS:
        grouped = x.reshape(*x.shape[:3], GROUPS[norm], -1)
        axes = (1, 2, 4)
    else:
        grouped, axes = x, (0, 1, 2)
    moments = jnp.stack([grouped.mean(axes, keepdims=True), jnp.square(grouped).mean(axes, keepdims=True)])
    if norm == "syncbn":
        # One collective forward; its transpose, of the same size, is the one backward.
        moments = jax.lax.pmean(moments, "workers")
    mean, mean_square = moments
    variance = jnp.maximum(mean_square - jnp.square(mean), 0)
    return ((grouped - mean) * jax.lax.rsqrt(variance + EPSILON)).reshape(x.shape)


def mean_loss(parameters, images, labels, norm):
    import jax
    import jax.numpy as jnp

    blocks, (dense, bias) = parameters
    x = images
    for index, (weights, scale, shift) in enumerate(blocks):
        if index in POOL_BEFORE:
            x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        x = jax.lax.conv_general_dilated(x, weights, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        x = jax.nn.relu(normalize(norm, x) * scale + shift)
    scores = jax.nn.log_softmax(x.mean((1, 2)) @ dense + bias)
    return -jnp.take_along_axis(scores, labels[:, None], axis=1).mean()


def train_step(parameters, velocities, images, labels, norm):
    """One step of gradient descent with momentum on the mean loss of all workers, on each of them."""
    import jax

    gradients = jax.grad(mean_loss)(parameters, images, labels, norm)
    gradients = jax.lax.pmean(gradients, "workers")
    velocities = jax.tree.map(
        lambda velocity, gradient, value: MOMENTUM * velocity + gradient + WEIGHT_DECAY * value,
        velocities, gradients, parameters,
    )
    parameters = jax.tree.map(lambda value, velocity: value - LEARNING_RATE * velocity, parameters, velocities)
    return parameters, velocities


def measure(options):
    """The median step time in seconds."""
    import jax
    import numpy
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    mesh = Mesh(numpy.array(jax.devices("cpu")), ("workers",))
    everywhere, split = PartitionSpec(), PartitionSpec("workers")
    step = jax.jit(
        jax.shard_map(
            functools.partial(train_step, norm=options.norm),
            mesh=mesh,
            in_specs=(everywhere, everywhere, split, split),
            out_specs=(everywhere, everywhere),
            check_vma=False,
        ),
        donate_argnums=(0, 1),
    )

    def place(values, specification):
        return jax.device_put(values, NamedSharding(mesh, specification))

    random = numpy.random.default_rng(1)
    global_batch = options.ranks * options.batch
    images = place(random.standard_normal((global_batch, 28, 28, 1)).astype(numpy.float32), split)
    labels = place(random.integers(0, CLASSES, global_batch), split)
    parameters = place(initial_parameters(numpy), everywhere)
    velocities = jax.tree.map(lambda values: place(numpy.zeros(values.shape, numpy.float32), everywhere), parameters)
    seconds = []
    for _ in range(WARM_UP_STEPS + options.steps):
        started = time.perf_counter()
        parameters, velocities = jax.block_until_ready(step(parameters, velocities, images, labels))
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[WARM_UP_STEPS:])


def main():
    parser = argparse.ArgumentParser()
    for number in ["--ranks", "--batch", "--steps"]:
        parser.add_argument(number, type=count, required=True)
    parser.add_argument("--norm", choices=["bn", "syncbn", "gn", "ln"], required=True)
    options = parser.parse_args()

    # Read when JAX is loaded.
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={options.ranks}"
    seconds = measure(options)
    # In units of 1024 bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"images_per_second": options.ranks * options.batch / seconds, "peak_memory_bytes": peak}))


if __name__ == "__main__":
    main()
