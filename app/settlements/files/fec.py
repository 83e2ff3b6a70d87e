"""Entries in the layout that French accounting software reads: 18 columns, tabs, a decimal comma; pure.

What is written is a sub-ledger in that layout, for import; the legal file of a year is the accountant's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

#: In the order of the law (LPF, art. A47 A-1).
COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
#: The first signs of an account are those of the French chart.
ACCOUNT = re.compile(r"[1-8]\d{2}[0-9A-Za-z]{0,17}")
_JOURNAL = re.compile(r"[A-Z0-9]{1,8}")
_AMOUNT = re.compile(r"\d+,\d{2}")
#: What would end a column or a line.
_BREAKS = re.compile(r"[\t\r\n|\x00-\x1f\x7f\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of one entry. Units: cents; one of the two sides is nothing."""

    journal: str
    journal_label: str
    number: str
    on: date
    account: str
    account_label: str
    aux: str = ""
    aux_label: str = ""
    piece: str
    piece_on: date
    text: str
    debit_cents: int = 0
    credit_cents: int = 0
    valid_on: date


def written(rows: Iterable[Row]) -> bytes:
    """The file: names first, a line for each row, in UTF-8."""
    return "".join(_lines(rows)).encode()


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    yield "\t".join(COLUMNS) + "\r\n"
    for row in rows:
        yield "\t".join(_cells(row)) + "\r\n"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.journal, plain(row.journal_label), row.number, _day(row.on), row.account, plain(row.account_label),
        plain(row.aux), plain(row.aux_label), plain(row.piece), _day(row.piece_on), plain(row.text),
        amount(row.debit_cents), amount(row.credit_cents), "", "", _day(row.valid_on), "", "",
    )  # fmt: skip


def plain(text: str) -> str:
    """A text that ends no column and no line."""
    return _BREAKS.sub(" ", text).strip()


def amount(cents: int) -> str:
    """An amount with a decimal comma and without blanks."""
    return f"{cents // 100},{cents % 100:02}"


def faults(data: bytes) -> list[str]:
    """What an accountant's checker would say of a file; nothing when it is sound.

    Columns, forms of dates, amounts and accounts; numbers of a journal one after the other; every entry balanced.
    """
    head, *lines = data.decode().removesuffix("\r\n").split("\r\n")
    if tuple(head.split("\t")) != COLUMNS:
        return ["columns"]
    found: list[str] = []
    sums: dict[tuple[str, str], int] = {}
    for place, line in enumerate(lines, start=2):
        cells = line.split("\t")
        wrong = _fault(cells)
        if wrong:
            found.append(f"line {place}: {wrong}")
            continue
        key = (cells[0], cells[2])
        sums[key] = sums.get(key, 0) + _cents(cells[11]) - _cents(cells[12])
    found += [f"entry {number}: unbalanced" for (_, number), rest in sums.items() if rest]
    return found + _gaps(sums)


def _fault(cells: list[str]) -> str:
    if len(cells) != len(COLUMNS):
        return "columns"
    checks = (
        ("journal", not _JOURNAL.fullmatch(cells[0])), ("number", not cells[2]),
        ("account", not ACCOUNT.fullmatch(cells[4])), ("label", not all(cells[i] for i in (1, 5, 8, 10))),
        ("date", not all(_is_day(cells[i]) for i in (3, 9, 15))),
        ("amount", not (_AMOUNT.fullmatch(cells[11]) and _AMOUNT.fullmatch(cells[12]))),
    )  # fmt: skip
    return next((why for why, holds in checks if holds), "")


def _gaps(sums: Iterable[tuple[str, str]]) -> list[str]:
    last: dict[str, int] = {}
    found = []
    for journal, number in sums:
        serial = number.removeprefix(journal)
        if not serial.isdecimal() or (journal in last and int(serial) != last[journal] + 1):
            found.append(f"entry {number}: gap")
        last[journal] = int(serial) if serial.isdecimal() else last.get(journal, 0)
    return found


def _is_day(text: str) -> bool:
    try:
        return len(text) == 8 and bool(date(int(text[:4]), int(text[4:6]), int(text[6:])))
    except ValueError:
        return False


def _cents(text: str) -> int:
    return int(text.replace(",", ""))


def _day(on: date) -> str:
    return on.strftime("%Y%m%d")
