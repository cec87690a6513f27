"""What runs are called, and the trained networks that travel with the code."""

from __future__ import annotations

from contextlib import suppress

from topodash.datasets import describe
from topodash.pages.context import services
from topodash.runs import RunError, RunMeta


def run_title(run_id: str) -> str:
    """The title of a run: its owner's, a shipped network's own, else 'run' and the beginning of its id."""
    with suppress(RunError):
        given = services().catalogue.entry(run_id).title
        if given:
            return given
    with suppress(RunError):
        if services().store.is_shipped(run_id):
            with services().store.open(run_id) as reader:
                if reader.meta.kind == "mlp":
                    return network_title(reader.meta)
    return f"run {run_id[:6]}"


def network_title(meta: RunMeta) -> str:
    """What the page Live training calls a run of its own: 'Single annulus, 3, seed 0'."""
    config = meta.config
    return f"{describe(config['dataset']['name']).title}, {'-'.join(map(str, config['hidden']))}, seed {config['seed']}"


def shipped_runs() -> list[RunMeta]:
    """What travels with the code: trained networks and studies."""
    found = []
    for run_id in services().store.shipped_ids():
        with suppress(RunError), services().store.open(run_id) as reader:
            found.append(reader.meta)
    return found


def shipped_networks() -> list[tuple[str, str]]:
    """(id, title) of the trained networks that travel with the code."""
    found = [(meta.id, network_title(meta)) for meta in shipped_runs() if meta.kind == "mlp"]
    return sorted(found, key=lambda each: each[1])
