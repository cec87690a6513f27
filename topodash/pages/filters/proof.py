"""Whether the bar behind a circular coordinate has beaten its null, and what may be drawn until then.

A circular coordinate exists for every longest bar, that of noise too. It is drawn when the bar is longer than
those of all null banks that are chosen (p at most 0.05), or when a person asks for it all the same; the PCA angle stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from topodash.pages.asking import known
from topodash.pages.filters.null_banks import gathered
from topodash.pages.filters.verdict import untrained
from topodash.studies.filter_topology_verdict import LEVEL, Shown, p_value

#: How many null banks a source gets when nobody chose.
USUAL = 99
ALWAYS = "always"


@dataclass(frozen=True)
class Proof:
    """What the null banks say of the longest bar.

    Attributes
    ----------
    p : float or None
        None before all null banks that were chosen are there: a p-value that is looked at while it grows would be
        looked at too often.
    banks : int
    shown : bool
        Whether the circular coordinate may be drawn.
    words : str
        Why it is not drawn, or on what footing it is; begins with a small letter, ends without a full stop.
    """

    p: float | None
    banks: int
    shown: bool
    words: str


def judge(
    homology: Mapping[str, Any], request: Mapping[str, Any], total: int = USUAL, asked_for: str = "proved"
) -> Proof:
    """The proof for one ring by so many null banks; `asked_for` is 'proved' or 'always'."""
    if homology["circular"] is None:
        return Proof(None, 0, False, f"there is no circular coordinate {homology['reason']}".rstrip())
    null, _, _ = gathered(request, total)
    p = p_value(Shown("", homology["statistics"], null), "longest_bar", total)
    return weigh(p, 0 if p is None else total, asked_for, chance=untrained(request["filters"]))


def weigh(p: float | None, banks: int, asked_for: str, *, chance: bool = False) -> Proof:
    """What follows from a p-value of so many null banks; nothing but chance for filters before training."""
    if p is not None and p <= LEVEL and not chance:
        return Proof(p, banks, True, f"its bar has beaten its null (p = {p:.3f}, {banks} null banks)")
    if chance:
        why = "filters before training are independent draws, and a bar of theirs is chance" + (
            "" if p is None else f" (p = {p:.3f}, {banks} null banks)"
        )
    elif p is None:
        why = "its bar has not been held against all null banks yet; Compute under Evidence does that"
    else:
        why = f"its bar has not beaten its null (p = {p:.3f}, {banks} null banks)"
    if asked_for == ALWAYS:
        return Proof(p, banks, True, f"drawn because you ask for it: {why}")
    return Proof(p, banks, False, f"the circular coordinate is not shown: {why}")


def as_proved(homology: Mapping[str, Any], proof: Proof) -> dict[str, Any]:
    """The homology without its circular coordinate where that may not be drawn."""
    if proof.shown:
        return dict(homology)
    kept = {
        name: {kind: value for kind, value in homology[name].items() if kind != "circular"}
        for name in ("wheels", "correlations")
    }
    return {**homology, **kept, "circular": None}


def judged(
    request: Mapping[str, Any], total: int, asked_for: str
) -> tuple[dict[str, Any] | None, Proof | None]:
    """The known homology of a ring as it may be drawn, and its proof; (None, None) while it is not known."""
    homology = known("filter_homology", request)
    if homology is None:
        return None, None
    proof = judge(homology, request, total, asked_for)
    return as_proved(homology, proof), proof
