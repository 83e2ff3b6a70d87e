"""Urgent requests of an evening that name no order: found by the seats of whoever writes, or by what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.boxoffice import evening
from app.boxoffice.evening import House
from app.incidents import arriving, reading
from app.incidents.naming import Bill
from app.incidents.reading import Reading
from app.kernel import clock
from app.kernel.access import Actor
from app.people import queries as people
from app.tickets import lists, message_queries
from app.tickets import queries as tickets
from app.tickets.filters import Filter
from app.tickets.lists import Row
from app.tickets.models import Ticket
from app.venue import service as venue

#: What was asked longer ago than this is about no evening that comes.
RECENT = timedelta(days=2)
#: Urgent requests looked at together.
MOST = 200


@dataclass(frozen=True, slots=True)
class Pressing:
    """One urgent request and why it belongs to an evening: seats, named (its performance) or evening (that day)."""

    row: Row
    because: str


def of_evening(houses: Sequence[House], *, by: Actor) -> dict[int | None, list[Pressing]]:
    """Urgent requests that no order ties to a performance of the day, by performance.

    Under None stand those that are about this day and could be about any of its performances.

    Raises:
        Forbidden: the actor may not read requests.
    """
    cards = [card for card in _untied(by) if card.opened_at >= clock.now() - RECENT] if houses else []
    if not cards:
        return {}
    found = _found(cards, houses)
    rows = {row.id: row for row in lists.some(found, by=by)}
    by_show: dict[int | None, list[Pressing]] = defaultdict(list)
    for ticket_id, row in rows.items():
        show, because = found[ticket_id]
        by_show[show].append(Pressing(row, because))
    return dict(by_show)


def _untied(by: Actor) -> list[Ticket]:
    urgent = lists.first_ids(Filter("open", priority="urgent"), by=by, limit=MOST)
    return [card for card in tickets.cards(urgent).values() if card.performance_id is None]


def _found(cards: Sequence[Ticket], houses: Sequence[House]) -> dict[int, tuple[int | None, str]]:
    shows = [house.performance.id for house in houses]
    words = message_queries.first_words([card.id for card in cards])
    emails = people.emails_of({card.requester_id for card in cards})
    seats = evening.held_by({email for some in emails.values() for email in some}, shows)
    day = houses[0].begins_at.astimezone(venue.house().tz).date()
    found, titles = {}, arriving.bill()
    for card in cards:
        held = {show for email in emails.get(card.requester_id, ()) for show in seats.get(email, ())}
        said = reading.read(card.subject, words.get(card.id, ""))
        place = _place(said, titles, card.opened_at.astimezone(venue.house().tz), held, shows, day)
        if place is not None:
            found[card.id] = place
    return found


def _place(
    said: Reading, titles: Bill, written: datetime, held: set[int], shows: Sequence[int], day: date
) -> tuple[int | None, str] | None:
    """Which performance a request is about and why; None where it is about no evening of this day."""
    named = titles.named(said, written)
    tonight = [one.performance_id for one in named if one.performance_id in shows]
    if tonight:
        return tonight[0], "named"
    days = {moment.day for moment in said.moments(written)}
    if any(one.dated for one in named) or (days and day not in days):
        return None  # about another date, whatever they hold for this one
    if held:
        return (next(iter(held)) if len(held) == 1 else None), "seats"
    return ((shows[0] if len(shows) == 1 else None), "evening") if day in days else None
