"""Questions about how many wrote about what, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, case, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from app.incidents.detection import ALL, AROUND, WEEK, WEEKS, WINDOWS, Key, Seen
from app.incidents.models import Arrival, Incident
from app.kernel.db import session
from app.kernel.queries import read
from app.tickets.models import Ticket

_arrivals = cast(Table, Arrival.__table__)
_WROTE = select(Ticket.requester_id).where(
    Ticket.requester_id.in_(bindparam("people", expanding=True)),
    Ticket.opened_at >= bindparam("since"),
    Ticket.id < bindparam("before"),
)


def wrote_since(people: Iterable[int], since: datetime, before: int) -> set[int]:
    """Who of some people opened a request since a moment, before the one of an id."""
    return set(read(_WROTE, {"people": list(people), "since": since, "before": before}).scalars())


def add(rows: Sequence[tuple[Key, int, int, int]]) -> None:
    """Count arrivals, many in one statement. Shape: (key, minute, people, people in trouble)."""
    if not rows:
        return
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(_arrivals)
    more = {name: _arrivals.c[name] + statement.excluded[name] for name in ("count", "senders")}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["kind", "key", "minute"], set_=more),
        [
            {"kind": kind, "key": name[:120], "minute": minute, "count": people, "senders": troubled}
            for (kind, name), minute, people, troubled in rows
        ],
    )


def seen(minute: int) -> list[Seen]:
    """What was written about lately, within each window before a minute."""
    rows = read(_SEEN, {f"m{span}": minute - span for span in WINDOWS}).all()
    width = len(WINDOWS)
    return [Seen((row[0], row[1]), tuple(row[2 : 2 + width]), tuple(row[2 + width :])) for row in rows]


def _within(column: Any, span: int) -> Any:  # noqa: ANN401 - columns
    return func.sum(case((_arrivals.c.minute > bindparam(f"m{span}"), column), else_=0))


_SEEN = (
    select(
        _arrivals.c.kind, _arrivals.c.key,
        *(_within(_arrivals.c.count, span) for span in WINDOWS),
        *(_within(_arrivals.c.senders, span) for span in WINDOWS),
    )
    .where(_arrivals.c.minute > bindparam(f"m{max(WINDOWS)}"))
    .group_by(_arrivals.c.kind, _arrivals.c.key)
)  # fmt: skip


def hold(minute: int) -> None:
    """Wait for whoever else counts or proposes at this moment; from here on what they did is seen."""
    add([(ALL, minute, 0, 0)])


def history(key: Key, minute: int) -> list[tuple[int, int]]:
    """People in trouble with a thing around this hour of past weeks. Shape: pairs (minute, people)."""
    hours = [minute - week * WEEK for week in range(1, WEEKS + 1)]
    around = or_(*(_arrivals.c.minute.between(at - AROUND, at + AROUND) for at in hours))
    query = select(_arrivals.c.minute, _arrivals.c.senders).where(
        _arrivals.c.kind == key[0], _arrivals.c.key == key[1], around
    )
    return [(row[0], row[1]) for row in read(query)]


def old_minutes(before: int, limit: int) -> list[tuple[Key, int, int, int]]:
    """Counts by minute from before a minute that are not by hour yet. Shape as for `add`."""
    query = select(Arrival).where(Arrival.minute < before, Arrival.minute % 60 != 0).order_by(Arrival.minute)
    return [((row.kind, row.key), row.minute, row.count, row.senders) for row in session.scalars(query.limit(limit))]


def drop(rows: Sequence[tuple[Key, int, int, int]]) -> None:
    """Take counts away that are kept by hour now."""
    gone = delete(_arrivals).where(
        and_(
            _arrivals.c.kind == bindparam("k"), _arrivals.c.key == bindparam("n"), _arrivals.c.minute == bindparam("m")
        )
    )
    if rows:
        session.connection().execute(gone, [{"k": key[0], "n": key[1], "m": minute} for key, minute, _, _ in rows])


def forget_before(minute: int) -> None:
    """Take away what is older than any curve needs."""
    session.connection().execute(delete(_arrivals).where(_arrivals.c.minute < minute))


def lately(since: datetime) -> Sequence[Incident]:
    """Incidents that live, or were noticed or ended since a moment."""
    live = Incident.state.in_(("proposed", "declared"))
    return session.scalars(
        select(Incident)
        .where(or_(live, Incident.noticed_at >= since, Incident.ended_at >= since))
        .order_by(Incident.id)
    ).all()


def words_about(since: datetime, key: Key, limit: int) -> list[str]:
    """What the newest requests about a thing say in short; of all where the thing is no column of theirs."""
    query = select(Ticket.subject, Ticket.excerpt).where(Ticket.opened_at >= since)
    if key[0] == "performance":
        query = query.where(or_(Ticket.performance_id == int(key[1]), Ticket.performance_id.is_(None)))
    if key[0] == "type":
        query = query.where(Ticket.type == key[1])
    return [f"{row.subject}. {row.excerpt}" for row in session.execute(query.order_by(Ticket.id.desc()).limit(limit))]
