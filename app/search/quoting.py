"""The passage of an article that fits a question best, cut short, fitting words apart; plain text, never HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.knowledge.passages import Passage
from app.search.analysis import stem, tokens

#: Characters of a quotation.
LENGTH = 220
#: What a heading counts for beside the text below it.
HEADING = 1.5
_SENTENCE = re.compile(r"[^\s–].*?(?:[.!?…](?=\s)|(?= – )|\Z)", re.S)
_ENDS = (".", "!", "?", "…", ":", ";")
Piece = tuple[str, bool]
_Hit = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of an article, pair by pair (text, whether it fits the question), and the anchor they stand under."""

    anchor: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Analysed:
    """A passage with the stems of its heading, and of the words of its text with where they stand."""

    passage: Passage
    heading: frozenset[str]
    stems: frozenset[str]
    words: tuple[tuple[str, int, int], ...]


def analysed(passages: Iterable[Passage], lang: str) -> tuple[Analysed, ...]:
    """Passages ready to be quoted from."""
    return tuple(_analysed(passage, lang) for passage in passages)


def quoted(passages: Sequence[Analysed], stems: Iterable[str], rarity: Callable[[str], float]) -> Quotation:
    """The best words to show for some stems; the beginning of the article where none of them occurs."""
    wanted = {one: rarity(one) for one in stems}
    if not passages:
        return Quotation("", ())
    best = max(passages, key=lambda one: _weight(one.heading, wanted) * HEADING + _weight(one.stems, wanted))
    hits = [word for word in best.words if word[0] in wanted]
    start, end = _window(best.passage.text, hits, wanted)
    pieces = _pieces(best.passage.text, [hit for hit in hits if start <= hit[1] and hit[2] <= end], start, end)
    return Quotation(best.passage.anchor, tuple(pieces))


def _analysed(passage: Passage, lang: str) -> Analysed:
    found = tuple((stem(token.word, lang), token.start, token.end) for token in tokens(passage.text))
    heading = frozenset(stem(token.word, lang) for token in tokens(passage.heading))
    return Analysed(passage, heading, frozenset(word[0] for word in found), found)


def _weight(stems: Container[str], wanted: Mapping[str, float]) -> float:
    return sum(weight for one, weight in wanted.items() if one in stems)


def _window(text: str, hits: Sequence[_Hit], wanted: Mapping[str, float]) -> tuple[int, int]:
    """Where to cut: from the sentence that fits best, as far as the length allows."""
    sentences = [found.span() for found in _SENTENCE.finditer(text)] or [(0, len(text))]
    start, end = max(sentences, key=lambda span: _weight({h[0] for h in hits if span[0] <= h[1] < span[1]}, wanted))
    if end - start > LENGTH:
        first = next((hit[1] for hit in hits if start <= hit[1] < end), start)
        start = text.rfind(" ", start, max(start, first - LENGTH // 3)) + 1 or start
    for _, later in sentences:
        if end < later <= start + LENGTH:
            end = later
    return start, min(end, start + LENGTH)


def _pieces(text: str, hits: Iterable[_Hit], start: int, end: int) -> Iterator[Piece]:
    last, before = start, "" if _begins(text[:start]) else "… "
    if end < len(text) and not text[end].isspace():
        end = text.rfind(" ", start, end)  # a word is never cut in two
    for _, begin, stop in hits:
        if before or begin > last:
            yield before + text[last:begin], False
        yield text[begin:stop], True
        before, last = "", stop
    tail = text[last : max(last, end)].rstrip(" –")
    rest = "" if not text[end:].strip() or tail.endswith(_ENDS) else " …"
    if before or tail or rest:
        yield f"{before}{tail}{rest}", False


def _begins(before: str) -> bool:
    return not before.strip() or before.rstrip().endswith((*_ENDS, "–"))
