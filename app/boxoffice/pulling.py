"""Asks a linked ticketing system what changed: by the terminal when told, by the worker each minute."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from app.boxoffice import import_queries as queries
from app.boxoffice import importing
from app.boxoffice.connectors.port import BoxOffice, Line, Trouble
from app.boxoffice.connectors.pretix import Account, Pretix
from app.boxoffice.importing import Report, Source
from app.kernel import clock, work
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.venue import service as venue

log = logging.getLogger(__name__)
#: How often it is asked; who came in by the doors is known that much later.
EVERY: Final = timedelta(minutes=1)
#: Lines that are remembered; more than change within the time a pull looks back.
_KEPT: Final = 5_000


class _Linked:
    """The ticketing system that was linked by the operator, once the factory has said so."""

    account: Account | None = None
    #: What was committed lately, as `_told` has it, with the moment it carries; each process knows its own.
    known: Final[dict[tuple[object, ...], datetime]] = {}


def link(account: Account | None) -> None:
    """Name the pretix that is spoken to; None where there is none."""
    _Linked.account = account
    _Linked.known.clear()


def linked() -> BoxOffice:
    """The ticketing system that is spoken to.

    Raises:
        Trouble: `office_none`, or `office_plain` where its token would cross a network unencrypted.
    """
    if _Linked.account is None:
        raise Trouble("office_none")
    return Pretix(replace(_Linked.account, currency=venue.house().currency))


def pull(office: BoxOffice, *, whole: bool = False, by: Actor) -> Report | None:
    """Bring in what changed since the last time, or everything. Returns None where nothing changed.

    What was committed stays when the system stops answering: the next pull goes on from the last change that was read.

    Raises:
        Forbidden: the actor may not import.
        Trouble: the system does not answer, or not as it should.
    """
    by.must(Permission.BOXOFFICE_IMPORT)
    since, day = queries.pulled_until(office.system), clock.now().astimezone(venue.house().tz).date()
    session.rollback()
    read: dict[tuple[object, ...], datetime] = {}
    lines = _fresh(office.system, office.pull(None if whole else since), None if whole else since, read)
    first = next(lines, None)
    if first is None:
        return None
    mark = hashlib.sha256(f"pull|{office.system}|{day}".encode()).hexdigest()
    source = Source(office.system, f"{office.system} {day}", mark, followed=True)
    report = importing.bring(chain([first], lines), source, by=by)
    _remember(read)
    return report


def _fresh(
    system: str, lines: Iterator[Line], since: datetime | None, read: dict[tuple[object, ...], datetime]
) -> Iterator[Line]:
    """Lines but those that say what was committed before: each pull looks back a little for what came late."""
    for line in lines:
        told = _told(system, line)
        if since and line.changed_at and line.changed_at <= since and told in _Linked.known:
            continue
        if line.changed_at:
            read[told] = line.changed_at
            if len(read) > 2 * _KEPT:
                _shorten(read)
        yield line


def _told(system: str, line: Line) -> tuple[object, ...]:
    number = line.sale.external_id if line.sale else ""
    return system, line.changed_at, number, line.mark, tuple((one.code, one.value) for one in line.flaws)


def _remember(read: dict[tuple[object, ...], datetime]) -> None:
    _Linked.known.update(read)
    _shorten(_Linked.known)


def _shorten(known: dict[tuple[object, ...], datetime]) -> None:
    """Keep the latest; what is forgotten is only read once more."""
    for told in sorted(known, key=known.__getitem__)[:-_KEPT]:
        del known[told]


def pull_due() -> bool:
    """Ask the linked system, where there is one and its turn has come. Returns False: there is no hurry for more."""
    if _Linked.account is not None and work.take_turn("pull the ticketing system", EVERY):
        try:
            pull(linked(), by=SYSTEM)
        except Trouble as problem:
            log.warning("the ticketing system could not be asked: %s", problem.code)
    return False
