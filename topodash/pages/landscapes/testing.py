"""Table I: tests between the moments of a study, and the null distribution of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash
from dash import Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from topodash.components.panel import empty
from topodash.datasets import counted
from topodash.figures.landscape_null import landscape_null
from topodash.figures.moments import short_name
from topodash.figures.plain import words
from topodash.pages.asking import asked as question
from topodash.pages.landscapes import ids
from topodash.pages.landscapes.controls import VIEW
from topodash.pages.landscapes.drawing import ready_view
from topodash.pages.landscapes.view import View

#: Below this an adjusted p-value is printed in bold.
_LEVEL = 0.05


def permutations_of(value: Any) -> int:
    """How many relabellings are asked for; 10,000 where that is no number of them."""
    return value if isinstance(value, int) and 99 <= value <= 1_000_000 else 10_000


def tests_question(view: View, paired: Any, permutations: Any) -> dict[str, Any]:
    """The question of Table I."""
    assert view.study is not None
    return {
        **view.named,
        "degree": view.degree_at,
        "paired": bool(paired),
        "permutations": permutations_of(permutations),
        "seed": view.study.config.seed,
    }


def register_testing(app: dash.Dash) -> None:
    """Register the callbacks of the tests."""

    @app.callback(
        Output(ids.TABLE, "children"), Output(ids.TABLE_SAID, "children"), Output(ids.TESTS, "data"), Output(ids.poll("tests"), "disabled"),
        Output(ids.key("tests"), "data"),
        Input(ids.READY, "data"), Input(VIEW.id("paired"), "checked"), Input(VIEW.id("permutations"), "value"), Input(ids.poll("tests"), "n_intervals"),
        State(ids.key("tests"), "data"), prevent_initial_call=True,
    )  # fmt: skip
    def tests(ready: Any, paired: Any, permutations: Any, tick: Any, before: Any) -> tuple[Any, ...]:
        view = ready_view(ready)
        if view is None:
            raise dash.exceptions.PreventUpdate
        if view.study is None:
            return (
                empty(
                    "A live run is one network: there is nothing to permute. Tests need a study of many networks."
                ),
                "",
                None,
                True,
                None,
            )
        asked = tests_question(view, paired, permutations)
        if asked == before:
            return no_update, no_update, no_update, True, no_update
        answer = question("landscape_tests", asked)
        if answer.state == "working":
            share = "" if answer.progress is None else f" {answer.progress:.0%}"
            old = "The table is of the picture before; " if before else ""
            return no_update, f"{old}computing{share}: {answer.message}", no_update, False, no_update
        if answer.state == "failed":
            return empty(answer.message), "", None, True, None
        rows = answer.value["rows"]
        return table(rows, view.moments), table_words(rows, bool(paired), view), asked, True, asked

    @app.callback(
        Output(ids.NULL, "figure"), Output(ids.NULL_SAID, "children"),
        inputs={"asked": Input(ids.TESTS, "data"), "test": Input(ids.TEST, "data"), "look": Input("theme", "data"), "cursor": State(ids.CURSOR, "data"),
                "groups": State(ids.GROUPS, "data"), "ready": State(ids.READY, "data")},
        prevent_initial_call=True,
    )  # fmt: skip
    def null(*, asked: Any, test: Any, look: Any, cursor: Any, groups: Any, ready: Any) -> tuple[Any, Any]:
        view = ready_view(ready)
        if view is None or not asked:
            return words(
                "", dark=look == "dark"
            ), "" if view is None or view.study else "A live run is one network."
        # Two groups that are compared stand here until a p-value of the table is pressed.
        if groups and ctx.triggered_id != ids.TEST:
            raise dash.exceptions.PreventUpdate
        answer = question("landscape_tests", asked, wait=0.3)
        if answer.state != "ready":
            raise dash.exceptions.PreventUpdate
        row = chosen_row(answer.value["rows"], (test or cursor or {}).get("test"))
        if row is None:
            return words("", dark=look == "dark"), "No pair of thresholds can be tested."
        names = f"{view.moments[row['a']]} and {view.moments[row['b']]}"
        if row["p"] is None:
            return words("", dark=look == "dark"), f"{names}: no test, because {row['why']}."
        return landscape_null(row, dark=look == "dark"), f"{names}, {who(row)}: {row_words(row)}"


def chosen_row(rows: Sequence[Mapping[str, Any]], test: str | None) -> Mapping[str, Any] | None:
    """The row that is picked, else the first that has a test."""
    for row in rows:
        if test == f"{row['a']}-{row['b']}":
            return row
    return next((row for row in rows if row["p"] is not None), rows[0] if rows else None)


def row_words(row: Mapping[str, Any]) -> str:
    """A test in a sentence."""
    count, total = row["count"], row["permutations"]
    swap, swaps = (
        ("swap within networks", "swaps within networks")
        if row["paired"]
        else ("relabelling", "relabellings")
    )
    looked = f"the {total} other {swaps} (all there are)" if row["exhaustive"] else f"{total} random {swaps}"
    reached = f"{count} of {looked} {'reaches' if count == 1 else 'reach'} it"
    if row["exhaustive"] and total == 1:
        reached = f"the only other {swap} {'reaches' if count else 'does not reach'} it"
    said = (
        f"distance of the means {row['statistic']:.4g}, p = {row['p']:.3g}; {reached}. "
        f"The smallest p of this test is {row['smallest_p']:.3g}."
    )
    if row.get("holm") is not None:
        said += f" After Holm's correction {row['holm']:.3g}."
    return said


def who(row: Mapping[str, Any]) -> str:
    """The networks behind a test of Table I."""
    left = f" ({row['shared']} with one snapshot for both are left out)" if row["shared"] else ""
    return f"{counted(row['networks'], 'network')}{left}"


def table(rows: Sequence[Mapping[str, Any]], moments: Sequence[str]) -> Component:
    """Table I: above the diagonal adjusted p-values, each a button; below it the distances."""
    cells = {(row["a"], row["b"]): row for row in rows}
    short = [short_name(name) for name in moments]
    head = html.Thead(html.Tr([html.Td(), *(html.Th(name, scope="col") for name in short)]))
    body = []
    for a, name in enumerate(short):
        line: list[Component] = [html.Th(name, scope="row")]
        for b in range(len(moments)):
            row = cells.get((min(a, b), max(a, b)))
            if row is None:
                line.append(html.Td("", className="land-diagonal"))
            elif a < b:
                line.append(html.Td(_cell(row, short)))
            else:
                line.append(
                    html.Td("–" if row["p"] is None else f"{row['statistic']:.3g}", className="land-distance")
                )
        body.append(html.Tr(line))
    return html.Table(
        [
            html.Caption(
                "Adjusted p above the diagonal; below it the distance of the means of the networks that are tested: "
                "those with a snapshot for each of the two."
            ),
            head,
            html.Tbody(body),
        ],
        className="td-number",
    )


def _cell(row: Mapping[str, Any], names: Sequence[str]) -> Component:
    pair = f"{names[row['a']]} against {names[row['b']]}"
    if row["p"] is None:
        said, text = f"{pair}: no test, {row['why']}", "–"
    else:
        text = f"{row['holm']:.2g}" if row["holm"] >= 1e-3 else f"{row['holm']:.1e}"
        said = f"{pair}, {who(row)}: adjusted p {text}, smallest possible p {row['smallest_p']:.3g}"
    strong = row["p"] is not None and row["holm"] < _LEVEL
    return html.Button(text, type="button", className="land-p land-strong" if strong else "land-p", title=said,
                       **{"data-test": f"{row['a']}-{row['b']}", "aria-label": said})  # fmt: skip


def table_words(rows: Sequence[Mapping[str, Any]], paired: bool, view: View) -> str:
    """The line under Table I."""
    made = [row for row in rows if row["p"] is not None]
    how = (
        "Paired: labels are swapped within networks."
        if paired
        else "Unpaired, as in the paper: blind to what the same networks share."
    )
    if not made:
        return f"{how} No pair can be tested."
    least = max(row["smallest_p"] for row in made)
    bound = min(1.0, least * len(made))
    said = f"{how} {len(made)} of {len(rows)} pairs are tested; a p can be no smaller than {least:.3g}, adjusted {bound:.3g}."
    left = len(rows) - len(made)
    if left:
        said += (
            f" {counted(left, 'pair')} cannot be: too many networks share a snapshot, or did not reach it."
        )
    if bound >= _LEVEL:
        said += f" With {counted(view.networks, 'network')} no adjusted p can be below {_LEVEL}: more networks are needed."
    return said
