"""Reading what an address or a body asks for, where anybody may have written it by hand."""

from __future__ import annotations

from typing import Any

from flask import request

from topodash.web.errors import ApiError

#: Steps and ids are far below; SQLite holds no whole number above 2**63 - 1.
_FARTHEST = 2**53


def whole(name: str, default: int | None = None) -> int | None:
    """The whole number `name` of the address, or the default where it is not there.

    Raises
    ------
    ApiError
        400, when it is no whole number or an absurd one.
    """
    text = request.args.get(name)
    if text is None:
        return default
    try:
        number = int(text)
    except ValueError:
        number = _FARTHEST + 1
    if abs(number) > _FARTHEST:
        raise ApiError(400, f"{name} must be a whole number, was {text[:40]!r}.")
    return number


def body() -> Any:
    """The JSON of the body; None when it is none."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets in brackets, thousands deep
        return None
