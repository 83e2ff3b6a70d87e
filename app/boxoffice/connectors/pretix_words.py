"""What pretix says of an order, as admissions of the port; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from app.boxoffice.connectors import cells
from app.boxoffice.connectors.cells import CellError
from app.boxoffice.connectors.port import Customer, Flaw, Line, Sale
from app.boxoffice.connectors.rows import NUMBER, TEXT
from app.boxoffice.paying import shared
from app.people.names import normalised

Said = Mapping[str, Any]
#: Ways to pay by the name of the plugin; any other one takes cards, as most plugins do.
TENDERS: Final[Mapping[str, str]] = {
    "banktransfer": "transfer", "giftcard": "giftcard", "free": "free", "manual": "cash", "boxoffice": "cash",
    "cash": "cash", "invoice": "invoice", "sepadebit": "transfer",
}  # fmt: skip
_COUNTERS: Final = frozenset({"pretixpos", "boxoffice"})
#: Payments and refunds that move money, or will.
_PAID: Final = frozenset({"confirmed", "refunded"})
_BACK: Final = frozenset({"done", "created", "transit"})


@dataclass(frozen=True, slots=True)
class Date:
    """A performance as pretix has it: a date of a series, or an event by itself."""

    title: str
    code: str
    at: datetime
    hall: str
    currency: str


@dataclass(frozen=True, slots=True)
class Item:
    """A product of an event."""

    name: str
    admission: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What an order only names: its dates by number, products by number, and its customer's record."""

    dates: Mapping[int | None, Date]
    items: Mapping[int, Item]
    customer: Said | None


def cents(said: object) -> int:
    """An amount such as "41.50". Units: cents.

    Raises:
        CellError: it is none.
    """
    try:
        return int(Decimal(str(said)).scaleb(2).to_integral_exact())
    except InvalidOperation:
        raise CellError("amount") from None


def moment(said: str) -> datetime:
    """A moment as pretix writes it, in any zone; UTC."""
    return datetime.fromisoformat(said).astimezone(UTC)


def word(said: object, language: str = "fr") -> str:
    """A text that may be given in several languages."""
    if isinstance(said, Mapping):
        said = said.get(language) or next((one for one in said.values() if one), "")
    return cells.clean(str(said or ""))[:TEXT]


def tender_of(provider: str, tenders: Mapping[str, str]) -> str:
    """The means of payment behind a plugin; `stripe_giropay` is a kind of `stripe`."""
    return tenders.get(provider) or tenders.get(provider.partition("_")[0], "card")


def paid(order: Said, tenders: Mapping[str, str]) -> dict[str, int]:
    """How an order was paid. Shape: tender to cents."""
    found: dict[str, int] = {}
    for one in order["payments"]:
        if one["state"] in _PAID:
            tender = tender_of(one["provider"], tenders)
            found[tender] = found.get(tender, 0) + cents(one["amount"])
    return found


def sold(order: Said) -> bool:
    """Whether an order is paid, was paid before it was cancelled or expired, or may be used without."""
    if order["status"] == "p" or order["valid_if_pending"]:
        return True
    return order["status"] in ("c", "e") and any(one["state"] in _PAID for one in order["payments"])


def lapsed(order: Said) -> bool:
    """Whether an order waits for its payment, perhaps anew: its seats open no door."""
    return not sold(order)


def refunded(order: Said, payment: int | None = None) -> int:
    """What was given back of an order, or of one of its payments. Units: cents."""
    return sum(
        cents(one["amount"]) for one in order["refunds"]
        if one["state"] in _BACK and (payment is None or one["payment"] == payment)
    )  # fmt: skip


def disputed(order: Said) -> bool:
    """Whether a bank took money back, or was asked to, and nobody in the ticketing system has dealt with it yet."""
    # What the provider of payments tells pretix by itself waits there as a refund from outside.
    return any(one["state"] == "external" for one in order["refunds"])


def left(order: Said, tenders: Mapping[str, str]) -> list[tuple[int, str, int]]:
    """What may still be given back. Shape: (number of the payment, tender, cents)."""
    return [
        (one["local_id"], tender_of(one["provider"], tenders), cents(one["amount"]) - refunded(order, one["local_id"]))
        for one in order["payments"] if one["state"] in _PAID
    ]  # fmt: skip


def lines_of(order: Said, around: Around, number: int, tenders: Mapping[str, str], currency: str) -> list[Line]:
    """The admissions of an order; `number` is given to the first, and counts on."""
    seats = [
        one for one in order["positions"] if (item := around.items.get(one["item"])) is not None and item.admission
    ]  # fmt: skip
    prices = [cents(one["price"]) for one in seats]
    fees = shared(sum(cents(fee["value"]) for fee in order["fees"] if not fee["canceled"]), prices)
    back = _given_back(order, seats, [price + fee for price, fee in zip(prices, fees, strict=True)])
    told = _Told(order, around, paid(order, tenders), customer_of(order, around.customer), currency)
    return [
        _line(told, seat, number + place, fees[place], back[place]) for place, seat in enumerate(seats)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """What every admission of an order shares."""

    order: Said
    around: Around
    tenders: Mapping[str, int]
    customer: Customer
    currency: str


def _given_back(order: Said, seats: Sequence[Said], worth: Sequence[int]) -> list[int]:
    """What was given back, seat by seat: cancelled ones first, never more than a seat cost."""
    total = min(refunded(order), sum(worth))
    gone = [cost if seat["canceled"] else 0 for seat, cost in zip(seats, worth, strict=True)]
    if total <= sum(gone):
        return shared(total, gone)
    kept = shared(total - sum(gone), [cost - lost for cost, lost in zip(worth, gone, strict=True)])
    return [lost + part for lost, part in zip(gone, kept, strict=True)]


def _line(told: _Told, seat: Said, number: int, fee: int, back: int) -> Line:
    date = told.around.dates.get(seat["subevent"])
    flaw = _flaw(told, seat, date, number)
    sale = None if flaw is not None or date is None else _sale(told, seat, date, fee, back)
    return Line(
        number, sale, (flaw,) if flaw else (), hash(repr(sale)), moment(told.order["last_modified"]),
        lapsed=lapsed(told.order),
    )  # fmt: skip


def _flaw(told: _Told, seat: Said, date: Date | None, number: int) -> Flaw | None:
    if date is None:
        return Flaw(number, "required", "performance_at", told.order["code"])
    if date.currency != told.currency:
        return Flaw(number, "other_currency", "currency", date.currency)
    try:
        cells.rate(str(seat["tax_rate"]))
    except CellError as problem:
        return Flaw(number, str(problem), "vat_rate", str(seat["tax_rate"])[:NUMBER])
    return None


def _sale(told: _Told, seat: Said, date: Date, fee: int, back: int) -> Sale:
    order, came = told.order, [one["datetime"] for one in seat["checkins"] if one["type"] == "entry"]
    gone = seat["canceled"] or order["status"] in ("c", "e") or lapsed(order)
    item = told.around.items[seat["item"]]
    return Sale(
        external_id=str(seat["id"]), order_code=order["code"], ordered_at=moment(order["datetime"]),
        channel="counter" if order["sales_channel"] in _COUNTERS else "web", event=date.title, event_code=date.code,
        performance_at=date.at, hall=date.hall, category=item.name, seat=word((seat["seat"] or {}).get("name")),
        tariff=item.name, kind="single", price_cents=cents(seat["price"]), fee_cents=fee,
        vat_bp=cells.rate(str(seat["tax_rate"])), tenders=told.tenders, already_refunded_cents=back,
        status="cancelled" if gone else "used" if came else "valid",
        scanned_at=moment(min(came)) if came else None, customer=told.customer, extra={},
        barcode_end=_barcode_end(seat), disputed=disputed(order),
    )  # fmt: skip


def _barcode_end(seat: Said) -> str:
    try:
        return cells.end_of_code(word(seat.get("secret")))
    except CellError:
        return ""


def customer_of(order: Said, record: Said | None) -> Customer:
    """Who bought: the customer's record, the address of the invoice, or the order alone."""
    invoice: Said = order["invoice_address"] or {}
    given, family = _names((record or {}).get("name_parts") or invoice.get("name_parts") or {})
    company = word(invoice.get("company"))
    email = normalised(str((record or {}).get("email") or order["email"] or "")) or ""
    known = bool(record or email or family or company)
    return Customer(
        external_id=str(record["identifier"]) if record else f"?{order['code']}",
        kind=("company" if invoice.get("is_business") else "individual") if known else "unknown",
        given=given, family=family or company or email.partition("@")[0], company=company, email=email,
        phone=_phone(str((record or {}).get("phone") or order["phone"] or "")), address1=word(invoice.get("street")),
        postcode=word(invoice.get("zipcode"))[:20], city=word(invoice.get("city")),
        country=word(invoice.get("country"))[:2],
        language=order["locale"][:2] if order["locale"][:2] in ("fr", "en") else "",
    )  # fmt: skip


def _names(parts: Said) -> tuple[str, str]:
    """Given and family name; with a scheme of one field, the last word is the family's."""
    given, family = word(parts.get("given_name")), word(parts.get("family_name"))
    whole = word(parts.get("full_name") or parts.get("_legacy"))
    if not (given or family) and whole:
        given, _, family = whole.rpartition(" ")
    return given, family


def _phone(said: str) -> str:
    try:
        return cells.telephone(said, "") if said else ""
    except CellError:
        return ""
