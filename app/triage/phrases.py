"""A small language for phrases and the matcher that finds thousands of them in one walk over a text.

A phrase is words in their folded form: ``a|b`` either word, ``refund*`` any ending, ``seats?`` its last letter or not,
``can't`` with or without its apostrophe, ``#`` a number, ``..`` up to five other words and ``...`` up to twelve,
within a sentence; commas part phrases. No meaning lives here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from operator import attrgetter
from typing import Final, NamedTuple

KEY_LETTERS: Final = 4
"""Letters by which words are looked up; a word that only has a beginning must have as many."""

MOST_WORDS: Final = 20_000
"""Words of which it is kept what they begin; beyond them, as a letter of made-up words brings them, it starts anew."""

NUMBER: Final = "#"
GAPS: Final = {"..": 5, "...": 12}

_TWO: Final = 2
_WORD: Final = re.compile(r"[a-z0-9]+")
_WRITTEN: Final = re.compile(r"[a-z0-9']+[*?]?")
_STOP: Final = re.compile(r"[.!?;]")
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
    """A code and the places to fill for it, and where among the phrases of the lexicon it stands."""

    code: str
    slots: tuple[Slot, ...]
    rank: int


class _Shelf(NamedTuple):
    """The phrases whose first words share a key: by that word, and those that only give its beginning."""

    exact: Mapping[str, list[Phrase]]
    begun: list[Phrase]

    def of(self, word: str) -> list[Phrase]:
        """Those a word begins, in the order of the lexicon."""
        more = [phrase for phrase in self.begun if phrase.slots[0].takes(word)]
        return sorted({*self.exact.get(word, ()), *more}, key=_RANK) if more else self.exact.get(word, [])


class _Start(NamedTuple):
    """The phrases one word begins: codes it says alone, and the others by the key of their second word."""

    alone: tuple[str, ...]
    near: Mapping[str, list[Phrase]]
    apart: Mapping[str, list[Phrase]]
    reach: int


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
        self._known: dict[str, _Shelf] = {}
        # Most words of a letter were in the letters before it: what a word begins is worked out once.
        self._starts: dict[str, tuple[_Start, ...]] = {}
        named = {code: _NAMED.sub(lambda found: (names or {})[found[1]], said) for code, said in lexicon.items()}
        self._said = " ".join(named.values())
        for code, phrases in named.items():
            for phrase in phrases.split(","):
                parts = phrase.split()
                for key in _first_keys(parts):
                    self._unread.setdefault(key, []).append((code, parts))

    def find(self, folded: str) -> list[Hit]:
        """Every hit in the order of the text; one a code at most for each starting word."""
        text = _read(folded)
        starts, places = self._starts, text.places
        hits: list[Hit] = []
        for at, word in enumerate(text.words):
            begun = starts.get(word)
            if begun is None:
                begun = self._begun(word)
            if begun:
                found: dict[str, int] = {}
                for start in begun:
                    found |= _found(start, text, at)
                if found:
                    begin = places[at][0]
                    hits += [Hit(code, begin, places[last][1]) for code, last in found.items()]
        return hits

    def may_hold(self, word: str) -> bool:
        """Whether a word may fill a place of a phrase, wherever it stands; a wrong yes costs a walk, no more."""
        whole, beginnings = self._forms
        return word in whole or word.startswith(beginnings) or word.isdigit()

    @cached_property
    def _forms(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """Every word of every phrase, written in any of its ways, and those that only begin one."""
        written = set(_WRITTEN.findall(self._said))
        whole = {word.replace("'", "").rstrip("?") for word in written}
        shorter = {word.replace("'", "")[:-2] for word in written if word.endswith("?")}
        pieces = {piece for word in written if "'" in word for piece in word.rstrip("*?").split("'")}
        begun = tuple(word.replace("'", "")[:-1] for word in written if word.endswith("*"))
        return frozenset(whole | shorter | pieces), begun

    def read_all(self) -> None:
        """Read every phrase now rather than when it is met.

        Raises:
            ValueError: one is not in the language of phrases.
        """
        for key in list(self._unread):
            self._shelf(key)

    def _begun(self, word: str) -> tuple[_Start, ...]:
        """What a word begins, as a number and as itself."""
        some = [self._shelf(word[:KEY_LETTERS]).of(word)]
        if word.isdigit():
            some.insert(0, self._shelf(NUMBER).of(NUMBER))
        begun = tuple(_start(phrases) for phrases in some if phrases)
        if len(self._starts) >= MOST_WORDS:
            self._starts.clear()
        self._starts[word] = begun
        return begun

    def _shelf(self, key: str) -> _Shelf:
        unread = self._unread.get(key)
        if unread is None:
            return self._known.get(key, _NOTHING)
        exact: dict[str, list[Phrase]] = {}
        begun: list[Phrase] = []
        plain = ((code, words) for code, parts in unread for words in _without_apostrophes(parts))
        for rank, (code, words) in enumerate(plain):
            phrase = Phrase(code, _slots(words), rank)
            for word in phrase.slots[0].exact:
                if word[:KEY_LETTERS] == key:
                    exact.setdefault(word, []).append(phrase)
            if any(beginning[:KEY_LETTERS] == key for beginning in phrase.slots[0].beginnings):
                begun.append(phrase)
        self._known[key] = _Shelf(exact, begun)
        self._unread.pop(key, None)  # another thread may have read it at the same moment, to the same end
        return self._known[key]


_NOTHING: Final = _Shelf({}, [])
_RANK: Final = attrgetter("rank")


def _start(phrases: list[Phrase]) -> _Start:
    alone: dict[str, None] = {}
    near: dict[str, list[Phrase]] = {}
    apart: dict[str, list[Phrase]] = {}
    reach = 1
    for phrase in phrases:
        if len(phrase.slots) == 1:
            alone[phrase.code] = None
            continue
        second = phrase.slots[1]
        reach = max(reach, second.gap + 1)
        for key in second.keys:
            (apart if second.gap else near).setdefault(key, []).append(phrase)
    return _Start(tuple(alone), near, apart, reach)


def _found(start: _Start, text: _Text, at: int) -> dict[str, int]:
    """Code → the last word of its phrase, for the phrases that begin at a word."""
    keys, end, (alone, near, apart, reach) = text.keys, text.ends[at], start
    found = dict.fromkeys(alone, at) if alone else {}
    follower = at + 1
    if near and follower < end:
        key = keys[follower]
        if key in near:
            _try(near[key], text, follower, 0, found)
        if key[0] <= "9" and NUMBER in near:
            _try(near[NUMBER], text, follower, 0, found)
    if apart:
        for second in range(follower, min(follower + reach, end)):
            key = keys[second]
            if key in apart:
                _try(apart[key], text, second, second - follower, found)
            if key[0] <= "9" and NUMBER in apart:
                _try(apart[NUMBER], text, second, second - follower, found)
    return found


def _try(phrases: list[Phrase], text: _Text, second: int, between: int, found: dict[str, int]) -> None:
    word = text.words[second]
    for code, slots, _rank in phrases:
        if code not in found and between <= slots[1].gap and slots[1].takes(word):
            last = second if len(slots) == _TWO else _follow(slots, 2, text, second)
            if last is not None:
                found[code] = last


def _follow(slots: tuple[Slot, ...], index: int, text: _Text, at: int) -> int | None:
    """The last word of the phrase if the places from `index` on can be filled by words after `at`."""
    slot, words = slots[index], text.words
    for follower in range(at + 1, min(at + 2 + slot.gap, text.ends[at])):
        if slot.takes(words[follower]):
            last = follower if index + 1 == len(slots) else _follow(slots, index + 1, text, follower)
            if last is not None:
                return last
    return None


def _read(folded: str) -> _Text:
    words: list[str] = []
    ends: list[int] = []
    for sentence in _STOP.split(folded):
        said = _WORD.findall(sentence)
        words += said
        ends += [len(words)] * len(said)
    places = [word.span() for word in _WORD.finditer(folded)]
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
