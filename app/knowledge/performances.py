"""The performance an article speaks of: what its variables stand for, and the day on which the article ends with it.

The bill is the box office's, a stranger on this floor: whoever puts the house together lends a way to ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from app.venue import moments
from app.venue import service as venue

#: Variables that an article tied to a performance may use besides the facts of the house.
NAMES = ("performance_title", "performance_date", "performance_time", "performance_venue")
#: So long after it began, nobody is at a performance any more: one that begins late ends on the day after.
LASTS = timedelta(hours=3)
_TO_COME = {"fr": ("date à venir", "heure à venir"), "en": ("date to come", "time to come")}


class OnTheBill(Protocol):
    """One performance as its owner knows it."""

    @property
    def title_fr(self) -> str:
        """The work's title in French."""
        ...

    @property
    def title_en(self) -> str:
        """The work's title in English."""
        ...

    @property
    def starts_at(self) -> datetime:
        """When it was to begin."""
        ...

    @property
    def new_starts_at(self) -> datetime | None:
        """When it begins since it moved."""
        ...

    @property
    def status(self) -> str:
        """How it stands: scheduled, postponed or cancelled."""
        ...

    @property
    def hall(self) -> str:
        """Where it is played."""
        ...


@dataclass(frozen=True, slots=True)
class Billed:
    """One performance as articles need it; `at` is when it begins now that it may have moved, None while unknown."""

    code: str
    title_fr: str
    title_en: str
    hall: str
    status: str
    at: datetime | None

    @property
    def cancelled(self) -> bool:
        """Whether the house does not play it."""
        return self.status == "cancelled"

    @property
    def ends(self) -> date | None:
        """The last day on which its articles are read; None while its new date is not known."""
        return (self.at + LASTS).astimezone(_zone()).date() if self.at else None

    @property
    def mark(self) -> str:
        """A word that changes with anything an article says of it."""
        return "|".join((self.code, self.title_fr, self.title_en, self.hall, self.status, str(self.at)))

    def title(self, lang: str) -> str:
        """The work's title in one of the two languages."""
        return self.title_fr if lang == "fr" else self.title_en

    def values(self, lang: str) -> dict[str, str]:
        """What its variables stand for in one language."""
        when = _TO_COME[lang]
        if self.at is not None:
            when = (moments.day(self.at, lang, _zone()), moments.hour(self.at, lang, _zone()))
        return dict(zip(NAMES, (self.title(lang), *when, self.hall), strict=True))


def _nothing(_codes: Collection[str]) -> Mapping[str, OnTheBill]:
    return {}


_ask: Callable[[Collection[str]], Mapping[str, OnTheBill]] = _nothing


def lend(ask: Callable[[Collection[str]], Mapping[str, OnTheBill]]) -> None:
    """Lend a way to find performances by their references."""
    global _ask
    _ask = ask


def billed(codes: Iterable[str]) -> dict[str, Billed]:
    """Performances by reference; what is not on the bill is left out, and nothing is asked for nothing."""
    wanted = {code for code in codes if code}
    found = _ask(wanted) if wanted else {}
    return {code: _billed(code, one) for code, one in found.items()}


def of(code: str) -> Billed | None:
    """One performance by its reference."""
    return billed([code]).get(code)


def _billed(code: str, one: OnTheBill) -> Billed:
    lost = one.status == "postponed" and one.new_starts_at is None
    at = None if lost else one.new_starts_at or one.starts_at
    return Billed(code, one.title_fr, one.title_en, one.hall, one.status, at)


def _zone() -> ZoneInfo:
    return venue.house().tz
