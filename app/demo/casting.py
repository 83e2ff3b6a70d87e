"""Finds for each story somebody who could tell it: an order, a performance and a moment that fit together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.demo.audience import Purchase, Spectator
from app.demo.pages import Story
from app.demo.season import Show
from app.demo.timetable import Timetable

#: Stories told within hours of the curtain.
TONIGHT = frozenset({"tonight", "before_doors", "at_the_door"})
#: How far back the demo's requests go.
BACK = timedelta(days=150)
#: A cancellation or change was announced so many minutes of opening, or so long, ago.
ANNOUNCED_MINUTES, MOVED = 700, timedelta(days=12)
_DAY = timedelta(days=1)
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
#: How likely people write, by hour of the day.
_HOURS = (1, 0, 0, 0, 0, 0, 1, 3, 6, 9, 11, 11, 8, 6, 8, 9, 9, 10, 11, 10, 9, 8, 5, 2)

#: Spans around the curtain in which people tell a story of each kind.
_AROUND = {
    "before": (-25 * _DAY, -3 * _DAY),
    "soon": (-70 * _HOUR, -26 * _HOUR),
    "tonight": (-9 * _HOUR, -40 * _MINUTE),
    "before_doors": (-85 * _MINUTE, -65 * _MINUTE),
    "at_the_door": (-40 * _MINUTE, -6 * _MINUTE),
    "after": (4 * _HOUR, 4 * _DAY),
    "interrupted": (3 * _HOUR, 8 * _DAY),
    "cancelled": (-3 * _DAY, 4 * _DAY),
    "cancelled_past": (8 * _DAY, 40 * _DAY),
}
_AFTER_ORDER = {"bought": (timedelta(minutes=2), 2 * _DAY), "any": (_HOUR, 60 * _DAY)}
_STATUS = {
    "before": ("done", "scheduled"),
    "soon": ("done", "scheduled"),
    "tonight": ("done", "scheduled"),
    "before_doors": ("done", "scheduled"),
    "at_the_door": ("done", "scheduled"),
    "after": ("done",),
    "interrupted": ("interrupted",),
    "cancelled": ("cancelled",),
    "cancelled_past": ("cancelled",),
    "moved": ("postponed",),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """Who tells a story, about which order and performance, and when."""

    asker: Spectator
    purchase: Purchase | None
    show: Show | None
    opened_at: datetime


class Casting:
    """Draws scenes for stories, each order once a story."""

    def __init__(
        self, chance: Random, now: datetime, timetable: Timetable, people: list[Spectator], purchases: list[Purchase]
    ) -> None:
        self._chance, self._now = chance, now
        self._people, self._purchases = people[1:], purchases
        self._announced = timetable.back(now, ANNOUNCED_MINUTES)
        self._used: set[tuple[str, str]] = set()
        self._open: dict[tuple[str, str, str, bool, int], list[tuple[Purchase, datetime, datetime]]] = {}

    def past(self, story: Story, *, latest: datetime) -> Scene | None:
        """A scene some time in the past, or None when chance finds none."""
        if story.when in {"none", "internal"} or story.no_order:
            start, end = (self._announced, latest) if story.when == "cancelled" else (self._now - BACK, latest)
            return Scene(self._anybody(story), None, None, self._moment(start, end))
        found = [(p, low, min(high, latest)) for p, low, high in self._candidates(story) if low < min(high, latest)]
        if not found:
            return None
        purchase, low, high = self._chance.choice(found)
        self._used.add((story.key, purchase.code))
        return Scene(purchase.buyer, purchase, purchase.show, self._moment(low, high))

    def present(self, story: Story, opened_at: datetime) -> Scene:
        """A scene at a given moment of late; the order that fits best is taken."""
        if story.when in {"none", "internal"} or story.no_order:
            return Scene(self._anybody(story), None, None, opened_at)
        found = [row for row in self._candidates(story) if (story.key, row[0].code) not in self._used]
        found = [row for row in found if row[1] <= opened_at <= row[2]] or found
        nearest = min(_distance(row, opened_at) for row in found)
        purchase = self._chance.choice([row[0] for row in found if _distance(row, opened_at) <= nearest + _HOUR])
        self._used.add((story.key, purchase.code))
        return Scene(purchase.buyer, purchase, purchase.show, opened_at)

    def of(self, email: str, *, cancelled: bool) -> Purchase:
        """An order of one spectator, for the cancelled performance or another."""
        mine = [p for p in self._purchases if p.buyer.email == email]
        return next(p for p in mine if (p.show.status == "cancelled") is cancelled)

    def _candidates(self, story: Story) -> list[tuple[Purchase, datetime, datetime]]:
        key = (story.when, story.lang, story.gender, story.subscriber, story.least)
        if key not in self._open:
            spans = [(p, self._span(story.when, p)) for p in self._purchases if self._fits(story, p)]
            self._open[key] = [(p, span[0], span[1]) for p, span in spans if span is not None]
        return [row for row in self._open[key] if (story.key, row[0].code) not in self._used]

    def _fits(self, story: Story, purchase: Purchase) -> bool:
        buyer = purchase.buyer
        return (
            buyer.lang == story.lang
            and buyer.place > 0
            and (not story.gender or buyer.civility == story.gender)
            and (not story.subscriber or buyer.subscriber)
            and sum(seat.show is purchase.show for seat in purchase.seats) >= story.least
            and purchase.show.status in _STATUS.get(story.when, (purchase.show.status,))
        )

    def _span(self, when: str, purchase: Purchase) -> tuple[datetime, datetime] | None:
        show, bought = purchase.show, purchase.ordered_at
        if when in _AFTER_ORDER:
            first, last = _AFTER_ORDER[when]
            low, high = bought + first, bought + last
        elif when == "moved":
            low, high = self._now - MOVED, self._now
        elif when == "cancelled" and show.starts_at > self._now:
            low, high = self._announced, self._now
        else:
            first, last = _AROUND[when]
            low, high = show.starts_at + first, show.starts_at + last
        low, high = max(low, bought + _HOUR, self._now - BACK), min(high, self._now)
        return (low, high) if low < high else None

    def _anybody(self, story: Story) -> Spectator:
        while True:
            one = self._chance.choice(self._people)
            if one.lang == story.lang and story.gender in {"", one.civility}:
                return one

    def _moment(self, low: datetime, high: datetime) -> datetime:
        length = int((high - low).total_seconds())
        moment = low
        for _ in range(12):
            moment = low + timedelta(seconds=self._chance.randint(0, length))
            if self._chance.random() * max(_HOURS) < _HOURS[(moment.hour + 1) % 24]:
                break
        return moment.replace(microsecond=0)


def _distance(row: tuple[Purchase, datetime, datetime], at: datetime) -> timedelta:
    return max(row[1] - at, at - row[2], timedelta())
