"""The file that goes back to the ticketing system: one row for each line of settlement."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from app.boxoffice.connectors.port import Written

#: Columns by language.
HEADERS: Final = {
    "fr": (
        "Numéro avoir", "Numéro client", "Numéros commande", "Numéros billet", "Choix", "Montant", "État", "Référence",
        "Date", "Code chèque", "Saison", "Reçu", "Compte", "Code analytique", "TVA",
    ),
    "en": (
        "credit_no", "customer_id", "order_codes", "ticket_ids", "option", "amount", "method_state", "reference",
        "executed_at", "voucher_code", "season", "donor_receipt", "account_code", "analytic_code", "vat_breakdown",
    ),
}  # fmt: skip
#: A sheet would take a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One line of settlement. Units: cents; VAT as rate in hundredths of a per cent to cents."""

    credit_no: str
    customer_id: str = ""
    order_codes: tuple[str, ...] = ()
    ticket_ids: tuple[str, ...] = ()
    option: str = ""
    amount_cents: int = 0
    method_state: str = ""
    reference: str = ""
    executed_on: date | None = None
    voucher_code: str = ""
    season: str = ""
    donor_receipt: str = ""
    account_code: str = ""
    analytic_code: str = ""
    vat: tuple[tuple[int, int], ...] = ()


def return_file(rows: Iterable[ReturnRow], language: str) -> Iterator[str]:
    """The lines of the file, header first: semicolons and a decimal comma in French, commas and a point in English."""
    yield _line(HEADERS[language], language)
    for row in rows:
        yield _line(_cells(row, language), language)


def _cells(row: ReturnRow, language: str) -> tuple[str, ...]:
    return (
        _safe(row.credit_no), _safe(row.customer_id), _listed(row.order_codes), _listed(row.ticket_ids),
        _safe(row.option), _amount(row.amount_cents, language), _safe(row.method_state), _safe(row.reference),
        row.executed_on.isoformat() if row.executed_on else "", _safe(row.voucher_code), _safe(row.season),
        _safe(row.donor_receipt), _safe(row.account_code), _safe(row.analytic_code),
        "|".join(f"{_amount(rate, language)}={_amount(cents, language)}" for rate, cents in row.vat),
    )  # fmt: skip


def _amount(cents: int, language: str) -> str:
    return f"{cents // 100}{',' if language == 'fr' else '.'}{cents % 100:02}"


def _listed(values: tuple[str, ...]) -> str:
    return _safe("|".join(values))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Iterable[str], language: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";" if language == "fr" else ",", lineterminator="\r\n").writerow(cells)
    return out.getvalue()


class Book:
    """The file that goes back as it grows: a key stands in it once, whoever writes it again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, key: str) -> Written | None:
        """The row of a key, if it was written."""
        return next((Written(key, f"{place}", new=False) for place, row in self._rows() if row[0] == _safe(key)), None)

    def write(self, row: ReturnRow) -> Written:
        """Append a row, unless its key stands there."""
        there = self.find(row.credit_no)
        if there is not None:
            return there
        count = sum(1 for _ in self._rows())
        lines = list(return_file([row], "en"))
        with self._path.open("a", encoding="utf-8", newline="") as out:
            out.write("".join(lines if not count and not self._path.stat().st_size else lines[1:]))
        return Written(row.credit_no, f"{count + 1}", new=True)

    def given(self) -> dict[tuple[str, str], int]:
        """Money given back so far. Shape: (order code, tender) to cents."""
        found: dict[tuple[str, str], int] = {}
        for _, row in self._rows():
            if row[4] == "refund":
                key = (row[2], row[6])
                found[key] = found.get(key, 0) + int(row[5].replace(".", ""))
        return found

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        if self._path.exists():
            with self._path.open(encoding="utf-8", newline="") as source:
                yield from enumerate(list(csv.reader(source))[1:], start=1)
