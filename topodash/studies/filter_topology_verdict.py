"""What the statistics of filters and of their null banks allow one to conclude, and what not, in sentences.

Nothing is concluded while null banks are missing: a p-value that is looked at while it grows is looked at too
often. Untrained filters are independent draws of the initialisation; of a hundred networks of the improved
model the longest bar is longer than that of each of 99 null banks, and banks drawn anew have bars as the null
banks have. A small p-value of theirs is chance, and the sentences say what sets the trained filters apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["EVIDENCE", "LEVEL", "Shown", "p_value", "verdict", "verdicts"]

#: As `topodash.studies.filter_topology.EVIDENCE`, kept here so that the web process need not import scipy for two names;
#: a test holds them together.
EVIDENCE = ("longest_bar", "klein_r2")
LEVEL = 0.05
ENOUGH = 99
_NAMES = {"longest_bar": "longest bar", "klein_r2": "median Klein R²"}
_NO_EVIDENCE = (
    "PCA-angle correlation, first-to-second bar and a hollow PCA plane are shown as description: a Gaussian bank with the same"
    " covariance, which has no ring, reproduces them, so they are no evidence whatever their values."
)


@dataclass(frozen=True, eq=False)
class Shown:
    """A source: its name, its statistics, those of its null banks (name -> (banks,)), whether it is untrained."""

    name: str
    observed: dict[str, float]
    null: dict[str, NDArray[np.float64]]
    untrained: bool = False

    def nulls(self, name: str) -> NDArray[np.float64]:
        """The null banks' values of one statistic."""
        return np.asarray(self.null.get(name, np.zeros(0)), dtype=np.float64)

    @property
    def banks(self) -> int:
        """How many null banks there are."""
        return len(self.nulls(EVIDENCE[0]))

    def reached(self, name: str) -> int:
        """How many null banks have a value at least as large; one that does not exist counts as large."""
        return int(np.count_nonzero(~(self.nulls(name) < self.observed[name])))

    def beyond(self, name: str) -> float:
        """How far the value lies above the largest of the null banks, in standard deviations of theirs."""
        null = self.nulls(name)
        spread = float(null.std())
        return (self.observed[name] - float(null.max())) / spread if spread > 0 else float("nan")


def p_value(source: Shown, name: str, total: int) -> float | None:
    """As `topodash.topology.null_bank.null_p_value`; None before all null banks are there."""
    return _p(source, name) if total and source.banks >= total else None


def _p(source: Shown, name: str) -> float:
    from topodash.topology.null_bank import null_p_value

    return null_p_value(source.observed[name], source.nulls(name))


def verdicts(sources: Sequence[Shown], total: int) -> list[str]:
    """A sentence or two for each source, and what holds for all.

    Parameters
    ----------
    total : int
        Null banks that each source is to have; a source with fewer gets its numbers so far and no conclusion.
    """
    said = [verdict(source, total) for source in sources]
    done = [source for source in sources if source.banks >= total]
    said += [
        _apart(one, untrained)
        for untrained in done
        if untrained.untrained
        for one in done[:1]
        if not one.untrained
    ]
    if sources and len(done) == len(sources):
        enough = "" if total >= ENOUGH else f" Fewer than {ENOUGH} banks leave them coarse."
        said += [
            _NO_EVIDENCE,
            f"With {total} null banks the smallest p-value is {1 / (total + 1):.3f}.{enough} The p-values are not corrected for there"
            f" being two statistics and {len(sources)} source{'s' if len(sources) > 1 else ''}.",
        ]
    return said


def verdict(source: Shown, total: int) -> str:
    """What may be concluded of one source, and what may not."""
    # "iteration 1000" begins the sentence; a file's name stays as it is written
    start = (source.name if "." in source.name else f"{source.name[:1].upper()}{source.name[1:]}") + ": "
    if not source.banks:
        return (
            start
            + "nothing can be concluded before its null banks are computed. Pictures alone do not tell a ring from a Gaussian with the same covariance."
        )
    if source.banks < total:
        numbers = "; ".join(_so_far(source, name) for name in EVIDENCE)
        return f"{start}{source.banks} of {total} null banks so far. {numbers[:1].upper()}{numbers[1:]}. Nothing is concluded before all {total} are there."
    bar, klein = (_p(source, name) for name in EVIDENCE)
    numbers = f" (p = {klein:.3f} for the median Klein R², {bar:.3f} for the longest bar)."
    if source.untrained:
        return start + _untrained(min(bar, klein), numbers)
    return start + _conclusion(bar <= LEVEL, klein <= LEVEL) + numbers


def _so_far(source: Shown, name: str) -> str:
    return f"{_NAMES[name]} {source.observed[name]:.3f}, reached by {source.reached(name)} of the {source.banks} so far"


def _conclusion(loop: bool, bottle: bool) -> str:
    if loop and bottle:
        return "the filters lie nearer to the Klein bottle of edges and lines, and hold a longer loop, than their mean and covariance explain"
    if bottle:
        return "the filters lie nearer to the Klein bottle of edges and lines than their mean and covariance explain. That they form a ring may not be concluded from the bars: null banks have bars as long"
    if loop:
        return "the filters hold a longer loop than their mean and covariance explain. That it is one of edges and lines may not be concluded: null banks lie as near to the Klein bottle"
    return "neither a loop nor nearness to the Klein bottle may be concluded: Gaussian filters with the same mean and covariance do as well"


def _untrained(smallest: float, numbers: str) -> str:
    said = (
        "filters before training are independent draws of the initialisation: no ring and no Klein bottle may be concluded of them"
        + numbers
    )
    if smallest <= LEVEL:
        said += f" That one of these is small is chance: of filters without structure one look in {round(1 / LEVEL)} gives {LEVEL} or less."
    return said


def _apart(trained: Shown, untrained: Shown) -> str:
    """What tells the trained filters' longest bar from the untrained ones', where p-values cannot be smaller."""
    name = EVIDENCE[0]
    far, near = trained.beyond(name), untrained.beyond(name)
    both = "; ".join(
        f"the {'un' if one.untrained else ''}trained filters' longest bar is {one.observed[name]:.3f}, that of their null banks at most {one.nulls(name).max():.3f}"
        for one in (trained, untrained)
    )
    if not far > max(near, 0.0):
        return f"By their bars the two cannot be told apart: {both}."
    return f"What tells the two apart is how far a bar lies from its null, not the p-value: {both}. The former lies {_beyond(far)}, the latter {_beyond(near)}."


def _beyond(far: float) -> str:
    if not np.isfinite(far):
        return "at its null's, which are all alike"
    if far <= 0:
        return "among its null's"
    return f"{far:.1f} standard deviations of its null beyond the longest of it"
