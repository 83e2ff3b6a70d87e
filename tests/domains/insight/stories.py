"""Small stories at the box office, told with the desk's own verbs, and what the facts then hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.insight import service
from app.insight.access import scope_for, today
from app.insight.cards import Scope, Tile
from app.insight.dashboard import board
from app.insight.models import BacklogFact, DayFact, DayMinutes, HourFact, TicketFact
from app.insight.periods import last_days
from app.kernel import clock, keys
from app.kernel.access import Actor, Role
from app.kernel.db import session
from app.people import service as people
from app.satisfaction import queries as opinions
from app.satisfaction import service as satisfaction
from app.sla import service as sla
from app.tickets import conversation, handling, merging, placing
from app.tickets.conversation import Word
from app.tickets.states import State
from tests.cast import LEA
from tests.makers import a_ticket

FACTS = (TicketFact, DayFact, DayMinutes, HourFact, BacklogFact)


def department(code: str = "billetterie") -> int:
    return people.department(code).id


def somebody(role: Role, *codes: str) -> Actor:
    person = people.recognise([people.Writer(f"{role}@valmorin.example", role.title())])
    departments = frozenset(department(code) for code in codes or ("billetterie",))
    return Actor(roles=frozenset({role}), person_id=next(iter(person.values())), departments=departments, door="desk")


def later(**time: float) -> None:
    clock.advance(timedelta(**time))


def asked(kind: str | None = "eticket_missing", **draft: Any) -> int:
    """A request came in; its first answer is promised within 120 opening minutes unless another type is named."""
    return a_ticket(type=kind, **draft).ticket_id


def answered(ticket_id: int, *, after: int = 0, then: State | None = None) -> int:
    later(minutes=after)
    conversation.answer(ticket_id, Word(body="Voici vos billets."), then=then, by=somebody(Role.AGENT))
    return ticket_id


def wrote(ticket_id: int) -> None:
    owner = people.recognise([people.Writer(LEA)])[LEA]
    conversation.write_again(
        ticket_id, Word(body="Merci, mais…"), by=Actor(frozenset({Role.SPECTATOR}), owner, door="portal")
    )


def solved(ticket_id: int, *, after: int = 0) -> int:
    later(minutes=after)
    handling.solve(ticket_id, by=somebody(Role.AGENT))
    return ticket_id


def given(ticket_id: int, mark: int) -> None:
    """Its requester was asked for an opinion and gave a mark."""
    satisfaction.ask([ticket_id])
    row = opinions.of_ticket(ticket_id)
    assert row is not None
    satisfaction.give(keys.link_token(satisfaction.PURPOSE, row.nonce, 1), mark, "")


def a_fortnight() -> list[int]:
    """Fourteen days in which a little of everything happened. Returns the tickets, oldest first."""
    kept = solved(answered(asked(), after=30))
    given(kept, 5)
    later(days=1)
    late = answered(asked("refund_personal"), after=60 * 24 * 4)
    sla.sweep()
    waiting = answered(asked("wrong_seat"), after=10, then=State.WAITING)
    again = solved(answered(asked("eticket_missing"), after=5), after=5)
    given(again, 2)
    later(days=3)
    wrote(again)
    silent = solved(asked("gift_voucher", channel="phone"))
    merged, spam = asked(), asked()
    merging.merge(merged, late, by=somebody(Role.AGENT))
    handling.mark_spam(spam, by=somebody(Role.AGENT))
    other = asked(None)
    placing.sort(other, category="seating", type=None, priority="high", by=somebody(Role.AGENT))
    later(hours=5)
    sla.sweep()
    return [kept, late, waiting, again, silent, merged, spam, other]


def facts() -> dict[str, set[Any]]:
    """Every fact, rows of nothing but zeros left out."""
    session.rollback()
    found: dict[str, set[Any]] = {}
    for table in FACTS:
        keys_of = {column.name for column in table.__table__.primary_key}
        rows = session.execute(select(*table.__table__.columns)).mappings()
        found[table.__tablename__] = {
            str(sorted(row.items(), key=lambda pair: pair[0]))
            for row in rows
            if any(value for name, value in row.items() if name not in keys_of)
        }
    return found


def counted() -> None:
    service.roll_up()


def mine(days: int = 14, category: str | None = None) -> Scope:
    return scope_for(somebody(Role.MANAGER), last_days(days, today()), category=category)


def tile(figure: str, days: int = 14, category: str | None = None) -> Tile:
    counted()
    return board(somebody(Role.MANAGER), mine(days, category)).tiles[figure]
