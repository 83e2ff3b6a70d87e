"""The one alarm of the outbox: why no letter can leave, since when, and when that is tried again."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.transaction import publish, transactional
from app.mail import outbox_queries as queries
from app.mail.events import SendingResumed, SendingStopped
from app.mail.models import Stoppage

log = logging.getLogger(__name__)

#: Minutes until a server that does not answer is tried again; the last stands for all later ones.
DOWN = (1, 2, 4, 8, 15)
#: Minutes for a server that refuses us: asking more often is how accounts get locked.
REFUSING = 15
#: Whoever tries has so long to tell how it went; meanwhile nobody else tries.
TRIAL = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Why no letter leaves: `kind` is auth, tls, sender or down."""

    kind: str
    since: datetime
    next_at: datetime
    tries: int
    answer: str


def alarm() -> Alarm | None:
    """Why no letter leaves, or None while they do."""
    row = queries.stoppage()
    return Alarm(row.kind, row.since, row.next_at, row.tries, row.answer) if row else None


def on_trial(moment: datetime) -> bool | None:
    """Whether one letter may be tried although all are stopped; None when nothing is stopped. Inside a verb only."""
    row = queries.stoppage_to_change()
    if row is None:
        return None
    if row.next_at > moment:
        return False
    row.next_at = moment + TRIAL
    return True


def stop(kind: str, answer: str) -> None:
    """Note that no letter can leave, and when the next one tries; inside a verb only."""
    moment, row = clock.now(), queries.stoppage_to_change()
    tries = row.tries + 1 if row else 1
    wait = timedelta(minutes=DOWN[min(tries, len(DOWN)) - 1] if kind == "down" else REFUSING)
    if row is None:
        log.error("no e-mail can leave (%s): %s", kind, answer)
        session.add(Stoppage(name="out", kind=kind, since=moment, next_at=moment + wait, tries=1, answer=answer[:500]))
        publish(SendingStopped(kind=kind))
        return
    row.kind, row.answer, row.tries, row.next_at = kind, answer[:500], tries, moment + wait


def lift(*, by: Actor = SYSTEM) -> None:
    """Note that letters leave again; inside a verb only."""
    if queries.clear_stoppage():
        log.warning("e-mails leave again")
        publish(SendingResumed(), by=by)


@transactional
def try_now(*, by: Actor) -> None:
    """Let the next letter try at once: somebody has mended the cause."""
    by.must(Permission.LETTER_READ)
    row = queries.stoppage_to_change()
    if row is not None:
        row.next_at = clock.now()
