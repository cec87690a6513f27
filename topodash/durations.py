"""Durations in words."""

import math


def duration(seconds: float) -> str:
    """A duration as one would say it: '20 s', '3 min', '2 h 10 min'."""
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"seconds must be finite and at least 0; it was {seconds}")
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
