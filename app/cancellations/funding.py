"""What an order was paid with, and what may therefore be given back in money; pure, integer cents.

What one way of giving back may draw on lies inside what the next one may, so a few sums decide exactly whether a
choice can be paid: cards, then all money, then all but vouchers, then everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Kind = Literal["card", "cashable", "titre", "external"]

#: By tender; what is not listed is money like any other.
KINDS: Mapping[str, Kind] = {
    "card": "card",
    "ancv": "titre", "giftcard": "titre",
    "passculture": "external", "works_council": "external", "free": "external",
}  # fmt: skip
#: Households that paid their own invoice: what a works council or a school paid is theirs.
ORGANISATIONS = frozenset({"company", "school", "association", "works_council", "press"})


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment of an order, as far as it has not been given back yet."""

    id: int | None
    tender: str
    left_cents: int
    refundable_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """A part of what a household is owed, by what it was paid with."""

    kind: Kind
    cents: int
    tender: str = ""
    payment_id: int | None = None
    refundable_until: datetime | None = None
    #: Its holder asked the bank to take the payment back: crediting the card as well would pay twice.
    disputed: bool = False

    def on(self, moment: datetime) -> Bucket:
        """The same as it is at a moment: a card that cannot be credited, any more or now, is money like any other."""
        late = self.refundable_until is not None and self.refundable_until <= moment
        return replace(self, kind="cashable") if self.kind == "card" and (late or self.disputed) else self


@dataclass(frozen=True, slots=True)
class Means:
    """How much of a credit may be drawn in each way. Each field contains the one before."""

    card: int
    money: int
    giveable: int
    all: int


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount by weights, to the cent, the largest remainders first; the earlier of two equals wins.

    Where the weights weigh nothing, everything falls to the first.
    """
    whole = sum(weights)
    if not weights:
        return []
    if whole <= 0:
        return [total, *([0] * (len(weights) - 1))]
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def kind_of(tender: str, household_kind: str) -> Kind:
    """What a payment becomes when it is owed back to a household of a kind."""
    if tender == "works_council" and household_kind in ORGANISATIONS:
        return "cashable"
    return KINDS.get(tender, "cashable")


def buckets_of(worth: int, payments: Sequence[Paid], household_kind: str) -> list[Bucket]:
    """Spread what admissions of one order are worth over what paid for it.

    Shape: one bucket for each payment that carries a part; together they never exceed what is left of the payments.
    """
    some = [paid for paid in payments if paid.left_cents > 0]
    owed = min(worth, sum(paid.left_cents for paid in some))
    parts = share(owed, [paid.left_cents for paid in some])
    return [
        Bucket(kind_of(paid.tender, household_kind), cents, paid.tender, paid.id, paid.refundable_until)
        for paid, cents in zip(some, parts, strict=True) if cents
    ]  # fmt: skip


def means(buckets: Iterable[Bucket], *, gifts_of_titres: bool) -> Means:
    """How much may be drawn in each way from what a household is owed; what others give back is no part of it."""
    sums = {"card": 0, "cashable": 0, "titre": 0, "external": 0}
    for bucket in buckets:
        sums[bucket.kind] += bucket.cents
    money = sums["card"] + sums["cashable"]
    whole = money + sums["titre"]
    return Means(sums["card"], money, whole if gifts_of_titres else money, whole)


def obstacle(given: Means, *, card: int, money: int, gifts: int, rest: int) -> str:
    """Why amounts cannot be paid: card, money, gift or all; empty when they can.

    Args:
        given: what may be drawn.
        card: asked back on cards.
        money: asked in money in any other way.
        gifts: given to the house.
        rest: everything else: vouchers, carried over, kept.
    """
    if card > given.card:
        return "card"
    if card + money > given.money:
        return "money"
    if card + money + gifts > given.giveable:
        return "gift"
    return "all" if card + money + gifts + rest > given.all else ""
