"""What the page says of the data, computed from them: where norms rise and fall, and what the paper found."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from topodash.datasets import counted
from topodash.pages.landscapes.view import View, diagram

#: Steps smaller than this share of the greatest norm are neither a rise nor a fall.
FLAT = 0.02


@dataclass(frozen=True)
class Finding:
    """A sentence, whether it agrees with what the paper found (None where it says nothing of that), and what the paper found
    where it does not."""

    text: str
    agrees: bool | None = None
    paper: str = ""


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
    name = view.moment_name(moment)
    if not view.used[moment].any():
        return f"No network has reached {name}; choose another on the timeline."
    norm = "average norm" if view.networks > 1 else "norm"
    said = f"At {name} the {norm} {rises_and_falls(view.mean_norm[moment], view.layers)}."
    return " ".join([said, *_readings(view, moment)])


#: What a bar of each degree measures.
_SHAPES = {0: "components", 1: "loops", 2: "voids"}


def _readings(view: View, moment: int) -> list[str]:
    """How far the two readings of figure 4 lie apart, and why: averaging flattens what networks have at different scales, and
    only the norm of the average is of landscapes that were cut."""
    of_networks = f"{view.networks} networks" if view.networks > 1 else "the network"
    norms, averages = view.mean_norm[moment], view.norm_of_mean[moment]
    gap = norms - averages
    if not np.nanmax(gap) > 0.05 * np.nanmax(norms):
        return [f"Both readings, over {of_networks}, are close to each other."] if view.networks > 1 else []
    layer = int(np.nanargmax(gap))
    # Of a norm the cuts leave at least the root of what they leave of its square.
    cut = float(min(gap[layer], norms[layer] * (1 - np.sqrt(view.retained[moment, layer]))))
    flat = float(gap[layer]) - cut
    causes = []
    if flat > 0.1 * gap[layer]:
        shapes = _SHAPES.get(view.degree, "holes")
        causes.append(f"at least {flat:.3g} because networks have their {shapes} at different scales")
    if cut > 0.1 * gap[layer]:
        causes.append(
            f"at most {cut:.3g} because the average is of {counted(view.means.shape[2], 'function')} on the grid and of the bars kept"
        )
    return [
        f"At {view.layers[layer]} the norm of the average is {gap[layer]:.3g} below the average of the norms: {' and '.join(causes)}."
    ]


def findings(view: View) -> list[Finding]:
    """What the paper found, looked for in these data."""
    found = [*_input_bars(view), *_depth(view), *_training(view)]
    config = view.study.config if view.study else None
    if config is not None and config.dataset == "mnist" and view.homology == "local":
        found += _mnist(view)
    if not _as_in_the_paper(view):
        # Other data and other homology than the paper's can neither agree nor disagree with it.
        return [Finding(each.text) for each in found]
    return found


def _as_in_the_paper(view: View) -> bool:
    """Whether this is one of the paper's two experiments."""
    if view.study is None or view.degree != 1:
        return False
    dataset = view.study.config.dataset
    if dataset == "nine_disks":
        return view.homology == "ordinary" and view.class_name == "complement"
    return dataset == "mnist" and view.homology == "local"


def _input_bars(view: View) -> list[Finding]:
    config = view.study.config if view.study else None
    holes = config is not None and config.dataset == "nine_disks" and view.class_name == "complement"
    if not holes or view.degree != 1 or view.homology != "ordinary":
        return []
    bars, why = diagram(view, 0, 0, 0)
    if why or len(bars) < 9:
        return [
            Finding(
                f"The input layer has {counted(len(bars), 'bar')}; the class has nine holes.",
                False,
                "in the paper nine stand out",
            )
        ]
    lengths = bars[:, 1] - bars[:, 0]
    tenth = float(lengths[9]) if len(lengths) > 9 else 0.0
    ratio = float(lengths[8]) / tenth if tenth else np.inf
    told = f"{ratio:.1f} times as long as the tenth" if np.isfinite(ratio) else "the last one"
    stand = ratio >= 3
    verb = "Nine bars stand out" if stand else "Nine bars do not stand out"
    return [
        Finding(
            f"{verb} in the input layer: the ninth is {told}.", bool(stand), "in the paper nine stand out"
        )
    ]


def _depth(view: View) -> list[Finding]:
    moment = last_moment(view)
    if moment == 0 and view.study is not None:
        return []
    norms = view.mean_norm[moment, 1:-1]
    if len(norms) < 3 or np.isnan(norms).any():
        return []
    steps, flat = np.diff(norms), FLAT * norms.max()
    rises = np.flatnonzero(steps > flat)
    at = f"At {view.moment_name(moment)} the norm"
    if not norms.any():
        return [Finding(f"{at} is 0 in every ReLU layer.")]
    trained = _meaningful(view, moment)
    if not len(rises):
        verdict = False if trained else None
        course = "falls at every ReLU layer" if (steps < -flat).all() else "rises at no ReLU layer"
        return [Finding(f"{at} {course}.", verdict, "the paper finds that it rises at some")]
    where = ", ".join(f"{view.layers[k + 1]} to {view.layers[k + 2]}" for k in rises[:4])
    more = f" and {len(rises) - 4} more" if len(rises) > 4 else ""
    return [
        Finding(
            f"{at} does not fall steadily with depth: it rises from {where}{more}.", True if trained else None
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


def _meaningful(view: View, moment: int) -> bool:
    """Whether a network at this moment has learnt more than the largest class."""
    return 0 < first_meaning(view) <= moment


def first_meaning(view: View) -> int:
    """The first threshold that always guessing the largest class does not reach; 0 where there is none."""
    if view.study is None:
        return 0
    meant = [k for k, t in enumerate(view.study.config.thresholds, 1) if t > view.study.majority_share]
    return meant[0] if meant and view.used[meant[0], 1:].all() else 0


def _growth(view: View, before: int, after: int, start: str) -> Finding:
    change = view.mean_norm[after, 1:-1] - view.mean_norm[before, 1:-1]
    up, down = (np.flatnonzero(sign * change > 0) + 1 for sign in (1, -1))
    norm = "average norm" if view.networks > 1 else "norm"
    if not len(up) and not len(down):
        return Finding(f"From {start} to {view.moments[after]} the {norm} is the same in every ReLU layer.")
    text = f"From {start} to {view.moments[after]} the {norm} grows in {len(up)} of {counted(len(change), 'ReLU layer')}"
    if len(up) and len(down):
        text += f" ({_spans(up)}) and shrinks in {_spans(down)}"
    agrees = len(up) > len(change) / 2 if _meaningful(view, after) else None
    return Finding(text + ".", agrees, "the paper finds that it tends to grow")


def _spans(numbers: np.ndarray) -> str:
    """'R1 to R5, R7': runs of neighbours among the ReLU layers."""
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return ", ".join(f"R{run[0]} to R{run[-1]}" if len(run) > 1 else f"R{run[0]}" for run in runs)


def _first(view: View) -> str:
    return view.moment_name(0)


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
            len(more) == len(relu) if _meaningful(view, moment) else None,
            "in the paper they grow",
        )
    ]
