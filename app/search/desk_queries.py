"""Questions about the words that requests are searched by, and who of the people behind them fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, column, delete, exists, func, or_, select, table, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.db import session
from app.kernel.queries import read, write
from app.people.models import Address, Person
from app.search.desk_words import READ, Asked
from app.search.models import TicketWords, WordsDue
from app.tickets.models import Message, Ticket

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]
#: The number of the lock of whoever reads words: any that nobody else takes.
_READING = 710_238
#: What of a request is never searched: an answer that is not said yet may be taken back.
_UNSAID = "leaving"
_fts = table("ticket_words_fts", column("rowid"))
_TOKENS = "array_to_tsvector(string_to_array(ticket_words.words, ' '))"


def _on_postgresql() -> bool:
    return session.get_bind().dialect.name == "postgresql"


def one_at_a_time() -> None:
    """Wait until no other transaction reads words; on SQLite whoever writes is alone already."""
    if _on_postgresql():
        session.execute(select(func.pg_advisory_xact_lock(_READING)))


def due(limit: int) -> Sequence[Columns]:
    """What must be read again, what changed last first. Shape: rows (id, ticket_id)."""
    return read(select(WordsDue.id, WordsDue.ticket_id).order_by(WordsDue.id.desc()).limit(limit)).all()


def waiting() -> int:
    """How many requests must be read again."""
    return session.scalar(select(func.count(WordsDue.ticket_id.distinct()))) or 0


def done(ids: Iterable[int]) -> None:
    """Take lines off what must be read again."""
    session.execute(delete(WordsDue).where(WordsDue.id.in_(list(ids))))


def due_all() -> None:
    """Say that every request must be read again."""
    session.execute(delete(WordsDue))
    session.execute(text("INSERT INTO words_due (ticket_id) SELECT id FROM ticket ORDER BY id"))


def drop_stray() -> None:
    """Forget words that belong to no request."""
    session.execute(delete(TicketWords).where(TicketWords.ticket_id.not_in(select(Ticket.id))))


def heads(ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """What stands at the head of requests: number, subject, order, who asks and from which addresses."""
    query = (
        select(Ticket.id, Ticket.number, Ticket.subject, Ticket.order_code, Ticket.requester_id, Person.name)
        .join(Person, Person.id == Ticket.requester_id)
        .where(Ticket.id.in_(list(ids)))
    )
    rows = read(query).all()
    emails = defaultdict[int, list[str]](list)
    people = {row.requester_id for row in rows}
    for person_id, email in read(select(Address.person_id, Address.email).where(Address.person_id.in_(people))):
        emails[person_id].append(email)
    return {
        row.id: (str(row.number), row.order_code or "", row.name, row.subject, *emails[row.requester_id])
        for row in rows
    }


def said(ids: Collection[int]) -> Mapping[int, list[str]]:
    """What was said in requests, the newest first, as far as it is read."""
    query = select(Message.ticket_id, func.substr(Message.body, 1, READ))
    query = query.where(Message.ticket_id.in_(list(ids)), Message.kind != _UNSAID).order_by(Message.id.desc())
    found = defaultdict[int, list[str]](list)
    for ticket_id, body in read(query):
        found[ticket_id].append(body)
    return found


def known(ids: Collection[int]) -> dict[int, str]:
    """The words kept of requests."""
    query = select(TicketWords.ticket_id, TicketWords.words).where(TicketWords.ticket_id.in_(list(ids)))
    return {row[0]: row[1] for row in read(query)}


def keep(rows: Mapping[int, str], gone: Collection[int]) -> None:
    """Put words in the place of what was kept of some requests, and forget others."""
    session.execute(delete(TicketWords).where(TicketWords.ticket_id.in_([*rows, *gone])))
    write(TicketWords, [{"ticket_id": key, "words": kept} for key, kept in rows.items()])


def found(asked: Asked, departments: Iterable[int], limit: int) -> list[int]:
    """Requests that hold every word, the newest first, in some departments only.

    They stand in the order of time, not of merit: nothing of what others may see weighs in it.
    """
    mine = list(departments)
    if not asked or not mine:
        return []
    query = select(Ticket.id).where(Ticket.department_id.in_(mine)).limit(limit)
    if _on_postgresql():
        words = " & ".join(f"'{word}'{':*' if begun else ''}" for word, begun in asked)
        query = query.join(TicketWords, TicketWords.ticket_id == Ticket.id).order_by(TicketWords.ticket_id.desc())
        query = query.where(text(f"{_TOKENS} @@ CAST(:words AS tsquery)"))
    else:
        words = " AND ".join(f'"{word}"{" *" if begun else ""}' for word, begun in asked)
        query = query.join(_fts, _fts.c.rowid == Ticket.id).order_by(_fts.c.rowid.desc())
        query = query.where(text("ticket_words_fts MATCH :words"))
    return [row[0] for row in read(query, {"words": words})]


def named(number: int | None, order: str, departments: Iterable[int], limit: int) -> list[int]:
    """Requests by number or by order, the newest first, in some departments only; whatever of them was read."""
    tests = [Ticket.order_code == order] if order else []
    if number is not None:
        tests.append(Ticket.number == number)
    if not tests:
        return []
    query = select(Ticket.id).where(Ticket.department_id.in_(list(departments)), or_(*tests))
    return [row[0] for row in read(query.order_by(Ticket.id.desc()).limit(limit))]


def requesters(words: Iterable[str], departments: Iterable[int], limit: int) -> Sequence[Columns]:
    """Who asked something in some departments, and whose name or address holds every word.

    Shape: rows (id, name, email), by name; the address is one of several where there are several.
    """
    mine, email = list(departments), _an_address()
    query = select(Person.id, Person.name, email).order_by(Person.name_folded, Person.id).limit(limit)
    query = query.where(exists().where(Ticket.requester_id == Person.id, Ticket.department_id.in_(mine)))
    for word in words:
        at = select(Address.person_id).where(_holds(Address.email, word))
        query = query.where(or_(_holds(Person.name_folded, word), Person.id.in_(at)))
    return read(query).all()


def _holds(column: ColumnElement[str] | InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    # LIKE looks at every letter in both cases, which takes three times as long; both sides are small letters here.
    return (func.strpos if _on_postgresql() else func.instr)(column, word) > 0


def _an_address() -> ColumnElement[str]:
    own = select(func.min(Address.email)).where(Address.person_id == Person.id)
    return own.correlate(Person).scalar_subquery().label("email")


def amiss() -> int:
    """How many requests have no words kept and none due, and how many words belong to no request."""
    due_ids = select(WordsDue.ticket_id)
    has = select(TicketWords.ticket_id)
    missing = select(func.count()).select_from(Ticket).where(Ticket.id.not_in(has), Ticket.id.not_in(due_ids))
    stray = select(func.count()).select_from(TicketWords).where(TicketWords.ticket_id.not_in(select(Ticket.id)))
    return (session.scalar(missing) or 0) + (session.scalar(stray) or 0)


def sound() -> bool:
    """Whether what SQLite seeks by agrees with the words kept; PostgreSQL sees to its indexes itself."""
    if _on_postgresql():
        return True
    try:
        with session.begin_nested():
            session.execute(text("INSERT INTO ticket_words_fts (ticket_words_fts, rank) VALUES ('integrity-check', 1)"))
    except DatabaseError:
        return False
    return True


def rebuild() -> None:
    """Make what SQLite seeks by again from the words kept."""
    if not _on_postgresql():
        session.execute(text("INSERT INTO ticket_words_fts (ticket_words_fts) VALUES ('rebuild')"))
