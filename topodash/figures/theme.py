"""Every colour, camera and plot template of the application."""

from __future__ import annotations

import plotly.graph_objects as go
import plotly.io as pio

#: Orange and blue first, then Okabe and Ito's other colours: safe for colour-blind readers.
CLASS_COLOURS = (
    "#E69F00",
    "#0072B2",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#F0E442",
    "#8C6BB1",
    "#7F7F7F",
    "#A6761D",
)
CLASS_SYMBOLS = (
    "circle",
    "diamond",
    "square",
    "cross",
    "x",
    "triangle-up",
    "star",
    "pentagon",
    "hexagon",
    "bowtie",
)
#: One colour a neuron, the same in every view; apart from the class colours.
NEURON_COLOURS = ("#B5446E", "#3A7D44", "#7A5CC0", "#A8651E", "#138A8A", "#9C2C2C", "#5B6C1F", "#4C5C96")
SEQUENTIAL = "Viridis"
CYCLIC = "Twilight"
#: From the first class's colour to the second's.
DIVERGING = ((0.0, "#E69F00"), (0.5, "#F2F2F0"), (1.0, "#0072B2"))
DIVERGING_DARK = ((0.0, "#E69F00"), (0.5, "#24262C"), (1.0, "#3D9BD9"))

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"
LIGHT = {
    "ground": "#FCFCFB",
    "panel": "#FFFFFF",
    "text": "#22252B",
    "quiet": "#5A606B",
    "line": "#D5D8DD",
    "grid": "#ECEDEF",
}
DARK = {
    "ground": "#15171C",
    "panel": "#1C1F26",
    "text": "#E8EAEE",
    "quiet": "#A5ABB8",
    "line": "#3A3F4A",
    "grid": "#2A2E36",
}

#: Looking into the positive octant (paper A, figures 3 to 6).
OCTANT_CAMERA = {
    "eye": {"x": 1.6, "y": 1.4, "z": 1.1},
    "up": {"x": 0, "y": 0, "z": 1},
    "center": {"x": 0, "y": 0, "z": -0.1},
}

#: The same direction from further off, moved aside a little: in a panel higher than wide the names of all three axes are seen.
STAGE_CAMERA = {
    "eye": {"x": 2.03, "y": 1.56, "z": 1.32},
    "up": {"x": 0, "y": 0, "z": 1},
    "center": {"x": 0.11, "y": -0.12, "z": -0.12},
}


def palette(dark: bool) -> dict[str, str]:
    """The named greys of the light or the dark look."""
    return DARK if dark else LIGHT


def class_colour(index: int) -> str:
    """The colour of class `index`; colours repeat after the tenth class."""
    return CLASS_COLOURS[index % len(CLASS_COLOURS)]


def neuron_colour(index: int) -> str:
    """The colour of hidden unit `index` of a layer; colours repeat after the eighth."""
    return NEURON_COLOURS[index % len(NEURON_COLOURS)]


def _template(colours: dict[str, str]) -> go.layout.Template:
    axis = {
        "gridcolor": colours["grid"],
        "linecolor": colours["line"],
        "zerolinecolor": colours["line"],
        "tickcolor": colours["line"],
        "ticks": "",
        "title": {"standoff": 6, "font": {"size": 12}},
        "automargin": True,
    }
    scene = {
        "backgroundcolor": "rgba(0,0,0,0)",
        "gridcolor": colours["grid"],
        "zerolinecolor": colours["line"],
        "linecolor": colours["line"],
        "showbackground": False,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": colours["text"]},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(CLASS_COLOURS),
            "hoverlabel": {
                # Without a colour of its own the text takes the border's.
                "font": {"family": FONT, "size": 12, "color": colours["text"]},
                "bgcolor": colours["panel"],
                "bordercolor": colours["line"],
            },
            "modebar": {
                "orientation": "v",
                "bgcolor": "rgba(0,0,0,0)",
                "color": colours["quiet"],
                "activecolor": colours["text"],
            },
            "margin": {"l": 44, "r": 12, "t": 12, "b": 36},
            "xaxis": axis,
            "yaxis": axis,
            "scene": {"xaxis": scene, "yaxis": scene, "zaxis": scene, "bgcolor": "rgba(0,0,0,0)"},
            "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "font": {"size": 12}},
        }
    )


TEMPLATES = {"topodash_light": _template(LIGHT), "topodash_dark": _template(DARK)}
for _name, _value in TEMPLATES.items():
    pio.templates[_name] = _value


def template(dark: bool) -> str:
    """The name of the registered plotly template."""
    return "topodash_dark" if dark else "topodash_light"


def _mix(colour: str, ground: str, share: float) -> str:
    """`share` of `colour` over `ground`, both `#rrggbb`."""
    pairs = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def pattern_tints(units: int, dark: bool) -> tuple[str, ...]:
    """Quiet tints of one hue for cells in which 0, 1, ..., `units` neurons fire: more neurons, more colour."""
    ground = palette(dark)["panel"]
    hue, strongest = ("#7F8FD0", 0.42) if dark else ("#5B6FC4", 0.36)
    return tuple(_mix(hue, ground, 0.04 + (strongest - 0.04) * k / max(units, 1)) for k in range(units + 1))


def neuron_scale(index: int, dark: bool) -> list[list[float | str]]:
    """A colour scale from the ground to a neuron's colour, for its activation."""
    ground = palette(dark)["panel"]
    return [[0.0, ground], [1.0, _mix(neuron_colour(index), ground, 0.75)]]


def browser_theme(units: int = 24) -> dict[str, dict[str, object]]:
    """What the drawing script needs of both looks: templates, greys, tints and neuron scales (JSON)."""
    looks = {}
    for dark in (False, True):
        looks["dark" if dark else "light"] = {
            "template": TEMPLATES[template(dark)].to_plotly_json(),
            "colours": palette(dark),
            "tints": [list(pattern_tints(k, dark)) for k in range(units + 1)],
            "neurons": list(NEURON_COLOURS),
            "scales": [neuron_scale(k, dark) for k in range(len(NEURON_COLOURS))],
            "classes": list(CLASS_COLOURS),
            "diverging": [list(stop) for stop in (DIVERGING_DARK if dark else DIVERGING)],
        }
    return looks
