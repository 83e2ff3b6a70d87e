"""The icons of the house and the sheet of symbols a page ends with; no other drawing lives here.

Templates draw an icon by its name; the layout passes the finished page through `icon_sheet`, which adds one
`<symbol>` for each icon the page uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

_DRAWINGS = (Path(__file__).parent / "icons.svg").read_text(encoding="utf-8")
_USE = re.compile(r'<use href="#i-([a-z]+)"')

#: Name of an icon → its `<symbol>`.
SYMBOLS: dict[str, str] = {
    name: symbol for symbol, name in re.findall(r'(<symbol id="i-([a-z]+)".*?</symbol>)', _DRAWINGS)
}


def icon_sheet(page: str, more: Iterable[str] = ()) -> Markup:
    """The page followed by the symbols it uses, and by `more` for fragments that will arrive later."""
    names = sorted((set(_USE.findall(page)) | set(more)) & SYMBOLS.keys())
    symbols = "".join(SYMBOLS[name] for name in names)
    # The page is what the templates rendered and the symbols are our own file: both are trusted markup.
    return Markup(page) + Markup(f'<svg hidden aria-hidden="true">{symbols}</svg>')  # noqa: S704
