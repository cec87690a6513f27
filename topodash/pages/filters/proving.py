"""Evidence and sensitivity: computed piece by piece on demand, each piece kept, the picture growing with them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dash
import numpy as np
from dash import Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from topodash.components.notices import notice
from topodash.components.states import duration
from topodash.components.waiting import waiting
from topodash.figures.filter_bars import SHOWN, bars_figure
from topodash.figures.filter_evidence_plot import evidence_figure
from topodash.figures.filter_sensitivity_plot import sensitivity_figure
from topodash.figures.plain import words
from topodash.jobs import Answer, cancel
from topodash.pages.asking import asked, known
from topodash.pages.context import owner, services
from topodash.pages.filters import ids
from topodash.pages.filters.null_banks import gathered, null_question
from topodash.pages.filters.proof import judge
from topodash.pages.filters.verdict import evidence_table, untrained
from topodash.studies.filter_topology_verdict import EVIDENCE, Shown, verdicts


def _proofs(homology: Any, slots: Iterable[str], total: int) -> dict[str, list[Any]]:
    """{slot: [p, null banks]} of the rings whose null banks are complete."""
    found = {}
    for slot in slots:
        value = known("filter_homology", homology[slot])
        proof = None if value is None else judge(value, homology[slot], total)
        if proof is not None and proof.p is not None:
            found[slot] = [proof.p, proof.banks]
    return found


def askable(ready: Any) -> list[str]:
    """The rings that are sources of evidence; one moment on both sides is one source."""
    slots = [slot for slot in ids.SLOTS if ready and ready[slot]]
    return slots[:1] if len(slots) > 1 and ready[slots[0]] == ready[slots[1]] else slots


def _ask_some(name: str, questions: Sequence[dict[str, Any]]) -> list[Answer]:
    """Ask the first few, one fewer than there are workers: other questions need not wait behind them."""
    most = max(1, services().settings.question_workers - 1)
    return [asked(name, question, wait=0) for question in questions[:most]]


def register_proving(app: dash.Dash) -> None:
    """Register the callbacks of Evidence and Sensitivity."""

    @app.callback(
        output={"figure": Output(waiting(ids.EVIDENCE), "data"), "table": Output(ids.EVIDENCE_TABLE, "children"), "said": Output(ids.EVIDENCE_SAID, "children"),
                "bars": Output(waiting(ids.BARS), "data"), "bars_said": Output(ids.BARS_SAID, "children"), "progress": Output(ids.EVIDENCE_PROGRESS, "children"),
                "still": Output(ids.EVIDENCE_TICK, "disabled"), "go": Output(ids.EVIDENCE_GO, "hidden"), "stop": Output(ids.EVIDENCE_STOP, "hidden"),
                "proof": Output(ids.PROOF, "data")},
        inputs={"homology": Input(ids.HOMOLOGY, "data"), "go": Input(ids.EVIDENCE_GO, "n_clicks"), "halt": Input(ids.EVIDENCE_STOP, "n_clicks"),
                "tick": Input(ids.EVIDENCE_TICK, "n_intervals"), "nulls": Input(ids.NULLS, "value"), "look": Input("theme", "data")},
        state={"shown": State(ids.EVIDENCE_PROGRESS, "children"), "off": State(ids.EVIDENCE_STOP, "hidden"), "proof": State(ids.PROOF, "data"), "ready": State(ids.READY, "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def evidence(
        *,
        homology: Any,
        go: Any,
        halt: Any,
        tick: Any,
        nulls: str,
        look: str,
        shown: Any,
        off: bool,
        proof: Any,
        ready: Any,
    ) -> dict[str, Any]:
        quiet = dict.fromkeys(
            ("figure", "table", "said", "bars", "bars_said", "progress", "still", "go", "stop", "proof"),
            no_update,
        )
        if not homology and ctx.triggered_id != ids.HOMOLOGY:
            return {**quiet, "still": True}
        if not homology:
            bare = words("", dark=look == "dark")
            hidden = {"still": True, "go": True, "stop": True, "progress": "", "proof": {}}
            said = html.P("Evidence waits for the persistent homology of these filters.") if ready else None
            return {"figure": bare, "table": None, "said": said, "bars": bare, "bars_said": "", **hidden}
        total = int(nulls)
        sources = {slot: gathered(homology[slot], total) for slot in askable(homology)}
        left = [
            null_question(homology[slot], piece)
            for slot, (_, _, missing) in sources.items()
            for piece in missing
        ]
        working = bool(left) and (
            ctx.triggered_id == ids.EVIDENCE_GO
            or (not off and ctx.triggered_id not in (ids.EVIDENCE_STOP, ids.HOMOLOGY))
        )
        if ctx.triggered_id == ids.EVIDENCE_STOP and left:
            _cancel("filter_nulls", left)
        done = sum(total - sum(count for _, count in missing) for _, _, missing in sources.values())
        want = total * len(sources)
        progress = f"{done} of {want} null banks" if done or working else ""
        trouble = None
        if working:
            answers = _ask_some("filter_nulls", left)
            trouble = next((answer.message for answer in answers if answer.state == "failed"), None)
            inside = sum(
                (answer.progress or 0) * question["count"]
                for answer, question in zip(answers, left, strict=False)
                if answer.state == "working"
            )
            progress = f"{done + int(inside)} of {want} null banks{_left(homology, done + inside, want)}"
            working = trouble is None
        buttons: dict[str, Any] = {
            "progress": progress,
            "still": not working,
            "go": working or not left,
            "stop": not working,
        }
        grown = (shown or "").split(" ")[0] != progress.split(" ")[0] and done
        if ctx.triggered_id == ids.EVIDENCE_TICK and not grown and working:
            return {**quiet, **buttons}
        proved = _proofs(homology, sources, total)
        buttons["proof"] = no_update if proved == proof else proved
        return {**_evidence_views(homology, sources, total, look == "dark", trouble), **buttons}

    @app.callback(
        output={"figure": Output(waiting(ids.SENSITIVITY), "data"), "said": Output(ids.SENSITIVITY_SAID, "children"), "still": Output(ids.SENSITIVITY_TICK, "disabled"),
                "go": Output(ids.SENSITIVITY_GO, "hidden"), "stop": Output(ids.SENSITIVITY_STOP, "hidden")},
        inputs={"homology": Input(ids.HOMOLOGY, "data"), "go": Input(ids.SENSITIVITY_GO, "n_clicks"), "halt": Input(ids.SENSITIVITY_STOP, "n_clicks"),
                "tick": Input(ids.SENSITIVITY_TICK, "n_intervals"), "look": Input("theme", "data")},
        state={"total": State(ids.TOTAL, "data"), "off": State(ids.SENSITIVITY_STOP, "hidden"), "shown": State(ids.SENSITIVITY_SAID, "children")},
        prevent_initial_call=True,
    )  # fmt: skip
    def sensitivity(
        *, homology: Any, go: Any, halt: Any, tick: Any, look: str, total: Any, off: bool, shown: Any
    ) -> dict[str, Any]:
        if not homology and ctx.triggered_id != ids.HOMOLOGY:
            return {**dict.fromkeys(("figure", "said", "go", "stop"), no_update), "still": True}
        if not homology:
            return {
                "figure": words("", dark=look == "dark"),
                "said": "",
                "go": True,
                "stop": True,
                "still": True,
            }
        config = homology["a"]["config"]
        questions = grid(homology["a"], int(total or 0))
        found = [known("filter_sensitivity", question) for question in questions]
        cells = [cell for each in found if each is not None for cell in each["cells"]]
        left = [question for question, each in zip(questions, found, strict=True) if each is None]
        working = bool(left) and (
            ctx.triggered_id == ids.SENSITIVITY_GO
            or (not off and ctx.triggered_id not in (ids.SENSITIVITY_STOP, ids.HOMOLOGY))
        )
        if ctx.triggered_id == ids.SENSITIVITY_STOP and left:
            _cancel("filter_sensitivity", left)
        trouble = (
            next((a.message for a in _ask_some("filter_sensitivity", left) if a.state == "failed"), None)
            if working
            else None
        )
        working = working and trouble is None
        said = trouble or sensitivity_words(cells, len(left), working)
        figure = (
            no_update
            if ctx.triggered_id == ids.SENSITIVITY_TICK and said == shown
            else sensitivity_figure(cells, here=(config["k"], config["fraction"]), dark=look == "dark")
        )
        return {
            "figure": figure,
            "said": said,
            "still": not working,
            "go": working or not left,
            "stop": not working,
        }


_began: dict[str, tuple[float, float]] = {}


def _left(request: Mapping[str, Any], done: float, want: int) -> str:
    """', about 2 min left', at the pace since this process was first asked."""
    key, now = repr(sorted(request["a"]["filters"].items())) + repr(request["a"]["config"]), time.monotonic()
    if len(_began) > 200:
        _began.clear()
    since, before = _began.get(key, (now, done))
    # a pause of more than two minutes is not the pace of the computation
    if key not in _began or done < before or (now - since > 120 and done == before):
        _began[key] = (now, done)
        return ""
    if done - before < 1 or now - since < 3:
        return ""
    return f", about {duration((want - done) * (now - since) / (done - before))} left"


def _cancel(name: str, questions: Sequence[dict[str, Any]]) -> None:
    most = max(1, services().settings.question_workers - 1)
    for question in questions[:most]:
        answer = asked(name, question, wait=0)
        if answer.state == "working":
            cancel(answer.key, asker=owner(), settings=services().settings)


def _evidence_views(
    homology: Any, sources: Mapping[str, Any], total: int, dark: bool, trouble: str | None
) -> dict[str, Any]:
    shown = []
    for slot, (null, _, _) in sources.items():
        found = known("filter_homology", homology[slot])
        if found is not None:
            shown.append(
                Shown(
                    homology["names"][slot], found["statistics"], null, untrained(homology[slot]["filters"])
                )
            )
    found = known("filter_homology", homology["a"])
    if found is None:
        return dict.fromkeys(("figure", "table", "said", "bars", "bars_said"), no_update)
    null, bars, _ = sources["a"]
    longest = null.get("longest_bar")
    said: list[Component] = [notice(trouble, kind="error")] if trouble else []
    return {
        "figure": evidence_figure(shown, EVIDENCE, dark=dark),
        "table": evidence_table(shown, total),
        "said": [*said, *[html.P(text) for text in verdicts(shown, total)]],
        "bars": bars_figure(found, bars if len(bars) else None, longest, dark=dark),
        "bars_said": bars_words(found, longest, total),
    }


def bars_words(found: Mapping[str, Any], longest: np.ndarray | None, total: int) -> str:
    """The longest bar against the null's, in words."""
    bars = np.asarray(found["bars"]).reshape(-1, 2)
    if not len(bars):
        return "No degree-1 bar: these filters have no loop at any scale."
    length = float(bars[0, 1] - bars[0, 0])
    drawn = f" ({SHOWN} of them drawn, the longest)" if len(bars) > SHOWN else ""
    start = f"{len(bars):,} bar{'' if len(bars) == 1 else 's'}{drawn}, the longest {length:.3f}. "
    if longest is None or not len(longest):
        return start + "Compute the null banks under Evidence to see what chance alone would draw."
    so_far = "" if len(longest) >= total else f" so far (of {total})"
    reached = int((longest >= length).sum())
    return (
        start
        + f"{reached} of {len(longest)} null banks{so_far} {'has' if reached == 1 else 'have'} one at least as long."
    )


def grid(request: Mapping[str, Any], total: int) -> list[dict[str, Any]]:
    """A question for each k of the sensitivity grid: the replications' values, scaled where there are fewer filters."""
    here, share = int(request["config"]["k"]), float(request["config"]["fraction"])
    scale = min(1.0, (total or 6400) / 6400)
    ks = sorted({max(2, round(k * scale)) if scale < 1 else k for k in (5, 25, 50, 100, 200, 400)} | {here})
    shares = (0.05, 0.1, 0.2, 0.3, 0.4) if (total or 6400) >= 200 else (0.2, 0.4, 0.6, 0.8, 1.0)
    # Of the settings only what the grid depends on: another Mapper graph has the same.
    config = {"k": 1, "fraction": 1.0, "metric": request["config"]["metric"]}
    return [
        {"filters": request["filters"], "config": config, "k": k, "fractions": sorted({*shares, share})}
        for k in ks
    ]


def sensitivity_words(cells: Sequence[Mapping[str, Any]], left: int, working: bool) -> str:
    """Where the ring is, in words."""
    if not cells:
        return (
            "computing the first column"
            if working
            else "Compute shows where the ring is and where it breaks; a column for each k."
        )
    rings = [f"ρ({cell['k']}, {cell['fraction']:.0%})" for cell in cells if cell["ring"]]
    said = f"A ring at {len(rings)} of {len(cells)} settings" + (
        f": {', '.join(rings[:8])}{' …' if len(rings) > 8 else ''}." if rings else "."
    )
    return (
        said
        + (
            f" {left} column{'' if left == 1 else 's'} to come{'' if working else '; Compute goes on'}."
            if left
            else ""
        )
        + " The orange frame is the setting of the page."
    )
