"""contrastive.safetensors: the loss of pairs of views, and the views themselves."""

import torch
import torch.nn.functional as F

from golden import Golden, Source, variables


def contrastive_loss(rows, partners, temperature):
    """Chen et al. 2020, equation 1, as a mean over all anchors."""
    unit = F.normalize(rows, dim=1)
    similarities = unit @ unit.T / temperature
    similarities = similarities.masked_fill(torch.eye(len(rows), dtype=torch.bool), -torch.inf)
    return F.cross_entropy(similarities, partners), similarities


def put_losses(golden, source):
    # Pairs, columns, temperature.
    for name, pairs, columns, temperature in [
        ("few", 3, 5, 0.5),
        ("several", 10, 12, 0.2),
        ("one", 1, 8, 0.1),
        ("sharp", 6, 16, 0.01),
    ]:
        order = source.permutation(2 * pairs)
        partners = torch.empty_like(order)
        partners[order[:pairs]] = order[pairs:]
        partners[order[pairs:]] = order[:pairs]
        rows = source.normal(2 * pairs, columns, deviation=3.0)
        (recorded,) = variables(rows)
        loss, similarities = contrastive_loss(recorded, partners, temperature)
        (gradient,) = torch.autograd.grad(loss, recorded)
        golden.put(f"loss.{name}.rows", rows)
        golden.put(f"loss.{name}.partners", partners)
        golden.put_number(f"loss.{name}.temperature", temperature)
        golden.put(f"loss.{name}.loss", loss)
        golden.put(f"loss.{name}.rowsGradient", gradient)
        golden.put(f"loss.{name}.nearestPartners", (similarities.argmax(1) == partners).sum())


def put_views(golden, source):
    # Height, width, channels; top, left, rows and columns of the part; mirrored; factors of brightness and contrast.
    for name, (height, width, channels), (top, left, rows, columns), mirrored, brightness, contrast in [
        ("grey", (28, 28, 1), (3, 5, 17, 20), False, 1.0, 1.0),
        ("mirrored", (8, 6, 3), (0, 1, 5, 4), True, 1.0, 1.0),
        ("bright", (8, 8, 1), (2, 0, 6, 8), False, 1.75, 1.0),
        ("pale", (8, 8, 3), (0, 0, 8, 8), False, 0.75, 0.5),
        ("harsh", (8, 8, 3), (4, 4, 1, 1), True, 1.25, 1.5),
    ]:
        image = torch.randint(0, 256, (1, channels, height, width), generator=source.generator)
        part = image[:, :, top : top + rows, left : left + columns].double()
        view = F.interpolate(part, size=(height, width), mode="bilinear", align_corners=False)
        view = view.flip(3) if mirrored else view
        view = (view * brightness).clamp(0, 255)
        view = (view.mean() + contrast * (view - view.mean())).clamp(0, 255)
        golden.put_images(f"view.{name}.image", image)
        golden.put(f"view.{name}.part", torch.tensor([top, left, rows, columns]))
        golden.put(f"view.{name}.mirrored", torch.tensor([int(mirrored)]))
        golden.put_number(f"view.{name}.brightness", brightness)
        golden.put_number(f"view.{name}.contrast", contrast)
        golden.put_images(f"view.{name}.values", view)


def generate():
    golden = Golden("contrastive")
    source = Source(20)
    put_losses(golden, source)
    put_views(golden, source)
    golden.save()
