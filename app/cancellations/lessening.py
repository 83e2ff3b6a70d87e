"""What is left of a credit when some of its seats leave it: amount, tax, and what the others were paid with; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from app.cancellations.funding import share
from app.cancellations.shaping import contained


class Seat(NamedTuple):
    """One seat of a credit; cents."""

    item_id: int
    admission_id: int
    order_id: int
    performance_id: int
    cents: int
    external_cents: int
    vat_bp: int


class Part(NamedTuple):
    """One bucket of a credit; cents. `order_id` is that of its payment."""

    bucket_id: int
    order_id: int | None
    external: bool
    cents: int


@dataclass(frozen=True, slots=True)
class Less:
    """A credit without some of its seats; cents.

    Shape: `buckets` maps each bucket to what is left of it, nothing at all included; `vat` is as of `Shaped.vat`.
    """

    cents: int
    external_cents: int
    vat: Mapping[str, int]
    buckets: Mapping[int, int]


def lessened(stay: Sequence[Seat], parts: Sequence[Part]) -> Less:
    """What a credit is once only some seats stay.

    Each order draws on its own payments, each by its share of before, so that none ever holds more than it did.
    """
    left: dict[int, int] = {}
    orders = {part.order_id for part in parts}
    for order in orders:
        # Seats of an order whose payments are not known draw on what names no order.
        seats = [seat for seat in stay if (seat.order_id if seat.order_id in orders else None) == order]
        for external in (False, True):
            some = [part for part in parts if part.order_id == order and part.external is external]
            wanted = sum(seat.external_cents if external else seat.cents for seat in seats)
            weights = [part.cents for part in some]
            cents = share(min(wanted, sum(weights)), weights)
            left |= {part.bucket_id: one for part, one in zip(some, cents, strict=True)}
    outside = sum(left[part.bucket_id] for part in parts if part.external)
    return Less(sum(seat.cents for seat in stay), outside, tax_of(stay), left)


def parted(seats: Sequence[Seat], parts: Sequence[Part], away: Set[int]) -> tuple[Less, Less]:
    """A credit in two, what stays and what goes with some admissions: together what it was, to the cent, tax too."""
    stay = lessened([seat for seat in seats if seat.admission_id not in away], parts)
    buckets = {part.bucket_id: part.cents - stay.buckets[part.bucket_id] for part in parts}
    outside = sum(buckets[part.bucket_id] for part in parts if part.external)
    gone = [seat for seat in seats if seat.admission_id in away]
    return stay, Less(sum(seat.cents for seat in gone), outside, tax_of(gone), buckets)


def is_whole(less: Less, parts: Sequence[Part]) -> bool:
    """Whether what a credit was paid with makes up what it is."""
    return sum(less.buckets[part.bucket_id] for part in parts if not part.external) == less.cents


def tax_of(stay: Sequence[Seat]) -> dict[str, int]:
    """The tax contained in some seats, by rate, seat by seat. Shape: as of `Shaped.vat`."""
    sums: dict[int, int] = {}
    for seat in stay:
        sums[seat.vat_bp] = sums.get(seat.vat_bp, 0) + contained(seat.cents, seat.vat_bp)
    return {str(rate): cents for rate, cents in sorted(sums.items())}
