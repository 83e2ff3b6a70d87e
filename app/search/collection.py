"""The articles of one language in memory: their words, letters, vocabulary, and who may read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from app.search import everyday, grams, spelling
from app.search.analysis import stem, telling, words
from app.search.documents import Document
from app.search.grams import Places
from app.search.index import WEIGHTS, Words
from app.search.quoting import Analysed, analysed
from app.search.sounds import sounded
from app.search.spelling import Vocabulary
from app.search.stopwords import STOP_WORDS

Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]
#: How sure a word is to be of a language when the language's texts use it, beside how far its letters are known there.
KNOWN, ALIKE = 0.7, 0.3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one language reads it.

    All its words; of the telling ones the stems, what else these may mean, and the letters as written and as heard.
    """

    words: list[str]
    stems: list[str]
    meant: Mapping[str, Sequence[str]]
    letters: Places


class Collection:
    """One language; it never changes once made, so that threads may share it."""

    def __init__(self, lang: str, found: Words) -> None:
        self.lang = lang
        self.documents = found.documents
        self._words = found
        self._grams = grams.built([_fields(one) for one in found.documents])
        self._lock = Lock()
        # Asked again and again with the same few answers; the caches live and die with the collection.
        self.readable = lru_cache(maxsize=64)(self._readable)
        self.vocabulary = lru_cache(maxsize=16)(self._vocabulary)
        self.passages = lru_cache(maxsize=400)(self._passages)
        self.rarity = lru_cache(maxsize=5_000)(self._rarity)

    def asked(self, text: str, house: Mapping[str, Sequence[str]]) -> Asked:
        """A question as this language reads it; `house` is what words mean in this house besides."""
        mine = telling(text, self.lang)
        stems = [stem(word, self.lang) for word in mine]
        return Asked(words(text), stems, everyday.meant(stems, self.lang, house), grams.places(_heard(mine, self.lang)))

    def word_scores(self, question: Asked) -> Scores:
        """How well documents fit the words of a question, by BM25."""
        with self._lock:
            return self._words.scores(question.meant)

    def letter_scores(self, question: Asked) -> Scores:
        """How well documents fit a question letter by letter."""
        return self._grams.scores(question.letters)

    def likeness(self, question: Asked) -> float:
        """How much a question looks like this language; between 0 and 1."""
        if not question.words:
            return 0.0
        known = sum(word in STOP_WORDS[self.lang] or self.rarity(stem(word, self.lang)) > 0 for word in question.words)
        return KNOWN * known / len(question.words) + ALIKE * self._grams.known(question.letters)

    def letters_known(self, question: Asked, among: Mask) -> float:
        """Which part of the letters of a question the readable articles know; between 0 and 1."""
        return self._grams.known(question.letters, among)

    def holds_all(self, place: int, stems: Sequence[str]) -> bool:
        """Whether a document has every one of some stems somewhere."""
        one = self.documents[place]
        head = " ".join([one.title, one.brief, *one.keywords])
        there = {stem(word, self.lang) for word in words(head)}
        there.update(its for part in self.passages(place) for its in (*part.stems, *part.heading))
        return there.issuperset(stems)

    def _rarity(self, one: str) -> float:
        with self._lock:
            return self._words.rarity(one)

    def _readable(self, audiences: frozenset[str], day: date) -> Mask:
        return np.array([one.audience in audiences and one.shown_on(day) for one in self.documents], dtype=bool)

    def _vocabulary(self, audiences: frozenset[str], day: date) -> Vocabulary:
        readable = self.readable(audiences, day)
        mine = [one for one, may in zip(self.documents, readable, strict=True) if may]
        texts = (text for one in mine for text in (one.title, one.brief, one.body))
        return spelling.vocabulary(texts, (word for one in mine for word in one.keywords), self.lang)

    def _passages(self, place: int) -> tuple[Analysed, ...]:
        return analysed(self.documents[place].passages, self.lang)


def _fields(one: Document) -> list[tuple[list[str], float]]:
    texts = {"title": one.title, "keywords": " · ".join(one.keywords), "brief": one.brief, "body": one.body}
    return [(_heard(telling(text, one.lang), one.lang) if text else [], WEIGHTS[name]) for name, text in texts.items()]


def _heard(found: list[str], lang: str) -> list[str]:
    """Words as they are written, and after them as they sound."""
    return found + [sounded(word, lang) for word in found]
