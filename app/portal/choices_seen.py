"""What the pages of a choice show of a credit: evenings with their seats, rows of options, how far along; no route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cancellations import counters
from app.cancellations.choices import CARRYOVER, EXCHANGE, GIFT, KEEP, MONEY, VOUCHER, WHOLE
from app.cancellations.choosing import AccountCard, Admitted, Apart, ChoicePage, LineCard
from app.cancellations.counters import CounterCard
from app.portal import choices_words as words
from app.portal.bill import Billed, billed
from app.web import option_words
from app.web.choice_form import TRANSFER, Typed, address_of, donor_of
from app.web.tongue import language

#: Colours of the bar: money first, whatever way it takes, then the gift, the voucher and what stays with the house.
_SERIES = {GIFT: 2, VOUCHER: 3, CARRYOVER: 4, KEEP: 4, EXCHANGE: 4}


@dataclass(frozen=True, slots=True)
class Evening:
    """Seats of one order at one performance. Cents; `each` is what one is worth where all are worth the same."""

    show: Billed
    order: str
    seats: tuple[str, ...]
    cents: int
    each: int | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Seats that are no part of the credit, with the reason as a sentence."""

    title: str
    starts_at: datetime
    order: str
    seats: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """One option as the page draws it; `series` is its colour, `whole` one that is chosen for everything or not."""

    code: str
    label: str
    hint: str
    limit: str
    least: str
    icon: str
    series: int
    most: int
    full: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps afterwards; `state` is done, now or empty."""

    name: str
    state: str
    at: datetime | None = None


def evenings(page: ChoicePage) -> list[Evening]:
    """The seats of the credit, by performance and order."""
    grouped: dict[tuple[int, str], list[Admitted]] = {}
    for one in page.admissions:
        grouped.setdefault((one.seat.performance.id, one.seat.order_code), []).append(one)
    return [_evening(some) for some in grouped.values()]


def _evening(some: Sequence[Admitted]) -> Evening:
    worth = [one.cents for one in some]
    first = some[0].seat
    return Evening(
        billed(first.performance, language()), first.order_code, tuple(one.seat.label for one in some), sum(worth),
        worth[0] if len(set(worth)) == 1 else None,
    )  # fmt: skip


def left_out(page: ChoicePage) -> list[LeftOut]:
    """The seats that are no part of it, by performance, order and reason."""
    grouped: dict[tuple[int, str, str], list[Apart]] = {}
    for one in page.left_out:
        grouped.setdefault((one.seat.performance.id, one.seat.order_code, one.why), []).append(one)
    return [
        LeftOut(
            some[0].seat.performance.title(language()), some[0].seat.performance.starts_at, order,
            tuple(one.seat.label for one in some), words.left_out(why),
        )
        for (_show, order, why), some in grouped.items()
    ]  # fmt: skip


def rows(page: ChoicePage) -> list[Row]:
    """The options in the order of the house, each with its colour; money is named first wherever it stands."""
    options = sorted(page.options, key=lambda one: one.code not in MONEY)
    return [
        Row(
            one.code, option_words.label(one), words.hint(one, page), option_words.limit(one, page),
            option_words.least(one, page), words.ICONS[one.code],
            _SERIES.get(one.code, 1), one.most, one.most >= page.amount_cents, one.code in WHOLE,
        )
        for one in options
    ]  # fmt: skip


def opened_at_once(page: ChoicePage, typed: Typed) -> bool:
    """Whether the division is shown at once: something stands in it, or money is offered for a part only."""
    partly = any(0 < one.most < page.amount_cents for one in page.options)
    return bool(typed.parts) or partly or not any(one.most >= page.amount_cents for one in page.options)


def lines(typed: Typed, given: Mapping[str, int], page: ChoicePage) -> list[LineCard]:
    """A choice that is not made yet, as it will be read once it is."""
    order = [row.code for row in rows(page)]
    chosen = sorted(given.items(), key=lambda pair: order.index(pair[0]))
    return [_line(code, cents, typed, page) for code, cents in chosen]


def _line(code: str, cents: int, typed: Typed, page: ChoicePage) -> LineCard:
    option = next(one for one in page.options if one.code == code)
    account = account_of(typed, page) if code == TRANSFER else None
    donor = donor_of(typed) if code == GIFT else None
    named = account or donor
    name, details = address_of(typed).kept() if code == "refund_cheque" else (named.name if named else "", {})
    where = counter_of(typed) if code in counters.HANDED else None
    return LineCard(
        code, cents, option.season, name, account.masked if account else "", details, None, donor is not None,
        *((where.id, where.name, where.place) if where else ()),
    )  # fmt: skip


def counter_of(typed: Typed) -> CounterCard | None:
    """The counter at which it is fetched: the one that was chosen, or the only one."""
    settled = counters.settled(typed.counter_id)
    return next((one for one in counters.open_ones() if one.id == settled), None)


def account_of(typed: Typed, page: ChoicePage) -> AccountCard | None:
    """The account given before that the form names."""
    return next((one for one in page.accounts if one.id == typed.account_id), None)


def steps(page: ChoicePage) -> tuple[Step, ...]:
    """How far along it is: chosen, taken up, on its way, done."""
    chosen = "done" if page.chosen else "now"
    taken = "done" if page.locked_at else "now" if page.chosen else ""
    leaving = "done" if page.settled_at else "now" if page.locked_at else ""
    return (
        Step("chosen", chosen, page.chosen.at if page.chosen else None), Step("taken", taken, page.locked_at),
        Step("leaving", leaving), Step("done", "done" if page.settled_at else "", page.settled_at),
    )  # fmt: skip
