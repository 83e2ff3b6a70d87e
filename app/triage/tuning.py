"""The few numbers and the judge, fitted on what a model says of messages that it had not learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from app.triage.dataset import Example
from app.triage.facts import Facts
from app.triage.features import Floats
from app.triage.fitting import Marks, truth_of
from app.triage.grouping import FOLDS
from app.triage.judging import FLAGS, NEAR, Judge, known_near, marks_of, nearer, rows
from app.triage.labels import CATEGORIES
from app.triage.model import MEANT
from app.triage.weighing import KINDS, KINDS_OF, Beliefs, Dials, believed, first_thought, probabilities

SHARE: Final = 0.4
"""What meaning counts where it is asked."""

ASKED: Final = 0.27
"""Share of ordinary messages that are in doubt; a little below what may be asked."""

PRECISION: Final = 0.95
ENOUGH: Final = 20
"""Guesses below which no share of right ones is believed."""

NEVER: Final = 1.01
UNJUDGED: Final = -9.0
JUDGE_C: Final = 0.4
MARK_MET_BY: Final = 4
_LOG_TEMPERATURES: Final = (-4.0, 3.0)
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Examples with the scores they got from models that had not learned them, of words and of meaning.

    `strange` says which were unlike all that those models had learned; `heard` is what their single sentences told.
    """

    examples: Sequence[Example]
    facts: Sequence[Facts]
    scores: Floats
    meanings: Floats
    understood: Marks
    strange: Marks
    heard: Floats

    def part(self, places: Labels) -> LeftOut:
        """Some of them."""
        return LeftOut(
            [self.examples[at] for at in places], [self.facts[at] for at in places], self.scores[places],
            self.meanings[places], self.understood[places], self.strange[places], self.heard[places],
        )  # fmt: skip

    def fair(self) -> LeftOut:
        """Those that the patterns were not written for, if they are enough to go by."""
        places = np.array([at for at, one in enumerate(self.examples) if not one.foreseen], dtype=np.int64)
        return self.part(places) if len(places) >= ENOUGH * len(FLAGS) else self

    def whole(self) -> LeftOut:
        """Those of which everything is known; of requests of a house nobody said whether they were angry."""
        return self.part(np.array([at for at, one in enumerate(self.examples) if not one.house], dtype=np.int64))


def dials_of(left: LeftOut) -> Dials:
    """The temperatures under which chances are true, and the confidences at which to ask and to trust."""
    many = len(CATEGORIES)
    truth = np.array([CATEGORIES.index(one.category) for one in left.examples])
    words = left.scores[:, :many]
    heat = temperature(words, truth)
    there = left.understood
    meant = temperature(left.meanings[there, :many], truth[there]) if there.any() else 1.0
    both = (1 - SHARE) * words[there] / heat + SHARE * left.meanings[there, :many] / meant
    fused = temperature(both, truth[there]) if there.any() else 1.0
    below = float(np.quantile(probabilities(words, heat).max(axis=1), ASKED))
    dials = Dials(heat, meant, SHARE, fused, _kinds_heat(left), below, NEVER)
    chances = beliefs_of(left, dials).categories
    return Dials(heat, meant, SHARE, fused, dials.kinds, below, route_at(chances, truth))


def beliefs_of(left: LeftOut, dials: Dials) -> Beliefs:
    """What would be believed of them, meaning asked where words leave a doubt."""
    return believed(left.scores, left.meanings, doubtful(left, dials), dials)


def doubtful(left: LeftOut, dials: Dials) -> Marks:
    """Where words leave a doubt and meaning can be asked."""
    return np.asarray(left.understood & (first_thought(left.scores, dials).max(axis=1) < dials.ask_below))


def temperature(scores: Floats, truth: Labels) -> float:
    """The one divisor of scores under which their probabilities give the truth the most weight."""

    def loss(log_temperature: float) -> float:
        chances = probabilities(scores, float(np.exp(log_temperature)))
        return float(-np.log(chances[np.arange(len(truth)), truth] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=_LOG_TEMPERATURES, method="bounded").x))


def _kinds_heat(left: LeftOut) -> float:
    """The temperature of types among those of the right category."""
    own = [KINDS_OF[one.category] for one in left.examples]
    widest = max(map(len, own))
    scores = np.full((len(own), widest), -99.0)
    for row, columns, said in zip(scores, own, left.scores[:, len(CATEGORIES) : MEANT], strict=True):
        row[: len(columns)] = said[columns]
    truth = [columns.index(KINDS.index(one.type)) for one, columns in zip(left.examples, own, strict=True)]
    return temperature(scores, np.array(truth))


def route_at(chances: Floats, truth: Labels) -> float:
    """The confidence from which 95 % of guesses were right, and not by luck; above one if there is none."""
    order = np.argsort(-chances.max(axis=1))
    sureness = chances.max(axis=1)[order]
    right = (chances.argmax(axis=1) == truth)[order]
    many = np.arange(1, len(right) + 1)
    share = np.cumsum(right) / many
    # The best of many thresholds flatters itself: what chance gives to so few, one standard error, is taken off.
    precise = share - np.sqrt(share * (1 - share) / many) >= PRECISION
    # Guesses as sure as the next are routed together or not at all.
    last_of_kind = np.append(sureness[:-1] > sureness[1:], True)
    good = np.flatnonzero(precise & last_of_kind)
    if not len(good) or good[-1] + 1 < ENOUGH:
        return NEVER
    return float(sureness[good[-1]])


def judge_of(left: LeftOut, dials: Dials) -> Judge:
    """The judge of flags; nearness first, for the others lean on it."""
    left = left.whole()
    met = [marks_of(fact) for fact in left.facts]
    spread: dict[str, int] = {}
    for mark in (mark for one in met for mark in one):
        spread[mark] = spread.get(mark, 0) + 1
    marks = tuple(sorted(mark for mark, times in spread.items() if times >= MARK_MET_BY))
    kinds = beliefs_of(left, dials).kinds
    first = rows(marks, left.facts, kinds, left.scores[:, MEANT:])
    near = _fitted(first, _truth(left, "near"))
    lean = known_near(left.facts, near.scores)
    second = np.hstack([first, nearer(lean, kinds)])
    weights = np.zeros((second.shape[1], len(FLAGS)), dtype=np.float32)
    bias = np.zeros(len(FLAGS), dtype=np.float32)
    for column, flag in enumerate(FLAGS):
        given = first if column == NEAR else second
        fit = near if column == NEAR else _fitted(given, _truth(left, flag))
        weights[: given.shape[1], column], bias[column] = fit.weights, fit.bias
    asked = _fitted(np.hstack([second, left.heard]), _truth(left, "refund"))
    return Judge(marks, weights, bias, np.append(asked.weights, asked.bias).astype(np.float32))


@dataclass(frozen=True, slots=True)
class _Line:
    """One flag: its weights, its bias from where it stands, and the scores that its examples got while left out."""

    weights: Floats
    bias: float
    scores: Floats


def _fitted(given: Floats, truth: Marks) -> _Line:
    if truth.sum() < len(FLAGS) or truth.all():
        return _Line(np.zeros(given.shape[1]), UNJUDGED, np.full(len(truth), UNJUDGED))
    scores = np.zeros(len(truth))
    for learn, leave in KFold(FOLDS, shuffle=True, random_state=0).split(given):
        if len(set(truth[learn])) > 1:
            scores[leave] = _logistic().fit(given[learn], truth[learn]).decision_function(given[leave])
    model = _logistic().fit(given, truth)
    stands = stands_from(scores, truth)
    return _Line(model.coef_[0], float(model.intercept_[0]) - stands, scores - stands)


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=JUDGE_C, class_weight="balanced", max_iter=2_000)


def stands_from(scores: Floats, truth: Marks) -> float:
    """The score from which a flag stands: where precision and recall are best together."""
    order = np.argsort(-scores)
    hits = np.cumsum(truth[order])
    balance = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    best = int(balance.argmax())
    after = scores[order[best + 1]] if best + 1 < len(order) else scores[order[best]] - 1
    return float((scores[order[best]] + after) / 2)


def _truth(left: LeftOut, flag: str) -> Marks:
    return np.array([truth_of(one)[flag] for one in left.examples], dtype=bool)
