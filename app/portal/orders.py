"""The order somebody names: its card for who knows both code and address, else only that it is noted."""

from __future__ import annotations

from dataclasses import dataclass

from app.boxoffice import service as boxoffice
from app.boxoffice.service import OrderCard, PerformanceCard
from app.kernel import clock
from app.portal.bill import Billed, billed
from app.venue import service as venue


@dataclass(frozen=True, slots=True)
class Evening:
    """The seats of an order at one performance."""

    show: Billed
    seats: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What may be told of an order: `state` is none, unsure (no address yet), noted or found."""

    state: str
    code: str = ""
    order: OrderCard | None = None

    @property
    def performance_id(self) -> int | None:
        """The performance a request about this order is for."""
        show = self.order.performance_near(clock.now()) if self.order else None
        return show.id if show else None


def look_up(code: str, email: str) -> Looked:
    """Look for an order; one of code and address without the other tells a stranger nothing."""
    tidy = boxoffice.tidy_code(code, venue.house().order_prefix)[:40]
    if not tidy:
        return Looked("none")
    if not email:
        return Looked("unsure", tidy)
    order = boxoffice.look_up(tidy, email)
    return Looked("found", tidy, order) if order else Looked("noted", tidy)


def evenings(order: OrderCard, language: str) -> list[Evening]:
    """An order by performance, in the order of its seats."""
    grouped: dict[PerformanceCard, list[str]] = {}
    for seat in order.seats:
        grouped.setdefault(seat.performance, []).append(seat.label)
    return [Evening(billed(card, language), tuple(seats), card.status) for card, seats in grouped.items()]
