"""How a household may divide what it is owed: what each option holds, and what is wrong with a division; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.cancellations.funding import Means, obstacle

CARD = "refund_card"
TRANSFER = "refund_transfer"
MONEY = (CARD, TRANSFER, "refund_cheque", "refund_cash", "refund_local")
GIFT, VOUCHER, CARRYOVER, KEEP, EXCHANGE = "donation", "voucher", "carryover", "keep_ticket", "exchange"
#: In the order in which they are offered.
OPTIONS = (*MONEY, GIFT, VOUCHER, CARRYOVER, KEEP, EXCHANGE)
#: A seat is kept or exchanged whole, and so is what it is worth.
WHOLE = frozenset({KEEP, EXCHANGE})
#: What may happen to those who stay silent; never a gift, and a voucher only where a law says so.
DEFAULTS = ("", CARD, CARRYOVER, KEEP, VOUCHER)


@dataclass(frozen=True, slots=True)
class Terms:
    """One option as the house offers it; cents."""

    code: str
    min_cents: int = 0
    max_cents: int | None = None
    only_kinds: tuple[str, ...] = ()
    only_tenders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """How much of one credit an option can hold, and why not all of it.

    `why` is empty, card, disputed, money, gift, max, min, kind or tender.
    """

    code: str
    most: int
    why: str = ""

    @property
    def possible(self) -> bool:
        """Whether the option can hold anything at all."""
        return self.most > 0


def rooms(
    amount: int, terms: Sequence[Terms], given: Means, *, household_kind: str, tenders: Sequence[str]
) -> dict[str, Room]:
    """What each option can hold of a credit when everything else is left to the others."""
    return {term.code: _room(amount, term, given, household_kind, tenders) for term in terms}


def _room(amount: int, term: Terms, given: Means, household_kind: str, tenders: Sequence[str]) -> Room:
    if term.only_kinds and household_kind not in term.only_kinds:
        return Room(term.code, 0, "kind")
    if term.only_tenders and not set(tenders) <= set(term.only_tenders):
        return Room(term.code, 0, "tender")
    most, why = _drawable(term.code, given)
    if term.max_cents is not None and term.max_cents < most:
        most, why = term.max_cents, "max"
    if most >= amount:
        most, why = amount, ""
    if most < term.min_cents or (term.code in WHOLE and most < amount):
        return Room(term.code, 0, why or "min")
    return Room(term.code, most, why)


def _drawable(code: str, given: Means) -> tuple[int, str]:
    if code == CARD:
        return given.card, "card"
    if code in MONEY:
        return given.money, "money"
    return (given.giveable, "gift") if code == GIFT else (given.all, "")


def left(amount: int, lines: Mapping[str, int]) -> int:
    """What is still to be placed; below zero when too much was."""
    return amount - sum(lines.values())


def with_rest(amount: int, lines: Mapping[str, int], code: str, room: Room) -> dict[str, int]:
    """The same division with the rest put on one option, as far as it can hold it."""
    others = {key: cents for key, cents in lines.items() if key != code}
    return {**others, code: max(0, min(room.most, left(amount, others)))}


def faults(
    amount: int,
    lines: Mapping[str, int],
    terms: Sequence[Terms],
    found: Mapping[str, Room],
    given: Means,
    *,
    min_split: int = 0,
) -> dict[str, str]:
    """What is wrong with a division. Shape: option, or `sum`, to a code; empty when it can be paid to the cent.

    Codes at an option: choice_unknown, choice_impossible, choice_below, choice_above, choice_whole, choice_small.
    Codes at the sum: choice_nothing, choice_short, choice_over, choice_card, choice_money, choice_gift.
    """
    known = {term.code: term for term in terms}
    wrong = {}
    for code, cents in lines.items():
        if why := _fault(amount, code, cents, known, found, min_split):
            wrong[code] = why
    return wrong or _sum_fault(amount, lines, given)


def _fault(
    amount: int, code: str, cents: int, known: Mapping[str, Terms], found: Mapping[str, Room], min_split: int
) -> str:
    if code not in known:
        return "choice_unknown"
    room = found[code]
    checks = (
        ("choice_below", cents <= 0),
        ("choice_impossible", not room.possible),
        ("choice_above", cents > room.most),
        ("choice_whole", code in WHOLE and cents != amount),
        ("choice_below", cents < known[code].min_cents),
        ("choice_small", cents < min_split and cents != amount),
    )
    return next((why for why, holds in checks if holds), "")


def _sum_fault(amount: int, lines: Mapping[str, int], given: Means) -> dict[str, str]:
    rest = left(amount, lines)
    if not lines:
        return {"sum": "choice_nothing"}
    if rest:
        return {"sum": "choice_short" if rest > 0 else "choice_over"}
    money = sum(cents for code, cents in lines.items() if code in MONEY)
    card, gifts = lines.get(CARD, 0), lines.get(GIFT, 0)
    why = obstacle(given, card=card, money=money - card, gifts=gifts, rest=amount - money - gifts)
    return {"sum": f"choice_{why}"} if why else {}
