"""Speed of landscapes, persistence and batched training against the usual tools, as ratios beside their goals.

    python benchmarks/landscapes.py            # a few minutes on one idle core
    python benchmarks/landscapes.py --quick    # smaller cases, for a first look
    python benchmarks/landscapes.py --parts landscapes persistence

Times are CPU seconds of this process where one process works, so that a busy machine changes the ratios little; the
two-worker speed-up is wall time and means something on an idle machine only.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import pairwise

import landscapes_page
import numpy as np

from topodash.datasets import load, sublattice
from topodash.topology import landscape, landscape_norm, normalise_activations, persistence_diagrams

GRID = np.linspace(0.0, 1.5, 1001)
DEPTH = 20


def cpu_seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """Least CPU time of a few runs."""
    times = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def say(what: str, ratio: float, goal: float) -> None:
    verdict = "reached" if ratio >= goal else "MISSED"
    print(f"  {what:<62} {ratio:8.1f} x   goal {goal:g} x   {verdict}", flush=True)


def bars(count: int) -> np.ndarray:
    rng = np.random.default_rng(count)
    births = rng.random(count)
    return np.column_stack([births, births + rng.exponential(0.1, count)])


def landscapes(quick: bool) -> None:
    """Landscapes of 100, 1,000 and 5,000 bars on 1,001 grid points."""
    from gudhi.representations import Landscape
    from persim import PersLandscapeApprox, PersLandscapeExact

    print("Landscapes (1,001 grid points)")
    tied = np.array([(0.0, 1.0), (0.0, 1.0), (1.0, 2.0)])
    exact = PersLandscapeExact(dgms=[tied], hom_deg=0)
    print(
        f"  tied bars: true L2 norm 0.5, ours {landscape_norm(tied):.4f}, persim exact {exact.p_norm(2):.4f}"
    )
    for count in (100, 1000) if quick else (100, 1000, 5000):
        diagram = bars(count)
        ours = cpu_seconds(lambda diagram=diagram: landscape(diagram, GRID))
        ours_cut = cpu_seconds(lambda diagram=diagram: landscape(diagram, GRID, DEPTH))
        theirs = Landscape(num_landscapes=DEPTH, resolution=1001, sample_range=[0, 1.5], keep_endpoints=True)
        gudhi = cpu_seconds(lambda diagram=diagram, theirs=theirs: theirs.fit_transform([diagram]))
        approx = cpu_seconds(
            lambda diagram=diagram: PersLandscapeApprox(
                dgms=[diagram], hom_deg=0, start=0.0, stop=1.5, num_steps=1001
            )
        )
        say(f"{count} bars, depth {DEPTH}, against gudhi ({1e3 * ours_cut:.2f} ms)", gudhi / ours_cut, 1)
        say(f"{count} bars, all depths, against persim approximate ({1e3 * ours:.2f} ms)", approx / ours, 1)
        if count <= 1000:  # persim's exact takes minutes for 5,000
            reference = PersLandscapeExact(dgms=[diagram], hom_deg=0, compute=False)
            slow = cpu_seconds(reference.compute_landscape, repeats=1)
            say(f"{count} bars, all depths, against persim exact ({slow:.2f} s)", slow / ours, 10)


def activation_sets(points: int) -> list[np.ndarray]:
    """Twelve sets as the study sees them: the input, ten ReLU layers and the logits of a random network."""
    data = load("nine_disks")
    chosen = sublattice(data, 3)
    chosen = chosen[data.labels[chosen] == data.class_names.index("complement")]
    rng = np.random.default_rng(0)
    values = data.points[np.sort(rng.choice(chosen, points, replace=False))].astype(float)
    sets = [values]
    for number in range(11):
        width = 15 if number < 10 else 2
        weights = rng.normal(size=(values.shape[1], width)) * np.sqrt(2 / values.shape[1])
        values = values @ weights
        values = np.maximum(values, 0) if number < 10 else values
        sets.append(values)
    return sets


def ours_on(activations: np.ndarray) -> float:
    diagram = persistence_diagrams(normalise_activations(activations))[1]
    return float(landscape(diagram, GRID, DEPTH)[0, 0] + landscape_norm(diagram))


def persistence(quick: bool) -> None:
    """Persistence plus landscape of twelve activation sets."""
    from persim import PersLandscapeApprox
    from ripser import ripser

    points = 450 if quick else 900
    print(f"Persistence and landscape of 12 activation sets x {points} points, one core")
    sets = activation_sets(points)

    def theirs(activations: np.ndarray, kind: str) -> None:
        found = ripser(normalise_activations(activations), maxdim=1)["dgms"]
        if kind == "approximate":
            PersLandscapeApprox(dgms=found, hom_deg=1, start=0.0, stop=1.5, num_steps=1001)
        else:
            from persim import PersLandscapeExact

            PersLandscapeExact(dgms=found, hom_deg=1).compute_landscape()

    ours_on(sets[0])
    ours = cpu_seconds(lambda: [ours_on(each) for each in sets], repeats=1)
    for kind in ("approximate", "exact"):
        other = cpu_seconds(lambda kind=kind: [theirs(each, kind) for each in sets], repeats=1)
        say(f"against ripser.py + persim {kind} ({ours:.2f} s, {other:.2f} s)", other / ours, 2)
    work = sets * (1 if quick else 2)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as one, ProcessPoolExecutor(2, mp_context=context) as two:
        walls = []
        for pool in (one, two):
            list(pool.map(ours_on, sets[:4]))  # imports
            began = time.perf_counter()
            list(pool.map(ours_on, work))
            walls.append(time.perf_counter() - began)
    say("two workers against one, wall time (idle machine)", walls[0] / walls[1], 1.7)


def training(quick: bool) -> None:
    """Disk networks trained as batches of 20 against one by one, in torch as one writes it by hand."""
    import torch

    from topodash.networks import EnsembleTraining
    from topodash.studies.activation_landscapes import DISKS
    from topodash.studies.activation_landscapes.training import ensemble_config
    from topodash.studies.activation_landscapes.units import study_data

    torch.set_num_threads(1)
    steps, networks = (100, 20) if quick else (1000, 100)
    print(f"Training {networks} disk networks, {steps} steps, one core")
    data = study_data(DISKS)
    config = replace(ensemble_config(DISKS), networks=networks, iterations=steps, check_every=steps)
    accuracies: list[float] = []
    single: list[float] = []

    def batched(group: int) -> None:
        checks = list(EnsembleTraining(config, data.points, data.labels, group=group))
        accuracies.extend(checks[-1].accuracy)

    def one(network: int) -> None:
        single.append(_plain_training(data.points, data.labels, config, network))

    # A group and a single network by turns: what else the machine does slows both alike.
    pairs = [
        (cpu_seconds(lambda k=k: batched(k), repeats=1), cpu_seconds(lambda k=k: one(k), repeats=1))
        for k in range(config.groups)
    ]
    together, apart = (np.array(times) for times in zip(*pairs, strict=True))
    ratio = float(np.median(apart * config.group_size / together))
    say(
        f"batched against one by one ({together.sum():.0f} s, {apart.sum() * config.group_size:.0f} s from {config.groups} networks)",
        ratio,
        8,
    )
    print(f"  mean training accuracy: batched {np.mean(accuracies):.4f}, one by one {np.mean(single):.4f}")


def _plain_training(points: np.ndarray, labels: np.ndarray, config: object, seed: int) -> float:
    """One network with torch.nn and torch.optim.Adam; its accuracy on the points that it was trained on."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for into, out in pairwise((2, *config.hidden, 2)):
        linear = nn.Linear(into, out)
        nn.init.kaiming_uniform_(linear.weight, nonlinearity="relu")
        nn.init.zeros_(linear.bias)
        layers += [linear, nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(points))[: int(config.train_fraction * len(points))]
    inputs, answers = torch.tensor(points[rows]), torch.tensor(labels[rows])
    adam = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    for step in range(config.iterations):
        adam.param_groups[0]["lr"] = config.learning_rate * config.decay ** (step / config.decay_iterations)
        chosen = torch.from_numpy(rng.integers(0, len(rows), config.batch_size))
        loss = nn.functional.cross_entropy(model(inputs[chosen]), answers[chosen])
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        return float((model(inputs).argmax(1) == answers).float().mean())


def page(_quick: bool) -> None:
    """What a person waits for on the page."""
    landscapes_page.run()


PARTS = {"landscapes": landscapes, "persistence": persistence, "training": training, "page": page}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in options.parts:
        PARTS[name](options.quick)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"Peak memory {peak:.2f} GiB")


if __name__ == "__main__":
    main()
