"""The icons, drawn here as SVG so that nothing is fetched from elsewhere, in the colour of the text."""

from __future__ import annotations

from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

_STROKE = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#000' "
    "stroke-width='1.7' "
    "stroke-linecap='round' stroke-linejoin='round'>{}</svg>"
)
_SHAPES = {
    "home": "<path d='M4 11.5 12 4.5l8 7'/><path d='M6.5 9.8V19.5h11V9.8'/><path d='M10 19.5v-5h4v5'/>",
    "live": "<path d='M3.5 18.5 20.5 5.5'/><path d='M4.5 6 19 20'/><circle cx='6' cy='12.5' r='1.3'/>"
    "<circle cx='12' cy='5' r='1.3'/><circle cx='18' cy='12.5' r='1.3'/><circle cx='11.5' cy='19' r='1.3'/>",
    "mapper": "<path d='M7 7.5 16.5 6M6 9l2.5 8M17.5 8 15 16.5M10.5 18h3'/><circle cx='5.5' "
    "cy='7.5' r='2.2'/>"
    "<circle cx='18' cy='6' r='2'/><circle cx='8.5' cy='18' r='2'/><circle cx='15.2' cy='18' r='2'/>",
    "landscapes": "<path d='M3 19.5h18'/><path d='m4 19 6-12.5L16 19'/><path d='m11.5 19 4.2-8 4.3 8'/>",
    "filters": "<circle cx='12' cy='12' r='8.2' stroke-dasharray='.1 5.05' stroke-width='3.4'/>"
    "<rect x='9' y='9' width='6' height='6' rx='.8'/><path d='M9 15l6-6'/>",
    "runs": "<path d='M4 6.5h2M4 12h2M4 17.5h2M9.5 6.5H20M9.5 12H20M9.5 17.5H16'/>",
    "theme": "<circle cx='12' cy='12' r='7.5'/><path d='M12 4.5a7.5 7.5 0 0 1 0 15z' fill='#000'/>",
    "enlarge": "<path d='M14 4.5h5.5V10M19.5 4.5l-6 6M10 19.5H4.5V14M4.5 19.5l6-6'/>",
    "export": "<path d='M12 4v10.5M8 11l4 4 4-4M5 19.5h14'/>",
    "import": "<path d='M12 15.5V5M8 8.5l4-4 4 4M5 19.5h14'/>",
    "play": "<path d='M8 5.5v13l10.5-6.5z' fill='#000'/>",
    "pause": "<path d='M8.5 5.5v13M15.5 5.5v13' stroke-width='3'/>",
    "step": "<path d='M6 5.5v13L14 12z' fill='#000'/><path d='M17.5 5.5v13' stroke-width='2.6'/>",
    "back": "<path d='M18 5.5v13L10 12z' fill='#000'/><path d='M6.5 5.5v13' stroke-width='2.6'/>",
    "close": "<path d='M6 6l12 12M18 6 6 18'/>",
    "settings": "<path d='M4 7h9M17 7h3M4 17h3M11 17h9'/><circle cx='15' cy='7' "
    "r='2'/><circle cx='9' cy='17' r='2'/>",
    "inspect": "<circle cx='10.5' cy='10.5' r='6'/><path d='m15 15 5 5'/>",
    "link": "<path d='M10 14a4 4 0 0 0 5.7 0l2.8-2.8a4 4 0 0 0-5.7-5.7L11.5 6.8'/>"
    "<path d='M14 10a4 4 0 0 0-5.7 0l-2.8 2.8a4 4 0 0 0 5.7 5.7l1.3-1.3'/>",
    "rename": "<path d='m5 19 1-4L16 5l3 3L9 18z'/>",
    "delete": "<path d='M5 7h14M10 7V4.8h4V7M7 7l.8 12.5h8.4L17 7'/>",
    "more": "<path d='M6 12h.01M12 12h.01M18 12h.01' stroke-width='3'/>",
}


def names() -> tuple[str, ...]:
    return tuple(_SHAPES)


def icon(name: str, size: int = 20) -> Component:
    """An icon as a mask over the text colour; it says nothing to a screen reader, its neighbour text does.

    Raises
    ------
    KeyError
        When there is no icon of that name.
    """
    address = 'url("data:image/svg+xml,' + quote(_STROKE.format(_SHAPES[name]), safe=" =:/'") + '")'
    style = {"width": size, "height": size, "maskImage": address, "WebkitMaskImage": address}
    return html.Span(className="td-icon", style=style, **{"aria-hidden": "true"})
