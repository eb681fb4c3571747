"""training.safetensors: twenty steps of training the network of network.safetensors with batch norm."""

import torch

from golden import Golden, Source
from network import CLASSES, initial_parameters, initial_running, step

IMAGES = 16
BATCH = 8
STEPS = 20
LEARNING_RATE = 0.05
MOMENTUM = 0.9
WEIGHT_DECAY = 1e-4


def train(images, labels, batches, workers, kind):
    """Losses, final parameters, and the running statistics of each worker, which normalises its own part of a batch."""
    parameters = {name: values.to(kind).clone() for name, values in initial_parameters(Source(200)).items()}
    running = [initial_running(kind) for _ in range(workers)]
    optimiser = torch.optim.SGD(
        parameters.values(), lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    losses = []
    for batch in batches:
        loss = torch.zeros((), dtype=kind)
        gradients = {name: torch.zeros_like(values) for name, values in parameters.items()}
        for worker, part in enumerate(batch.chunk(workers)):
            part_loss, _, part_gradients = step(
                images[part], labels[part], "bn", parameters, running[worker], BATCH, kind)
            loss += part_loss
            for name, gradient in part_gradients.items():
                gradients[name] += gradient
        losses.append(loss)
        for name, values in parameters.items():
            values.grad = gradients[name]
        optimiser.step()
    return torch.stack(losses), parameters, running


def generate():
    golden = Golden("training")
    source = Source(300)
    images = source.normal(IMAGES, 1, 8, 8)
    labels = source.labels(IMAGES, CLASSES)
    epochs = STEPS * BATCH // IMAGES
    batches = torch.cat([source.permutation(IMAGES) for _ in range(epochs)]).reshape(STEPS, BATCH)
    golden.put_images("images", images)
    golden.put("labels", labels)
    golden.put("batches", batches)
    golden.put_number("learningRate", LEARNING_RATE)
    golden.put_number("momentum", MOMENTUM)
    golden.put_number("weightDecay", WEIGHT_DECAY)
    for case, workers in [("oneWorker", 1), ("twoWorkers", 2)]:
        losses, parameters, running = train(images, labels, batches, workers, torch.float64)
        single_losses, _, _ = train(images, labels, batches, workers, torch.float32)
        golden.put_exactly(f"{case}.losses", losses)
        golden.put_exactly(f"{case}.singlePrecisionLosses", single_losses)
        error = ((single_losses - losses).abs() / losses).max().item()
        print(f"  {case}: PyTorch in float32 errs by {error:.1e} of the loss in {STEPS} steps")
        print("   ", " ".join(f"{loss:.4f}" for loss in losses))
        for name, values in parameters.items():
            if values.numel() < 2000:
                golden.put(f"{case}.final.{name}", values)
        for worker, statistics in enumerate(running):
            for name, values in statistics.items():
                golden.put(f"{case}.worker{worker}.{name}", values)
    golden.save()
