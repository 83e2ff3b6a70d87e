"""Announcements as the desk reads them: what is proposed, how far the telling is, whom a person must tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.announcements import queries
from app.announcements.models import Announcement
from app.announcements.ways import BY_HAND, way
from app.boxoffice import holdings, households
from app.boxoffice import service as boxoffice
from app.boxoffice.service import PerformanceCard
from app.cancellations import campaign_queries as campaigns
from app.cancellations import inviting
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound

#: Rows of a list at once, and announcements of the page.
ROWS, SHOWN = 50, 50
OPEN, OVER = ("proposed", "telling"), ("told", "stopped", "dismissed")


@dataclass(frozen=True, slots=True)
class AnnouncementCard:
    """One announcement as plain values; `campaigns` are those about its performance."""

    id: int
    performance: PerformanceCard
    cause: str
    new_starts_at: datetime | None
    source: str
    state: str
    incident_id: int | None
    purpose: str
    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    article: str | None
    proposed_at: datetime
    started_by: int | None
    started_at: datetime | None
    ended_at: datetime | None
    version: int
    campaigns: tuple[int, ...]
    #: The date on the bill that all its tickets went to, where it is asked whether it moved there.
    to: PerformanceCard | None = None

    def title(self, language: str) -> str:
        """What happened, in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en


@dataclass(frozen=True, slots=True)
class ToTell:
    """A household that a person must tell, with how."""

    household_id: int
    way: str
    name: str
    code: str
    phone: str
    address: tuple[str, ...]
    language: str


def one(announcement_id: int, *, by: Actor) -> AnnouncementCard:
    """One announcement.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.INCIDENT_READ)
    row = queries.announcement(announcement_id)
    if row is None:
        raise NotFound("announcement")
    return _card(row)


def listed(*, over: bool = False, by: Actor) -> list[AnnouncementCard]:
    """Announcements that wait or go, or those that are over; the newest first."""
    by.must(Permission.INCIDENT_READ)
    return [_card(row) for row in queries.listed(OVER if over else OPEN, SHOWN)]


def waiting(*, by: Actor) -> int:
    """How many wait for somebody who may decide."""
    return queries.count_proposed() if by.may(Permission.INCIDENT_DECLARE) else 0


def expected(card: AnnouncementCard, *, by: Actor) -> Mapping[str, Mapping[str, int]]:
    """How many households would be told by which way. Shape: purpose to way to households."""
    by.must(Permission.INCIDENT_READ)
    found: dict[str, Counter[str]] = {"service": Counter(), "offer": Counter()}
    after = 0
    while some := holdings.holders(card.performance.id, after=after, limit=500, gone_to=card.to.id if card.to else 0):
        reaches, invited = holdings.reaches(some), inviting.invited_lately(card.performance.id, some)
        for purpose, counts in found.items():
            counts.update(way(reaches.get(key), purpose, invited=key in invited) for key in some)
        after = some[-1]
    return found


def told(announcement_id: int, *, by: Actor) -> Mapping[str, int]:
    """How many households were told by which way so far."""
    by.must(Permission.INCIDENT_READ)
    return queries.by_way(announcement_id)


def to_tell(announcement_id: int, ways: tuple[str, ...], *, after: int = 0, by: Actor) -> list[ToTell]:
    """The next households that a person must tell, by number; one row more than a page where there are more."""
    by.must(Permission.INCIDENT_READ)
    by.must(Permission.PERSON_READ)
    wanted = tuple(one for one in ways if one in BY_HAND)
    rows = queries.told(announcement_id, wanted, after=after, limit=ROWS + 1)
    cards = households.record_cards([row.household_id for row in rows])
    return [
        ToTell(row.household_id, row.way, card.name, card.code, card.mobile or card.phone, card.address, card.language)
        for row in rows if (card := cards.get(row.household_id)) is not None
    ]  # fmt: skip


def everybody(announcement_id: int, ways: tuple[str, ...], *, by: Actor) -> Iterator[ToTell]:
    """All of them, for a file; taking a list of people out of the house asks for the right to export."""
    by.must(Permission.REPORT_EXPORT)
    after = 0
    while rows := to_tell(announcement_id, ways, after=after, by=by):
        yield from rows
        after = rows[-1].household_id


def _card(row: Announcement) -> AnnouncementCard:
    card = boxoffice.performance(row.performance_id)
    if card is None:
        raise NotFound("performance")
    return AnnouncementCard(
        row.id, card, row.cause, row.new_starts_at, row.source, row.state, row.incident_id, row.purpose, row.title_fr,
        row.title_en, row.text_fr, row.text_en, row.article, row.proposed_at, row.started_by, row.started_at,
        row.ended_at, row.version, tuple(sorted(campaigns.campaigns_about([row.performance_id]))),
        boxoffice.performance(row.to_id) if row.to_id else None,
    )  # fmt: skip
