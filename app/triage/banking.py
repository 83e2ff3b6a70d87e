"""A check against a public set: the same engine on BANKING77, whose official test part others have measured too.

The set is not shipped; its folder is named by whoever asks. Nothing of it reaches the model in use.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from app.triage import meanings
from app.triage.features import Floats
from app.triage.figures import calibration_error, macro_f1, routed_at
from app.triage.fitting import ABSENT, MEANING_C, WORDS_C, linear, logistic, matrix, vocabularies
from app.triage.grouping import FOLDS
from app.triage.model import centred
from app.triage.text import Prepared, prepare
from app.triage.tuning import SHARE, temperature
from app.triage.weighing import probabilities

FILES = ("train.csv", "test.csv")


@dataclass(frozen=True, slots=True)
class _Part:
    """Messages with their labels, and vectors where every one of them has one."""

    messages: list[Prepared]
    labels: list[str]
    vectors: Floats | None


def regression(folder: Path, kept: Path) -> dict[str, dict[str, float]]:
    """The figures of words, and of words with meaning where it runs, on the official test part.

    Raises:
        OSError: the folder does not hold `train.csv` and `test.csv`.
    """
    learn, test = (_part(folder / name, kept) for name in FILES)
    order = sorted(set(learn.labels))
    with threadpool_limits(1):
        said, left = _by_words(learn, test, order)
        heat = temperature(left, np.array([order.index(label) for label in learn.labels]))
        found = {"words": _figures(probabilities(said, heat), test.labels, order)}
        if learn.vectors is not None and test.vectors is not None:
            both = _with_meaning(learn, learn.vectors, test.vectors, said / heat, left / heat, order)
            found["words and meaning"] = _figures(both, test.labels, order)
    return found


def _part(path: Path, kept: Path) -> _Part:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    messages = [prepare("", row["text"]) for row in rows]
    vectors, there = meanings.of_lessons(messages, kept)
    return _Part(messages, [row["category"] for row in rows], vectors if there.all() else None)


def _by_words(learn: _Part, test: _Part, order: list[str]) -> tuple[Floats, Floats]:
    """Scores of the test part, and of the learned part from tables that had not learned it."""
    left = np.zeros((len(learn.labels), len(order)), dtype=np.float32)
    labels = np.array(learn.labels)
    for part, rest in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels):
        left[rest] = _said(
            [learn.messages[at] for at in part], list(labels[part]), [learn.messages[at] for at in rest], order
        )
    return _said(learn.messages, learn.labels, test.messages, order), left


def _said(learned: list[Prepared], labels: list[str], asked: list[Prepared], order: list[str]) -> Floats:
    vectoriser = vocabularies(learned)
    rows, mine = (
        sparse.hstack([matrix(vectoriser.word_rows(part)), matrix(vectoriser.letter_rows(part))]).tocsr()
        for part in (learned, asked)
    )
    table, bias = linear(rows, labels, order, WORDS_C, ABSENT)
    return np.asarray(mine @ table + bias)


def _with_meaning(learn: _Part, known: Floats, asked: Floats, words: Floats, left: Floats, order: list[str]) -> Floats:
    """Chances of words and meaning together; the temperatures come from the learned part alone."""
    labels, truth = np.array(learn.labels), np.array([order.index(label) for label in learn.labels])
    meant = np.zeros_like(left)
    for part, rest in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels):
        meant[rest] = _meant(known[part], list(labels[part]), known[rest], order)
    heat = temperature(meant, truth)
    fused = temperature((1 - SHARE) * left + SHARE * meant / heat, truth)
    mine = _meant(known, learn.labels, asked, order)
    return probabilities((1 - SHARE) * words + SHARE * mine / heat, fused)


def _meant(learned: Floats, labels: list[str], asked: Floats, order: list[str]) -> Floats:
    centre = learned.mean(axis=0)
    table, bias = logistic(centred(learned, centre), labels, order, MEANING_C)
    return np.asarray(centred(asked, centre) @ table + bias)


def _figures(chances: Floats, truth: list[str], order: list[str]) -> dict[str, float]:
    given = [order[at] for at in chances.argmax(axis=1)]
    right = [one == other for one, other in zip(truth, given, strict=True)]
    sure = [float(one) for one in chances.max(axis=1)]
    found = {
        "accuracy": sum(right) / len(right), "macro_f1": macro_f1(list(zip(truth, given, strict=True)), order),
        "calibration_error": calibration_error(sure, right), "routed_at_95": routed_at(sure, right),
    }  # fmt: skip
    return {name: round(value, 4) for name, value in found.items()}
