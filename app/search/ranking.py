"""Which articles fit a question: words, letters and, where words leave a doubt, meaning; in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import log1p

import numpy as np

from app.knowledge.library import LANGUAGES
from app.search import meaning
from app.search.collection import Asked, Collection, Mask, Scores
from app.search.documents import Document
from app.search.meaning import Vectors
from app.search.memory import Memory
from app.search.reader import Held, similarity
from app.search.word_groups import Meanings

#: Parts of the score by words alone: words and their letters; each between 0 and 1.
WORDS, SPELLING = 0.65, 0.35
#: Parts of the score where meaning is asked: words with their letters, and meaning; each between 0 and 1.
LEXICAL, MEANING = 0.65, 0.35
#: What an article's name counts for in its meaning, and what its beginning.
HEAD, BODY = 0.8, 0.2
#: Words leave no doubt when the first article holds them all and leads the second by so much.
LEAD = 0.3
#: A question so much more like the other language is taken to be in it.
CLEARLY = 0.3
#: An article in the other language stands a little behind its equal.
OTHER_LANGUAGE = 0.95
#: What a twin's score counts for the article that stands for both, by words, and where meaning is asked.
TWIN, TWIN_MEANT = 0.4, 0.6
#: A question without a known word, and with fewer known letters than this, is about nothing the shelf knows; the
#: meaning model is trusted with less.
LETTERS, LETTERS_WITH_MEANING = 0.3, 0.25
#: An article is stood by where the part of the question's letters that it or its twin knows, and how well its words
#: fit (by BM25, against the rarest word of a shelf of this size, counted so much), reach this.
WORD_FIT, SURE = 0.2, 0.8
#: The same where meaning is asked: how near the article's name comes to the question, beyond what is near to anything,
#: counts so much. Both lines are drawn so that 85 in 100 questions with an answer reach them (docs/search-data.md).
WORD_FIT_MEANT, NEAR_ANYTHING, NEARNESS, SURE_MEANT = 0.45, 0.8, 32.0, 1.93
#: Articles that fit this much less than the first are no answers.
FLOOR = 0.15


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: the audiences they belong to, and the day they read on."""

    audiences: frozenset[str]
    day: date


@dataclass(frozen=True, slots=True)
class Taught:
    """What the house taught its search: what words mean here, and what people opened after which questions."""

    meanings: Meanings
    memory: Memory


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article that fits, its place in its collection, and how well it fits: 1 is the best there could be."""

    document: Document
    place: int
    score: float


@dataclass(frozen=True, slots=True)
class _View:
    """One language of the shelf as one reader may see it, with the scores of one question."""

    collection: Collection
    question: Asked
    mask: Mask
    #: Whether any article that may be seen holds one of the words.
    has_words: bool
    word_scores: Scores
    lexical: Scores
    likeness: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """What fits a question, best first, the language it was taken to be in, and whether the first may be stood by."""

    lang: str
    found: tuple[Ranked, ...]
    sure: bool = False


def ranked(text: str, lang: str, *, held: Held, reader: Reader, with_meaning: bool, taught: Taught) -> Ranking:
    """The articles one reader may see that fit a question asked on a page in `lang`."""
    views = {one: _view(text, held.collections[one], reader, taught) for one in LANGUAGES}
    spoken = _spoken(lang, views)
    least = LETTERS_WITH_MEANING if with_meaning else LETTERS
    bonuses = taught.memory.bonuses(text, spoken)
    if not bonuses and not any(_understood(view, least) for view in views.values()):
        return Ranking(spoken, ())
    scores = {one: _scaled(view, spoken) for one, view in views.items()}
    meant = meaning.of_question(text) if with_meaning and _in_doubt(views[spoken]) else None
    understood = _with_meaning(meant, views, held, spoken) if meant is not None else None
    twin = TWIN_MEANT if understood is not None else TWIN
    found = _merged(views, understood or scores, spoken, bonuses, twin)
    return Ranking(spoken, found, bool(found) and _is_sure(found[0], views, held, meant))


def _view(text: str, collection: Collection, reader: Reader, taught: Taught) -> _View:
    question = collection.asked(text, taught.meanings.get(collection.lang, {}))
    mask = collection.readable(reader.audiences, reader.day)
    word_scores = collection.word_scores(question)
    by_word = _spread(word_scores, mask)
    by_letter = _spread(collection.letter_scores(question), mask)
    lexical = np.float32(WORDS) * by_word + np.float32(SPELLING) * by_letter
    return _View(collection, question, mask, bool(by_word.any()), word_scores, lexical, collection.likeness(question))


def _spoken(asked: str, views: Mapping[str, _View]) -> str:
    other = next(one for one in LANGUAGES if one != asked)
    return other if views[other].likeness - views[asked].likeness > CLEARLY else asked


def _understood(view: _View, least: float) -> bool:
    return view.has_words or view.collection.letters_known(view.question, view.mask) >= least


def _is_sure(first: Ranked, views: Mapping[str, _View], held: Held, meant: Vectors | None) -> bool:
    # By the question alone: what passers-by opened moves an answer, and never vouches for it.
    fits = [_fit(view, first.document.slug) for view in views.values()]
    known, words = (max(values) for values in zip(*fits, strict=True))
    near = _nearness(first, held, meant)
    if near is None:
        return bool(known + WORD_FIT * words >= SURE)
    return bool(known + WORD_FIT_MEANT * words + NEARNESS * (near - NEAR_ANYTHING) >= SURE_MEANT)


def _fit(view: _View, slug: str) -> tuple[float, float]:
    """Which part of a question's letters an article knows in one language, and how well its words fit; 0 without it."""
    only = view.mask & np.array([one.slug == slug for one in view.collection.documents], dtype=bool)
    if not only.any():
        return 0.0, 0.0
    words = float(view.word_scores[only].max()) / log1p(len(only))
    return view.collection.letters_known(view.question, only), words


def _nearness(first: Ranked, held: Held, meant: Vectors | None) -> float | None:
    """The cosine of a question and what an article is called; None where either is not understood."""
    pair = held.vectors.get(first.document.lang)
    if meant is None or pair is None or not pair[0][first.place].any():
        return None
    return float(pair[0][first.place] @ meant)


def _in_doubt(view: _View) -> bool:
    order = np.argsort(-view.lexical)[:2]
    if not len(order) or view.lexical[order[0]] <= 0:
        return True
    second = view.lexical[order[1]] if len(order) > 1 else 0.0
    leads = bool(view.lexical[order[0]] - second >= LEAD)
    return not leads or not view.collection.holds_all(int(order[0]), view.question.stems)


def _with_meaning(meant: Vectors, views: Mapping[str, _View], held: Held, spoken: str) -> dict[str, Scores] | None:
    close: dict[str, Scores] = {}
    for lang in views:
        pair = held.vectors.get(lang)
        if pair is None:
            return None
        close[lang] = HEAD * similarity(pair[0], meant) + BODY * similarity(pair[1], meant)
    seen = np.concatenate([close[lang][view.mask] for lang, view in views.items()])
    low, high = float(seen.min()), float(seen.max())
    if high <= low:
        return None
    return {
        lang: LEXICAL * _scaled(view, spoken) + MEANING * (close[lang] - low) / (high - low)
        for lang, view in views.items()
    }


def _scaled(view: _View, spoken: str) -> Scores:
    # Within its own language the best article gets 1, however little it fits; beside another it must earn it.
    return view.lexical if view.collection.lang == spoken else view.lexical * np.float32(view.likeness)


def _merged(
    views: Mapping[str, _View], scores: Mapping[str, Scores], spoken: str, bonuses: Mapping[str, float], share: float
) -> tuple[Ranked, ...]:
    other = next(one for one in LANGUAGES if one != spoken)
    mine, theirs = (_by_slug(views[lang], scores[lang]) for lang in (spoken, other))
    # The most that a twin could bring: an article without one must not stand behind for the lack of it.
    part = share * max([views[other].likeness, *(one.score for one in theirs.values())])
    found = [_replaced(one, OTHER_LANGUAGE) for slug, one in theirs.items() if slug not in mine]
    for slug, one in mine.items():
        # Of twins, the one in the reader's language stands for both: a word of the other language finds it too.
        twin = theirs.get(slug)
        found.append(_replaced(one, 1.0, share * twin.score, 1.0 + part) if twin is not None else one)
    found = [_replaced(one, 1.0, bonuses.get(one.document.slug, 0.0)) for one in found] if bonuses else found
    best = max((one.score for one in found), default=0.0)
    kept = (one for one in found if one.score > 0 and one.score >= FLOOR * best)
    return tuple(sorted(kept, key=lambda one: (-one.score, one.document.slug)))


def _by_slug(view: _View, scores: Scores) -> dict[str, Ranked]:
    readable = ((place, view.collection.documents[place]) for place in np.flatnonzero(view.mask).tolist())
    return {one.slug: Ranked(one, place, float(scores[place])) for place, one in readable}


def _replaced(one: Ranked, factor: float, more: float = 0.0, over: float = 1.0) -> Ranked:
    return Ranked(one.document, one.place, (one.score * factor + more) / over)


def _spread(scores: Scores, mask: Mask) -> Scores:
    """Scores between 0 and 1 among what may be seen; 0 elsewhere."""
    seen: Scores = scores * mask
    high = seen.max() if len(seen) else np.float32(0)
    return seen / high if high > 0 else seen
