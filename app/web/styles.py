"""Joins the readable style sheets into the two that are served; a build step, imported by nothing that answers people.

`python -m app.web.styles` writes them; a test compares what is committed with what the sources give.
"""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).parent / "styles"
STATIC = Path(__file__).parent / "static"

_SHARED = ("base", "controls", "pieces", "prose")
#: Served file → its sources, in the order of the cascade.
SHEETS: dict[str, tuple[str, ...]] = {
    "portal.css": ("tokens", "dark", *_SHARED, "portal", "entry", "narrow-portal", "narrow", "wishes"),
    "desk.css": ("tokens", "dark", *_SHARED, "desk", "ticket", "board", "editor", "narrow-desk", "narrow", "wishes"),
}
# Paper is white whatever the screen wears, hence `screen`.
_DARK = (
    "@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{0}}}}}"
    "@media screen{{:root[data-theme=dark]{{{0}}}}}"
)


def minified(css: str) -> str:
    """The same rules without comments and without blanks that mean nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    return css.replace(";}", "}").strip()


def sheet(name: str) -> str:
    """One served sheet, minified."""
    return "".join(_part(source) for source in SHEETS[name])


def _part(source: str) -> str:
    css = minified((SOURCES / f"{source}.css").read_text(encoding="utf-8"))
    # The dark declarations are written once and placed twice: under the system's wish and under the person's.
    return _DARK.format(css.rstrip(";")) if source == "dark" else css


def write() -> None:
    """Write every served sheet anew."""
    for name in SHEETS:
        (STATIC / name).write_text(sheet(name) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
