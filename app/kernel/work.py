"""Runs waiting jobs, a group in one transaction; a group that fails is tried one by one, so that poison stays alone."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta

from app.kernel import clock, faults, jobs, room
from app.kernel.db import session
from app.kernel.errors import Unavailable
from app.kernel.events import known_names, reaction_named, revived
from app.kernel.transaction import begun, transactional, unreachable

log = logging.getLogger(__name__)

#: (name, every, verb) of work that is due by the time.
Turn = tuple[str, timedelta, Callable[[], object]]


class _Schedule:
    """The schedule page, as the factory handed it down."""

    table: tuple[Turn, ...] = ()


#: Reactions that touch the world outside; they run outside any transaction and commit through their own verbs.
_effects: set[str] = set()


def outside(*names: str) -> None:
    """Declare reactions, by name, that must run outside any transaction."""
    _effects.update(names)


class _Holding:
    """The claim whose effects are being done in this thread of work, and since when its lease runs."""

    def __init__(self, claim: jobs.Claim) -> None:
        self.claim, self.since = claim, clock.now()


_holding: ContextVar[_Holding | None] = ContextVar("guichet_holding", default=None)


def go_on() -> None:
    """Keep hold of the work that is being done; a reaction that lasts long calls it between its steps.

    Outside a job it does nothing. A new lease is written once a third of the old one has passed.

    Raises:
        LeaseLost: another worker has taken the work over; nothing more of it may be done here.
    """
    held = _holding.get()
    if held is None or clock.now() - held.since < jobs.LEASE / 3:
        return
    with begun():
        jobs.renew(held.claim)
    held.since = clock.now()


def run_next() -> int:
    """Run one group of due jobs. Returns how many jobs were taken."""
    if not jobs.any_due():
        session.rollback()
        return 0
    with begun():
        claim = jobs.claim()
    if claim is None:
        return 0
    _run(claim)
    session.remove()  # a long-lived worker must not remember every row it met
    return len(claim.jobs)


def run_due(*, most: int = 100_000) -> int:
    """Run due jobs until none is left. Returns how many ran."""
    total = 0
    while total < most:
        taken = run_next()
        if not taken:
            break
        total += taken
    return total


def _run(claim: jobs.Claim) -> None:
    try:
        _attempt(claim)
    except jobs.LeaseLost:
        log.warning("lease lost on %s", claim.name)
    except Exception as problem:
        if room.is_lacking(problem):
            log.warning("no room on the disk; %s waits", claim.name)
            with begun():
                jobs.put_off(claim)
            return
        if len(claim.jobs) > 1:
            _one_by_one(claim)
            return
        log.exception("job %s failed", claim.name)
        with begun():
            jobs.put_back(claim, "".join(traceback.format_exception_only(problem)).strip())


def _attempt(claim: jobs.Claim) -> None:
    events = [revived(kind, values) for _, kind, values in claim.jobs]
    reaction = reaction_named(claim.name)
    if claim.name in _effects:
        token = _holding.set(_Holding(claim))
        try:
            reaction(events)
        finally:
            _holding.reset(token)
        faults.point("job worked")
        with begun():
            jobs.finish(claim)
        return
    with begun():
        jobs.finish(claim)
        reaction(events)
        faults.point("job worked")


def _one_by_one(claim: jobs.Claim) -> None:
    for job in claim.jobs:
        _run(replace(claim, jobs=(job,)))


def refuse_unknown_names() -> None:
    """Before a worker starts: every waiting job must have a reaction.

    Raises:
        RuntimeError: naming the missing ones; a reaction was renamed without its rows.
    """
    missing = jobs.waiting_names() - known_names()
    session.rollback()
    if missing:
        raise RuntimeError("waiting jobs name reactions that do not exist: " + ", ".join(sorted(missing)))


def follow(table: tuple[Turn, ...]) -> None:
    """Name the schedule."""
    _Schedule.table = table


def shortest_turn() -> float:
    """Seconds between two turns of what is due most often."""
    # Work done since the last turn may have left something for the next one: e-mails to send.
    return min((every.total_seconds() for _, every, _ in _Schedule.table), default=0.0)


def take_turns() -> bool:
    """Do what the schedule says is due by now. Returns whether anything was done."""
    session.rollback()  # what was left half asked may not stop this
    taken = jobs.turns_taken()
    session.rollback()
    due = [turn for turn in _Schedule.table if _has_come(turn, taken)]
    done = [bool(_scheduled(name, verb, every)) for name, every, verb in due]  # each, whatever one says
    return any(done)


def _has_come(turn: Turn, taken: Mapping[str, datetime]) -> bool:
    name, every, _verb = turn
    return name not in taken or taken[name] <= clock.now() - every


def _scheduled(name: str, verb: Callable[[], object], every: timedelta) -> object:
    if not take_turn(name, every):
        return None
    try:
        return verb()
    except Exception as problem:
        if isinstance(problem, Unavailable) or unreachable(problem):
            raise
        log.exception("scheduled work failed: %s", name)
        return None


#: Whether this worker takes the present turn of a scheduled verb. Two workers may both meet a turn that was never
#: taken; the second looks again and finds it taken.
take_turn = transactional(jobs.take_slot)
