"""kmapper's HTML page made self-contained: kmapper 2.1.0 loads d3 and FileSaver, a font and an icon from other sites.

d3 6.1.1 lies in `data/vendor/d3` with its licence; FileSaver comes with kmapper itself. The font falls back to the reader's own.
"""

import re
from pathlib import Path

import kmapper

from topodash.resources import resource_dir

#: What a page may fetch by itself; an address in a text, or the name of an XML language, is none.
FETCHED = re.compile(r"""(?:<(?:script|link|img|iframe|source|object)\b[^>]*(?:src|href|data)\s*=|url\(|@import)\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)  # fmt: skip


def self_contained(page: str) -> str:
    """The page with its scripts inside, so that it opens without a network.

    Raises
    ------
    ValueError
        When something is left that the page would fetch: kmapper has changed.
    """
    d3 = (resource_dir("data") / "vendor" / "d3" / "d3-6.1.1.min.js").read_text(encoding="utf-8")
    saver = (Path(kmapper.__file__).parent / "static" / "FileSaver.min.js").read_text(encoding="utf-8")
    licence = (resource_dir("data") / "vendor" / "d3" / "LICENSE").read_text(encoding="utf-8")
    page = re.sub(r"<link\b[^>]*(?:https?:)?//[^>]*>", "", page)
    for name, text in (("d3", f"/* {licence} */\n{d3}"), ("file-saver", saver)):
        if "</script" in text.lower():
            raise ValueError(f"{name} must not close the script that it stands in")
        whole = f"<script>{text}</script>"
        page = re.sub(
            rf'<script src="https?://[^"]*/{name}[@/][^"]*"></script>', whole.replace("\\", r"\\"), page
        )
    left = FETCHED.search(page)
    if left:
        raise ValueError(f"the page of kmapper must fetch nothing; it has {left.group(0)!r}")
    return page
