"""PyTorch's speed at what `normtrain train` does: DistributedDataParallel over gloo, one process a worker.

    torch_ddp.py --ranks 2 --norm syncbn --batch 32 --steps 20 --format channels_last

Prints one line of JSON: `images_per_second`, over all ranks, from the median of the step times on the slowest rank,
and `peak_memory_bytes`, the largest resident memory of a rank. PyTorch is imported by the ranks alone, which keeps the
start short.
"""

import argparse
import json
import multiprocessing
import resource
import socket
import statistics
import sys
import time

from count import count

WARM_UP_STEPS = 5
LIMIT_SECONDS = 300


def build_network(norm):
    """The five convolutions of normtrain's network; convolutions before a norm have no bias."""
    import torch
    from torch import nn

    norms = {
        "bn": nn.BatchNorm2d,
        "syncbn": synchronized_batch_norm(),
        "gn": lambda channels: nn.GroupNorm(8, channels),
        "ln": lambda channels: nn.GroupNorm(1, channels),
    }
    layers, inputs = [], 1
    for index, channels in enumerate([32, 32, 64, 64, 128]):
        if index in (2, 4):
            layers.append(nn.MaxPool2d(2))
        convolution = nn.Conv2d(inputs, channels, 3, padding=1, bias=False)
        layers += [convolution, norms[norm](channels), nn.ReLU(inplace=True)]
        inputs = channels
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def synchronized_batch_norm():
    """A layer with one all-reduce forward and one backward: PyTorch's own SyncBatchNorm refuses CPU tensors.

    Written as someone would who needs it fast: both directions are one multiplication and addition per channel and
    value, with constants that come out of the reduced sums.
    """
    import torch
    import torch.distributed as distributed
    from torch import nn

    def sums(first, second):
        """Σ first and Σ first·second of each channel, and the number of values, over all ranks and of this one."""
        axes = (0, 2, 3)
        count = first.new_tensor([first.numel() / first.shape[1]])
        own = torch.cat([first.sum(axes), (first * second).sum(axes), count])
        total = own.clone()
        distributed.all_reduce(total)
        return total, own

    def spread(values):
        """A constant per channel, against N×C×H×W."""
        return values.view(1, -1, 1, 1)

    class Normalization(torch.autograd.Function):
        @staticmethod
        def forward(context, x, scale, shift, epsilon):
            channels = x.shape[1]
            total, _ = sums(x, x)
            mean = total[:channels] / total[-1]
            variance = (total[channels:-1] / total[-1] - mean * mean).clamp_(min=0)
            inverse_deviation = torch.rsqrt(variance + epsilon)
            factor = scale * inverse_deviation
            context.save_for_backward(x, scale, mean, inverse_deviation)
            context.mark_non_differentiable(mean, variance, total)
            return torch.addcmul(spread(shift - mean * factor), x, spread(factor)), mean, variance, total

        @staticmethod
        def backward(context, upstream, *_):
            x, scale, mean, inverse_deviation = context.saved_tensors
            channels = x.shape[1]
            total, own = sums(upstream, x)

            def gradients(of):
                """Of the shift and of the scale: Σg and Σg·x̂."""
                return of[:channels], (of[channels:-1] - mean * of[:channels]) * inverse_deviation

            shift_mean, scale_mean = (values / total[-1] for values in gradients(total))
            factor = scale * inverse_deviation
            slope = -factor * inverse_deviation * scale_mean
            offset = -factor * shift_mean - mean * slope
            dx = torch.addcmul(spread(offset), upstream, spread(factor)).addcmul_(x, spread(slope))
            own_shift, own_scale = gradients(own)
            return dx, own_scale, own_shift, None

    class SynchronizedBatchNorm(nn.BatchNorm2d):
        def forward(self, x):
            y, mean, variance, total = Normalization.apply(x, self.weight, self.bias, self.eps)
            with torch.no_grad():
                count = total[-1]
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(variance * (count / (count - 1)), self.momentum)
            return y

    return SynchronizedBatchNorm


def run_rank(rank, port, options, results):
    """Puts the median step time in seconds and the peak memory in bytes into `results`, or what went wrong."""
    try:
        results.put(measure(rank, port, options))
    except Exception as error:
        results.put(f"rank {rank}: {error}")


def measure(rank, port, options):
    import torch
    import torch.distributed as distributed

    torch.set_num_threads(1)
    torch.manual_seed(rank)
    distributed.init_process_group(
        "gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=options.ranks
    )
    layout = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}[options.format]
    images = torch.randn(options.batch, 1, 28, 28).to(memory_format=layout)
    labels = torch.randint(0, 10, (options.batch,))
    network = torch.nn.parallel.DistributedDataParallel(
        build_network(options.norm).to(memory_format=layout), broadcast_buffers=False, gradient_as_bucket_view=True
    )
    optimiser = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)

    seconds = []
    for _ in range(WARM_UP_STEPS + options.steps):
        distributed.barrier()
        started = time.perf_counter()
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(network(images), labels).backward()
        optimiser.step()
        seconds.append(time.perf_counter() - started)
    distributed.barrier()
    distributed.destroy_process_group()
    # In units of 1024 bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return statistics.median(seconds[WARM_UP_STEPS:]), peak * 1024


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def main():
    parser = argparse.ArgumentParser()
    for number in ["--ranks", "--batch", "--steps"]:
        parser.add_argument(number, type=count, required=True)
    parser.add_argument("--norm", choices=["bn", "syncbn", "gn", "ln"], required=True)
    parser.add_argument("--format", choices=["contiguous", "channels_last"], required=True)
    options = parser.parse_args()

    spawning = multiprocessing.get_context("spawn")
    results = spawning.Queue()
    port = free_port()
    ranks = [
        spawning.Process(target=run_rank, args=(rank, port, options, results), daemon=True)
        for rank in range(options.ranks)
    ]
    for rank in ranks:
        rank.start()
    figures = []
    for _ in ranks:
        figure = results.get(timeout=LIMIT_SECONDS)
        if isinstance(figure, str):
            # The ranks that still wait for this one are ended with this process.
            sys.exit(figure)
        figures.append(figure)
    for rank in ranks:
        rank.join()
    slowest = max(seconds for seconds, _ in figures)
    peak = max(memory for _, memory in figures)
    print(json.dumps({"images_per_second": options.ranks * options.batch / slowest, "peak_memory_bytes": peak}))


if __name__ == "__main__":
    main()
