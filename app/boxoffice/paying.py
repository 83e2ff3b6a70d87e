"""How an order was paid, from what each of its seats says; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seat:
    """What counts of one admission. Units: cents."""

    total_cents: int
    refunded_cents: int
    tenders: Mapping[str, int]
    status: str = "valid"


@dataclass(frozen=True, slots=True)
class Part:
    """What was paid by one means, and how much of it was given back. Units: cents."""

    tender: str
    cents: int
    refunded_cents: int


@dataclass(frozen=True, slots=True)
class Paid:
    """How an order was paid; `exact` is False where the amounts given do not make up its price."""

    parts: tuple[Part, ...]
    exact: bool

    @property
    def total_cents(self) -> int:
        """The price of the order."""
        return sum(part.cents for part in self.parts)

    @property
    def tender(self) -> str:
        """The means of the greatest part."""
        return max(self.parts, key=lambda part: part.cents).tender if self.parts else "free"


def payments_of(seats: Iterable[Seat]) -> Paid:
    """The payments of an order; an exchanged seat was paid once, with the one it was exchanged for.

    Amounts of means are believed seat by seat, or once for the order where all its seats say the same; where neither
    makes up the price, its parts are cut to it.
    """
    counted = [seat for seat in seats if seat.status != "exchanged"]
    total, refunded = sum(seat.total_cents for seat in counted), sum(seat.refunded_cents for seat in counted)
    given, exact = _given(counted, total)
    tenders = sorted(given)
    paid = [given[tender] for tender in tenders]
    back = shared(refunded, paid)
    return Paid(tuple(Part(t, p, b) for t, p, b in zip(tenders, paid, back, strict=True)), exact)


def _given(seats: Sequence[Seat], total: int) -> tuple[dict[str, int], bool]:
    summed: dict[str, int] = {}
    for seat in seats:
        for tender, cents in seat.tenders.items():
            summed[tender] = summed.get(tender, 0) + cents
    if sum(summed.values()) == total:
        return summed, True
    once = dict(seats[0].tenders)
    if sum(once.values()) == total and all(dict(seat.tenders) == once for seat in seats):
        return once, True
    tenders = sorted(summed)
    weights = [summed[tender] for tender in tenders]
    return dict(zip(tenders, shared(total, weights if any(weights) else [1] * len(weights)), strict=True)), False


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """A sum in parts that follow weights, to the cent: what rounding leaves goes to the largest remainders.

    Never more in one part than its weight while `total` is not above their sum.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts
