"""Answers that came on paper or from elsewhere, as a file of rows: credit, option, amount, where it goes; pure.

One row for each part of a choice. A file brought twice chooses nothing twice: the rows of a credit are its form's key.
"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.cancellations.amounts import BadAmount, cents_of
from app.cancellations.details import Postal

#: By column: its headers, flat, in French and English.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "credit": ("creditno", "credit", "numeroavoir", "avoir"), "option": ("option", "choix", "choice"),
    "amount": ("amount", "montant"), "iban": ("iban",), "holder": ("holder", "titulaire"),
    "name": ("name", "nom", "ordre"), "line1": ("line1", "adresse", "address"), "line2": ("line2", "complement"),
    "postcode": ("postcode", "codepostal"), "city": ("city", "ville"), "country": ("country", "pays"),
}  # fmt: skip
REQUIRED = ("credit", "option", "amount")
#: What people call the options, flat.
OPTIONS: Mapping[str, str] = {
    "refundcard": "refund_card", "carte": "refund_card", "card": "refund_card", "refundtransfer": "refund_transfer",
    "virement": "refund_transfer", "transfer": "refund_transfer", "refundcheque": "refund_cheque",
    "cheque": "refund_cheque", "refundcash": "refund_cash", "especes": "refund_cash", "cash": "refund_cash",
    "refundlocal": "refund_local", "monnaielocale": "refund_local", "localcurrency": "refund_local",
    "donation": "donation", "don": "donation", "gift": "donation", "voucher": "voucher", "bondachat": "voucher",
    "bon": "voucher", "carryover": "carryover", "report": "carryover", "keepticket": "keep_ticket",
    "garder": "keep_ticket", "keep": "keep_ticket", "exchange": "exchange", "echange": "exchange",
}  # fmt: skip


class BadFile(ValueError):
    """A file that is no table of answers; `code` is answers_empty or answers_columns."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answered:
    """What a file says of one credit; `fault` is a code when it cannot be read, and then nothing of it counts. Cents.

    Shape: `iban` is the number as typed and its holder, where there is one.
    """

    number: str
    line: int
    lines: Mapping[str, int]
    form: str
    iban: tuple[str, str] | None
    address: Postal | None
    fault: str = ""


def answers(raw: bytes) -> list[Answered]:
    """What a file says, one credit after the other, in the order of their first rows.

    Raises:
        BadFile: nothing in it, or a column is missing.
    """
    grouped: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for line, row in _rows(raw):
        grouped.setdefault(row["credit"].strip().upper(), []).append((line, row))
    return [_answer(number, rows) for number, rows in grouped.items()]


def _rows(raw: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=separator)
    head = [_column(cell) for cell in next(reader, [])]
    if not any(head):
        raise BadFile("answers_empty")
    if not set(REQUIRED) <= set(head):
        raise BadFile("answers_columns")
    for cells in reader:
        if any(cell.strip() for cell in cells):
            row = dict.fromkeys(COLUMNS, "")
            yield reader.line_num, row | {name: cell for name, cell in zip(head, cells, strict=False) if name}


def _column(header: str) -> str:
    flat = _flat(header)
    return next((name for name, known in COLUMNS.items() if flat in known), "")


def _flat(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).lower() if sign.isascii() and sign.isalnum())


def _answer(number: str, rows: Sequence[tuple[int, dict[str, str]]]) -> Answered:
    lines: dict[str, int] = {}
    fault = "" if number else "answers_credit"
    for _, row in rows:
        option = OPTIONS.get(_flat(row["option"]), "")
        cents, wrong = _cents(row["amount"])
        wrong = wrong or ("choice_unknown" if not option else "answers_twice" if option in lines else "")
        fault = fault or wrong
        lines[option] = cents
    told = repr(sorted(sorted(row.items()) for _, row in rows))
    return Answered(
        number, rows[0][0], lines, hashlib.sha256(told.encode()).hexdigest()[:36], _iban(rows), _address(rows), fault
    )


def _cents(text: str) -> tuple[int, str]:
    try:
        return cents_of(text), ""
    except BadAmount as problem:
        return 0, problem.code


def _iban(rows: Sequence[tuple[int, dict[str, str]]]) -> tuple[str, str] | None:
    return next(((row["iban"], row["holder"]) for _, row in rows if row["iban"].strip()), None)


def _address(rows: Sequence[tuple[int, dict[str, str]]]) -> Postal | None:
    found = next((row for _, row in rows if row["line1"].strip()), None)
    if found is None:
        return None
    return Postal(
        name=found["name"] or found["holder"], line1=found["line1"], line2=found["line2"], postcode=found["postcode"],
        city=found["city"], country=found["country"].strip().upper() or "FR",
    )  # fmt: skip
