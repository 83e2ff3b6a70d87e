"""What counts as the same word, alike for texts and questions: case, accents, elisions, stop words, endings; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

from app.search.stopwords import STOP_WORDS

#: Changes with every rule below, so that an index made by other rules is made again.
VERSION = "1"
#: Endings are taken off until nothing more comes off; no word needs more rounds than this.
_ROUNDS = 5

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = "'’ʼ`´"
_ELIDED = frozenset(
    "l d j m t s c n qu jusqu lorsqu puisqu quoiqu presqu quelqu".split()  # noqa: SIM905 - reads as it is spoken
)
_CONTRACTED = frozenset("s t d m ll re ve".split())  # noqa: SIM905
_STEMMERS = {"fr": snowballstemmer.stemmer("french"), "en": snowballstemmer.stemmer("english")}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: folded, and where it stands."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """A word in small letters without accents; ligatures are written out."""
    plain = unicodedata.normalize("NFKD", word.lower().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def tokens(text: str) -> Iterator[Token]:
    """The words of a text, folded, without elided articles (`l’`, `qu’`) and English contractions (`’s`)."""
    for found in _WORD.finditer(text):
        word, start, end = folded(found.group()), found.start(), found.end()
        if word in _ELIDED and text[end : end + 1] in _APOSTROPHES and end < len(text):
            continue
        if word in _CONTRACTED and start > 0 and text[start - 1] in _APOSTROPHES:
            continue
        yield Token(word, start, end)


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return [token.word for token in tokens(text)]


def telling(text: str, lang: str) -> list[str]:
    """The words that say something; all of them where none does."""
    every = words(text)
    return [word for word in every if word not in STOP_WORDS[lang]] or every


@lru_cache(maxsize=50_000)
def stem(word: str, lang: str) -> str:
    """A folded word without its endings, taken off until nothing more comes off."""
    stemmer = _STEMMERS[lang]
    with _lock:
        for _ in range(_ROUNDS):
            shorter = str(stemmer.stemWord(word))
            if shorter == word:
                break
            word = shorter
    return word


def stems(text: str, lang: str) -> list[str]:
    """The stems of the telling words of a text."""
    return [stem(word, lang) for word in telling(text, lang)]
