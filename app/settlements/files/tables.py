"""Tables for spreadsheets: cells that could be run are defused, amounts keep their comma, rows their order; pure."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

#: A cell that begins with one of these is read as a formula by some spreadsheet, in wide forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def written(head: Sequence[str], rows: Iterable[Sequence[str]], language: str) -> bytes:
    """A table: RFC 4180, semicolons in French and commas in English, with the mark by which Excel knows UTF-8."""
    sink = io.StringIO()
    out = csv.writer(sink, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    out.writerow(head)
    out.writerows([defused(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + sink.getvalue().encode("utf-8", "replace")


def read(data: bytes) -> list[list[str]]:
    """The rows of a table that `written` made, its head first."""
    text = data.decode("utf-8-sig")
    delimiter = ";" if text.partition("\r\n")[0].count(";") else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def defused(cell: str) -> str:
    """The cell, with an apostrophe before what would be run as a formula; without signs that end a text unseen."""
    flat = cell.replace("\x00", "")
    seen = unicodedata.normalize("NFKC", flat.lstrip("\u200b\ufeff \u00a0"))[:1]
    return f"'{flat}" if seen in _FORMULA and seen else flat


def amount(cents: int, language: str) -> str:
    """An amount as spreadsheets of a language read it; below zero it is no formula, for it is written by us alone."""
    return f"{cents // 100}{',' if language == 'fr' else '.'}{cents % 100:02}"


def cents(cell: str) -> int:
    """The cents of an amount that `amount` wrote."""
    return int(cell.replace(",", "").replace(".", ""))
