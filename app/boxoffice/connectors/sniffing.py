"""Lines of an exchange file whatever its encoding and separator, with bounded memory whatever its size."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from app.boxoffice.connectors.headers import recognised
from app.kernel.errors import Invalid

#: Units: bytes. A season of one house is a tenth of this; larger files are several seasons, or no table.
LARGEST_FILE: Final = 256 * 1024 * 1024
#: Units: bytes of one row, cells over several lines included.
LONGEST_ROW: Final = 64 * 1024
#: A cell may hold so many lines; an open quote that runs on is a slip of the pen.
MOST_LINES: Final = 20
SEPARATORS: Final = (";", ",", "\t")
_SPOKEN = re.compile(r"sep=(.)\s*", re.IGNORECASE)

#: Where in a cell a sign stands.
_BEGINS, _PLAIN, _QUOTED, _CLOSED = "begins", "plain", "quoted", "closed"

#: What stands on a line: its number, and its text or None where it is too long.
Numbered = tuple[int, str | None]


def sha256(path: Path) -> str:
    """The hash of a file, read in pieces.

    Raises:
        Invalid: the file is empty or too large.
    """
    size = path.stat().st_size
    if not size:
        raise Invalid({"file": "import_empty"})
    if size > LARGEST_FILE:
        raise Invalid({"file": "import_too_large"}, size=_megabytes(size), most=_megabytes(LARGEST_FILE))
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _megabytes(size: int) -> int:
    return round(size / 1024 / 1024)


def decoded(raw: bytes) -> str:
    """A line as text: UTF-8 where it is, else Windows-1252, whatever the lines around it are."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def lines(source: IO[bytes]) -> Iterator[Numbered]:
    """Lines of a file, none of them held longer than allowed.

    Raises:
        Invalid: the file is UTF-16, or no text at all.
    """
    number = 0
    while raw := source.readline(LONGEST_ROW + 1):
        number += 1
        if number == 1:
            raw = _without_mark(raw)
        if len(raw) > LONGEST_ROW:
            while raw and not raw.endswith(b"\n"):
                raw = source.readline(LONGEST_ROW)
            yield number, None
        else:
            yield number, decoded(raw).replace("\x00", "")


def _without_mark(raw: bytes) -> bytes:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Invalid({"file": "import_utf16"})
    if b"\x00" in raw or raw.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise Invalid({"file": "import_not_csv"})
    return raw.removeprefix(codecs.BOM_UTF8)


def header_of(numbered: Iterator[Numbered]) -> tuple[str, list[str]]:
    """The separator, and the cells of the first line that holds anything.

    Raises:
        Invalid: nothing in it is a header we know.
    """
    told = ""
    for number, text in numbered:
        if text is None or number > MOST_LINES:
            break
        if spoken := _SPOKEN.fullmatch(text):
            told = spoken[1]
            continue
        if text.strip():
            return _split(text, told)
    raise Invalid({"file": "import_not_csv"})


def _split(text: str, told: str) -> tuple[str, list[str]]:
    tried = [(mark, cells_of(text, mark)) for mark in ((told,) if told in SEPARATORS else SEPARATORS)]
    separator, cells = max(tried, key=lambda pair: recognised(pair[1]))
    if not recognised(cells):
        raise Invalid({"file": "import_not_csv"})
    return separator, cells


def cells_of(text: str, separator: str) -> list[str]:
    """The cells of one row, which may hold line breaks between quotes."""
    tidy = text.replace("\r\n", "\n").replace("\r", " ").removesuffix("\n")
    return next(csv.reader(io.StringIO(tidy, newline="\n"), delimiter=separator), [])


def rows(numbered: Iterator[Numbered], separator: str) -> Iterator[tuple[int, list[str] | None]]:
    """Rows with the line each begins on; None where one is too long or its quote never closes.

    After a quote that never closes reading goes on with the very next line, so that one slip costs one row.
    """
    again: list[Numbered] = []
    while (item := again.pop(0) if again else next(numbered, None)) is not None:
        number, text = item
        if text is None:
            yield number, None
            continue
        held = [item]
        while _open("".join(part or "" for _, part in held), separator):
            more = again.pop(0) if again else next(numbered, None)
            if more is None or more[1] is None or _too_much([*held, more]):
                again = [*held[1:], *([more] if more else []), *again]
                held = []
                break
            held.append(more)
        yield number, cells_of("".join(part or "" for _, part in held), separator) if held else None


def _too_much(held: list[Numbered]) -> bool:
    return len(held) > MOST_LINES or sum(len(part or "") for _, part in held) > LONGEST_ROW


def _open(text: str, separator: str) -> bool:
    """Whether a quoted cell is still open at the end of a text."""
    if text.count('"') % 2 == 0:
        return False
    state = _BEGINS
    for sign in text:
        state = _next(state, sign, ends=sign in (separator, "\n"))
    return state is _QUOTED


def _next(state: str, sign: str, *, ends: bool) -> str:
    if state is _QUOTED:
        return _CLOSED if sign == '"' else _QUOTED
    if sign == '"' and state is not _PLAIN:
        return _QUOTED  # the first of a cell, or the second of a doubled one
    return _BEGINS if ends else _PLAIN
