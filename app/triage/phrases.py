"""A small language for phrases and the matcher that finds thousands of them in one walk over a text.

A phrase is words in their folded form: ``a|b`` either word, ``refund*`` any ending, ``seats?`` its last letter or not,
``can't`` with or without its apostrophe, ``#`` a number, ``..`` up to five other words and ``...`` up to twelve,
within a sentence; commas part phrases. No meaning lives here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final, NamedTuple

KEY_LETTERS: Final = 4
"""Letters by which words are looked up; a word that only has a beginning must have as many."""

NUMBER: Final = "#"
GAPS: Final = {"..": 5, "...": 12}

_TOKEN: Final = re.compile(r"[a-z0-9]+|[.!?;]")
_CHOICES: Final = re.compile(r"(?:#|[a-z0-9']+[*?]?)(?:\|(?:#|[a-z0-9']+[*?]?))*")
_NAMED: Final = re.compile(r"<(\w+)>")


class Hit(NamedTuple):
    """Where a phrase stands in the folded text, and the code it stands for."""

    code: str
    start: int
    end: int


class Slot(NamedTuple):
    """A place in a phrase: words allowed before it, and those that fill it, whole or by their beginning; their keys."""

    gap: int
    exact: frozenset[str]
    beginnings: tuple[str, ...]
    keys: frozenset[str]

    def takes(self, word: str) -> bool:
        """Whether a word fills this place."""
        if word in self.exact:
            return True
        if self.beginnings and word.startswith(self.beginnings):
            return True
        return NUMBER in self.exact and word.isdigit()


class Phrase(NamedTuple):
    """A code and the places to fill for it."""

    code: str
    slots: tuple[Slot, ...]


@dataclass(slots=True)
class _Start:
    """The phrases that begin with one key: of a single word, and by the key of their second word, near or apart."""

    whole: dict[str, list[str]] = field(default_factory=dict)
    begun: list[tuple[str, str]] = field(default_factory=list)
    near: dict[str, list[Phrase]] = field(default_factory=dict)
    apart: dict[str, list[Phrase]] = field(default_factory=dict)
    reach: int = 1

    def learn(self, phrase: Phrase) -> None:
        if len(phrase.slots) == 1:
            for word in phrase.slots[0].exact:
                self.whole.setdefault(word, []).append(phrase.code)
            self.begun += [(beginning, phrase.code) for beginning in phrase.slots[0].beginnings]
            return
        second = phrase.slots[1]
        self.reach = max(self.reach, second.gap + 1)
        for key in second.keys:
            (self.apart if second.gap else self.near).setdefault(key, []).append(phrase)


class _Text(NamedTuple):
    """A text as words, with their keys, their places, and where the sentence of each ends (in words)."""

    words: list[str]
    keys: list[str]
    places: list[tuple[int, int]]
    ends: list[int]


class Matcher:
    """Finds phrases by the keys of their first two words, then word for word."""

    def __init__(self, lexicon: Mapping[str, str], names: Mapping[str, str] | None = None) -> None:
        """Learn a lexicon: code → phrases; ``<name>`` in a phrase stands for ``names["name"]``."""
        # Most phrases begin with words a text does not hold: each is read when the key of its first word is met.
        self._unread: dict[str, list[tuple[str, list[str]]]] = {}
        self._starts: dict[str, _Start] = {}
        for code, phrases in lexicon.items():
            for phrase in _NAMED.sub(lambda found: (names or {})[found[1]], phrases).split(","):
                parts = phrase.split()
                for key in _first_keys(parts):
                    self._unread.setdefault(key, []).append((code, parts))

    def find(self, folded: str) -> list[Hit]:
        """Every hit in the order of the text; one a code at most for each starting word."""
        text = _read(folded)
        starts, unread, places, number = self._starts, self._unread, text.places, self._start(NUMBER)
        hits: list[Hit] = []
        for at, key in enumerate(text.keys):
            if key in unread:
                self._start(key)
            found = _found(starts[key], text, at) if key in starts else None
            if key[0] <= "9" and number is not None:
                found = {**_found(number, text, at), **(found or {})}
            if found:
                begin = places[at][0]
                hits += [Hit(code, begin, places[last][1]) for code, last in found.items()]
        return hits

    def read_all(self) -> None:
        """Read every phrase now rather than when it is met.

        Raises:
            ValueError: one is not in the language of phrases.
        """
        for key in list(self._unread):
            self._start(key)

    def _start(self, key: str) -> _Start | None:
        unread = self._unread.get(key)
        if unread is None:
            return self._starts.get(key)
        start = _Start()
        for code, parts in unread:
            for plain in _without_apostrophes(parts):
                phrase = Phrase(code, _slots(plain))
                if key in phrase.slots[0].keys:
                    start.learn(phrase)
        self._starts[key] = start
        self._unread.pop(key, None)  # another thread may have read it at the same moment, to the same end
        return start


def _found(start: _Start, text: _Text, at: int) -> dict[str, int]:
    """Code → the last word of its phrase, for the phrases that begin at a word."""
    word, keys, end = text.words[at], text.keys, text.ends[at]
    found = dict.fromkeys(start.whole[word], at) if word in start.whole else {}
    for beginning, code in start.begun:
        if word.startswith(beginning):
            found[code] = at
    if start.near and at + 1 < end:
        _try(start.near, text, at, at + 1, found)
    if start.apart:
        for second in range(at + 1, min(at + 1 + start.reach, end)):
            if keys[second] in start.apart or keys[second][0] <= "9":
                _try(start.apart, text, at, second, found)
    return found


def _try(phrases: dict[str, list[Phrase]], text: _Text, at: int, second: int, found: dict[str, int]) -> None:
    word, between, key = text.words[at], second - at - 1, text.keys[second]
    known = phrases.get(key, ())
    for phrase in (*known, *phrases.get(NUMBER, ())) if key[0] <= "9" else known:
        slots = phrase.slots
        if between <= slots[1].gap and phrase.code not in found and slots[0].takes(word):
            last = _fit(slots, 1, text, second)
            if last is not None:
                found[phrase.code] = last


def _fit(slots: tuple[Slot, ...], index: int, text: _Text, at: int) -> int | None:
    """The last word of the phrase if the places from `index` on can be filled, the first of them at `at`."""
    if not slots[index].takes(text.words[at]):
        return None
    if index + 1 == len(slots):
        return at
    limit = min(at + 2 + slots[index + 1].gap, text.ends[at])
    for follower in range(at + 1, limit):
        last = _fit(slots, index + 1, text, follower)
        if last is not None:
            return last
    return None


def _read(folded: str) -> _Text:
    words: list[str] = []
    places: list[tuple[int, int]] = []
    ends: list[int] = []
    for token in _TOKEN.finditer(folded):
        word = token[0]
        if word < "0" or word in "?;":
            ends += [len(words)] * (len(words) - len(ends))
        else:
            words.append(word)
            places.append(token.span())
    ends += [len(words)] * (len(words) - len(ends))
    return _Text(words, [word[:KEY_LETTERS] for word in words], places, ends)


def _first_keys(parts: list[str]) -> set[str]:
    """The keys of the words a phrase may begin with; of a bad phrase whatever leads to it."""
    first = next((part for part in parts if part not in GAPS), "")
    forms = [form for choice in first.split("|") for form in {choice.replace("'", ""), choice.partition("'")[0]}]
    words = [form[:-1] if form[-1:] in ("*", "?") else form for form in forms]
    return {word[:KEY_LETTERS] for word in [*words, *(form[:-2] for form in forms if form.endswith("?"))]}


def _without_apostrophes(parts: list[str]) -> Iterator[list[str]]:
    """The same phrase with every ``can't`` written as ``cant`` and as ``can t``, in separate phrases."""
    forms = [_forms(part) for part in parts]
    for chosen in product(*forms):
        words = [word for form in chosen for word in form]
        if words:
            yield words


def _forms(part: str) -> list[list[str]]:
    apart = [choice.split("'") for choice in part.split("|") if "'" in choice]
    joined = "|".join(choice.replace("'", "") for choice in part.split("|"))
    return [[joined], *apart]


def _slots(parts: list[str]) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    gap = 0
    for part in parts:
        if part in GAPS:
            gap = GAPS[part]
            continue
        slots.append(_slot(part, gap))
        gap = 0
    if gap or not slots:
        raise ValueError(f"a phrase cannot end with a gap: {' '.join(parts)!r}")
    return tuple(slots)


def _slot(part: str, gap: int) -> Slot:
    exact: set[str] = set()
    beginnings: list[str] = []
    if not _CHOICES.fullmatch(part):
        raise ValueError(f"not words of a phrase: {part!r}")
    for choice in part.split("|"):
        if choice.endswith("*"):
            beginnings.append(choice[:-1])
        elif choice.endswith("?"):
            exact |= {choice[:-1], choice[:-2]}
        else:
            exact.add(choice)
    return Slot(gap, frozenset(exact), tuple(beginnings), _keys(exact, beginnings))


def _keys(exact: set[str], beginnings: list[str]) -> frozenset[str]:
    short = [beginning for beginning in beginnings if len(beginning) < KEY_LETTERS]
    if short:
        raise ValueError(f"too short to be looked up by: {short[0]!r}*")
    return frozenset(word[:KEY_LETTERS] for word in (*exact, *beginnings))
