"""What the desk and the portal ask of the box office, as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import attrgetter

from app.boxoffice import queries
from app.boxoffice.models import Order, Performance
from app.kernel import clock
from app.people.names import folded, normalised
from app.venue import service as venue
from app.venue.moments import day

_CODE = re.compile(r"[^A-Z0-9]")
#: So long after its beginning a performance is still what people write about before the next one.
_STILL_ON = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class PerformanceCard:
    """One performance as people see it."""

    id: int
    title_fr: str
    title_en: str
    starts_at: datetime
    status: str
    hall: str
    new_starts_at: datetime | None = None
    sold_out: bool = False
    notice_fr: str = ""
    notice_en: str = ""

    @property
    def takes_place_at(self) -> datetime:
        """When it begins, now that it may have moved."""
        return self.new_starts_at or self.starts_at

    def title(self, language: str) -> str:
        """The work's title in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en

    def notice(self, language: str) -> str:
        """What the house says about a change."""
        return self.notice_fr if language == "fr" else self.notice_en


@dataclass(frozen=True, slots=True)
class SeatCard:
    """One admission as people see it."""

    id: int
    label: str
    tariff: str
    cents: int
    status: str
    performance: PerformanceCard


@dataclass(frozen=True, slots=True)
class OrderCard:
    """One order as people see it; `performance` is the one of its first seat."""

    id: int
    code: str
    total_cents: int
    currency: str
    seats: tuple[SeatCard, ...]
    tender: str
    card_last4: str | None
    email: str = ""
    household: str = ""
    typologies: tuple[str, ...] = ()

    @property
    def performance(self) -> PerformanceCard | None:
        """The first performance the order is for."""
        return min((seat.performance for seat in self.seats), key=lambda show: show.starts_at, default=None)

    def performance_near(self, moment: datetime) -> PerformanceCard | None:
        """The performance of a subscription that a moment is about: the next one, or one that began just before.

        When all are over it is the last one.
        """
        shows = sorted((seat.performance for seat in self.seats), key=lambda show: show.takes_place_at)
        coming = (show for show in shows if show.takes_place_at > moment - _STILL_ON)
        return next(coming, shows[-1] if shows else None)


def tidy_code(code: str, prefix: str) -> str:
    """An order code as stored, from what people type: `val 7k3qd` is VAL-7K3QD."""
    flat = _CODE.sub("", code.upper())
    if flat.startswith(prefix) and len(flat) > len(prefix):
        flat = flat[len(prefix) :]
    return f"{prefix}-{flat}" if flat else ""


def codes_said(text: str, prefix: str) -> list[str]:
    """Codes that begin as this house's do, as stored, however people space them: `val 7k3qd`, `VAL-7K3QD`."""
    found = re.findall(rf"\b{re.escape(prefix)}[ -]?([0-9A-Z]{{4,12}})\b", text, re.IGNORECASE) if prefix else []
    return [tidy_code(code, prefix) for code in found if any(letter.isdigit() for letter in code)]


def look_up(code: str, email: str) -> OrderCard | None:
    """The order, if both its code and its address are right; one without the other tells a stranger nothing."""
    row = queries.order(code) if code else None
    if row is None or not email or row.email != normalised(email):
        return None
    return order_card(row)


def find(code: str) -> OrderCard | None:
    """The order of a code, for those who may see any."""
    row = queries.order(code) if code else None
    return order_card(row) if row else None


def found(codes: Iterable[str]) -> dict[str, OrderCard]:
    """Orders by code, in one round."""
    return {code: order_card(row) for code, row in queries.orders_by_code(codes).items()}


def orders_of(emails: Iterable[str]) -> list[OrderCard]:
    """Orders of somebody's addresses, newest first."""
    return [order_card(row) for row in queries.orders_of(emails)]


def orders_beside(emails: Iterable[str], code: str | None, *, limit: int = 6) -> list[OrderCard]:
    """What a request is about: the order it names first, then the latest of its writer's addresses."""
    rows = queries.orders_beside(emails, code, limit)
    return [_card_of_seats(list(seats)) for _id, seats in groupby(rows, key=attrgetter("id"))]


def this_week(days: int = 7, limit: int = 6) -> list[PerformanceCard]:
    """Performances from now on, soonest first."""
    start = clock.now() - timedelta(hours=2)
    return [performance_card(row) for row in queries.performances_between(start, start + timedelta(days=days), limit)]


def performance(performance_id: int) -> PerformanceCard | None:
    """One performance."""
    row = queries.performance(performance_id)
    return performance_card(row) if row else None


def coming(words: str = "", *, limit: int = 40) -> list[PerformanceCard]:
    """Performances from two days ago on whose work, hall or date holds every one of some words, soonest first."""
    wanted = folded(words).split()
    rows = queries.performances_between(clock.now() - timedelta(days=2), clock.now() + timedelta(days=400), 2_000)
    found = (row for row in rows if all(word in _said_of(row) for word in wanted))
    return [performance_card(row) for row in islice(found, limit)]


def _said_of(row: Performance) -> str:
    zone = venue.house().tz
    dates = (day(row.starts_at, lang, zone) for lang in ("fr", "en"))
    return folded(" ".join((row.production.title_fr, row.production.title_en, row.hall, *dates)))


def changes() -> list[PerformanceCard]:
    """Cancelled or moved performances that people must know of, most urgent first."""
    return [performance_card(row) for row in queries.changed_after(clock.now() - timedelta(days=2))]


def alternatives(card: PerformanceCard) -> list[PerformanceCard]:
    """Other dates of the same work."""
    row = queries.performance(card.id)
    if row is None:
        return []
    others = queries.other_dates(row.production_id, clock.now())
    return [_card(other, card.title_fr, card.title_en) for other in others if other.id != card.id]


def performance_card(row: Performance) -> PerformanceCard:
    """A performance row as plain values; its production must have been loaded."""
    return _card(row, row.production.title_fr, row.production.title_en)


def _card(row: Performance, title_fr: str, title_en: str) -> PerformanceCard:
    return PerformanceCard(
        row.id, title_fr, title_en, row.starts_at, row.status, row.hall, row.new_starts_at, row.sold_out,
        row.notice_fr, row.notice_en,
    )  # fmt: skip


def _card_of_seats(rows: list[queries.Columns]) -> OrderCard:
    one = rows[0]
    seats = tuple(
        SeatCard(
            row.seat_id, f"{row.category} {row.seat}".strip(), row.tariff, row.face_cents + row.fee_cents,
            row.seat_status, performance_of(row),
        )
        for row in rows if row.seat_id is not None
    )  # fmt: skip
    return OrderCard(
        one.id, one.code, one.total_cents, one.currency, seats, one.tender, one.card_last4, one.email,
        one.household, tuple(one.typologies),
    )  # fmt: skip


def performance_of(row: queries.Columns) -> PerformanceCard:
    """A performance from columns that carry the names of its card, and `performance_id`."""
    return PerformanceCard(
        row.performance_id, row.title_fr, row.title_en, row.starts_at, row.status, row.hall, row.new_starts_at,
        row.sold_out, row.notice_fr, row.notice_en,
    )  # fmt: skip


def order_card(row: Order) -> OrderCard:
    """An order row as plain values; seats and performances must have been loaded."""
    seats = tuple(
        SeatCard(
            seat.id, f"{seat.category} {seat.seat}".strip(), seat.tariff, seat.face_cents + seat.fee_cents, seat.status,
            performance_card(seat.performance),
        )
        for seat in row.admissions
    )  # fmt: skip
    household = row.__dict__.get("household")
    return OrderCard(
        row.id, row.code, row.total_cents, row.currency, seats, row.tender, row.card_last4, row.email,
        household.name if household else "", tuple(household.typologies) if household else (),
    )  # fmt: skip
