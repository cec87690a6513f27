"""The toy kinds and questions in the tables of the application."""

import os

from topodash.jobs.kinds import KINDS
from topodash.jobs.questions import QUESTIONS

KINDS_OF_TOYS = {
    "toy": "toy_kind:ToyDriver",
    "deadly": "toy_deadly:Nothing",
    "broken": "toy_absent:Nothing",
}
#: As they are without toys.
REAL_KINDS = dict(KINDS)
TOYS = ("count", "slow", "refuse", "crash", "die", "nothing", "chatty", "wrong")


def register():
    if os.environ.get("TOPODASH_TEST_LIGHT"):
        KINDS.clear()
        KINDS["toy"] = KINDS_OF_TOYS["toy"]
    else:
        KINDS.update(KINDS_OF_TOYS)
    for name in TOYS:
        QUESTIONS[f"toy {name}"] = (1, f"toy_questions:{name}")


def unregister():
    KINDS.clear()
    KINDS.update(REAL_KINDS)
    for name in TOYS:
        QUESTIONS.pop(f"toy {name}", None)
