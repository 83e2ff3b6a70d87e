"""The exchange file as a connector: admissions are read from one file, and what we write back goes into another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from app.boxoffice.connectors import sniffing
from app.boxoffice.connectors.headers import Headers, read_headers
from app.boxoffice.connectors.port import (
    Capability,
    EntryStats,
    Line,
    Refundable,
    RefundLine,
    Sale,
    Unsupported,
    Written,
)
from app.boxoffice.connectors.returns import Book, ReturnRow
from app.boxoffice.connectors.rows import Setting, read_row
from app.boxoffice.paying import Seat, payments_of
from app.kernel.errors import Invalid


class CsvFile:
    """A ticketing system that gives a file and takes one back."""

    def __init__(self, path: Path, setting: Setting, *, system: str, answers: Path | None = None) -> None:
        self._path, self._setting, self._system = path, setting, system
        self._book = Book(answers) if answers else None

    @property
    def system(self) -> str:
        """Under which name its numbers are unique."""
        return self._system

    def capabilities(self) -> frozenset[Capability]:
        """Reading always; writing where there is a file to write into."""
        reading = {Capability.PULL, Capability.VERIFY, Capability.ENTRY_STATS}
        writing = {Capability.CANCEL, Capability.REFUND, Capability.GIFTCARD} if self._book else set()
        return frozenset(reading | writing)

    def pull(self, since: datetime | None = None) -> Iterator[Line]:
        """Every admission of the file; it does not say when what changed, so that `since` leaves nothing out.

        Raises:
            Invalid: this is no table of admissions; `values` fill the blanks of the sentence.
        """
        with self._path.open("rb") as source:
            numbered = sniffing.lines(source)
            separator, header = sniffing.header_of(numbered)
            headers: Headers = read_headers(header)
            for number, found in sniffing.rows(numbered, separator):
                line = read_row(number, found, headers, self._setting)
                if line is not None:
                    yield line

    def verify(self, order_codes: Sequence[str]) -> list[Refundable]:
        """What may still be given back, by the file and by what we wrote back since."""
        wanted = set(order_codes)
        seats: dict[str, list[Seat]] = defaultdict(list)
        for sale in self._sales():
            if sale.order_code in wanted:
                seats[sale.order_code].append(seat_of(sale))
        given = self._book.given() if self._book else {}
        return [
            Refundable(code, part.tender, max(0, part.cents - part.refunded_cents - given.get((code, part.tender), 0)))
            for code in order_codes
            for part in payments_of(seats[code]).parts
        ]

    def cancel(self, admissions: Sequence[str], *, key: str, attempt: int = 1) -> Written:
        """Write that admissions are cancelled."""
        return self._writing().write(ReturnRow(credit_no=key, ticket_ids=tuple(admissions), option="cancel"))

    def record_refund(self, line: RefundLine) -> Written:
        """Write that money was given back.

        Raises:
            Invalid: more than may still be given back.
        """
        book = self._writing()
        written = book.find(line.key)
        if written is None and line.cents > self._left(line):
            raise Invalid({"amount": "refund_more"})
        return written or book.write(_row_of(line, "refund"))

    def issue_giftcard(self, line: RefundLine) -> Written:
        """Write that a gift card was given."""
        return self._writing().write(_row_of(line, "voucher"))

    def entry_stats(self, event: str, performance_at: datetime) -> EntryStats:
        """How many of a performance were sold and have entered."""
        here = [sale for sale in self._sales() if (sale.event, sale.performance_at) == (event, performance_at)]
        sold = [sale for sale in here if sale.status in ("valid", "used")]
        return EntryStats(len(sold), sum(sale.scanned_at is not None for sale in sold))

    def _sales(self) -> Iterator[Sale]:
        return (line.sale for line in self.pull() if line.sale is not None)

    def _left(self, line: RefundLine) -> int:
        return sum(one.cents for one in self.verify([line.order_code]) if one.tender == line.tender)

    def _writing(self) -> Book:
        if self._book is None:
            raise Unsupported(f"{self._system} has no file to write into")
        return self._book


def seat_of(sale: Sale) -> Seat:
    """What counts of an admission for how its order was paid."""
    return Seat(sale.price_cents + sale.fee_cents, sale.already_refunded_cents, dict(sale.tenders), sale.status)


def _row_of(line: RefundLine, option: str) -> ReturnRow:
    return ReturnRow(
        credit_no=line.key, order_codes=(line.order_code,), option=option, amount_cents=line.cents,
        method_state=line.tender, reference=line.comment,
    )  # fmt: skip
