"""The inspector: some filters together, or one filter opened. The script asks for it (`web/filter_look.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from dash import html
from dash.development.base_component import Component

from topodash.components.inspector import selection
from topodash.figures.filter_images import addresses, patch_address
from topodash.pages.asking import asked, known, progress_words

MOST_SHOWN = 30
MOST_ROWS = 5000
NO_IMAGES = "The images that these networks learnt are not known, so real patches cannot be searched."


def inspected(chosen: Mapping[str, Any], ready: Mapping[str, Any]) -> tuple[Component, bool]:
    """What stands in the inspector for a selection, and whether it is still being computed.

    Parameters
    ----------
    chosen : {"slot", "title", "rows", "one"}
        As the script of the page keeps it.
    ready : the request whose rings are drawn
    """
    request = ready.get(chosen.get("slot") or "a") or ready["a"]
    rows = sorted({int(row) for row in chosen["rows"]})
    if len(rows) > MOST_ROWS:
        return _said(
            f"At most {MOST_ROWS:,} filters are looked at together; {len(rows):,} were selected."
        ), False
    if chosen.get("one") or len(rows) == 1:
        answer = asked("filter_detail", {**request, "row": rows[0]})
        draw: Callable[..., Component] = one_filter
    else:
        question = {"filters": request["filters"], "rows": rows, "data": ready.get("data")}
        answer, no_images = asked("filter_group", question), NO_IMAGES
        if answer.state == "failed" and question["data"]:  # without the images all but real patches is known
            no_images = f"Real patches cannot be searched: {answer.message}"
            answer = asked("filter_group", {**question, "data": None})
        draw = partial(several, no_images=no_images)
    if answer.state == "working":
        words = html.P(progress_words(answer), className="filters-quiet")
        return html.Div([html.H3(chosen["title"]), words]), True
    if answer.state == "failed":
        return _said(answer.message), False
    return draw(chosen, rows, answer.value, request), False


def _said(text: str) -> Component:
    return html.P(text, className="td-empty", role="alert")


def picture(address: str, name: str, *, side: int = 72) -> Component:
    """A small picture with its name under it."""
    return html.Figure(
        [
            html.Img(src=address, alt=name, width=side, height=side, className="filters-pixels"),
            html.Figcaption(name),
        ],
        className="filters-figure",
    )


def thumbnails(rows: Sequence[int], weights: Any, titles: Sequence[str]) -> Component:
    """Filters that can be opened; the script listens to their clicks."""
    images = addresses(weights, 6) if len(rows) else []
    buttons = [
        html.Button(html.Img(src=image, alt=title, width=38, height=38, className="filters-pixels"), type="button", className="filters-thumb", title=title, **{"data-filters-open": str(row)})
        for row, image, title in zip(rows, images, titles, strict=True)
    ]  # fmt: skip
    return html.Div(buttons, className="filters-thumbs")


def several(
    chosen: Mapping[str, Any],
    rows: Sequence[int],
    found: Mapping[str, Any],
    request: Mapping[str, Any],
    *,
    no_images: str = NO_IMAGES,
) -> Component:
    """Filters of a node, a sector or a region."""
    ring = known("filter_ring", request)
    pairs: list[tuple[str, Any]] = [("filters", f"{len(rows):,}")]
    members: list[Component] = []
    if ring is not None:
        inside = np.flatnonzero(np.isin(ring["rows"], rows))
        pairs.append(("networks", str(len(np.unique(ring["networks"][inside])))))
        pairs.append(
            ("median Klein R²", f"{float(np.nanmedian(ring['r2'][inside])):.2f}")
            if len(inside)
            else ("kept", "none")
        )
        shown = inside[:MOST_SHOWN]
        titles = [
            f"filter {c} of network {n}"
            for n, c in zip(ring["networks"][shown], ring["channels"][shown], strict=True)
        ]
        more = f", the {MOST_SHOWN} densest" if len(inside) > MOST_SHOWN else ""
        members = [
            html.H4(f"Its filters{more}"),
            thumbnails(np.asarray(ring["rows"])[shown].tolist(), ring["weights"][shown], titles),
        ]
    reached, starts = found["relu_reached"]
    pairs.append(("greatest mean response", f"{found['relu_response']:.3g}"))
    grid = html.Div(
        [
            picture(addresses(found["mean"])[0], "mean filter"),
            picture(patch_address(found["relu"]), "best patch, ReLU"),
            picture(patch_address(found["box"]), "best patch, linear"),
            picture(addresses(found["norm"])[0], "best, norm 1"),
        ],
        className="filters-pictures",
    )
    said = f"The ReLU patch is the best vertex that {starts} starts of the ascent found; {reached} of them ended at it."
    return selection(
        chosen["title"],
        pairs,
        more=html.Div([grid, html.P(said, className="filters-quiet"), *_real(found, no_images), *members]),
    )


def _real(found: Mapping[str, Any], no_images: str) -> list[Component]:
    if found["real"] is None:
        return [html.P(no_images, className="filters-quiet")]
    searched, total = found["searched"]
    images = [
        html.Img(src=patch_address(patch), alt=f"patch of image {image}", title=f"image {image}: mean response {value:.3g}", width=44, height=44, className="filters-pixels")
        for patch, image, value in zip(found["real"], found["real_images"], found["real_responses"], strict=True)
    ]  # fmt: skip
    return [
        html.H4("Real patches that activate them most"),
        html.Div(images, className="filters-thumbs"),
        html.P(
            f"Best patches of {searched:,} of {total:,} images, one from each.", className="filters-quiet"
        ),
    ]


def one_filter(
    chosen: Mapping[str, Any], rows: Sequence[int], found: Mapping[str, Any], request: Mapping[str, Any]
) -> Component:
    """One filter: weights, network, place, history, neighbours."""
    ring = known("filter_ring", request)
    rank = np.flatnonzero(np.asarray(ring["rows"]) == rows[0]) if ring is not None else np.zeros(0)
    place = (
        f"{int(rank[0]) + 1} of {len(ring['rows']):,} kept by density"
        if len(rank)
        else "not kept by the density filter"
    )
    upload = "from" in request["filters"]  # a file says of no network
    pairs = [
        *([] if upload else [("network", f"seed {found['network']}")]),
        ("channel", str(found["channel"])),
        ("bias", f"{found['bias']:.4f}"),
        ("density", place),
    ]
    if found["constant"]:
        pairs.append(("shape", "constant: it has none, and no place on the bottle"))
    else:
        pairs += [
            ("θ, φ", f"{np.degrees(found['theta']):.0f}°, {np.degrees(found['phi']):.0f}°"),
            ("Klein R²", f"{found['r2']:.2f}"),
        ]
    parts = [weight_table(found["weights"], found["side"])]
    if len(found["steps"]):
        parts += [html.H4("Over the iterations"), _history(found)]
    if len(found["near"]):
        titles = [
            f"filter {c} of network {n}, distance {d:.2f}"
            for n, c, d in zip(
                found["near_networks"], found["near_channels"], found["near_distances"], strict=True
            )
        ]
        parts += [
            html.H4("Nearest among all filters"),
            thumbnails(np.asarray(found["near"]).tolist(), found["near_weights"], titles),
        ]
    of = "" if upload else f" of network {found['network']}"
    return selection(f"Filter {found['channel']}{of}", pairs, more=html.Div(parts))


def weight_table(weights: Any, side: int) -> Component:
    """The weights with their numbers; bright is positive, row 0 at the top."""
    values = np.asarray(weights, dtype=np.float64).reshape(side, side)
    greatest = float(np.abs(values).max()) or 1.0
    rows = []
    for line in values:
        cells = []
        for value in line:
            grey = round(128 + 127 * value / greatest)
            style = {"background": f"rgb({grey},{grey},{grey})", "color": "#111" if grey > 115 else "#fff"}
            # more columns than nine leave room for one decimal
            said = f"{value:.1f}" if side > 9 else f"{value:+.2f}"
            cells.append(html.Td(said, style=style, title=f"{value:+.4f}"))
        rows.append(html.Tr(cells))
    return html.Table(
        [html.Caption("Weights"), html.Tbody(rows)],
        className="filters-weights td-number",
        **{"data-side": str(side)},
    )


def _history(found: Mapping[str, Any]) -> Component:
    steps, accuracy = np.asarray(found["steps"]).tolist(), np.asarray(found["accuracy"]).tolist()
    take = (
        range(len(steps))
        if len(steps) <= 12
        else sorted({round(k * (len(steps) - 1) / 11) for k in range(12)})
    )
    images = addresses(found["history"], 6)
    return html.Div(
        [
            picture(
                images[k],
                f"{steps[k]}" + (f", {accuracy[k]:.1%}" if np.isfinite(accuracy[k]) else ""),
                side=44,
            )
            for k in take
        ],
        className="filters-pictures",
        title="iteration, test accuracy of its network",
    )
