"""What the page says of the data, computed from them: where norms rise and fall, what is left out, what the paper found."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from topodash.pages.landscapes.view import View, diagram
from topodash.studies.activation_landscapes import Reason

#: Steps smaller than this share of the greatest norm are neither a rise nor a fall.
FLAT = 0.02


@dataclass(frozen=True)
class Finding:
    """A sentence, and whether it agrees with what the paper found (None where it says nothing of that)."""

    text: str
    agrees: bool | None = None


def rises_and_falls(norms: np.ndarray, layers: tuple[str, ...]) -> str:
    """'rises from R1 to R4 (0.1 to 0.3), falls from R4 to R8 (...)': the course of one curve, (l,)."""
    known = np.flatnonzero(~np.isnan(norms))
    if len(known) < 2:
        return "is known in fewer than two layers"
    scale = FLAT * float(np.nanmax(norms))
    turns = [int(known[0])]
    direction = 0
    for a, b in pairwise(known.tolist()):
        step = norms[b] - norms[a]
        now = 0 if abs(step) <= scale else int(np.sign(step))
        if now and direction and now != direction:
            turns.append(a)
        direction = now or direction
    turns.append(int(known[-1]))
    parts = []
    for a, b in pairwise(turns):
        change = norms[b] - norms[a]
        verb = "rises" if change > scale else "falls" if change < -scale else "stays level"
        parts.append(f"{verb} from {layers[a]} to {layers[b]} ({norms[a]:.3g} to {norms[b]:.3g})")
    return ", ".join(parts)


def last_moment(view: View) -> int:
    """The last moment that any network reached."""
    reached = np.flatnonzero((view.used[:, 1:] > 0).all(axis=1))
    return int(reached[-1]) if len(reached) else 0


def course(view: View, moment: int) -> str:
    """The sentence under figure 4, for one moment."""
    name = f"{view.moment_title} {view.moments[moment]}".replace("threshold iteration 0", "iteration 0")
    if not view.used[moment].any():
        return f"No network has reached {name}; choose another on the timeline."
    said = [f"At {name} the average norm {rises_and_falls(view.mean_norm[moment], view.layers)}."]
    if view.study is not None:
        gap = (
            float(np.nanmax(np.abs(view.mean_norm[moment] - view.norm_of_mean[moment])))
            if view.used[moment].any()
            else 0.0
        )
        said.append(
            f"The norm of the average lies up to {gap:.3g} below the average of the norms: networks put their loops at different scales."
            if gap > 0.05 * np.nanmax(view.mean_norm[moment])
            else "Both readings are close to each other."
        )
    return " ".join(said)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}"


def findings(view: View) -> list[Finding]:
    """What the paper found, looked for in these data."""
    found = [*_input_bars(view), *_depth(view), *_training(view)]
    config = view.study.config if view.study else None
    if config is not None and config.dataset == "mnist" and view.homology == "local":
        found += _mnist(view)
    if config is None or config.dataset not in ("nine_disks", "mnist"):
        # Other data than the paper's can neither agree nor disagree with it.
        return [Finding(each.text) for each in found]
    return found


def _input_bars(view: View) -> list[Finding]:
    config = view.study.config if view.study else None
    holes = config is not None and config.dataset == "nine_disks" and view.class_name == "complement"
    if not holes or view.degree != 1 or view.homology != "ordinary":
        return []
    bars, why = diagram(view, 0, 0, 0)
    if why or len(bars) < 9:
        return [Finding(f"The input layer has {len(bars)} bars; the class has nine holes.", False)]
    lengths = bars[:, 1] - bars[:, 0]
    tenth = float(lengths[9]) if len(lengths) > 9 else 0.0
    ratio = float(lengths[8]) / tenth if tenth else np.inf
    told = f"{ratio:.1f} times as long as the tenth" if np.isfinite(ratio) else "the last one"
    return [Finding(f"Nine bars stand out in the input layer: the ninth is {told}.", bool(ratio >= 3))]


def _depth(view: View) -> list[Finding]:
    moment = last_moment(view)
    if moment == 0 and view.study is not None:
        return []
    norms = view.mean_norm[moment, 1:-1]
    if len(norms) < 3 or np.isnan(norms).any():
        return []
    rises = np.flatnonzero(np.diff(norms) > FLAT * norms.max())
    name = view.moments[moment]
    if len(rises):
        where = ", ".join(f"{view.layers[k + 1]} to {view.layers[k + 2]}" for k in rises[:4])
        return [
            Finding(
                f"At {view.moment_title} {name} the norm does not fall steadily with depth: it rises from {where}.",
                True,
            )
        ]
    return [
        Finding(
            f"At {view.moment_title} {name} the norm falls at every ReLU layer (the paper finds that it need not).",
            False,
        )
    ]


def _training(view: View) -> list[Finding]:
    """Whether norms grow: over the thresholds that say something, and against the untrained networks."""
    moment, first = last_moment(view), first_meaning(view)
    found = []
    if 0 < first < moment:
        found.append(_growth(view, first, moment, f"threshold {view.moments[first]}"))
    if moment > 0:
        found.append(_growth(view, 0, moment, _first(view)))
    return found


def first_meaning(view: View) -> int:
    """The first threshold that always guessing the largest class does not reach; 0 where there is none."""
    if view.study is None:
        return 0
    meant = [k for k, t in enumerate(view.study.config.thresholds, 1) if t > view.study.majority_share]
    return meant[0] if meant and view.used[meant[0], 1:].all() else 0


def _growth(view: View, before: int, after: int, start: str) -> Finding:
    change = view.mean_norm[after, 1:-1] - view.mean_norm[before, 1:-1]
    up, down = (np.flatnonzero(sign * change > 0) + 1 for sign in (1, -1))
    text = f"From {start} to {view.moments[after]} the average norm grows in {len(up)} of {len(change)} ReLU layers"
    if len(up) and len(down):
        text += f" ({_spans(up)}) and shrinks in {_spans(down)}"
    agrees = len(up) > len(change) / 2
    return Finding(text + ("." if agrees else "; the paper finds that it tends to grow."), agrees)


def _spans(numbers: np.ndarray) -> str:
    """'1 to 5, 7': runs of neighbours."""
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _first(view: View) -> str:
    return view.moments[0] if view.study else f"epoch {view.moments[0]}"


def _mnist(view: View) -> list[Finding]:
    moment = last_moment(view)
    if moment == 0 or len(view.layers) < 5:
        return []
    relu = range(len(view.layers) - 3, len(view.layers) - 1)
    more = [k for k in relu if view.mean_norm[moment, k] > view.mean_norm[0, k]]
    pairs = ", ".join(
        f"{view.layers[k]} {view.mean_norm[0, k]:.3g} to {view.mean_norm[moment, k]:.3g}" for k in relu
    )
    beside = f"beside them the input has {view.mean_norm[0, 0]:.3g} and the untrained logits {view.mean_norm[0, -1]:.3g}"
    return [
        Finding(
            f"Last ReLU layers, iteration 0 to {view.moments[moment]}: {pairs}; {beside}.",
            len(more) == len(relu),
        )
    ]


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
    if view.study is not None:
        said.append(f"The cuts (grid, {view.means.shape[2]} functions, kept bars) leave at least {retained:.1%} of every squared norm; "
                    "the norms themselves are exact, from all bars.")  # fmt: skip
        said += _missing(view)
    return said


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
            "One snapshot crosses two thresholds: " + "; ".join(shared) + f" of {view.networks} networks."
        )
    return said


def _missing(view: View) -> list[str]:
    assert view.study is not None
    reason = view.study.reason
    said = []
    for kind, words in ((Reason.NOT_FINITE, "not finite"), (Reason.NO_RADIUS, "dead on half of the points")):
        count = int((reason == kind).any(axis=-1).sum())
        if count:
            said.append(f"{count} layers of single networks are {words} and have no diagram.")
    return said
