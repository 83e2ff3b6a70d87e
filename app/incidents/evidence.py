"""What is known of a group of requests beside their words: orders, bookings, and what their writers have already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from app.boxoffice import queries as boxoffice
from app.boxoffice.service import codes_said
from app.incidents import folding, queries, reading
from app.incidents.arriving import Arrived
from app.incidents.exceptions import Case
from app.incidents.fitting import Concern, Fit, Request
from app.incidents.models import IncidentTicket
from app.incidents.naming import Bill
from app.incidents.surfaces import Told
from app.kernel import clock
from app.people import queries as people
from app.tickets import queries as tickets
from app.triage.text import fold, normalise
from app.venue import service as venue

#: Bookings that an address may be written about: what played so long ago, and what plays until then.
BACK, AHEAD = timedelta(days=14), timedelta(days=120)
#: Somebody in two incidents, as (incident, person).
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order as far as it tells where a request belongs."""

    email: str
    performances: frozenset[int]
    prices: tuple[int, ...]


@dataclass(slots=True)
class Evidence:
    """What is known of a group of requests; asked of each."""

    concerns: Sequence[Concern]
    starts_at: Mapping[int, datetime]
    answered: Mapping[int, frozenset[str]]
    orders: Mapping[str, Purchase]
    codes: Mapping[int, Sequence[str]]
    emails: Mapping[int, Collection[str]]
    #: Words of people's names, folded.
    names: Mapping[int, frozenset[str]]
    booked: Mapping[str, Collection[int]]
    bill: Bill
    #: Incidents that a request cannot join any more; all of them where it stands in one.
    closed: Mapping[int, Collection[int]]
    #: The first request of somebody in an incident that others may fold into.
    firsts: dict[Key, IncidentTicket] = field(default_factory=dict)
    #: Who was unfolded by a colleague, and who was answered already.
    apart: set[Key] = field(default_factory=set)
    told: set[Key] = field(default_factory=set)

    def concerns_for(self, ticket_id: int) -> list[Concern]:
        """The incidents a request may join."""
        closed = self.closed.get(ticket_id, ())
        return [one for one in self.concerns if one.id not in closed]

    def request(self, one: Arrived) -> Request:
        """What tells where a request belongs."""
        card, person = one.card, one.card.requester_id
        said = [self.orders[code] for code in self.codes[card.id] if code in self.orders]
        return Request(
            reading=one.reading, type=one.type, performance_id=card.performance_id,
            by_order=card.order_code is not None, named=one.named,
            said=frozenset().union(*(order.performances for order in said)),
            booked=frozenset(show for email in self.emails.get(person, ()) for show in self.booked.get(email, ())),
            before=[key[0] for key in (*self.firsts, *self.told) if key[1] == person],
        )  # fmt: skip

    def case(self, one: Arrived, fit: Fit, *, two_shows: bool, novel: bool) -> Case:
        """What tells whether a person must read it."""
        orders = [self.orders[code] for code in self.codes[one.card.id] if code in self.orders]
        own = self.emails.get(one.card.requester_id, ())
        return Case(
            reading=one.reading, thought=one.thought, at=clock.now(), starts_at=self.starts_at.get(fit.incident_id),
            others_at=self._others(one, fit.incident_id), answered=self.answered.get(fit.incident_id, frozenset()),
            prices=orders[0].prices if orders else (), not_own=any(order.email not in own for order in orders),
            two_shows=two_shows, replied=(fit.incident_id, one.card.requester_id) in self.told, novel=novel,
            names=self.names.get(one.card.requester_id, frozenset()),
        )  # fmt: skip

    def _others(self, one: Arrived, incident_id: int) -> tuple[datetime, ...]:
        """When other performances begin that the request is about."""
        own = next((found.performance_id for found in self.concerns if found.id == incident_id), None)
        ids = {one.card.performance_id, *(named.performance_id for named in one.named if named.dated)}
        shows = (self.bill.show(key) for key in ids if key is not None and key != own)
        return tuple(show.starts_at for show in shows if show is not None)


def gathered(group: Sequence[Arrived], told: Sequence[Told], bill: Bill) -> Evidence:
    """Ask all that is needed of a group, each question once."""
    codes = {one.card.id: _codes(one) for one in group}
    emails = people.emails_of({one.card.requester_id for one in group})
    named = (code for some in codes.values() for code in some)
    found = Evidence(
        concerns=[_concern(one, bill) for one in told], starts_at=beginnings(told, bill),
        answered={one.id: answers(one) for one in told}, orders=_orders(named),
        codes=codes, emails=emails, names=names_of(emails),
        booked=_booked(address for some in emails.values() for address in some), bill=bill,
        closed=_closed([one.card.id for one in group], {one.id for one in told}),
    )  # fmt: skip
    for one in told:
        _remember(found, queries.members_of(one.id, {arrived.card.requester_id for arrived in group}))
    return found


def _codes(one: Arrived) -> list[str]:
    prefix = venue.house().order_prefix
    said = codes_said(one.reading.plain, prefix) if prefix and prefix.lower() in one.reading.folded else []
    return list(dict.fromkeys([*([one.card.order_code] if one.card.order_code else ()), *said]))


def _concern(one: Told, bill: Bill) -> Concern:
    show = bill.show(one.performance_id) if one.performance_id is not None else None
    words = tuple(" ".join(reading.words_of(fold(normalise(word)))) for word in one.words)
    return Concern(
        one.id,
        one.cause,
        one.performance_id,
        show.production_id if show else None,
        tuple(word for word in words if word),
    )


def beginnings(told: Sequence[Told], bill: Bill) -> dict[int, datetime]:
    """When the performance of each incident begins, where it has one."""
    shows = {one.id: bill.show(one.performance_id) for one in told if one.performance_id is not None}
    return {key: show.starts_at for key, show in shows.items() if show is not None}


@lru_cache(maxsize=64)
def answers(one: Told) -> frozenset[str]:
    """What the text of an incident answers beside what happened, as codes."""
    return reading.read("", f"{one.title_fr}. {one.text_fr}. {one.title_en}. {one.text_en}").asks()


def _orders(codes: Iterable[str]) -> dict[str, Purchase]:
    wanted = set(codes)
    seats = defaultdict(list)
    for row in boxoffice.seats_of(wanted) if wanted else ():
        seats[row.code].append(row)
    return {
        code: Purchase(
            rows[0].email,
            frozenset(row.performance_id for row in rows),
            (rows[0].total_cents, *(row.cents for row in rows)),
        )
        for code, rows in seats.items()
    }


def _booked(emails: Iterable[str]) -> dict[str, set[int]]:
    moment, wanted = clock.now(), set(emails)
    found: dict[str, set[int]] = defaultdict(set)
    for row in boxoffice.booked(wanted, moment - BACK, moment + AHEAD) if wanted else ():
        found[row.email].add(row.performance_id)
    return found


def names_of(person_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The words of each person's own name, folded."""
    return {row.id: frozenset(reading.words_of(fold(normalise(row.name)))) for row in people.cards(person_ids)}


def _closed(ticket_ids: Sequence[int], live: set[int]) -> dict[int, set[int]]:
    closed: dict[int, set[int]] = defaultdict(set)
    for row in queries.memberships(ticket_ids):
        stands = row.incident_id in live and row.stands != "out"
        closed[row.ticket_id] |= live if stands else {row.incident_id}
    return closed


def _remember(found: Evidence, members: Sequence[IncidentTicket]) -> None:
    cards = tickets.cards([row.ticket_id for row in members]) if members else {}
    for row in members:
        key, card = (row.incident_id, row.person_id), cards[row.ticket_id]
        if row.apart:
            found.apart.add(key)
        if row.stands == "out" or card.away:
            continue
        if card.state not in queries.UNANSWERED:
            found.told.add(key)
        elif row.stands in folding.FOLDABLE:
            found.firsts.setdefault(key, row)
