"""A kind of run for the tests: a noisy iteration in numpy whose every bit depends on all steps before."""

import os
import time

import numpy as np

from topodash.jobs.driver import DriverFailed, Step


class ToyDriver:
    """x <- x - rate * x + noise, with a random generator that must survive in the checkpoint."""

    def __init__(self, config):
        self.config = config
        self.total = config.get("steps", 100)
        self.rate = config.get("learning_rate", 0.1)
        self.generator = np.random.default_rng(config.get("seed", 0))
        self.x = np.ones(4)
        self.message = config.get("message", "")
        if "marks" in config:
            with open(config["marks"], "a") as file:  # noqa: PTH123
                file.write(f"{config['name']}\n")

    def start(self, recorder, checkpoint):
        first = 0
        if checkpoint is not None:
            first = checkpoint.step + 1
            self.x = checkpoint.tensors["x"].copy()
            self.generator.bit_generator.state = checkpoint.state["generator"]
            self.rate = checkpoint.state["rate"]
        else:
            recorder.artifact(
                "dataset", {"points": np.arange(6.0).reshape(3, 2)}, meta={"class_names": ["a"]}
            )
        return self.steps(first)

    def steps(self, first):
        for step in range(first, self.total + 1):
            time.sleep(self.config.get("sleep", 0.0))
            if step == self.config.get("raise_at"):
                raise RuntimeError("the toy broke")
            if step == self.config.get("refuse_at"):
                raise ValueError("rate must be positive, was -1")
            if step == self.config.get("fail_at"):
                raise DriverFailed("the loss is not finite")
            if step == self.config.get("die_at"):
                os.kill(os.getpid(), 9)
            if step:
                self.x -= self.rate * self.x
                self.x += 0.01 * self.generator.standard_normal(4)
            events = (("tenth", {"sum": float(self.x.sum())}),) if step % 10 == 0 else ()
            yield Step(step, {"sum": self.x.sum(), "rate": self.rate}, {"x": self.x}, events)

    def state(self):
        return {"x": self.x}, {"generator": self.generator.bit_generator.state, "rate": self.rate}

    def apply(self, control):
        self.rate = control.learning_rate or self.config.get("learning_rate", 0.1)
