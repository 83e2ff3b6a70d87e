"""What questions taught: answers that several people opened after much the same words come sooner. Pure.

A question far from all that were asked before is answered as if nothing had been learned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Final

from app.search.analysis import telling
from app.search.asking import LONGEST
from app.search.grams import places

#: From here on two questions are taken to ask nearly the same: the cosine of their letter sets.
GATE: Final = 0.45
#: What the surest memory adds to the score of an answer, of which 1 is the best by words.
BONUS: Final = 1.3
#: People below whom nothing is remembered, and, faded by time, from whom on no more are needed.
FEWEST, ENOUGH = 2.0, 3.0
#: What is left of them, faded, when it is forgotten.
FAINT: Final = 0.5
#: Days after which an opening counts half.
HALF_LIFE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer that people opened after words on one day; `people` counts visitors, a colleague for several."""

    lang: str
    words: str
    slug: str
    day: date
    people: float


class Memory:
    """Openings that count, ready to be compared with a question; it never changes once made."""

    def __init__(self, opened: Iterable[Opened], today: date) -> None:
        everybody: dict[tuple[str, str, str], float] = defaultdict(float)
        counts: dict[tuple[str, str, str], float] = defaultdict(float)
        for one in opened:
            age, key = max(0, (today - one.day).days), (one.lang, one.words, one.slug)
            everybody[key] += one.people
            counts[key] += one.people * 0.5 ** (age / HALF_LIFE)
        kept = [(key, people) for key, people in counts.items() if everybody[key] >= FEWEST and people >= FAINT]
        self._strengths = [(key[2], min(1.0, people / ENOUGH)) for key, people in kept]
        letters = [set(places(telling(key[1], key[0])).tolist()) for key, _people in kept]
        self._sizes = [len(some) for some in letters]
        self._holders: dict[int, list[int]] = defaultdict(list)
        for number, some in enumerate(letters):
            for place in some:
                self._holders[place].append(number)

    def bonuses(self, text: str, lang: str) -> dict[str, float]:
        """What is added to the scores of answers to a question, by slug."""
        asked = places(telling(text[:LONGEST], lang)).tolist() if self._strengths else []
        shared: dict[int, int] = defaultdict(int)
        for place in asked:
            for number in self._holders.get(place, ()):
                shared[number] += 1
        found: dict[str, float] = {}
        for number, count in shared.items():
            alike = count / sqrt(len(asked) * self._sizes[number])
            slug, strength = self._strengths[number]
            if alike > GATE:
                found[slug] = max(found.get(slug, 0.0), BONUS * strength * sqrt((alike - GATE) / (1 - GATE)))
        return found


NOTHING: Final = Memory((), date.min)
