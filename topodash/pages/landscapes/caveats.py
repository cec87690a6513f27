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
    lost = float(np.nanmax(view.lost))
    said.append(
        f"Up to {lost:.2%} of a squared norm lies outside the grid, which ends at {view.grid[-1]:g}."
        if lost > 1e-6
        else f"Nothing of the norms lies outside the grid, which ends at {view.grid[-1]:g}."
    )
    said += _of_cuts(view)
    if view.study is not None:
        said += _missing(view)
    return said


def _of_cuts(view: View) -> list[str]:
    """What of the landscapes the pictures leave out, and where most of it."""
    cuts = ["the grid", counted(view.means.shape[2], "function")]
    if view.study is not None and view.study.config.kept_bars:
        cuts.append(f"the {view.study.config.kept_bars} longest bars of a diagram")
    whose = "every network's landscape" if view.networks > 1 else "the landscape"
    said = [
        f"What is drawn{' and averaged' if view.networks > 1 else ''} is cut to {_listed(cuts)}. {_left(view, whose)}"
    ]
    if view.study is not None:
        said.append("The average of the norms is not cut: it is exact, from all bars.")
    return said


def _left(view: View, whose: str) -> str:
    """How much of a landscape the cuts leave in every cell; where that is little somewhere, in most cells and at the worst."""
    least = float(np.nanmin(view.retained))
    if least > 0.9:
        return f"That leaves at least {least:.1%} of {whose} everywhere, by its squared norm."
    moment, layer = np.unravel_index(int(np.nanargmin(view.retained)), view.retained.shape)
    known = view.retained[~np.isnan(view.retained)]
    most = float(np.mean(known >= 0.9))
    worst = f"only {least:.1%}" if least >= 5e-4 else "less than 0.1%"
    where = f"{view.layers[layer]}, {view.moment_name(int(moment))}"
    cells = f"In {most:.0%} of the cells that leaves" if most else "In no cell does that leave"
    whole = f"{cells} at least nine tenths of {whose}, by its squared norm."
    of = " of one network's" if view.networks > 1 else ""
    return f"{whole} The most is lost at {where}: {worst}{of} is left."


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
            are = "layer of a single network is" if count == 1 else "layers of single networks are"
            said.append(f"{count} {are} {words} and {'has' if count == 1 else 'have'} no diagram.")
    return said


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}"
