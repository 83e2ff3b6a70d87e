"""Telling the holders of a changed performance: begun by a colleague, written in groups by the worker, once each.

Each household is noted in the transaction that writes its letter: killed anywhere, it was told once or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.announcements import leaving, queries
from app.announcements.events import AnnouncementEnded, AnnouncementGoes
from app.announcements.models import Announcement
from app.announcements.ways import OFFER, PURPOSES, way
from app.boxoffice import changing, holdings, moving
from app.boxoffice import service as boxoffice
from app.boxoffice.reaches import Reach
from app.cancellations import inviting
from app.cancellations import proposing as campaigns
from app.incidents import declaring
from app.incidents import queries as incidents
from app.incidents.declaring import Telling
from app.kernel import clock
from app.kernel.access import Actor, Permission, spectator
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.knowledge import shelf
from app.mail import outgoing
from app.mail.outgoing import Letter, address
from app.people import service as people
from app.people.service import Writer
from app.venue import service as venue
from app.venue.moments import day, hour

_MOVED: Mapping[str, str] = {
    "fr": "Nouvelle date\N{NO-BREAK SPACE}: {moment}.", "en": "New date: {moment}.",
}  # fmt: skip
#: Households told in one transaction; the mail then sends at its own pace, domain by domain.
GROUP = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is told and how; the words are checked as those of an incident. `banner` tells the public too."""

    telling: Telling
    purpose: str = "service"
    banner: bool = True

    def __post_init__(self) -> None:
        """Refuse what is no choice.

        Raises:
            Invalid: field `purpose`.
        """
        if self.purpose not in PURPOSES:
            raise Invalid({"purpose": "choose_one"})


@transactional
def go(announcement_id: int, wanted: Wanted, *, seen_version: int, by: Actor) -> None:
    """Begin: the bill and the public are told at once, a campaign is proposed, and holders are told by the worker.

    Raises:
        Conflict: somebody decided about it, or changed it, meanwhile.
        Invalid: fields of the words, or `article`.
    """
    by.must(Permission.CROWD_ANSWER)
    by.must(Permission.INCIDENT_DECLARE)
    row = _proposed(announcement_id, seen_version)
    if row.to_id is not None:
        moving.join(row.performance_id, row.to_id, by=by)
    changing.change(row.performance_id, row.cause, row.new_starts_at, by=by)
    if wanted.banner:
        row.incident_id = _declared(wanted.telling, by)
    campaigns.propose_about(row.performance_id, row.cause, wanted.telling, by=by)
    for name in ("title_fr", "title_en", "text_fr", "text_en", "article"):
        setattr(row, name, wanted.telling.columns[name])
    row.purpose, row.state, row.started_by, row.started_at = wanted.purpose, "telling", by.person_id, clock.now()
    row.version += 1
    publish(AnnouncementGoes(announcement_id=row.id), by=by)


@transactional
def dismiss(announcement_id: int, *, seen_version: int, by: Actor) -> None:
    """Decide that holders are not told.

    Raises:
        Conflict: somebody decided about it meanwhile.
    """
    by.must(Permission.INCIDENT_DECLARE)
    row = _proposed(announcement_id, seen_version)
    _end(row, "dismissed", by)


@transactional
def stop(announcement_id: int, *, by: Actor) -> None:
    """Write to nobody more; letters that are written still leave.

    Raises:
        Conflict: nothing is being written.
    """
    by.must(Permission.CROWD_ANSWER)
    row = queries.to_change(announcement_id)
    if row is None:
        raise NotFound("announcement")
    if row.state != "telling":
        raise Conflict("announcement_over")
    _end(row, "stopped", by)


def _end(row: Announcement, how: str, by: Actor) -> None:
    row.state, row.ended_at, row.version = how, clock.now(), row.version + 1
    publish(AnnouncementEnded(announcement_id=row.id, how=how), by=by)


@transactional
def tell_next(announcement_id: int) -> int:
    """Tell the next households; asks for the next group itself. Returns how many were looked at."""
    row = queries.to_change(announcement_id)
    if row is None or row.state != "telling":
        return 0
    due = holdings.holders(row.performance_id, after=row.told_up_to, limit=GROUP)
    fresh = [key for key in due if key not in queries.there(row.id, due)]
    _tell(row, fresh)
    if len(due) < GROUP:
        row.state, row.ended_at = "told", clock.now()
        publish(AnnouncementEnded(announcement_id=row.id, how="told"))
    else:
        row.told_up_to = due[-1]
        publish(AnnouncementGoes(announcement_id=row.id))
    return len(fresh)


def _tell(row: Announcement, household_ids: Sequence[int]) -> None:
    found = holdings.reaches(household_ids)
    persons = reading(found)
    invited = inviting.invited_lately(row.performance_id, household_ids)
    ways = {
        key: way(found.get(key), row.purpose, email=key in persons, invited=key in invited) for key in household_ids
    }
    by_letter = [key for key, one in ways.items() if one == "email"]
    ids = outgoing.write([_letter(row, found[key], persons[key]) for key in by_letter])
    written = dict(zip(by_letter, ids, strict=True))
    moment = clock.now()
    queries.note([
        {"announcement_id": row.id, "household_id": key, "way": one, "letter_id": written.get(key), "at": moment}
        for key, one in ways.items()
    ])  # fmt: skip


def reading(found: Mapping[int, Reach]) -> dict[int, int]:
    """The people behind the addresses that gave no letter back, by household."""
    writers = [Writer(one.email, one.name, one.language) for one in found.values() if one.email]
    persons = people.recognise(writers) if writers else {}
    good = people.reached(persons.values())
    known = {key: persons.get(one.email) for key, one in found.items() if one.email}
    return {key: person for key, person in known.items() if person is not None and person in good}


def _letter(row: Announcement, reach: Reach, person_id: int) -> Letter:
    lang = "en" if reach.language == "en" else "fr"
    values = {**_said(row, lang), "title": getattr(row, f"title_{lang}"), "told": getattr(row, f"text_{lang}")}
    if row.purpose == OFFER:
        link = leaving.link_of(reach.household_id)
        return Letter(kind="offer", to_person=person_id, language=lang, values=values | {"leave": link}, leave=link)
    return Letter(kind="announcement", to_person=person_id, language=lang, values=values)


def _said(row: Announcement, lang: str) -> dict[str, str]:
    """The performance, its moments and the article, in words."""
    card = boxoffice.performance(row.performance_id)
    found = shelf.find_either(spectator(None, door="mail"), row.article, lang) if row.article else None
    return {
        "show": card.title(lang) if card else "", "date": _moment(card.starts_at, lang) if card else "",
        "moved": _MOVED[lang].format(moment=_moment(row.new_starts_at, lang)) if row.new_starts_at else "",
        "article": address(found.path) if found else "",
    }  # fmt: skip


def _moment(at: datetime, lang: str) -> str:
    zone = venue.house().tz
    return day(at, lang, zone) + (" à " if lang == "fr" else " at ") + hour(at, lang, zone)


def _proposed(announcement_id: int, seen_version: int) -> Announcement:
    row = queries.to_change(announcement_id)
    if row is None:
        raise NotFound("announcement")
    if row.state != "proposed":
        raise Conflict("announcement_decided")
    if row.version != seen_version:
        raise Conflict("changed_meanwhile", version=row.version)
    return row


def _declared(telling: Telling, by: Actor) -> int:
    """The declared incident of the performance; one that lives already is not declared twice."""
    there = incidents.live_on(telling.performance_id) if telling.performance_id else None
    if there is not None and there.state == "declared":
        return there.id
    return declaring.declare(telling, incident_id=there.id if there else None, by=by)


def note_bounces(letter_ids: Sequence[int]) -> None:
    """Letters came back for good: their households are told otherwise."""
    queries.bounce(letter_ids)


def shaped(values: Mapping[str, Any], card: boxoffice.PerformanceCard, cause: str) -> Telling:
    """What a colleague typed, as the words of an incident about a performance.

    Raises:
        Invalid: the fields, by name.
    """
    return Telling(
        cause=cause, performance_id=card.id, article=values.get("article") or None,
        **{name: values.get(name, "") for name in ("title_fr", "title_en", "text_fr", "text_en")},
    )  # fmt: skip
