"""Questions for the tests: quick, slow, failing, and deadly ones."""

import os
import time

import numpy as np


def count(parameters, sources):
    """Leaves a mark each time that it is really computed."""
    with open(parameters["marks"], "a") as file:  # noqa: PTH123
        file.write("x")
    time.sleep(parameters.get("sleep", 0.0))
    return {"n": parameters["n"], "array": np.arange(parameters["n"])}


def slow(parameters, sources):
    """Reports progress until it is done."""
    for step in range(parameters["steps"]):
        sources.progress(step / parameters["steps"], f"step {step}")
        time.sleep(0.06)
    return "done"


def refuse(parameters, sources):
    """What a wrong argument gives."""
    raise ValueError("n must be positive, was -1")


def crash(parameters, sources):
    """A defect."""
    raise ZeroDivisionError("division by zero")


def die(parameters, sources):
    """Killed as by the kernel when memory runs out; the first time only, if there are marks."""
    marks = parameters.get("marks")
    if marks and os.path.exists(marks):  # noqa: PTH110
        return "alive"
    if marks:
        open(marks, "w").close()  # noqa: PTH123
    os.kill(os.getpid(), 9)
    return "never"


def nothing(parameters, sources):
    """None is an answer."""
    return


def chatty(parameters, sources):
    """Prints, also past Python, between its answers."""
    print("hello", flush=True)  # noqa: T201
    os.write(1, b"Q\x00\x00 noise")
    return 1


def wrong(parameters, sources):
    """No tree of JSON and arrays."""
    return {1, 2}
