"""Which performance a text names: by the words of its title, by a day, by a hall; pure.

A bill is made once and asked for every message; what it costs depends on the words of the message, not on the bill.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import log
from typing import Final

from app.incidents.reading import Reading, plain_words
from app.triage.text import fold, normalise

#: Words shorter than this are none of a title's own; words from the second on may be mistyped by one letter.
SHORTEST, MISTYPED = 3, 6
#: How sure a title is: said whole, all its words apart, some of its own words, one word that others use too.
WHOLE, APART, PARTLY = 0.95, 0.85, 0.7
#: The share of a title's weight that names it.
SHARE: Final = 0.45
#: How sure a performance is by its title and its day, or by its title alone where it has one date or several.
DATED, ONLY, ONE_OF_MANY = 1.0, 0.9, 0.55
BY_DAY: Final = 0.75
#: People write about what played so long ago, and what plays until then.
BACK, AHEAD = timedelta(days=21), timedelta(days=400)
_WORD: Final = re.compile(r"[a-z0-9]+")
_PLAYED: Final = frozenset(
    {"spectacle", "spectacles", "representation", "concert", "opera", "ballet", "seance", "piece", "soiree", "show",
     "performance", "gig", "play", "matinee"}
)  # fmt: skip
_CACHED: Final = 50_000


@dataclass(frozen=True, slots=True)
class Show:
    """One performance of the bill; `starts_at` is in the zone of the venue."""

    id: int
    production_id: int
    title_fr: str
    title_en: str
    hall: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A production that a text names, and the performance of it, if it says which."""

    production_id: int | None
    performance_id: int | None
    confidence: float
    #: Whether the day was said too.
    dated: bool = False


@dataclass(frozen=True, slots=True)
class _Title:
    production_id: int
    #: Its words one after the other, as they stand in a folded text.
    phrase: str
    words: frozenset[str]
    #: A single word that requests use for other things: it names nothing unless written as a title.
    common: bool


@dataclass(slots=True)
class Bill:
    """The titles of a house, looked up by their words."""

    shows: Sequence[Show]
    _titles: list[_Title] = field(default_factory=list)
    #: Places of titles by their words.
    _by_word: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    #: Words that one production alone has, and what the words of each title weigh together.
    _alone: set[str] = field(default_factory=set)
    _whole: list[float] = field(default_factory=list)
    _weight: dict[str, float] = field(default_factory=dict)
    _near: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _met: dict[str, str | None] = field(default_factory=dict)
    _of_production: dict[int, list[Show]] = field(default_factory=lambda: defaultdict(list))
    _by_id: dict[int, Show] = field(default_factory=dict)
    _on_day: dict[date, list[Show]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Learn the titles and the days."""
        for show in self.shows:
            self._by_id[show.id] = show
            self._of_production[show.production_id].append(show)
            self._on_day[show.starts_at.date()].append(show)
        for production_id, shows in self._of_production.items():
            for title in sorted({shows[0].title_fr, shows[0].title_en}):
                self._learn(production_id, title)
        for word, places in self._by_word.items():
            productions = len({self._titles[place].production_id for place in places})
            if productions == 1 and not word.isdigit():
                self._alone.add(word)
            self._weight[word] = log(1 + len(self._of_production) / productions) + 0.1
            if len(word) >= MISTYPED:
                for form in (word, *_shortened(word)):
                    self._near[form].add(word)

        self._whole = [sum(self._weight[word] for word in title.words) for title in self._titles]

    def _learn(self, production_id: int, text: str) -> None:
        words = _WORD.findall(fold(normalise(text)))
        own = [word for word in words if len(word) >= SHORTEST and word not in plain_words()]
        common = not own
        chosen = frozenset(own or words)
        if not chosen:
            return
        title = _Title(production_id, " ".join(words), chosen, common)
        self._titles.append(title)
        for word in chosen:
            self._by_word[word].append(len(self._titles) - 1)

    def named(self, reading: Reading, written: datetime) -> list[Named]:
        """The productions a text names, the surest first, each with its performance if that can be told.

        `written` is in the zone of the venue. Where no title stands, a day on which one thing plays may tell.
        """
        found = self._productions(reading)
        if not found and not (_PLAYED & set(reading.words)):
            return []
        days = {moment.day for moment in reading.moments(written)}
        if found:
            named = [self._performance(key, sure, days, written) for key, sure in found.items()]
            return sorted(named, key=lambda one: -one.confidence)
        return self._by_day(reading, days)

    def _productions(self, reading: Reading) -> dict[int, float]:
        known = {word: found for word in set(reading.words) if (found := self._known(word)) is not None}
        touched: dict[int, set[str]] = defaultdict(set)
        for found in set(known.values()):
            for place in self._by_word[found]:
                touched[place].add(found)
        if not touched:
            return {}
        text = f" {' '.join(known.get(word, word) for word in reading.words)} "
        met: dict[int, tuple[_Title, set[str]]] = {}
        sure: dict[int, float] = {}
        for place, words in touched.items():
            title = self._titles[place]
            value = self._sure(place, title, words, text, reading)
            if value > sure.get(title.production_id, 0.0):
                sure[title.production_id], met[title.production_id] = value, (title, words)
        return {key: value for key, value in sure.items() if not _inside(key, met, sure)}

    def _sure(self, place: int, title: _Title, words: set[str], text: str, reading: Reading) -> float:
        if title.common:
            return WHOLE if _as_title(title.phrase, reading) else 0.0
        if words == title.words:
            return WHOLE if f" {title.phrase} " in text else APART
        if words.isdisjoint(self._alone):
            return 0.0
        share = sum(self._weight[word] for word in words) / self._whole[place]
        return PARTLY if share >= SHARE else 0.0

    def _known(self, word: str) -> str | None:
        """The word of a title that a word is, or is but for one letter."""
        if word in self._by_word:
            return word
        if len(word) < MISTYPED - 1 or word in plain_words():
            return None
        if word not in self._met:
            if len(self._met) > _CACHED:
                self._met.clear()
            self._met[word] = self._mistyped(word)
        return self._met[word]

    def _mistyped(self, word: str) -> str | None:
        near = {found for form in (word, *_shortened(word)) for found in self._near.get(form, ())}
        fits = [found for found in near if _one_letter(word, found)]
        return min(fits) if fits else None

    def _performance(self, production_id: int, sure: float, days: set[date], written: datetime) -> Named:
        shows = self._of_production[production_id]
        on_day = [show for show in shows if show.starts_at.date() in days]
        if len(on_day) == 1:
            return Named(production_id, on_day[0].id, min(1.0, sure * DATED), dated=True)
        near = [show for show in on_day or shows if written - BACK <= show.starts_at <= written + AHEAD]
        if len(near) == 1:
            return Named(production_id, near[0].id, sure * ONLY, dated=bool(on_day))
        return Named(production_id, None, sure * ONE_OF_MANY)

    def _by_day(self, reading: Reading, days: Iterable[date]) -> list[Named]:
        shows = [show for day in days for show in self._on_day.get(day, ())]
        if len(shows) > 1:
            halls = [show for show in shows if show.hall and fold(normalise(show.hall)) in reading.folded]
            shows = halls or shows
        return [Named(shows[0].production_id, shows[0].id, BY_DAY, dated=True)] if len(shows) == 1 else []

    def performances(self, production_id: int) -> Sequence[Show]:
        """The performances of a production."""
        return self._of_production.get(production_id, ())

    def show(self, performance_id: int) -> Show | None:
        """One performance of the bill."""
        return self._by_id.get(performance_id)


def _inside(key: int, met: dict[int, tuple[_Title, set[str]]], sure: dict[int, float]) -> bool:
    """Whether a title is only met as a part of another: "Carmen" in "Carmen for children", or the other way round."""
    title, words = met[key]
    for other, (rival, more) in met.items():
        if other == key or not words <= more:
            continue
        if len(words) < len(more):
            if sure[other] >= APART:
                return True
        elif (sure[key], len(title.phrase)) < (sure[other], len(rival.phrase)):
            return True
    return False


def _as_title(phrase: str, reading: Reading) -> bool:
    """Whether common words are written as a title: between quotation marks."""
    for found in re.finditer(rf"\b{re.escape(phrase)}\b", reading.folded):
        before = reading.plain[: found.start()].rstrip()
        if before.endswith(('"', "«", "“")):
            return True
    return False


def _shortened(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _one_letter(one: str, other: str) -> bool:
    """Whether two words differ by one letter more, less, other, or by two that changed places."""
    if abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    if len(one) != len(other):
        longer, shorter = (one, other) if len(one) > len(other) else (other, one)
        return shorter in _shortened(longer)
    wrong = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) == 2:  # two letters that changed places
        first, second = wrong
        return second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return len(wrong) == 1
