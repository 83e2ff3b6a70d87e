"""Asks a linked ticketing system what changed: by the terminal when told, by the worker each minute."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from app.boxoffice import import_queries as queries
from app.boxoffice import importing
from app.boxoffice.connectors.port import BoxOffice, Line, Trouble
from app.boxoffice.connectors.pretix import Account, Pretix
from app.boxoffice.importing import Report, Source
from app.kernel import clock, jobs, keys, work
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.transaction import transactional
from app.venue import service as venue

log = logging.getLogger(__name__)
#: How often it is asked; who came in by the doors is known that much later.
EVERY: Final = timedelta(minutes=1)
#: However often it hints that something changed, it is asked no sooner than that long after a hint was followed.
PAUSE: Final = timedelta(seconds=10)
_TURN: Final = "pull the ticketing system"
#: How long a turn is ours without another word; taken anew while lines come, and free again after a crash.
HELD: Final = timedelta(minutes=5)
#: What was brought in so long before the last change is remembered: each pull looks back less far.
REMEMBERED: Final = timedelta(minutes=5)
#: Lines that are remembered; more than change within that time.
_KEPT: Final = 5_000


class _Linked:
    """The ticketing system that was linked by the operator, once the factory has said so."""

    account: Account | None = None


def link(account: Account | None) -> None:
    """Name the pretix that is spoken to; None where there is none."""
    _Linked.account = account


def is_linked() -> bool:
    """Whether a ticketing system was named."""
    return _Linked.account is not None


def linked() -> BoxOffice:
    """The ticketing system that is spoken to.

    Raises:
        Trouble: `office_none`, or `office_plain` where its token would cross a network unencrypted.
    """
    if _Linked.account is None:
        raise Trouble("office_none")
    return Pretix(replace(_Linked.account, currency=venue.house().currency))


def hook(system: str) -> str:
    """The secret by which a system's hints are known; it stands in the address that is given to it."""
    return keys.short_proof("office_hook", system, 32)


def is_hook(system: str, given: str) -> bool:
    """Whether a hint comes by the address that was given to the linked system."""
    return _Linked.account is not None and system == "pretix" and keys.same(given, hook(system))


@transactional
def hint() -> None:
    """Something may have changed there: its turn to be asked comes at once, or as soon as the last hint allows.

    Nothing that a hint says is kept: whatever is true is read from the system itself, however often it hints.
    """
    wait = timedelta(0) if jobs.take_slot("heed the ticketing system", PAUSE) else PAUSE
    jobs.hasten(_TURN, clock.now() - EVERY + wait)


def pull(office: BoxOffice, *, whole: bool = False, by: Actor) -> Report | None:
    """Bring in what changed since the last time, or everything. Returns None where nothing changed.

    What was committed stays when the system stops answering: the next pull goes on from the last change that was read.

    Raises:
        Forbidden: the actor may not import.
        Trouble: the system does not answer, or not as it should; `office_asked` while another pull of it runs.
    """
    by.must(Permission.BOXOFFICE_IMPORT)
    turn = _take(office.system)
    try:
        return _brought(office, turn, whole=whole, by=by)
    finally:
        session.rollback()
        _let_go(turn)


@dataclass(slots=True)
class _Turn:
    """Our turn to ask a system: `known` is what was brought in lately, `read` what was read since."""

    system: str
    fence: int
    until: datetime
    known: Mapping[str, str]
    read: dict[str, datetime] = field(default_factory=dict)
    #: Whether everything that was read is committed.
    whole: bool = False


@transactional
def _take(system: str) -> _Turn:
    row, now = queries.pull_held(system), clock.now()
    if row.held_until is not None and row.held_until > now:
        raise Trouble("office_asked")
    row.held_until, row.fence = now + HELD, row.fence + 1
    return _Turn(system, row.fence, row.held_until, dict(row.known))


@transactional
def _hold_on(turn: _Turn) -> None:
    """Stay whose turn it is.

    Raises:
        Trouble: `office_asked`, we were silent for so long that somebody else began.
    """
    row = queries.pull_held(turn.system)
    if row.fence != turn.fence:
        raise Trouble("office_asked")
    row.held_until = turn.until = clock.now() + HELD


@transactional
def _let_go(turn: _Turn) -> None:
    row = queries.pull_held(turn.system)
    if row.fence != turn.fence:
        return
    row.held_until = None
    if turn.whole and turn.read:
        row.known = _latest({**{told: datetime.fromisoformat(at) for told, at in row.known.items()}, **turn.read})


def _brought(office: BoxOffice, turn: _Turn, *, whole: bool, by: Actor) -> Report | None:
    since, day = queries.pulled_until(office.system), clock.now().astimezone(venue.house().tz).date()
    session.rollback()
    since = None if whole else since
    lines = _fresh(office.pull(since), since, turn)
    first = next(lines, None)
    if first is None:
        return None
    mark = hashlib.sha256(f"pull|{office.system}|{day}".encode()).hexdigest()
    source = Source(office.system, f"{office.system} {day}", mark, followed=True)
    report = importing.bring(chain([first], lines), source, by=by)
    turn.whole = True
    return report


def _fresh(lines: Iterator[Line], since: datetime | None, turn: _Turn) -> Iterator[Line]:
    """Lines but those that say what was committed before: each pull looks back a little for what came late."""
    for line in lines:
        if turn.until - clock.now() < HELD / 2:
            _hold_on(turn)
        told = _told(line)
        if since and line.changed_at and line.changed_at <= since and told in turn.known:
            continue
        if line.changed_at:
            turn.read[told] = line.changed_at
            if len(turn.read) > 2 * _KEPT:
                turn.read = {told: turn.read[told] for told in sorted(turn.read, key=turn.read.__getitem__)[-_KEPT:]}
        if not line.lapsed or _has_order(turn.system, line):
            yield line


def _has_order(system: str, line: Line) -> bool:
    """What was never sold is no news, unless it was once."""
    found = line.sale is not None and queries.has_order(system, line.sale.order_code)
    session.rollback()
    return found


def _told(line: Line) -> str:
    """What a line says, as a digest that is the same in every process."""
    said = (line.changed_at, line.sale, tuple((one.code, one.value) for one in line.flaws))
    return hashlib.blake2b(repr(said).encode(), digest_size=12).hexdigest()


def _latest(read: Mapping[str, datetime]) -> dict[str, str]:
    """What is remembered of what was read; what is forgotten is only read once more."""
    since = max(read.values()) - REMEMBERED
    some = sorted((at, told) for told, at in read.items() if at >= since)[-_KEPT:]
    return {told: at.isoformat() for at, told in some}


def pull_due() -> bool:
    """Ask the linked system, where there is one and its turn has come. Returns False: there is no hurry for more."""
    if _Linked.account is not None and work.take_turn(_TURN, EVERY):
        try:
            pull(linked(), by=SYSTEM)
        except Trouble as problem:
            if problem.code == "office_asked":
                return False  # a pull that takes longer than a minute, or one from the terminal
            log.warning("the ticketing system could not be asked: %s", problem.code)
    return False
