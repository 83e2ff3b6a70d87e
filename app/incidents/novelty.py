"""How unlike its crowd a message is, by hashed words and pairs of words, and by those that people have read; pure."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final
from zlib import crc32

from app.incidents.reading import plain_words

#: Buckets of the hash, messages a crowd remembers, and read messages kept beside it.
BUCKETS, REMEMBERED, READ = 1 << 16, 600, 48
#: A crowd of fewer has no likeness yet: nothing is novel beside so little.
FEWEST: Final = 25
#: What so large a share of a crowd says is no news at all.
USUAL: Final = 0.03
#: From here on a message is unlike its crowd; at most so large a share of a crowd is.
UNLIKE, RAREST = 0.42, 0.03
#: Words of its own that a message needs to say something new.
LEAST: Final = 4
_LETTERS: Final = 4


def features(words: Sequence[str]) -> frozenset[int]:
    """What a message is compared by: its telling words and their pairs, hashed."""
    common = plain_words()
    telling = [word for word in words if len(word) >= _LETTERS and word not in common and not word[0].isdigit()]
    pairs = (f"{one} {other}" for one, other in pairwise(telling))
    return frozenset(crc32(text.encode()) % BUCKETS for text in (*telling, *pairs))


@dataclass(slots=True)
class Likeness:
    """What a crowd says: how many of its last messages say each thing, and what people have read of it."""

    _last: deque[frozenset[int]] = field(default_factory=deque)
    _counts: Counter[int] = field(default_factory=Counter)
    _read: deque[frozenset[int]] = field(default_factory=lambda: deque(maxlen=READ))
    _seen: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def learn(self, one: frozenset[int]) -> None:
        """Remember a message of the crowd; the oldest is forgotten."""
        if len(self._last) >= REMEMBERED:
            self._counts.subtract(self._last.popleft())
        self._last.append(one)
        self._counts.update(one)

    def forget(self, one: frozenset[int]) -> None:
        """Let go of a message that proved to be an exception: the next of its like is as unlike the crowd."""
        if one in self._last:
            self._last.remove(one)
            self._counts.subtract(one)

    def learn_read(self, ones: Iterable[frozenset[int]]) -> None:
        """Remember what people have read."""
        self._read.extend(ones)

    def novelty(self, one: frozenset[int]) -> float:
        """How much of a message the crowd does not say, from 0 to 1; less where people read the like of it."""
        if len(self._last) < FEWEST or len(one) < LEAST:
            return 0.0
        usual = max(1.0, USUAL * len(self._last))
        said = sum(min(1.0, self._counts[code] / usual) for code in one) / len(one)
        like = max((len(one & read) / len(one | read) for read in self._read), default=0.0)
        return max(0.0, (1 - said) * (1 - like))

    def unlike(self, value: float) -> bool:
        """Whether a novelty makes its message an exception; the bar rises where much of a crowd would be."""
        self._seen.append(value)
        if value < UNLIKE:
            return False
        higher = sum(1 for seen in self._seen if seen >= value)
        return higher <= max(2.0, RAREST * len(self._seen))
