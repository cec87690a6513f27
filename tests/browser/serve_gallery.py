"""The application as people get it, and one more page that shows every shared component."""

import sys
from pathlib import Path

import topodash.pages
from topodash.pages import Page

topodash.pages.__path__.append(str(Path(__file__).parent / "pages"))
topodash.pages.PAGES = (
    *topodash.pages.PAGES,
    Page("gallery", "/gallery", "Gallery", "", "Every component on one page."),
)

if __name__ == "__main__":
    from topodash.web.serving import serve

    sys.exit(serve())
