"""Fitting a model from labelled messages, and measuring it on a part that no fit ever sees.

Near-duplicates stay on one side of every split. What is measured is the whole decision, not the model alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from app.triage import lexicon
from app.triage.classify import Decision, Incoming, classify
from app.triage.dataset import Example, Seed, read_examples, read_seeds, split
from app.triage.features import (
    Floats,
    Rows,
    Vectoriser,
    Weighing,
    letter_terms,
    model_words,
    pattern_names,
    pattern_rows,
    word_terms,
)
from app.triage.figures import Figures, measure
from app.triage.labels import CATEGORIES, TYPES
from app.triage.lessons import Lesson, lessons
from app.triage.model import FORMAT, Card, Model, Weights, probabilities
from app.triage.text import prepare

ARTICLES: Final = Path(__file__).parents[2] / "kb_articles"
"""The articles shipped with the product; their titles and key phrases say what each request type is about."""

SEED_WEIGHT: Final = 0.3
"""How much a title or key phrase counts beside a message somebody wrote."""

ALIKE: Final = 0.7
"""Cosine of letters from which two messages are near-duplicates."""

FOLDS: Final = 5
MET_BY: Final = 2
"""Texts that must hold a word or run of letters before it is learned."""

PRECISION: Final = 0.95
ENOUGH: Final = 20
"""Guesses below which no share of right ones is believed."""

ABSENT: Final = -9.0
"""Score of a category or type nobody wrote about: never chosen."""

NEVER: Final = 1.01
LOG_TEMPERATURES: Final = (-4.0, 3.0)
_KINDS: Final = (*(kind for kinds in TYPES.values() for kind in kinds), "")

Labels = NDArray[np.int64]


def train_to(target: Path, files: Sequence[Path], articles: Path = ARTICLES) -> str:
    """Fit a model on all labelled messages of some files and save it; a sentence says what was done.

    The figures of `evaluate` are those of its sibling, fitted in the same way without the held-out part.
    """
    lexicon.words().read_all()  # a phrase that cannot be read is told now, not by the letter that meets it
    examples, seeds = read_examples(files), read_seeds(articles)
    model = fit(examples, seeds)
    model.save(target)
    return f"{target.name}: version {model.version}, learned from {len(examples)} messages and {len(seeds)} key phrases"


def evaluate(files: Sequence[Path], articles: Path = ARTICLES) -> Figures:
    """Fit on the learned part, decide on the held-out part and on each fold left out, and measure the decisions."""
    examples, seeds = read_examples(files), read_seeds(articles)
    learned, held = ([examples[at] for at in part] for part in split(examples, groups(examples)))
    model = fit(learned, seeds)
    decide(held, model)  # words met for the first time cost more; the second time is the price of a batch
    started = process_time()
    decisions = decide(held, model)
    milliseconds = (process_time() - started) * 1000 / max(1, len(held))
    return Figures(
        held_out=measure(held, decisions, milliseconds),
        cross_validated=measure(learned, _left_out_decisions(learned, seeds, model.card)),
        rules_alone=measure(held, decide(held, None)),
    )


def decide(examples: Sequence[Example], model: Model | None) -> list[Decision]:
    """The decisions of the product on examples, as if they had just come in."""
    return classify([Incoming(one.id, one.channel, one.subject, one.body, one.received_at) for one in examples], model)


def fit(examples: Sequence[Example], seeds: Sequence[Seed] = ()) -> Model:
    """A calibrated model of some examples.

    Raises:
        ValueError: they speak of fewer than three categories.
    """
    taught = _Taught(examples, lessons([(one.subject, one.body) for one in examples]), seeds)
    scores = np.vstack([_left_out_scores(taught, topics) for topics in (_shared, _full)])
    truth = np.tile([CATEGORIES.index(one.category) for one in examples], 2)
    temperature = _temperature(scores, truth)
    threshold = route_at(probabilities(scores, temperature), truth)
    return _fitted(taught, temperature, threshold)


def groups(examples: Sequence[Example]) -> list[int]:
    """The group of near-duplicates of each example, as a number."""
    texts = [prepare(one.subject, one.body).folded for one in examples]
    rows = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit_transform(texts)
    alike = sparse.vstack([_alike(rows, begin) for begin in range(0, len(texts), 500)])
    return [int(label) for label in connected_components(alike, directed=False)[1]]


def route_at(chances: Floats, truth: Labels) -> float:
    """The confidence from which 95 % of guesses were right; above one if there is none."""
    order = np.argsort(-chances.max(axis=1))
    sureness = chances.max(axis=1)[order]
    right = (chances.argmax(axis=1) == truth)[order]
    precise = np.cumsum(right) / np.arange(1, len(right) + 1) >= PRECISION
    # Guesses as sure as the next are routed together or not at all.
    last_of_kind = np.append(sureness[:-1] > sureness[1:], True)
    good = np.flatnonzero(precise & last_of_kind)
    if not len(good) or good[-1] + 1 < ENOUGH:
        return NEVER
    return float(sureness[good[-1]])


@dataclass(frozen=True, slots=True)
class _Taught:
    """Examples, the lessons made of them, and the key phrases learned beside them."""

    examples: Sequence[Example]
    lessons: Sequence[Lesson]
    seeds: Sequence[Seed]

    def part(self, places: NDArray[np.int64]) -> _Taught:
        return _Taught([self.examples[at] for at in places], [self.lessons[at] for at in places], self.seeds)


View = Callable[[Lesson], dict[str, tuple[int, bool]]]


def _shared(lesson: Lesson) -> dict[str, tuple[int, bool]]:
    return dict(lesson.shared)


def _full(lesson: Lesson) -> dict[str, tuple[int, bool]]:
    return dict(lesson.full)


def _alike(rows: sparse.csr_matrix, begin: int) -> sparse.csr_matrix:
    cosines = rows[begin : begin + 500] @ rows.T
    cosines.data[cosines.data < ALIKE] = 0
    cosines.eliminate_zeros()
    return cosines


def _folds(examples: Sequence[Example]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Places to learn from and places left out, near-duplicates together, categories spread."""
    truth = [one.category for one in examples]
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    yield from folds.split(truth, truth, groups(examples))


def _left_out_scores(taught: _Taught, view: View) -> Floats:
    """The scores of categories that each example gets from a model fitted without its fold."""
    scores = np.zeros((len(taught.examples), len(CATEGORIES)), dtype=np.float32)
    for learn, leave in _folds(taught.examples):
        model = _fitted(taught.part(learn))
        left = [taught.lessons[at] for at in leave]
        rows = model.scores_of([one.message for one in left], [view(one) for one in left], [one.facts for one in left])
        scores[leave] = rows[:, : len(CATEGORIES)]
    return scores


def _left_out_decisions(examples: Sequence[Example], seeds: Sequence[Seed], card: Card) -> list[Decision]:
    """The decision each example gets from a model fitted without its fold."""
    taught = _Taught(examples, lessons([(one.subject, one.body) for one in examples]), seeds)
    decisions: dict[int, Decision] = {}
    for learn, leave in _folds(examples):
        model = _fitted(taught.part(learn), card.temperature, card.route_at)
        decisions |= dict(zip(leave.tolist(), decide([examples[at] for at in leave], model), strict=True))
    return [decisions[at] for at in range(len(examples))]


def _temperature(scores: Floats, truth: Labels) -> float:
    """The one divisor of scores under which their probabilities give the truth the most weight."""

    def loss(log_temperature: float) -> float:
        chances = probabilities(scores, float(np.exp(log_temperature)))
        return float(-np.log(chances[np.arange(len(truth)), truth] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=LOG_TEMPERATURES, method="bounded").x))


def _fitted(taught: _Taught, temperature: float = 1.0, threshold: float = NEVER) -> Model:
    seeds = lessons([("", seed.text) for seed in taught.seeds])
    texts = [*taught.lessons, *seeds]
    vectoriser = _vocabularies(texts)
    messages = [one.message for one in texts]
    topics = [*map(_shared, taught.lessons), *map(_full, seeds)]
    blocks = [
        _matrix(vectoriser.word_rows(messages)),
        _matrix(vectoriser.letter_rows(messages)),
        sparse.csr_matrix(pattern_rows(topics, [one.facts for one in texts])),
    ]
    categories = [one.category for one in taught.examples] + [seed.category for seed in taught.seeds]
    importance = np.array([1.0] * len(taught.examples) + [SEED_WEIGHT] * len(seeds))
    rows = sparse.hstack(blocks).tocsr()
    first = _linear(rows, categories, CATEGORIES, importance)
    kinds = [one.type for one in taught.examples] + [seed.type for seed in taught.seeds]
    told = [at for at, kind in enumerate(kinds) if kind is not None]
    second = _linear(rows[told], [kind for kind in kinds if kind is not None], _KINDS, importance[told])
    table, bias = np.hstack([first[0], second[0]]), np.concatenate([first[1], second[1]])
    words, letters = blocks[0].shape[1], blocks[1].shape[1]
    parts = (table[:words], table[words : words + letters], table[words + letters :])
    return Model(vectoriser, Weights(*parts, bias), _card(taught, temperature, threshold))


def _matrix(rows: Rows) -> sparse.csr_matrix:
    return sparse.csr_matrix((rows.values, rows.columns, rows.starts), shape=(len(rows.starts) - 1, rows.width))


def _vocabularies(texts: Sequence[Lesson]) -> Vectoriser:
    words = [model_words(one.message) for one in texts]
    runs = [[run for word in one for run in letter_terms(word)] for one in words]
    return Vectoriser(_weighing([word_terms(one) for one in words]), _weighing(runs))


def _weighing(terms: Sequence[Sequence[str]]) -> Weighing:
    vectorizer = TfidfVectorizer(analyzer=list, min_df=MET_BY, sublinear_tf=True).fit(terms)
    vocabulary = {str(term): at for at, term in enumerate(vectorizer.get_feature_names_out())}
    return Weighing(vocabulary, vectorizer.idf_.astype(np.float32))


def _linear(
    rows: sparse.csr_matrix, labels: Sequence[str], order: Sequence[str], importance: NDArray[np.float64]
) -> tuple[Floats, Floats]:
    """Weights and biases of one label against the others, a column for each label of `order`."""
    if len(set(labels)) < 3:
        raise ValueError("a model needs messages of at least three categories")
    model = LinearSVC(class_weight="balanced", random_state=0).fit(rows, labels, sample_weight=importance)
    columns = [order.index(label) for label in model.classes_]
    table = np.zeros((rows.shape[1], len(order)), dtype=np.float32)
    bias = np.full(len(order), ABSENT, dtype=np.float32)
    table[:, columns], bias[columns] = model.coef_.T, model.intercept_
    return table, bias


def _card(taught: _Taught, temperature: float, threshold: float) -> Card:
    digest = sha256()
    for one in taught.examples:
        digest.update(f"{one.subject}\0{one.body}\0{one.category}\0{one.type}\n".encode())
    for path in sorted(lexicon.FOLDER.glob("*.txt")):
        digest.update(path.read_bytes())
    return Card(
        format=FORMAT,
        version=f"{FORMAT}-{digest.hexdigest()[:12]}",
        sha256="",
        temperature=temperature,
        route_at=threshold,
        categories=list(CATEGORIES),
        types=list(_KINDS),
        patterns=list(pattern_names()),
        examples=len(taught.examples),
    )
