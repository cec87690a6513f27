"""The error that an API route raises: a status and a sentence."""

from __future__ import annotations


class ApiError(Exception):
    """Answered as JSON, `{"error": message}`, with that status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
