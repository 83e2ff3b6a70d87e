"""Proposes to tell the holders of a performance that changed: noticed in an import, declared, or said at the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.announcements import queries
from app.announcements.events import AnnouncementEnded
from app.announcements.models import Announcement
from app.boxoffice import changing, emptied
from app.boxoffice import service as boxoffice
from app.boxoffice.changing import CHANGES
from app.incidents import queries as incidents
from app.incidents.first_words import ADVICE, first_words
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.transaction import publish, transactional
from app.venue import service as venue

#: A performance that began so long ago is told of no more.
PAST = timedelta(days=2)


def mark_of(cause: str, new_starts_at: datetime | None) -> str:
    """What makes a change another one than the last: what happened, and where to it moves."""
    return f"{cause}:{new_starts_at:%Y%m%dT%H%MZ}" if cause == "postponed" and new_starts_at else cause


@transactional
def propose_declared(incident_id: int) -> int | None:
    """An incident was declared: its words are proposed for the holders too."""
    row = incidents.incident(incident_id)
    if row is None or row.performance_id is None or row.cause not in CHANGES:
        return None
    card = boxoffice.performance(row.performance_id)
    if card is None or card.starts_at < clock.now() - PAST:
        return None
    found = _found(card, row.cause, card.new_starts_at if row.cause == "postponed" else None, "incident")
    if found.state == "proposed":
        found.incident_id, found.article = row.id, row.article
        found.title_fr, found.title_en, found.text_fr, found.text_en = (
            row.title_fr, row.title_en, row.text_fr, row.text_en,
        )  # fmt: skip
        found.version += 1
    return found.id


@transactional
def propose_emptied() -> int:
    """An import came to its end: performances of which every ticket is cancelled now are proposed. Returns how many."""
    cards = [card for key in emptied.coming() if (card := boxoffice.performance(key)) is not None]
    for card in cards:
        _found(card, "cancelled", None, "import")
    return len(cards)


@transactional
def propose_changed(performance_id: int) -> int | None:
    """The bill tells something else of a performance: that is proposed, and what is no longer so is not any more."""
    card = boxoffice.performance(performance_id)
    if card is None or card.takes_place_at < clock.now() - PAST:
        return None
    moment = card.new_starts_at if card.status == "postponed" else None
    for row in queries.proposed_about(card.id):
        if row.cause != card.status and row.source != "incident":
            _dismiss(row)
    return _found(card, card.status, moment, "boxoffice").id if card.status in CHANGES else None


@transactional
def propose_left(performance_id: int, to_id: int) -> int | None:
    """Every seat of a performance went to another date on the bill: somebody is asked whether it moved there."""
    card, there = boxoffice.performance(performance_id), boxoffice.performance(to_id)
    if card is None or there is None or there.takes_place_at < clock.now() - PAST:
        return None
    row = _found(card, "postponed", there.takes_place_at, "seats")
    if row.state == "proposed":
        row.to_id = there.id
    return row.id


@transactional
def say(performance_id: int, cause: str, new_starts_at: datetime | None, *, by: Actor) -> int:
    """A colleague says that a performance changed: the bill tells it from now on, and its announcement is proposed.

    Raises:
        Invalid: fields `performance`, `cause` and `new_starts_at`.
    """
    by.must(Permission.INCIDENT_DECLARE)
    card = boxoffice.performance(performance_id)
    if card is None:
        raise Invalid({"performance": "unknown_choice"})
    changing.change(performance_id, cause, new_starts_at, by=by)
    return _found(card, cause, new_starts_at, "desk").id


def _found(card: boxoffice.PerformanceCard, cause: str, new_starts_at: datetime | None, source: str) -> Announcement:
    """The announcement of a change, written down the first time it is noticed; inside verbs only."""
    mark = mark_of(cause, new_starts_at)
    there = queries.of_change(card.id, mark) or queries.proposed_of(card.id, cause)
    if there is not None:
        if there.state == "proposed" and new_starts_at is not None:
            there.mark, there.new_starts_at = mark, new_starts_at
        return there
    row = Announcement(
        performance_id=card.id, mark=mark, cause=cause, new_starts_at=new_starts_at, source=source, state="proposed",
        incident_id=None, article=ADVICE.get(cause), proposed_at=clock.now(), started_by=None, started_at=None,
        ended_at=None, version=1, **first_words(cause, card, venue.house().tz),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


@transactional
def withdraw(incident_id: int) -> None:
    """It did not happen after all: nobody more is told."""
    for row in queries.of_incident(incident_id, ("proposed", "telling")):
        _dismiss(row)


def _dismiss(row: Announcement) -> None:
    row.state = "dismissed" if row.state == "proposed" else "stopped"
    row.ended_at, row.version = clock.now(), row.version + 1
    publish(AnnouncementEnded(announcement_id=row.id, how=row.state))


def about(performance_ids: Iterable[int], *, by: Actor) -> dict[int, int]:
    """The newest announcement about each of some performances, for those who may read incidents."""
    return queries.about(performance_ids) if by.may(Permission.INCIDENT_READ) else {}
