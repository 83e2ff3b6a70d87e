"""The trained model: its file, and the guesses it makes for a group of messages. How it is fitted is not known here.

A model is arrays and words, nothing that runs: numpy reads its file with pickles refused, and that is all it needs.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from math import isfinite
from os import replace
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import numpy as np

from app.kernel.errors import Problem
from app.triage.classify import Guess
from app.triage.facts import Facts
from app.triage.features import Floats, Rows, Topics, Vectoriser, Weighing, pattern_names, pattern_rows, topics_of
from app.triage.labels import CATEGORIES, TYPES
from app.triage.text import Prepared

FORMAT: Final = 2
TOP: Final = 3
WORDS_SHOWN: Final = 3
WORD_COUNTS_FROM: Final = 0.02
"""Share of a score from which a word is worth showing as a reason."""
LARGEST: Final = 128 * 1024 * 1024
"""Bytes of a model, unpacked: many times what training makes of all that may ever be labelled."""
_DIMENSIONS: Final = {
    "words.terms": 1, "words.idf": 1, "letters.terms": 1, "letters.idf": 1, "weights.words": 2, "weights.letters": 2,
    "weights.patterns": 2, "weights.bias": 1,
}  # fmt: skip


class ModelUnusable(Problem):
    """The file of a model is missing, damaged, of another format or made for other words; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__("model_unusable", reason=reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class Card:
    """What stands in the JSON beside a model.

    `route_at` is the confidence from which 95 % of guesses were right; `temperature` divides the scores.
    """

    format: int
    version: str
    sha256: str
    temperature: float
    route_at: float
    categories: list[str]
    types: list[str]
    patterns: list[str]
    examples: int


@dataclass(frozen=True, slots=True)
class Weights:
    """One block of columns for categories and types: rows of words, of letters, or of patterns."""

    words: Floats
    letters: Floats
    patterns: Floats
    bias: Floats


class Model:
    """A linear model over words, letters and patterns; scores through one temperature are its probabilities."""

    def __init__(self, vectoriser: Vectoriser, weights: Weights, card: Card) -> None:
        self._vectoriser, self._weights, self.card = vectoriser, weights, card
        self._terms = list(vectoriser.words.vocabulary)
        # Types stand in the columns after the categories; those of a category are where to look for its best.
        columns = {kind: len(card.categories) + at for at, kind in enumerate(card.types)}
        self._kinds = {
            slug: [(kind, columns[kind]) for kind in kinds if kind in columns] for slug, kinds in _kinds().items()
        }

    @property
    def version(self) -> str:
        """The name of this model, kept with every decision it takes."""
        return self.card.version

    def scores_of(self, messages: Sequence[Prepared], topics: Sequence[Topics], facts: Sequence[Facts]) -> Floats:
        """Raw scores, a row a message, a column a category and then a type, from topics given apart."""
        return self._score(self._vectoriser.word_rows(messages), messages, topics, facts)

    def guess(self, messages: Sequence[Prepared], facts: Sequence[Facts]) -> list[Guess]:
        """The likeliest categories of each message, the type under the first, and the words that speak for it."""
        if not messages:
            return []
        words = self._vectoriser.word_rows(messages)
        topics = [topics_of(message, fact) for message, fact in zip(messages, facts, strict=True)]
        scores = self._score(words, messages, topics, facts)
        chances = probabilities(scores[:, : len(self.card.categories)], self.card.temperature)
        return [self._one(words, row, scores[row], chances[row]) for row in range(len(messages))]

    def _score(
        self, words: Rows, messages: Sequence[Prepared], topics: Sequence[Topics], facts: Sequence[Facts]
    ) -> Floats:
        weights = self._weights
        letters = self._vectoriser.letter_rows(messages).times(weights.letters)
        return np.asarray(
            words.times(weights.words) + letters + pattern_rows(topics, facts) @ weights.patterns + weights.bias
        )

    def _one(self, words: Rows, row: int, scores: Floats, chances: Floats) -> Guess:
        order = np.argsort(-chances)[:TOP]
        top = tuple((self.card.categories[at], float(chances[at])) for at in order)
        kinds = self._kinds[top[0][0]]
        kind = max(kinds, key=lambda pair: scores[pair[1]])[0] if kinds else ""
        return Guess(top, kind, self._telling(words, row, int(order[0])), top[0][1] < self.card.route_at)

    def _telling(self, words: Rows, row: int, column: int) -> tuple[str, ...]:
        """The words that speak loudest for a category."""
        terms, values = words.of(row)
        shares = values * self._weights.words[terms, column]
        loudest = np.argsort(-shares)[:WORDS_SHOWN]
        return tuple(self._terms[int(terms[at])] for at in loudest if shares[at] > WORD_COUNTS_FROM)

    def save(self, path: Path) -> None:
        """Write the model and the JSON beside it; the model last, for its date is what others watch."""
        into = io.BytesIO()
        np.savez(into, **self._state())
        data = into.getvalue()
        card = asdict(self.card) | {"sha256": sha256(data).hexdigest()}
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(beside(path), json.dumps(card, ensure_ascii=False, indent=1).encode())
        _write(path, data)

    def _state(self) -> dict[str, Any]:
        parts = {"words": self._vectoriser.words, "letters": self._vectoriser.letters}
        terms = {f"{name}.terms": _packed(part.vocabulary) for name, part in parts.items()}
        idf = {f"{name}.idf": part.idf for name, part in parts.items()}
        return terms | idf | {f"weights.{name}": table for name, table in asdict(self._weights).items()}

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a model.

        Raises:
            ModelUnusable: it is missing, damaged, or does not fit this version of the product.
        """
        card = _card(path)
        data = _read(path)
        if sha256(data).hexdigest() != card.sha256:
            raise ModelUnusable(f"{path.name} is not the file its JSON speaks of")
        _check_fit(card)
        try:
            state = _arrays(data)
            parts = [_weighing(state, name) for name in ("words", "letters")]
            weights = Weights(*(state[f"weights.{block.name}"] for block in fields(Weights)))
            _check_shapes(parts, weights, card)
            return cls(Vectoriser(*parts), weights, card)
        except ModelUnusable:
            raise
        except Exception as error:  # numpy raises whatever its reader meets in a damaged or hostile file
            raise ModelUnusable(f"{path.name} cannot be read: {error}") from error


def probabilities(scores: Floats, temperature: float) -> Floats:
    """Scores as probabilities that sum to one in each row."""
    hot = scores / temperature
    powers = np.exp(hot - hot.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def beside(path: Path) -> Path:
    """The JSON beside a model file."""
    return path.with_suffix(".json")


def _kinds() -> Mapping[str, tuple[str, ...]]:
    # What fits no type of "other" goes without one, and the model learns that as a type of its own.
    return {slug: (*kinds, "") if slug == "other" else kinds for slug, kinds in TYPES.items()}


def _card(path: Path) -> Card:
    try:
        return Card(**json.loads(_read(beside(path))))
    except (ValueError, TypeError) as error:
        raise ModelUnusable(f"{beside(path).name} cannot be read: {error}") from error


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise ModelUnusable(f"{path.name} is too large")
        return path.read_bytes()
    except OSError as error:
        raise ModelUnusable(f"{path.name} cannot be opened: {error.strerror}") from error


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(data)
    replace(fresh, path)


def _arrays(data: bytes) -> dict[str, Any]:
    """The arrays of a model: those it must have, of the dimensions they must have; nothing large is unpacked."""
    with ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if sorted(part.filename for part in parts) != sorted(f"{name}.npy" for name in _DIMENSIONS):
        raise ModelUnusable("the model is made of other parts")
    if sum(part.file_size for part in parts) > LARGEST:
        raise ModelUnusable("the model is too large")
    with np.load(io.BytesIO(data), allow_pickle=False) as state:
        arrays = {name: state[name] for name in _DIMENSIONS}
    for name, array in arrays.items():
        kinds = ("uint8",) if name.endswith(".terms") else ("float32", "float64")
        if array.ndim != _DIMENSIONS[name] or array.dtype.name not in kinds or not np.isfinite(array).all():
            raise ModelUnusable(f"{name} does not hold what it should")
    return arrays


def _check_fit(card: Card) -> None:
    if card.format != FORMAT:
        raise ModelUnusable(f"the model has format {card.format}, this version reads {FORMAT}")
    if card.categories != list(CATEGORIES):
        raise ModelUnusable("the model was made for other categories")
    if card.patterns != list(pattern_names()):
        raise ModelUnusable("the model was made for other topics or signs; train it again")
    numbers = all(type(one) in {int, float} and isfinite(one) for one in (card.temperature, card.route_at))
    if not numbers or card.temperature <= 0:
        raise ModelUnusable("the model has no temperature, or no confidence to go by")
    if not isinstance(card.types, list) or not all(isinstance(one, str) for one in (card.version, *card.types)):
        raise ModelUnusable("the model has no name, or no types")


def _packed(terms: Iterable[str]) -> Any:  # noqa: ANN401 - an array of bytes
    """Terms as one array, a line each: no term holds the end of a line."""
    return np.frombuffer("\n".join(terms).encode(), dtype=np.uint8)


def _weighing(state: Mapping[str, Any], name: str) -> Weighing:
    terms = state[f"{name}.terms"].tobytes().decode().split("\n")
    return Weighing({term: at for at, term in enumerate(terms)}, state[f"{name}.idf"])


def _check_shapes(parts: Sequence[Weighing], weights: Weights, card: Card) -> None:
    columns = len(card.categories) + len(card.types)
    expected = [(len(part.idf), columns) for part in parts] + [(len(card.patterns), columns), (columns,)]
    given = [weights.words.shape, weights.letters.shape, weights.patterns.shape, weights.bias.shape]
    if given != expected or any(len(part.vocabulary) != len(part.idf) for part in parts):
        raise ModelUnusable("the parts of the model do not fit together")
