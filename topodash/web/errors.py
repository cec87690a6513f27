"""The error that an API route raises: a status and a sentence."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


class ApiError(Exception):
    """Answered as JSON, `{"error": message}`, with that status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def told(view: Callable[Given, Found]) -> Callable[Given, Found]:
    """A view whose ValueError is a sentence about the run or the request: answered as 422."""

    @functools.wraps(view)
    def answer(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        try:
            return view(*args, **kwargs)
        except ValueError as problem:
            raise ApiError(422, str(problem)) from problem

    return answer
