"""A small run, written once, that the tests copy and damage."""

import numpy as np

from topodash.runs import Recorder

RUN_ID = "0123456789abcdef"


def weights(step):
    generator = np.random.default_rng(step)
    return {
        "W1": generator.normal(size=(3, 2)).astype(np.float32),
        "b1": np.arange(3, dtype=np.float32) * step,
    }


def write_run(store, run_id=RUN_ID, steps=40, state="finished"):
    store.folder.mkdir(parents=True, exist_ok=True)
    with Recorder.create(
        store.path(run_id), kind="mlp", config={"hidden": [3], "title": "Gröbner ∅"}, total=steps
    ) as recorder:
        recorder.status("running")
        recorder.artifact("dataset", {"points": np.eye(5, 2)}, meta={"class_names": ["inner", "outer"]})
        for step in range(steps):
            recorder.record(
                step,
                scalars={"loss": 1.0 / (step + 1), "accuracy": 0.5},
                snapshot=weights(step),
                events=(("tenth", {"step": step}),) if step % 10 == 0 else (),
            )
        recorder.checkpoint(steps - 1, {"x": np.ones(2)}, {"generator": [1, 2]})
        recorder.status(state, message="done")
    return run_id
