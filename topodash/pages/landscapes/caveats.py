"""What must be said beside the pictures: thresholds without meaning, networks left out, shares that are lost."""

from __future__ import annotations

import numpy as np

from topodash.datasets import counted
from topodash.pages.landscapes.view import View
from topodash.studies.activation_landscapes import Reason


def caveats(view: View) -> list[str]:
    """What must be said beside the pictures: thresholds without meaning, networks left out, shares that are lost."""
    said: list[str] = []
    if view.study is not None:
        said += _of_thresholds(view)
    lost, retained = float(np.nanmax(view.lost)), float(np.nanmin(view.retained))
    said.append(
        f"Up to {lost:.2%} of a squared norm lies outside the grid, which ends at {view.grid[-1]:g}."
        if lost > 1e-6
        else f"Nothing of the norms lies outside the grid, which ends at {view.grid[-1]:g}."
    )
    kept = ", kept bars" if view.study is not None else ""
    said.append(
        f"The cuts of what is drawn and averaged (grid, {counted(view.means.shape[2], 'function')}{kept}) leave {_left(view, retained)}; "
        "the average of the norms is exact, from all bars."
        if view.study is not None
        else f"The cuts of what is drawn (grid, {counted(view.means.shape[2], 'function')}) leave {_left(view, retained)}."
    )
    if view.study is not None:
        said += _missing(view)
    return said


def _left(view: View, least: float) -> str:
    """'at least 93.1% of every squared norm', and where least is left where that is little."""
    if least > 0.9:
        return f"at least {least:.1%} of every squared norm"
    moment, layer = np.unravel_index(int(np.nanargmin(view.retained)), view.retained.shape)
    middle = float(np.nanmedian(view.retained))
    return f"at least {middle:.1%} of a squared norm in half of the cells, least at {view.layers[layer]}, {view.moments[moment]}: {least:.1%}"


def _of_thresholds(view: View) -> list[str]:
    study = view.study
    assert study is not None
    said = []
    share = study.majority_share
    idle = [f"{t:g}" for t in study.config.thresholds if t <= share]
    said.append(
        f"Always guessing the largest class is right in {share:.1%} of the points"
        + (
            f": {_listed(idle)} {'says' if len(idle) == 1 else 'say'} nothing as a threshold."
            if idle
            else ", below every threshold."
        )
    )
    never = [(name, int((study.steps[:, k] < 0).sum())) for k, name in enumerate(view.moments)]
    left = [f"{count} of {view.networks} never reached {name}" for name, count in never if count]
    if left:
        said.append("; ".join(left) + ": left out of those averages.")
    shared = []
    for k in range(1, len(view.moments)):
        both = (study.steps[:, k - 1] >= 0) & (study.steps[:, k] == study.steps[:, k - 1])
        if both.any():
            shared.append(f"{view.moments[k - 1]} and {view.moments[k]} in {int(both.sum())}")
    if shared:
        said.append(
            "One snapshot crosses two thresholds: "
            + "; ".join(shared)
            + f" of {counted(view.networks, 'network')}."
        )
    return said


def _missing(view: View) -> list[str]:
    assert view.study is not None
    reason = view.study.reason
    said = []
    for kind, words in ((Reason.NOT_FINITE, "not finite"), (Reason.NO_RADIUS, "dead on half of the points")):
        count = int((reason == kind).any(axis=-1).sum())
        if count:
            said.append(
                f"{counted(count, 'layer')} of single networks {'is' if count == 1 else 'are'} {words} and {'has' if count == 1 else 'have'} no diagram."
            )
    return said


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}"
