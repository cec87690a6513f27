"""The document around the application; its one inline script runs before all others."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import dash
import flask

from topodash.pages import PAGES, Page
from topodash.pages.context import THEME_COOKIE

# Mantine keeps the choice of light or dark under this key; the cookie tells the server, so that the first figures have
# the right colours. Without a choice the system's preference counts.
# Dash brings a polyfill for browsers of 2015 that finds fault with how today's strip white space, and puts slow regular
# expressions in the place of `trim` and of all that reads a number; `assets/shell.js` gives the browser its own ones back.
FIRST_SCRIPT = (
    "(function(){var w=window,s=String.prototype;w.topodashNatives=[];"
    "[[s,'trim'],[s,'trimStart'],[s,'trimEnd'],[s,'trimLeft'],[s,'trimRight'],[w,'parseInt'],[w,'parseFloat'],"
    "[Number,'parseInt'],[Number,'parseFloat']].forEach(function(x){w.topodashNatives.push([x[0],x[1],x[0][x[1]]])});"
    "var c=null;try{c=localStorage.getItem('mantine-color-scheme-value')}catch(e){}"
    "var d=c==='dark'||(c!=='light'&&window.matchMedia('(prefers-color-scheme: dark)').matches);"
    "var t=d?'dark':'light',r=document.documentElement;"
    "r.setAttribute('data-mantine-color-scheme',t);r.setAttribute('data-theme',t);"
    f"document.cookie='{THEME_COOKIE}='+t+'; path=/; max-age=31536000; SameSite=Lax'}})();"
)

_INDEX = """<!DOCTYPE html>
<html lang="en">
    <head>
        {%metas%}
        <script>FIRST_SCRIPT</script>
        <title>{%title%}</title>
        <link rel="icon" type="image/svg+xml" href="ICON">
        <meta name="color-scheme" content="light dark">
        {%css%}
    </head>
    <body>
        <noscript>TopoDash draws in the browser and needs JavaScript.</noscript>
        {%app_entry%}
        <footer>
            {%config%}
            {%scripts%}
            {%renderer%}
        </footer>
    </body>
</html>"""


def script_hash() -> str:
    """The inline script's entry for the Content-Security-Policy."""
    digest = hashlib.sha256(FIRST_SCRIPT.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def title(path: str) -> str:
    """The title of the page at that path."""
    for page in PAGES:
        if page.path.strip("/") == path.strip("/"):
            return page_title(page)
    return "Not found · TopoDash"


def page_title(page: Page) -> str:
    """What the browser's tab says."""
    return "TopoDash" if page.path == "/" else f"{page.title} · TopoDash"


#: Dash asks for plotly.js only when the first graph is there; a page with figures asks for it at once.
PLOTLY = "_dash-component-suites/plotly/package_data/plotly.min.js"
_WITH_FIGURES = ("live", "mapper", "landscapes", "filters")


class App(dash.Dash):
    """Dash, whose documents have the title of their page from the first byte on."""

    def interpolate_index(self, **parts: Any) -> str:
        path = flask.request.path
        if path.strip("/") in _WITH_FIGURES:
            link = f'<link rel="preload" as="script" href="{self.config.requests_pathname_prefix}{PLOTLY}">'
            parts["css"] = parts.get("css", "") + link
        return super().interpolate_index(**{**parts, "title": title(path)})


def index_string(app: dash.Dash) -> str:
    """The index page of that application."""
    return _INDEX.replace("FIRST_SCRIPT", FIRST_SCRIPT).replace("ICON", app.get_asset_url("icon.svg"))
