"""The questions that pages may ask: name -> (version, 'module:function').

A function takes (parameters, sources) and gives a JSON tree with numpy arrays (`topodash.compute.codec`). It
is imported only in the worker process that answers. Whoever changes what a function computes raises its
version: the version is part of the key under which the answer is cached.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from topodash.compute import key

if TYPE_CHECKING:
    from topodash.jobs.sources import Sources

Question = Callable[[Mapping[str, Any], "Sources"], Any]

QUESTIONS: dict[str, tuple[int, str]] = {
    "activations": (1, "topodash.jobs.answers.activations:activations"),
    "landscape_study": (1, "topodash.jobs.answers.landscape_study:landscape_study"),
    "landscape_tests": (1, "topodash.jobs.answers.landscape_tests:landscape_tests"),
    "landscape_groups": (3, "topodash.jobs.answers.landscape_groups:landscape_groups"),
    "landscape_points": (2, "topodash.jobs.answers.landscape_space:landscape_points"),
    "landscape_cycle": (2, "topodash.jobs.answers.landscape_space:landscape_cycle"),
    "landscape_band": (1, "topodash.jobs.answers.landscape_space:landscape_band"),
    "diagram_distances": (1, "topodash.jobs.answers.diagram_distances:diagram_distances"),
    "landscape_epoch": (1, "topodash.jobs.answers.landscape_epoch:landscape_epoch"),
    "region_history": (3, "topodash.jobs.answers.region_history:region_history_chunk"),
    "filter_layers": (1, "topodash.jobs.answers.filter_source:filter_layers"),
    "filter_ring": (1, "topodash.jobs.answers.filter_ring:filter_ring"),
    "filter_homology": (2, "topodash.jobs.answers.filter_ring:filter_homology"),
    "filter_nulls": (1, "topodash.jobs.answers.filter_evidence:filter_nulls"),
    "filter_sensitivity": (1, "topodash.jobs.answers.filter_evidence:filter_sensitivity"),
    "filter_group": (1, "topodash.jobs.answers.filter_detail:filter_group"),
    "filter_detail": (1, "topodash.jobs.answers.filter_detail:filter_detail"),
    "mapper": (4, "topodash.jobs.answers.mapper:mapper"),
    "table_columns": (1, "topodash.jobs.answers.tables:table_columns"),
    "table_points": (2, "topodash.jobs.answers.tables:table_points"),
    "mapper_eps": (2, "topodash.jobs.answers.mapper:mapper_eps"),
    "mapper_loops": (1, "topodash.jobs.answers.mapper:mapper_loops"),
    "mapper_selection": (1, "topodash.jobs.answers.mapper_selection:mapper_selection"),
    "mapper_export": (3, "topodash.jobs.answers.mapper_export:mapper_export"),
}


def question_key(name: str, parameters: Mapping[str, Any], sources: "Sources") -> str:
    """The key of an answer: question, version, parameters, and fingerprints of the data that they name.

    Raises
    ------
    ValueError
        For an unknown question, or parameters that are not JSON.
    RunError
        When a source names a run, step or upload that is not there.
    """
    if name not in QUESTIONS:
        raise ValueError(f"name must be one of {', '.join(sorted(QUESTIONS))}, was {name!r}")
    version = QUESTIONS[name][0]
    return key(name, version, {"parameters": parameters, "data": sources.fingerprints(parameters)})


def question(name: str) -> Question:
    """The function that answers; imports it."""
    module, function = QUESTIONS[name][1].split(":")
    return getattr(import_module(module), function)


def answer_modules() -> list[str]:
    """The modules of all questions."""
    return list(dict.fromkeys(place.split(":")[0] for _, place in QUESTIONS.values()))
