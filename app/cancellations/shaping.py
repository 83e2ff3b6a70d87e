"""From the admissions of households to credits: what each is owed, for which seats, and what it was paid with; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from app.boxoffice.seats import Seat
from app.cancellations.crediting import Rule, Worth, worth
from app.cancellations.funding import Bucket, Paid, buckets_of, share


class Item(NamedTuple):
    """One admission of a credit: what its household disposes of, and what whoever paid gets back by itself; cents."""

    admission_id: int
    cents: int
    external_cents: int
    vat_bp: int
    performance_id: int


class LeftOut(NamedTuple):
    """One admission that is no part of a credit, and why: a code of `crediting.OUT`."""

    admission_id: int
    why: str
    performance_id: int


@dataclass(slots=True)
class Shaped:
    """What one household is owed."""

    household_id: int
    household_kind: str
    items: list[Item] = field(default_factory=list)
    buckets: list[Bucket] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def cents(self) -> int:
        """What the household disposes of."""
        return sum(item.cents for item in self.items)

    @property
    def external_cents(self) -> int:
        """What others get back by themselves: pass Culture, a works council."""
        return sum(bucket.cents for bucket in self.buckets if bucket.kind == "external")

    def vat(self) -> dict[str, int]:
        """The tax contained in what is owed, by rate, seat by seat as it was sold.

        Shape: hundredths of a percent, as text, to cents.
        """
        sums: dict[int, int] = {}
        for item in self.items:
            sums[item.vat_bp] = sums.get(item.vat_bp, 0) + contained(item.cents, item.vat_bp)
        return {str(rate): cents for rate, cents in sorted(sums.items())}


def contained(cents: int, vat_bp: int) -> int:
    """The tax contained in an amount with tax, rounded half up."""
    return (2 * cents * vat_bp + 10_000 + vat_bp) // (2 * (10_000 + vat_bp))


def shaped(
    rows: Iterable[Seat], payments: Mapping[int, Sequence[Paid]], rule: Rule, credited: Set[int] = frozenset()
) -> Iterator[Shaped]:
    """What each household is owed, one after the other.

    Args:
        rows: admissions ordered by household, then by order.
        payments: by order, what of each is left to be given back.
        rule: what the campaign gives back.
        credited: admissions that a living credit holds.
    """
    for household_id, some in groupby(rows, key=attrgetter("household_id")):
        held = list(some)
        found = Shaped(household_id, held[0].household_kind)
        for order_id, seats in groupby(held, key=attrgetter("order_id")):
            _add_order(found, [(seat, worth(seat, rule, credited=seat.id in credited)) for seat in seats],
                       payments.get(order_id, ()), rule)  # fmt: skip
        yield found


def _add_order(found: Shaped, seats: Iterable[tuple[Seat, Worth]], payments: Sequence[Paid], rule: Rule) -> None:
    owed: list[tuple[Seat, int]] = []
    barred = rule.bars(paid.tender for paid in payments)
    for seat, (cents, why) in seats:
        if barred and not why:
            why = "tender"
        if why:
            found.left_out.append(LeftOut(seat.id, why, seat.performance_id))
        else:
            owed.append((seat, cents))
    if owed:
        _fund(found, owed, payments)


def _fund(found: Shaped, owed: Sequence[tuple[Seat, int]], payments: Sequence[Paid]) -> None:
    """Draw what seats of one order are worth from what paid for it; never more than that."""
    weights = [cents for _, cents in owed]
    buckets = buckets_of(sum(weights), payments, found.household_kind)
    whole = sum(bucket.cents for bucket in buckets)
    outside = sum(bucket.cents for bucket in buckets if bucket.kind == "external")
    parts = share(whole, weights) if whole < sum(weights) else weights
    theirs = share(outside, parts)
    for (seat, _), part, external in zip(owed, parts, theirs, strict=True):
        if part > external:
            found.items.append(Item(seat.id, part - external, external, seat.vat_bp, seat.performance_id))
        else:
            found.left_out.append(LeftOut(seat.id, "returned" if part else "refunded", seat.performance_id))
    _keep(found, buckets)


def _keep(found: Shaped, buckets: Sequence[Bucket]) -> None:
    """Keep the buckets; what is outside counts only where it lies beside something a household disposes of."""
    inside = [bucket for bucket in buckets if bucket.kind != "external"]
    found.buckets.extend(inside)
    if inside:
        found.buckets.extend(bucket for bucket in buckets if bucket.kind == "external")
