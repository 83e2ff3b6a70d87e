"""Fitting a model from labelled messages: tables from all of them, the rest from what was left out of each fold.

It cannot read what is frozen for the exam, and never opens its file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from app.triage import lessons, lexicon, meanings
from app.triage.dataset import Example, Seed, read_examples, read_seeds
from app.triage.features import pattern_names
from app.triage.fitting import ENOUGH, Taught, asking, shown, tables, understanding
from app.triage.grouping import folds
from app.triage.habit_card import Habit
from app.triage.habits import followed
from app.triage.judging import FLAGS
from app.triage.labels import CATEGORIES
from app.triage.model import COLUMNS, FORMAT, MEANT, Card, Model, score
from app.triage.model_files import save
from app.triage.novelty import is_strange
from app.triage.sentences import HEARD
from app.triage.tuning import LeftOut, beliefs_of, dials_of, judge_of
from app.triage.weighing import KINDS, Dials

ARTICLES: Final = Path(__file__).parents[2] / "kb_articles"
"""The articles shipped with the product; their titles and key phrases say what each request type is about."""


def train_to(target: Path, files: Sequence[Path], articles: Path = ARTICLES) -> str:
    """Fit a model on all labelled messages of some files and save it; a sentence says what was done."""
    lexicon.words().read_all()  # a phrase that cannot be read is told now, not by the letter that meets it
    examples, seeds = read_examples(files), read_seeds(articles)
    model = fit(taught_by(examples, seeds, kept_beside(target)))
    save(model, target)
    return f"{target.name}: version {model.version}, learned from {len(examples)} messages and {len(seeds)} key phrases"


def kept_beside(model: Path) -> Path:
    """Where the vectors made for a model are kept."""
    return model.with_name("meanings.npz")


def taught_by(examples: Sequence[Example], seeds: Sequence[Seed], kept: Path) -> Taught:
    """Examples and key phrases made ready; `kept` is the file of vectors made here."""
    ready = lessons.of_examples(examples)
    vectors, understood = meanings.of_lessons([one.message for one in ready], kept)
    return Taught(examples, ready, seeds, lessons.of_seeds(seeds), vectors, understood)


def fit(taught: Taught, own: Sequence[Habit] = ()) -> Model:
    """A calibrated model; `own` are the habits of the house that it follows.

    Raises:
        ValueError: the examples speak of fewer than three categories.
    """
    return fitted(taught, own)[0]


def fitted(taught: Taught, own: Sequence[Habit] = ()) -> tuple[Model, list[str]]:
    """A calibrated model, and the category that each example got while its near-duplicates and itself were left out.

    `own` are the habits of the house that the model follows.

    Raises:
        ValueError: the examples speak of fewer than three categories.
    """
    taught = followed(taught, own)
    with threadpool_limits(1):  # for so little, threads burn far more than they bring
        every = left_out(taught)
        left = every.fair()
        dials = dials_of(left)
        judge = judge_of(left, dials)
        said = [CATEGORIES[at] for at in beliefs_of(every, dials).categories.argmax(axis=1)]
        vectoriser, weights = tables(taught)
        meaning, asks = understanding(taught), asking(taught, vectoriser)
    card = replace(_card(taught.examples, dials, judge.marks, said), habits=tuple(own))
    return Model(vectoriser, weights, meaning, asks, judge, shown(taught, vectoriser), card), said


def left_out(taught: Taught) -> LeftOut:
    """The scores that each example gets from tables fitted without its fold."""
    many = len(taught.examples)
    scores = np.zeros((many, COLUMNS), dtype=np.float32)
    meant = np.zeros((many, MEANT), dtype=np.float32)
    understood, strange = np.zeros(many, dtype=bool), np.zeros(many, dtype=bool)
    heard = np.zeros((many, HEARD), dtype=np.float32)
    for learn, leave in folds(taught.examples):
        part, rest = taught.part(learn), taught.part(leave)
        vectoriser, weights = tables(part)
        messages = [one.message for one in rest.lessons]
        given = vectoriser.word_rows(messages), vectoriser.letter_rows(messages)
        scores[leave] = score(
            weights, *given, [one.topics for one in rest.lessons], [one.facts for one in rest.lessons]
        )
        heard[leave] = asking(part, vectoriser).heard(vectoriser, messages)
        known = vectoriser.words.vocabulary
        strange[leave] = [is_strange(one.message, one.facts, known) for one in rest.lessons]
        meaning = understanding(part)
        if meaning.learned:
            meant[leave], understood[leave] = meaning.scores(rest.vectors), rest.understood
    return LeftOut(taught.examples, [one.facts for one in taught.lessons], scores, meant, understood, strange, heard)


def _card(examples: Sequence[Example], dials: Dials, marks: tuple[str, ...], said: Sequence[str]) -> Card:
    digest = sha256()
    for one in examples:
        asks = "\0".join(one.asks)
        digest.update(f"{one.subject}\0{one.body}\0{one.category}\0{one.type}\0{asks}\n".encode())
    for path in sorted(lexicon.FOLDER.glob("*.txt")):
        digest.update(path.read_bytes())
    return Card(
        format=FORMAT,
        version=f"{FORMAT}-{digest.hexdigest()[:12]}",
        sha256="",
        dials=dials,
        categories=list(CATEGORIES),
        types=list(KINDS),
        flags=list(FLAGS),
        patterns=list(pattern_names()),
        marks=list(marks),
        examples=len(examples),
        house=sum(one.house for one in examples),
        held=_held(examples, said),
    )


def _held(examples: Sequence[Example], said: Sequence[str]) -> float:
    """The share right among messages of the project that the house sorts as everybody does.

    Not of those that patterns were written for, if others suffice.
    """
    pairs = [(one, word) for one, word in zip(examples, said, strict=True) if not (one.house or one.shipped_as)]
    fair = [pair for pair in pairs if not pair[0].foreseen]
    counted = fair if len(fair) >= ENOUGH else pairs
    return round(sum(one.category == word for one, word in counted) / max(1, len(counted)), 4)
