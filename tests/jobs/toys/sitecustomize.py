"""Teaches the processes that the tests start the toy kind and the toy questions."""

from topodash.jobs.kinds import KINDS

KINDS["toy"] = "toy_kind:ToyDriver"
