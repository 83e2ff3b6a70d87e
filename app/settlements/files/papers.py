"""Sheets of paper: how a PDF of the house is begun, and the few signs its letters hold; the same words, the same bytes.

Letters are those every reader of PDF has, so nothing is embedded; what they lack is written with its likeness.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF

#: What the letters of every reader hold.
_SIGNS = "cp1252"
_LIKE = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "\u202f": "\u00a0", "−": "-"})
#: Millimetres.
MARGIN = 22


def begun(title: str, at: datetime, language: str) -> FPDF:
    """A paper without a page yet."""
    from fpdf import FPDF  # noqa: PLC0415 - docs/decisions/0018

    paper = FPDF(format="A4")
    paper.core_fonts_encoding = _SIGNS
    paper.set_compression(False)  # few words, which anybody may look for in what was kept
    paper.set_creation_date(at)
    paper.set_title(signs(title))
    paper.set_lang(language)
    paper.set_margins(MARGIN, MARGIN, MARGIN)
    paper.set_auto_page_break(True, MARGIN)
    return paper


def line(
    paper: FPDF, text: str, *, size: float = 11, bold: bool = False, align: str = "L", after: float = 0,
    width: float = 0,
) -> None:  # fmt: skip
    """Lines from where the paper is at, over the width that is left unless one is given; then so many millimetres."""
    paper.set_font("Helvetica", "B" if bold else "", size)
    said = "\n".join(signs(one) for one in text.split("\n"))
    paper.multi_cell(width, size * 0.5, said, align=align, new_x="LMARGIN", new_y="NEXT")
    paper.ln(after)


def signs(text: str) -> str:
    """A text in the signs that are there: a letter they lack loses its mark; one without a likeness is a `?`."""
    found = []
    for sign in unicodedata.normalize("NFC", text).translate(_LIKE):
        if _holds(sign):
            found.append(sign)
            continue
        bare = "".join(one for one in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(one))
        found.append(bare if bare and _holds(bare) else "?")
    return "".join(found)


def _holds(text: str) -> bool:
    try:
        text.encode(_SIGNS)
    except UnicodeEncodeError:
        return False
    return all(sign.isprintable() or sign == "\u00a0" for sign in text)
