"""What people say for what articles say: everyday words and the words of the trade, a file a language, read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.search.analysis import stem, words
from app.search.stopwords import STOP_WORDS

#: Lines of `everyday words = words of articles`; whatever stands left means all that stands right.
FOLDER: Final = Path(__file__).with_name("words")
_NOTHING: Final[Mapping[str, Sequence[str]]] = {}


def meant(stems: Iterable[str], lang: str, house: Mapping[str, Sequence[str]] = _NOTHING) -> dict[str, list[str]]:
    """Every stem of a question once, with those that articles may use for it; none the question has itself.

    `house` is what stems mean in one house besides.
    """
    known, asked = _known(lang), dict.fromkeys(stems)
    return {
        said: [one for one in dict.fromkeys((*known.get(said, ()), *house.get(said, ()))) if one not in asked]
        for said in asked
    }  # fmt: skip


def alike(groups: Iterable[Iterable[str]], lang: str) -> dict[str, list[str]]:
    """What every stem means when the words of each group mean each other; words of one term do not."""
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        terms = [[stem(word, lang) for word in _telling(term, lang)] for term in group]
        for mine in terms:
            others = dict.fromkeys(one for term in terms if term is not mine for one in term if one not in mine)
            for one in mine:
                found.setdefault(one, {}).update(others)
    return {said: list(others) for said, others in found.items() if others}


def pairs(lang: str) -> Iterator[tuple[list[str], list[str]]]:
    """The lines of a language's file, each as the telling words left and right."""
    for line in (FOLDER / f"everyday.{lang}.txt").read_text("utf-8").splitlines():
        left, sign, right = line.partition("=")
        if sign:
            yield _telling(left, lang), _telling(right, lang)


@lru_cache(maxsize=4)
def _known(lang: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for left, right in pairs(lang):
        meanings = dict.fromkeys(stem(word, lang) for word in right)
        for word in left:
            found.setdefault(stem(word, lang), {}).update(meanings)
    return {said: tuple(meanings) for said, meanings in found.items()}


def _telling(text: str, lang: str) -> list[str]:
    return [word for word in words(text) if word not in STOP_WORDS[lang]]
