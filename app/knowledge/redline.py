"""A comparison as people read it: which words of a line went and came, stretches without a change left out; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, zip_longest

from app.knowledge.history import DiffLine

#: Lines without a change shown before and after each change.
AROUND = 2
#: Two lines sharing fewer of their words than this are not the same line changed.
ALIKE = 0.35
#: Words of a line beyond which only whole lines are compared.
WORDS = 2_000
_PARTS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class RedLine:
    """One line: `same`, `changed`, `removed`, `added`, or a `gap` of `count` lines without a change.

    Shape of `parts`: pairs (same, removed or added; text).
    """

    kind: str
    parts: tuple[tuple[str, str], ...] = ()
    count: int = 1


def redlined(lines: Iterable[DiffLine]) -> list[RedLine]:
    """A comparison of lines, with the words that changed inside them."""
    found: list[RedLine] = []
    for same, group in groupby(lines, key=lambda line: line.kind == "same"):
        some = list(group)
        found += [RedLine("same", (("same", line.text),)) for line in some] if same else _changed(some)
    return list(_without_gaps(found))


def _changed(lines: Sequence[DiffLine]) -> Iterator[RedLine]:
    old = [line.text for line in lines if line.kind == "removed"]
    new = [line.text for line in lines if line.kind == "added"]
    for before, after in zip_longest(old, new):
        yield from _pair(before, after)


def _pair(before: str | None, after: str | None) -> Iterator[RedLine]:
    if before is not None and after is not None:
        parts = _words(before, after)
        if parts:
            yield RedLine("changed", parts)
            return
    if before is not None:
        yield RedLine("removed", (("removed", before),))
    if after is not None:
        yield RedLine("added", (("added", after),))


def _words(before: str, after: str) -> tuple[tuple[str, str], ...]:
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    if len(old) + len(new) > WORDS:
        return ()
    if _alike(old, new) < ALIKE:
        return ()
    parts: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(old[a:b])))
            continue
        parts += [(kind, text) for kind, text in (("removed", "".join(old[a:b])), ("added", "".join(new[c:d]))) if text]
    return tuple(parts)


def _alike(old: Sequence[str], new: Sequence[str]) -> float:
    # Blanks and full stops are in every line and make none of them alike.
    before, after = ([part for part in parts if part.isalnum()] for parts in (old, new))
    return SequenceMatcher(None, before, after, autojunk=False).ratio()


def _without_gaps(lines: Sequence[RedLine]) -> Iterator[RedLine]:
    changed = [place for place, line in enumerate(lines) if line.kind != "same"]
    near = {place + step for place in changed for step in range(-AROUND, AROUND + 1)}
    for shown, group in groupby(enumerate(lines), key=lambda pair: pair[0] in near):
        some = [line for _, line in group]
        # One line takes no more room than the words that would stand for it.
        if shown or len(some) == 1:
            yield from some
        else:
            yield RedLine("gap", count=len(some))
