"""Linear tables fitted from lessons: words and letters on one side, patterns on the other, meaning on a third.

Patterns are weighed on messages that they were not written for: what they find in the others proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from app.triage.dataset import Example, Seed
from app.triage.features import Floats, Rows, Vectoriser, Weighing, letter_terms, model_words, pattern_rows, word_terms
from app.triage.judging import FLAGS
from app.triage.labels import CATEGORIES
from app.triage.lessons import Lesson
from app.triage.likeness import Examples, first_words
from app.triage.model import MEANT, Meaning, Weights, centred
from app.triage.sentences import SILENCE, TRAITS, Asking, folded, sentence_rows, sentences
from app.triage.text import Prepared
from app.triage.weighing import KINDS

SEED_WEIGHT: Final = 0.3
"""How much a title or key phrase counts beside a message somebody wrote."""

MET_BY: Final = 2
"""Texts that must hold a word or run of letters before it is learned."""

PATTERN_SHARE: Final = 0.25
"""How loud patterns speak beside words."""

WORDS_C: Final = 1.0
PATTERNS_C: Final = 0.3
FLAGS_C: Final = 0.3
MEANING_C: Final = 3.0
ASKING_C: Final = 3.0
NEAR_ENOUGH: Final = 0.01
"""Where a fit stops: closer costs a third more and changes no guess."""

ENOUGH: Final = 200
"""Messages not foreseen from which patterns are weighed on them alone."""

ENOUGH_ASKING: Final = 10
"""Sentences that ask for money back from which it is learned what such a sentence is."""

ABSENT: Final = -9.0
"""Score of a category or type nobody wrote about: never chosen."""

SILENT: Final = -1.0
"""What patterns say of a category they were not weighed for: that it is another one, as of most."""

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Taught:
    """What is learned from: messages and key phrases with their lessons, and the vectors of those that have one."""

    examples: Sequence[Example]
    lessons: Sequence[Lesson]
    seeds: Sequence[Seed]
    seed_lessons: Sequence[Lesson]
    vectors: Floats
    understood: Marks

    def part(self, places: NDArray[np.int64]) -> Taught:
        """Some of the messages, with all key phrases."""
        return Taught(
            [self.examples[at] for at in places], [self.lessons[at] for at in places], self.seeds, self.seed_lessons,
            self.vectors[places], self.understood[places],
        )  # fmt: skip


def truth_of(example: Example) -> dict[str, bool]:
    """Which flags are true of an example."""
    return {
        "near": example.event_within_24h, "refund": example.wants_refund, "legal": example.legal_threat,
        "urgent": example.priority == "urgent", "plain": example.priority == "low", "cross": example.anger >= 1,
        "furious": example.anger > 1,
    }  # fmt: skip


def tables(taught: Taught) -> tuple[Vectoriser, Weights]:
    """The vocabulary of some lessons and what its words, letters and patterns speak for."""
    messages = [one.message for one in (*taught.lessons, *taught.seed_lessons)]
    vectoriser = vocabularies(messages)
    words, letters = matrix(vectoriser.word_rows(messages)), matrix(vectoriser.letter_rows(messages))
    table, bias = _said(taught, sparse.hstack([words, letters]).tocsr())
    patterns, pattern_bias = _found(taught)
    cut = words.shape[1]
    return vectoriser, Weights(table[:cut], table[cut:], patterns, bias + pattern_bias)


def _said(taught: Taught, rows: sparse.csr_matrix) -> tuple[Floats, Floats]:
    """What words and letters speak for: categories, types, flags."""
    many = len(taught.examples)
    whole = [at for at, one in enumerate(taught.examples) if not one.house]
    importance = np.array([1.0] * many + [SEED_WEIGHT] * len(taught.seeds))
    categories = [one.category for one in taught.examples] + [seed.category for seed in taught.seeds]
    kinds = [one.type for one in taught.examples] + [seed.type for seed in taught.seeds]
    told = [at for at, kind in enumerate(kinds) if kind is not None]
    parts = [
        linear(rows, categories, CATEGORIES, WORDS_C, ABSENT, importance),
        linear(rows[told], [kind for kind in kinds if kind is not None], KINDS, WORDS_C, ABSENT, importance[told]),
        *(_flag(rows[whole], [truth_of(taught.examples[at])[flag] for at in whole]) for flag in FLAGS),
    ]
    return np.hstack([table for table, _ in parts]), np.concatenate([bias for _, bias in parts])


def _found(taught: Taught) -> tuple[Floats, Floats]:
    """What patterns speak for: categories and types; flags take them from the judge."""
    fair = [at for at, one in enumerate(taught.examples) if not one.foreseen]
    chosen = fair if len(fair) >= ENOUGH else range(len(taught.examples))
    rows = pattern_rows([taught.lessons[at].topics for at in chosen], [taught.lessons[at].facts for at in chosen])
    examples = [taught.examples[at] for at in chosen]
    first = linear(rows, [one.category for one in examples], CATEGORIES, PATTERNS_C, SILENT)
    second = linear(rows, [one.type for one in examples], KINDS, PATTERNS_C, SILENT)
    nothing = np.zeros((rows.shape[1], len(FLAGS)), dtype=np.float32)
    table = np.hstack([first[0], second[0], nothing]) * np.float32(PATTERN_SHARE)
    return table, np.concatenate([first[1], second[1], nothing[0]]) * np.float32(PATTERN_SHARE)


def shown(taught: Taught, vectoriser: Vectoriser) -> Examples:
    """The messages written for the project, for likeness; never what somebody wrote to a house."""
    ours = [at for at, one in enumerate(taught.examples) if not one.house]
    messages = [taught.lessons[at].message for at in ours]
    numbers = np.array([CATEGORIES.index(taught.examples[at].category) for at in ours], dtype=np.uint8)
    return Examples(vectoriser.word_rows(messages), numbers, tuple(first_words(one) for one in messages))


def understanding(taught: Taught) -> Meaning:
    """What vectors speak for; of no rows where too few messages have one."""
    there = np.flatnonzero(taught.understood)
    known = [taught.examples[int(at)] for at in there]
    if len({one.category for one in known}) < 3:
        return Meaning(np.zeros(0), np.zeros((0, MEANT)), np.zeros(MEANT))
    centre = taught.vectors[there].mean(axis=0)
    rows = centred(taught.vectors[there], centre)
    parts = [
        logistic(rows, [one.category for one in known], CATEGORIES, MEANING_C),
        logistic(rows, [one.type for one in known], KINDS, MEANING_C),
    ]
    return Meaning(centre, np.hstack([table for table, _ in parts]), np.concatenate([bias for _, bias in parts]))


def asking(taught: Taught, vectoriser: Vectoriser) -> Asking:
    """What tells a sentence that asks for money back from others; nothing where too few are known.

    Of a message that wants money back and of which nobody said by which sentence, none is learned from.
    """
    known = [at for at, one in enumerate(taught.examples) if not one.house and bool(one.asks) is one.wants_refund]
    said = [sentences(taught.lessons[at].message) for at in known]
    asks = [{folded(one) for one in taught.examples[at].asks} for at in known]
    truth = np.array([one in some for some, of in zip(asks, said, strict=True) for one in of], dtype=bool)
    words, letters, plain = sentence_rows(vectoriser, said)
    if truth.sum() < ENOUGH_ASKING:
        first, second, third = (np.zeros((many, 1), dtype=np.float32) for many in (words.width, letters.width, TRAITS))
        return Asking(first, second, third, np.full(1, SILENCE, dtype=np.float32))
    rows = sparse.hstack([matrix(words), matrix(letters), sparse.csr_matrix(plain)]).tocsr()
    model = LogisticRegression(C=ASKING_C, class_weight="balanced", solver="liblinear", random_state=0).fit(rows, truth)
    table = model.coef_.T.astype(np.float32)
    first, second, third = np.split(table, np.cumsum([words.width, letters.width]))
    return Asking(first, second, third, model.intercept_.astype(np.float32))


def linear(
    rows: sparse.csr_matrix | Floats, labels: Sequence[str], order: Sequence[str], strength: float, absent: float,
    importance: NDArray[np.float64] | None = None,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Weights and biases of one label against the others, a column for each label of `order`."""
    if len(set(labels)) < 3:
        raise ValueError("a model needs messages of at least three categories")
    model = LinearSVC(class_weight="balanced", random_state=0, C=strength, tol=NEAR_ENOUGH)
    return _columns(model.fit(rows, labels, sample_weight=importance), order, absent)


def logistic(rows: Floats, labels: Sequence[str], order: Sequence[str], strength: float) -> tuple[Floats, Floats]:
    """The same from a logistic fit, for vectors of meaning."""
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=500).fit(rows, labels)
    return _columns(model, order, ABSENT)


def _columns(model: LinearSVC | LogisticRegression, order: Sequence[str], absent: float) -> tuple[Floats, Floats]:
    columns = [order.index(label) for label in model.classes_]
    table = np.zeros((model.coef_.shape[1], len(order)), dtype=np.float32)
    bias = np.full(len(order), absent, dtype=np.float32)
    table[:, columns], bias[columns] = model.coef_.T, model.intercept_
    return table, bias


def _flag(rows: sparse.csr_matrix, truth: Sequence[bool]) -> tuple[Floats, Floats]:
    if len(set(truth)) < 2:
        return np.zeros((rows.shape[1], 1), dtype=np.float32), np.full(1, SILENT, dtype=np.float32)
    model = LinearSVC(class_weight="balanced", random_state=0, C=FLAGS_C, tol=NEAR_ENOUGH).fit(rows, truth)
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)


def matrix(rows: Rows) -> sparse.csr_matrix:
    """Rows as scipy knows them."""
    return sparse.csr_matrix((rows.values, rows.columns, rows.starts), shape=(len(rows.starts) - 1, rows.width))


def vocabularies(messages: Sequence[Prepared]) -> Vectoriser:
    """The words and runs of letters that several messages hold."""
    words = [model_words(one) for one in messages]
    runs = [[run for word in one for run in letter_terms(word)] for one in words]
    return Vectoriser(_weighing([word_terms(one) for one in words]), _weighing(runs))


def _weighing(terms: Sequence[Sequence[str]]) -> Weighing:
    vectorizer = TfidfVectorizer(analyzer=list, min_df=MET_BY, sublinear_tf=True).fit(terms)
    vocabulary = {str(term): at for at, term in enumerate(vectorizer.get_feature_names_out())}
    return Weighing(vocabulary, vectorizer.idf_.astype(np.float32))
