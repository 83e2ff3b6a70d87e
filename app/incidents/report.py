"""The report of an incident that ended: how many, how fast, what the page answered, what the text left open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from app.incidents import board, report_queries
from app.incidents.board import Entry
from app.incidents.report_queries import Columns
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict
from app.search.analysis import stem, stems, telling
from app.venue import service as venue

#: How far apart the points of the picture stand, in minutes: the least that keeps them few.
_STEPS, _POINTS = (5, 10, 30, 60, 180, 720, 1_440, 10_080), 48
#: A word counts once so many different people wrote it; rarer ones might name somebody.
HEARD, WORDS = 3, 15
_SHORTEST = 4
#: How people begin and end asks nothing; folded.
_COURTESY = frozenset({
    "madame", "mesdames", "monsieur", "messieurs", "cher", "chere", "bonjour", "bonsoir", "bonne", "journee", "soiree",
    "merci", "avance", "cordialement", "salutations", "equipe", "dear", "hello", "good", "morning", "evening", "team",
    "madam", "thanks", "thank", "kind", "regards", "best",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speed:
    """Minutes of the clock between what happened and what we did; None where it did not happen."""

    to_propose: int | None
    to_declare: int | None
    to_first_letter: int | None
    to_answer: int | None


@dataclass(frozen=True, slots=True)
class Taught:
    """What it left to others: people by day since its cause and households concerned; words for editors."""

    people: tuple[int, ...]
    holders: int
    words: int


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one incident. Pairs are (code or word, count), most first."""

    entry: Entry
    ended_at: datetime
    starts: tuple[datetime, ...]
    step_minutes: int
    counts: tuple[int, ...]
    people_counts: tuple[int, ...]
    speed: Speed
    letters: int
    readings: int
    types: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]
    exceptions: tuple[tuple[str, int], ...]
    words: tuple[tuple[str, int], ...]
    taught: Taught | None


def report(incident_id: int, *, by: Actor) -> Report:
    """What became of an incident that ended.

    Raises:
        NotFound: there is none.
        Conflict: it lasts still, or nobody was ever told of it.
    """
    by.must(Permission.INCIDENT_READ)
    entry = board.one(incident_id, by=by)
    if entry.ended_at is None or entry.told.declared_at is None:
        raise Conflict("incident_lasts")
    rows = report_queries.members(incident_id)
    starts, step = _steps([row.opened_at for row in rows] or [entry.told.declared_at])
    return Report(
        entry, entry.ended_at, starts, step, _counted((row.opened_at for row in rows), starts, step),
        _counted(first_times(rows), starts, step), _speed(entry, rows), report_queries.letters(incident_id),
        _readings(entry), _most(row.type or row.category or "" for row in rows), _most(row.channel for row in rows),
        _most(code for row in rows for code in row.exceptions), unanswered_words(entry, rows),
        _taught(incident_id),
    )  # fmt: skip


def lines(found: Report) -> Iterable[tuple[str | int | None, ...]]:
    """The report as lines of a table: what, which, how many."""
    told, numbers = found.entry.told, found.entry.numbers
    yield ("what", "which", "value")
    yield ("incident", told.title_fr, told.id)
    for name in ("people", "requests", "folded", "exceptions", "settled", "out", "answered"):
        yield ("number", name, getattr(numbers, name))
    for name in ("to_propose", "to_declare", "to_first_letter", "to_answer"):
        yield ("minutes", name, getattr(found.speed, name))
    yield ("told", "letters", found.letters)
    yield ("told", "article_openings", found.readings)
    for start, count, people in zip(found.starts, found.counts, found.people_counts, strict=True):
        yield ("requests", start.isoformat(), count)
        yield ("people", start.isoformat(), people)
    if found.taught is not None:
        yield ("taught", "holders", found.taught.holders)
        yield from (("taught", f"day_{day}", people) for day, people in enumerate(found.taught.people))
        yield ("taught", "words", found.taught.words)
    for what, pairs in (
        ("type", found.types), ("channel", found.channels), ("exception", found.exceptions), ("word", found.words),
    ):  # fmt: skip
        yield from ((what, code, count) for code, count in pairs)


def unanswered_words(entry: Entry, rows: Sequence[Columns]) -> tuple[tuple[str, int], ...]:
    """Words that several people wrote and that the text does not hold, most first."""
    return tuple((word, count) for _lang, word, count in unanswered(entry, rows))


def unanswered(entry: Entry, rows: Sequence[Columns]) -> tuple[tuple[str, str, int], ...]:
    """The same with the language of each. Shape: (language, word, people)."""
    told = entry.told
    said = {lang: set(stems(f"{told.title(lang)} {told.text(lang)}", lang)) for lang in ("fr", "en")}
    people: dict[tuple[str, str], set[int]] = {}
    spelt: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        lang = row.language if row.language in said else "fr"
        for word in set(telling(row.excerpt, lang)):
            key = (lang, stem(word, lang))
            if len(word) >= _SHORTEST and not word.isdigit() and word not in _COURTESY and key[1] not in said[lang]:
                people.setdefault(key, set()).add(row.person_id)
                spelt.setdefault(key, Counter())[word] += 1
    heard = sorted(((len(who), key) for key, who in people.items() if len(who) >= HEARD), reverse=True)[:WORDS]
    return tuple((key[0], spelt[key].most_common(1)[0][0], count) for count, key in heard)


def _taught(incident_id: int) -> Taught | None:
    row = report_queries.curve(incident_id)
    return None if row is None else Taught(tuple(row.people), row.holders, row.words)


def _steps(moments: Sequence[datetime]) -> tuple[tuple[datetime, ...], int]:
    first, last = min(moments), max(moments)
    length = (last - first) / timedelta(minutes=1)
    step = next((minutes for minutes in _STEPS if length / minutes < _POINTS), _STEPS[-1])
    begin = first - timedelta(
        minutes=first.minute % min(step, 60), seconds=first.second, microseconds=first.microsecond
    )
    count = int((last - begin) / timedelta(minutes=step)) + 1
    return tuple(begin + timedelta(minutes=step * place) for place in range(count)), step


def _counted(moments: Iterable[datetime], starts: Sequence[datetime], step: int) -> tuple[int, ...]:
    found = Counter(int((moment - starts[0]) / timedelta(minutes=step)) for moment in moments)
    return tuple(found[place] for place in range(len(starts)))


def first_times(rows: Sequence[Columns]) -> Iterable[datetime]:
    """When each person wrote first."""
    first: dict[int, datetime] = {}
    for row in rows:
        first.setdefault(row.person_id, row.opened_at)
    return first.values()


def _speed(entry: Entry, rows: Sequence[Columns]) -> Speed:
    told = entry.told
    begun = min((row.opened_at for row in rows), default=None)
    noticed = told.noticed_at if entry.evidence else None
    taken = [
        _minutes(row.opened_at, row.settled_at) for row in rows if row.settled_at and row.taken_minutes is not None
    ]
    known = [minutes for minutes in taken if minutes is not None]
    return Speed(
        _minutes(begun, noticed), _minutes(begun, told.declared_at),
        _minutes(told.declared_at, report_queries.first_told(told.id)), round(median(known)) if known else None,
    )  # fmt: skip


def _minutes(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else max(0, round((end - start) / timedelta(minutes=1)))


def _readings(entry: Entry) -> int:
    told, zone = entry.told, venue.house().tz
    if told.article is None or told.declared_at is None:
        return 0
    last = entry.ended_at or clock.now()
    return report_queries.readings(
        told.article, told.declared_at.astimezone(zone).date(), last.astimezone(zone).date()
    )  # fmt: skip


def _most(codes: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(codes).most_common())
