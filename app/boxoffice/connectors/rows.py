"""One row of an exchange file as one admission, with what is wrong or doubtful in it; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.boxoffice.connectors import cells, vocabulary
from app.boxoffice.connectors.cells import CellError
from app.boxoffice.connectors.headers import REQUIRED, Headers
from app.boxoffice.connectors.port import Customer, Flaw, Line, Sale
from app.people.names import normalised

T = TypeVar("T")

#: Longest numbers, and longest other texts; a longer number is an error, a longer text is cut.
NUMBER, TEXT, SHOWN = 40, 255, 80
#: What opens a door or pays: no report repeats it, not even to say what is wrong with it.
_SECRET = ("barcode", "card_last4")
#: Numbers that name something elsewhere, so that half of one would name something else.
_NUMBERS = ("ticket_id", "order_code", "event_code", "customer_id", "mother_id")


@dataclass(frozen=True, slots=True)
class Setting:
    """The house a file is read for."""

    zone: ZoneInfo
    currency: str


class _Row:
    """The cells of one row, and the flaws found so far."""

    __slots__ = ("_cells", "_headers", "flaws", "number")

    def __init__(self, number: int, found: Sequence[str], headers: Headers) -> None:
        self.number, self._cells, self._headers = number, found, headers
        self.flaws: list[Flaw] = []

    def text(self, column: str) -> str:
        """A cell; empty where the column or the cell is missing."""
        place = self._headers.places.get(column)
        if place is None or place >= len(self._cells):
            return ""
        said = cells.clean(self._cells[place])
        if len(said) > TEXT:
            self.flaw("cut", column, error=False)
            return said[:TEXT].rstrip()
        return said

    def has(self, column: str) -> bool:
        """Whether the file has a column."""
        return column in self._headers.places

    def flaw(self, code: str, column: str = "", *, error: bool) -> None:
        place = self._headers.places.get(column, len(self._cells))
        value = self._cells[place] if place < len(self._cells) else ""
        secret = column in _SECRET or cells.holds_card(value)
        shown = "" if secret else cells.clean(value[:SHOWN])
        self.flaws.append(Flaw(self.number, code, column, shown, error))

    def read(self, column: str, how: Callable[[str], T], otherwise: T, *, error: bool = True) -> T:
        """What a cell says; `otherwise` where it is empty or cannot be read."""
        said = self.text(column)
        if not said:
            return otherwise
        try:
            return how(said)
        except CellError as problem:
            self.flaw(str(problem), column, error=error)
            return otherwise

    def word(self, column: str, table: Mapping[str, str], otherwise: str, *, error: bool) -> str:
        """A word of a closed vocabulary."""
        said = self.text(column)
        found = table.get(cells.plain(said)) if said else otherwise
        if found is None:
            self.flaw(f"unknown_{column}", column, error=error)
        return found or otherwise

    def extra(self) -> dict[str, str]:
        """Further columns, by their own names."""
        held = len(self._cells)
        return {
            name: said for place, name in self._headers.extra
            if place < held and (said := cells.clean(self._cells[place][:TEXT]))
        }  # fmt: skip

    @property
    def left_out(self) -> bool:
        """Whether an error was found."""
        return any(flaw.error for flaw in self.flaws)


def read_row(number: int, found: Sequence[str] | None, headers: Headers, setting: Setting) -> Line | None:
    """One admission, or why it cannot be taken; None for a row that holds nothing."""
    if found is None:
        return Line(number, None, (Flaw(number, "row_unreadable"),))
    if not any(cell and not cell.isspace() for cell in found):
        return None
    row = _Row(number, found, headers)
    if any(cell and not cell.isspace() for cell in found[headers.width :]):
        row.flaw("too_many_cells", error=True)
        return Line(number, None, tuple(row.flaws))
    _require(row)
    sale = _sale(row, setting)
    return Line(number, None if row.left_out else sale, tuple(row.flaws), hash(tuple(found)))


def _require(row: _Row) -> None:
    for column in REQUIRED:
        if column not in ("customer_id", "last_name") and not row.text(column):
            row.flaw("required", column, error=True)
    # Sold by others or at the counter, or for an organisation: a row without a name is no fault.
    if not row.text("customer_id"):
        row.flaw("customer_unknown", "customer_id", error=False)
    elif not row.text("last_name") and not row.text("company"):
        row.flaw("name_missing", "last_name", error=False)
    for column in _NUMBERS:
        if len(row.text(column)) > NUMBER:
            row.flaw("number_long", column, error=True)


def _sale(row: _Row, setting: Setting) -> Sale | None:
    money = partial(cells.cents, currency=setting.currency)
    when = partial(cells.moment, zone=setting.zone)
    if (said := row.text("currency").upper()) and said != setting.currency:
        row.flaw("other_currency", "currency", error=True)
    price, fees = row.read("price", money, 0), row.read("fees", money, 0)
    refunded = row.read("already_refunded", money, 0)
    theirs = row.read("ticketing_fees", money, 0)
    if theirs > fees:
        row.flaw("fees_more", "ticketing_fees", error=True)
    if refunded > price + fees:
        row.flaw("refunded_more", "already_refunded", error=True)
    paid: dict[str, int] = row.read("tender", lambda said: vocabulary.tenders(said, price + fees, setting.currency), {})
    end_of_card = row.read("card_last4", cells.end_of_card, "", error=False)
    if paid and not end_of_card:
        end_of_card = row.read("tender", lambda said: vocabulary.paid_card(said, setting.currency), "", error=False)
    performance_at = row.read("performance_at", when, None)
    channel = row.word("channel", vocabulary.CHANNELS, "counter", error=False)
    kind = row.word("ticket_kind", vocabulary.KINDS, "single", error=False)
    status = row.word("ticket_status", vocabulary.STATUSES, "valid", error=True)
    scanned_at: datetime | None = row.read("scanned_at", when, None, error=False)
    customer = _customer(row)
    rate = row.read("vat_rate", cells.rate, 550)
    ordered_at: datetime | None = row.read("ordered_at", when, None, error=False)
    if performance_at is None:
        return None
    return Sale(
        row.text("ticket_id"), row.text("order_code"), ordered_at, channel, row.text("event"), row.text("event_code"),
        performance_at, row.text("hall"), row.text("category"), row.text("seat"), row.text("tariff"), kind, price, fees,
        rate, paid, refunded, "used" if scanned_at and status == "valid" else status, scanned_at, customer,
        row.extra(), row.word("performance_status", vocabulary.PERFORMANCES, "", error=False),
        row.read("barcode", cells.end_of_code, "", error=False),
        end_of_card, theirs, row.read("disputed", cells.answer, None, error=False),
    )  # fmt: skip


def _customer(row: _Row) -> Customer:
    country = row.read("country", cells.country, "", error=False)
    company, first = row.text("company"), row.text("first_name")
    likely = "company" if company and not first else "individual"
    external_id = row.text("customer_id")
    named = bool(external_id)
    return Customer(
        external_id=external_id or f"?{row.text('order_code')}",
        mother_id=row.text("mother_id") if row.has("mother_id") else None,
        kind=row.word("customer_kind", vocabulary.CUSTOMERS, likely, error=False) if named else "unknown",
        typologies=tuple(word for part in row.text("typologies").split("|") if (word := part.strip())),
        title=row.text("title")[:NUMBER], given=first, family=row.text("last_name"), company=company,
        email=_email(row), phone=_telephone(row, "phone", country), mobile=_telephone(row, "mobile", country),
        address1=row.text("address1"), address2=row.text("address2"), postcode=row.text("postcode")[:20],
        city=row.text("city"), country=country, language=row.word("language", vocabulary.LANGUAGES, "", error=False),
        optin_email=row.read("optin_email", cells.answer, None, error=False),
        optin_sms=row.read("optin_sms", cells.answer, None, error=False),
    )  # fmt: skip


def _email(row: _Row) -> str:
    said = row.text("email")
    email = normalised(said) if said else ""
    if said and not email:
        row.flaw("email", "email", error=False)
    return email


def _telephone(row: _Row, column: str, country: str) -> str:
    return row.read(column, partial(cells.telephone, country=country), "", error=False)
