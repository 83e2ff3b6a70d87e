"""How near the performance is that a message speaks of, from the order when it is known, else from its words.

Pure: moments and signs in, days out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.triage.moments import Moment, Named
from app.triage.phrases import Hit

Signs = Mapping[str, tuple[Hit, ...]]

SHOW_LASTS: Final = timedelta(hours=4)
"""A performance that began less than this ago is still "today" for the people at its doors."""

SOON: Final = timedelta(hours=5)
TODAY: Final = timedelta(hours=11)
"""A bare hour this far ahead is taken for tonight's: with a word of the stage beside it, or right before it."""

SOON_DAYS: Final = 3
_MIDNIGHT: Final = (0, 23)
"""Hours at which offers end and no curtain rises."""

_AHEAD: Final = (
    ("begun", timedelta(0)), ("next", timedelta(hours=1)), ("soon", timedelta(hours=3)), ("evening", TODAY),
)  # fmt: skip

BESIDE: Final = 25
"""Characters around a day in which a word of the stage belongs to it."""

MEMORY: Final = 20
"""Characters after a scene in which "yesterday" still belongs to it."""

_LATER_KINDS: Final = frozenset({"weekday", "date", "after_tomorrow"})
_STAGE_WORD: Final = re.compile(
    r"\b(?:commence|debute|debut|rideau|joue|jouez|representation|spectacle|concert|seance|portes?|ouverture|starts?|"
    r"curtain|show|performance|doors?|begins?|goes up|lever)\b"
)
_STAGE_RIGHT_BEFORE: Final = re.compile(
    r"\b(?:spectacle|concert|representation|seance|rideau|commence|show|performance|curtain|starts?)"
    r" (?:est )?(?:a|at) $"
)
_EVENT_BEFORE: Final = re.compile(
    r"\b(?:pour|for|ce|this|spectacle|concert|show|performance|representation|seance|jouez|going|on|this coming)"
    r"(?: le| du| de)? $"
)
_VAGUE_BEFORE: Final = re.compile(r"\b(?:un|une|les|chaque|every|a|ni ce|ni) $")
_EVENT_TODAY: Final = re.compile(
    r"\b(?:pour|for|show|spectacle|concert|representation|seance|matinee|performance|tickets?|places?|billets?) ?"
    r"(?:d'|for |of |de )?(?:today|aujourd)|\btoday(?:'s)? (?:show|matinee|performance|concert)"
)


@dataclass(frozen=True, slots=True)
class Nearness:
    """Whether the performance is today or tomorrow, in how many days at the soonest, and the deadline named.

    `elsewhen` says that the words are of another day, gone or to come, whether or not they can be placed; `hints` are
    the codes of whatever speaks for a day, for a model to weigh.
    """

    within_24h: bool
    days_until: int | None
    deadline_days: int | None
    names_tomorrow: bool
    elsewhen: bool
    hints: frozenset[str]


def judge(folded: str, named: Named, signs: Signs, written: datetime, performance_at: datetime | None) -> Nearness:
    """How near it is. `written` is in the zone of the venue, so that "tonight" means its night."""
    events = [moment for moment in named.days if _may_be_event(moment, signs)]
    ahead = [(moment.day - written.date()).days for moment in named.days]
    if performance_at is not None:
        start = performance_at.astimezone(written.tzinfo)
        near, until = _is_near(start, written), [(start.date() - written.date()).days]
    else:
        near = _reads_near(folded, named, events, signs, written)
        until = [(moment.day - written.date()).days for moment in events]
    return Nearness(
        near,
        min((days for days in until if days >= 0), default=None),
        _deadline(named, signs, written),
        any(0 <= days <= 1 for days in ahead),
        "past" in signs or "later" in signs or _is_for_later(events, written),
        frozenset((*_days_hinted(folded, named, events, written), *_hours_hinted(folded, named, written))),
    )


def _days_hinted(folded: str, named: Named, events: Sequence[Moment], written: datetime) -> Iterator[str]:
    """A code for each kind of day named: how it was said, how far it is, and whether it may be the performance's."""
    for moment in named.days:
        days = (moment.day - written.date()).days
        when = "past" if days < 0 else "now" if days <= 1 else "soon" if days <= SOON_DAYS else "later"
        yield f"{moment.kind}.{when}" if moment in events else f"other.{moment.kind}.{when}"
        if when != "now":
            continue
        if moment.hour is not None and moment.hour.hour not in _MIDNIGHT:
            yield f"{moment.kind}.hour"
        if _STAGE_WORD.search(folded, max(0, moment.begin - BESIDE), moment.end + BESIDE):
            yield f"{moment.kind}.stage"


def _hours_hinted(folded: str, named: Named, written: datetime) -> Iterator[str]:
    """A code for each hour of this very day, by how far it is, where no other day stands beside it."""
    taken = {moment.hour for moment in named.days if moment.day != written.date()}
    alone = all(moment.day == written.date() for moment in named.days)
    for hour in named.hours:
        if hour in taken:
            continue
        ahead = written.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0) - written
        if hour.hour in _MIDNIGHT:
            yield "hour.midnight"
        elif timedelta(hours=-1) <= ahead <= TODAY:
            yield next(f"hour.{name}" for name, most in _AHEAD if ahead <= most)
            if alone:
                yield "hour.alone"
            if _STAGE_WORD.search(folded, max(0, hour.begin - 40), hour.end + 15):
                yield "hour.stage"


def _may_be_event(moment: Moment, signs: Signs) -> bool:
    if moment.kind in signs:
        return any(hit.start == moment.begin for hit in signs[moment.kind])
    elsewhere = (*signs.get("past", ()), *signs.get("deadline", ()))
    touched = any(hit.start < moment.end + 2 and moment.begin - 2 < hit.end for hit in elsewhere)
    return moment.kind in ("weekday", "date") and not touched


def _is_near(start: datetime, written: datetime) -> bool:
    return start >= written - SHOW_LASTS and (start.date() - written.date()).days <= 1


def _reads_near(folded: str, named: Named, events: Sequence[Moment], signs: Signs, written: datetime) -> bool:
    if any(moment.kind in ("tonight", "tomorrow") for moment in events):
        return True
    if any(_is_named_near(moment, folded, written) for moment in events):
        return True
    if _is_for_later(events, written):
        return False
    return _is_live(folded, signs) or ("later" not in signs and _has_hour_ahead(folded, named, written))


def _is_for_later(events: Sequence[Moment], written: datetime) -> bool:
    return any(moment.kind in _LATER_KINDS and moment.day > written.date() for moment in events)


def _is_named_near(moment: Moment, folded: str, written: datetime) -> bool:
    if not 0 <= (moment.day - written.date()).days <= 1:
        return False
    if moment.kind == "date":
        return moment.start(written) >= written - SHOW_LASTS
    if moment.kind == "today":
        around = folded[max(0, moment.begin - 30) : moment.end + 20]
        return moment.hour is not None or _EVENT_TODAY.search(around) is not None
    before = folded[max(0, moment.begin - 30) : moment.begin]
    return moment.kind == "weekday" and not _VAGUE_BEFORE.search(before) and _EVENT_BEFORE.search(before) is not None


def _is_live(folded: str, signs: Signs) -> bool:
    """Whether people are on their way or at the doors now, rather than in a memory."""
    if "soon" in signs:
        return True
    scenes = signs.get("at_the_door", ())
    if "entry_refused" in signs and ("door_words" in signs or "past" not in signs):
        scenes = (*scenes, *signs["entry_refused"])
    return any(not _is_told_from_memory(scene, folded, signs) for scene in scenes)


def _is_told_from_memory(scene: Hit, folded: str, signs: Signs) -> bool:
    """Whether words of the past stand in the sentence of the scene."""
    begin = max(folded.rfind(mark, 0, scene.start) for mark in ".!?\n")
    return any(begin < past.start < scene.end + MEMORY for past in signs.get("past", ()))


def _has_hour_ahead(folded: str, named: Named, written: datetime) -> bool:
    for hour in named.hours:
        start = written.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
        ahead = start - written
        beside = folded[max(0, hour.begin - 40) : hour.end + 15]
        if timedelta(0) <= ahead <= SOON and _STAGE_WORD.search(beside):
            return True
        if timedelta(0) <= ahead <= TODAY and _STAGE_RIGHT_BEFORE.search(folded, max(0, hour.begin - 25), hour.begin):
            return True
    return False


def _deadline(named: Named, signs: Signs, written: datetime) -> int | None:
    """Days to the soonest day that stands with words of a deadline."""
    ahead = [
        (moment.day - written.date()).days
        for hit in signs.get("deadline", ())
        for moment in named.days
        if hit.start - 25 <= moment.begin <= hit.end + 15
    ]
    return min((days for days in ahead if days >= 0), default=None)
