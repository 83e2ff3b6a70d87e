"""The only file that commits: a verb is one transaction, and what it publishes is delivered before that ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, InterfaceError, OperationalError

from app.kernel import clock, company, journal
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import WRITING, session
from app.kernel.errors import Unavailable
from app.kernel.events import STORM, Event, name_of, reactions_to
from app.kernel.jobs import enqueue_each

P = ParamSpec("P")
R = TypeVar("R")


class StormError(RuntimeError):
    """One transaction published more events than any honest verb does."""


@dataclass(slots=True)
class _Unit:
    """What one transaction has published so far."""

    events: list[tuple[Event, Actor]] = field(default_factory=list)
    delivered: int = 0


#: PostgreSQL's codes for a table and a column that are not there.
_MISSING = {"42P01", "42703"}

_unit: ContextVar[_Unit | None] = ContextVar("guichet_unit", default=None)


def publish(event: Event, *, by: Actor = SYSTEM) -> None:
    """Announce a fact; the last statement of a verb.

    Raises:
        RuntimeError: outside a verb, where nobody would deliver it.
    """
    unit = _unit.get()
    if unit is None:
        raise RuntimeError(f"{type(event).__name__} published outside a verb")
    unit.events.append((event, by))
    if len(unit.events) > STORM:
        raise StormError(f"more than {STORM} events in one transaction")


def unreachable(problem: BaseException) -> bool:
    """Whether an error says that the database cannot be reached, or stays locked, rather than that we are wrong."""
    # SQLite calls a file that is no database, or a damaged one, by the plain name of the family.
    return isinstance(problem, OperationalError | InterfaceError) or type(problem) is DatabaseError


def lacks_tables(problem: BaseException | None) -> bool:
    """Whether an error says that tables or columns of ours are missing: the migrations have not been run."""
    if not isinstance(problem, DBAPIError):
        return False
    told = str(problem.orig)
    return getattr(problem.orig, "sqlstate", "") in _MISSING or told.startswith(("no such table", "no such column"))


def transactional(verb: Callable[P, R]) -> Callable[P, R]:
    """Make a verb one transaction; called by another verb, it joins that one."""

    @wraps(verb)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        if _unit.get() is not None:
            return verb(*args, **kwargs)
        try:
            with begun():
                return verb(*args, **kwargs)
        except IntegrityError:
            # Somebody wrote the same thing at the same moment; looking again, the verb finds it and does what is right.
            with begun():
                return verb(*args, **kwargs)

    return whole


@contextmanager
def begun() -> Iterator[None]:
    """One writing transaction: everything inside happens, with its consequences, or nothing does.

    Raises:
        Unavailable: the database cannot be reached or stays locked.
    """
    session.rollback()  # what was read before may not be trusted inside
    unit = _Unit()
    token = _unit.set(unit)
    try:
        session.connection(execution_options={WRITING: True})
        yield
        _deliver(unit)
        session.commit()
    except (OperationalError, InterfaceError) as problem:
        session.rollback()
        raise Unavailable("database") from problem
    except BaseException:
        session.rollback()
        raise
    finally:
        _unit.reset(token)


def _deliver(unit: _Unit) -> None:
    session.flush()
    while unit.delivered < len(unit.events):
        fresh = [event for event, _ in unit.events[unit.delivered :]]
        unit.delivered = len(unit.events)
        _react(fresh)
        session.flush()
    journal.record(unit.events)


def _react(events: list[Event]) -> None:
    grouped: dict[type[Event], list[Event]] = {}
    for event in events:
        grouped.setdefault(type(event), []).append(event)
    later: list[tuple[str, str, dict[str, Any], datetime]] = []
    for kind, some in grouped.items():
        row = reactions_to(kind)
        for reaction in row.at_once:
            reaction(some)
        when = company.due(kind.__name__, len(some)) if row.gathers else clock.now()
        for reaction in row.later:
            name = name_of(reaction)
            later += [(name, kind.__name__, event.values(), when) for event in some]
    enqueue_each(later)
