"""A message read once for everything incidents ask of it: its words, its days, and curated signs; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from app.triage import moments
from app.triage.facts import VOID
from app.triage.lexicon import matcher_of, sections, word_list
from app.triage.moments import Moment
from app.triage.phrases import Hit, Matcher
from app.triage.text import prepare

CAUSE: Final = "cause."
ASKS: Final = "asks."
#: What triage has words for already.
_FROM_TRIAGE: Final = (
    "tonight", "today", "tomorrow", "after_tomorrow", "at_the_door", "travelling", "tickets_lost", "access_words",
)  # fmt: skip
_WORD: Final = re.compile(r"[a-z0-9]+")
_TWICE: Final = re.compile(r"[a-z]*([a-z])\1[a-z]*")
_DOUBLED: Final = re.compile(r"([a-z])\1")
#: Words of which it is kept what was meant.
_MOST_WORDS: Final = 20_000
_DIGIT: Final = re.compile(r"\d")
_DAYS: Final = ("tonight", "today", "tomorrow", "after_tomorrow", "at_the_door", "day.")


@dataclass(frozen=True, slots=True)
class Reading:
    """One message: its normal form with and without case and accents, its words, and where signs stand."""

    plain: str
    folded: str
    words: tuple[str, ...]
    hits: Sequence[Hit]
    codes: frozenset[str]

    def causes(self) -> list[str]:
        """What is said to have happened, as causes of incidents."""
        return sorted(code[len(CAUSE) :] for code in self.codes if code.startswith(CAUSE))

    def asks(self) -> frozenset[str]:
        """What else is asked, as codes."""
        return frozenset(code for code in self.codes if code.startswith(ASKS))

    def moments(self, written: datetime) -> tuple[Moment, ...]:
        """The days it names; `written` is in the zone of the venue."""
        named = [hit for hit in self.hits if hit.code.startswith(_DAYS)]
        if not named and not _DIGIT.search(self.folded):
            return ()
        return moments.find(self.folded, named, written).days


def read(subject: str, body: str) -> Reading:
    """Read a message; a subject that only repeats its beginning is not read twice."""
    opening = subject.rstrip("…")
    message = prepare("" if body.lstrip().startswith(opening) else subject, body)
    hits = _standing(_matcher().find(message.folded))
    codes = {hit.code for hit in hits}
    slips = _TWICE.sub(lambda found: _meant(found[0]), message.folded)
    if slips != message.folded:
        # Only whether a sign is there counts here: where it stands is told of the text as it was written.
        codes |= {hit.code for hit in _standing(_matcher().find(slips)) if not hit.code.startswith(CAUSE)}
    return Reading(message.plain, message.folded, tuple(_WORD.findall(message.folded)), hits, frozenset(codes))


@lru_cache(_MOST_WORDS)
def _meant(word: str) -> str:
    """A word without the letters a hurried hand wrote twice, if it may say a sign then; a usual one stays as it is."""
    if word in plain_words() or word in _sign_words():
        return word
    once = _DOUBLED.sub(r"\1", word)
    return once if _matcher().may_hold(once) else word


@cache
def _sign_words() -> frozenset[str]:
    return frozenset(_WORD.findall(" ".join(own_signs().values())))


def _standing(hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits that no word of theirs makes void: who forgot to say something has lost nothing."""
    voids = [hit for hit in hits if hit.code.endswith(VOID)]
    if not voids:
        return hits
    return [
        hit
        for hit in hits
        if not any(no.code == hit.code + VOID and hit.start < no.end and no.start < hit.end for no in voids)
        and not hit.code.endswith(VOID)
    ]


def words_of(folded: str) -> list[str]:
    """The words of a folded text."""
    return _WORD.findall(folded)


@cache
def own_signs() -> Mapping[str, str]:
    """The phrases of this package, by code."""
    return sections((Path(__file__).parent / "words" / "signs.txt").read_text("utf-8"))


@cache
def plain_words() -> Collection[str]:
    """Words that every request to a box office is made of, in both languages: they name nothing."""
    return frozenset().union(*(word_list(code) for code in ("fr", "en", "fr.trade", "en.trade")))


@cache
def _matcher() -> Matcher:
    return matcher_of(_FROM_TRIAGE, own_signs())
