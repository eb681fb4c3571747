"""The table: medians of images a second, and ratios."""

from statistics import median


def introduction(machine, options):
    versions = ", ".join(f"{title} {version}" for title, version in machine["peers"].items())
    used = len(machine["processors_used"])
    return [
        f"{machine['date']}: {machine['processor']}, {used} of {machine['processors']} processors",
        f"normtrain {machine['commit']} against {versions}; workers: {options.ranks}, of one thread each",
        f"Images a second: medians over {options.rounds} rounds, in each over {options.steps} steps.",
        "Ratio: normtrain's over the peer's, the median over the rounds; best: over the fastest peer's.",
        "Batch: images a worker and step. Seconds: what the row took.",
        "",
    ]


def heading(peers):
    cells = ["norm  ", "batch", "normtrain"]
    for peer in peers:
        cells += [f"{peer.title:>7}", *([f"{'format':<13}"] if len(peer.variants) > 1 else []), "ratio"]
    cells += [" best", "seconds"]
    return ["  ".join(cells), "  ".join("-" * len(cell) for cell in cells)]


def row(norm, batch, peers, pairs, seconds):
    own = median(speed(pair["normtrain"]) for pair in pairs)
    cells = [f"{norm:<6}", f"{batch:5d}", f"{own:9.0f}"]
    fastest = 0
    for peer in peers:
        variant, peer_speed, ratio = result([pair for pair in pairs if pair["peer"] == peer.title])
        cells += [f"{peer_speed:7.0f}", *([f"{variant:<13}"] if len(peer.variants) > 1 else []), f"{ratio:5.2f}"]
        if peer_speed > fastest:
            fastest, best = peer_speed, ratio
    cells += [f"{best:5.2f}", f"{seconds:7.1f}"]
    return "  ".join(cells)


def result(pairs):
    """Of one peer: its fastest variant, the median speed of that, and the median of the ratios to it."""
    variants = {}
    for pair in pairs:
        variants.setdefault(pair["variant"], []).append(pair)
    speeds = {variant: median(speed(pair["other"]) for pair in own) for variant, own in variants.items()}
    fastest = max(speeds, key=speeds.get)
    ratio = median(speed(pair["normtrain"]) / speed(pair["other"]) for pair in variants[fastest])
    return fastest, speeds[fastest], ratio


def speed(figures):
    return figures["images_per_second"]
