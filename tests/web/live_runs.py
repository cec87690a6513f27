"""Small real runs of kind `mlp` for the tests of the live page: a network that trained, and weights by hand."""

import numpy as np

from topodash.datasets import load_points
from topodash.networks import MLPConfig, train
from topodash.pages.live.start import dataset_artifact
from topodash.runs import Catalogue, Recorder, RunStore, new_id
from topodash.web.frame_codec import decode

OWNER = "a" * 32
#: A number that no query may hold.
HUGE = "9" * 30


def trained(dataset="single_annulus", epochs=6, seed=0, hidden=(3,), points=200, **parameters):
    """(data, [Epoch, ...]) of a training."""
    data = load_points(dataset, seed=0, points=points, **parameters)
    config = MLPConfig(hidden=tuple(hidden), classes=len(data.class_names), epochs=epochs, seed=seed)
    return data, list(train(config, data))


def write(
    settings, data, epochs, *, state="finished", config=None, kind="mlp", owner=OWNER, meta=None, arrays=None
):
    """A run file of these epochs; its id. `meta` and `arrays` change the artifact `dataset`."""
    run_id = new_id()
    settings.runs_dir.mkdir(parents=True, exist_ok=True)
    hidden = (
        [len(epochs[0].weights[f"b{k}"]) for k in range(1, len(epochs[0].weights) // 2)] if epochs else [3]
    )
    artifact = dataset_artifact(data)
    found = {
        "dataset": {"name": data.name, "seed": 0, "parameters": {}},
        "hidden": hidden,
        "epochs": 1000,
        **(config or {}),
    }
    with Recorder.create(RunStore.of(settings).path(run_id), kind=kind, config=found, total=1000) as recorder:
        recorder.status("running")
        recorder.artifact(
            "dataset", {**artifact.content, **(arrays or {})}, meta={**artifact.meta, **(meta or {})}
        )
        for epoch in epochs:
            recorder.record(
                epoch.step,
                scalars={
                    "loss": epoch.loss,
                    "accuracy": epoch.accuracy,
                    "test_loss": epoch.test_loss,
                    "test_accuracy": epoch.test_accuracy,
                },
                snapshot=epoch.weights,
                events=[(event.kind, dict(event.data)) for event in epoch.events],
            )
        recorder.status(state, step=epochs[-1].step if epochs else 0)
    Catalogue.of(settings).add(run_id, owner, "rings")
    return run_id


def flat_of(weights):
    """Hidden layers and the output as float64 pairs."""
    count = len(weights) // 2
    pairs = [(np.float64(weights[f"W{k}"]), np.float64(weights[f"b{k}"])) for k in range(1, count + 1)]
    return pairs[:-1], pairs[-1]


def frame(client, run_id, query="step=3"):
    """(header, arrays) of a frame that must be there."""
    answer = client.get(f"/api/runs/{run_id}/frame?{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return decode(answer.data)
