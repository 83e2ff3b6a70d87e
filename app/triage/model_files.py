"""The file of a model: written whole, read with pickles refused, and believed only if every part of it fits.

A model is arrays and words, nothing that runs: numpy reads its file, and that is all it needs.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from hashlib import sha256
from math import isfinite
from os import replace
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import numpy as np

from app.kernel.errors import Problem
from app.search import meaning
from app.triage.features import Rows, Vectoriser, Weighing, pattern_names
from app.triage.habit_card import habits_of
from app.triage.judging import FLAGS, Judge
from app.triage.labels import CATEGORIES
from app.triage.likeness import Examples
from app.triage.model import COLUMNS, FORMAT, MEANT, Card, Meaning, Model, Weights
from app.triage.sentences import HEARD, TRAITS, Asking
from app.triage.weighing import KINDS, Dials

LARGEST: Final = 128 * 1024 * 1024
"""Bytes of a model, unpacked: many times what training makes of all that may ever be labelled."""
_DIMENSIONS: Final = {
    "words.terms": 1, "words.idf": 1, "letters.terms": 1, "letters.idf": 1, "weights.words": 2, "weights.letters": 2,
    "weights.patterns": 2, "weights.bias": 1, "meaning.centre": 1, "meaning.weights": 2, "meaning.bias": 1,
    "asking.words": 2, "asking.letters": 2, "asking.traits": 2, "asking.bias": 1,
    "judge.weights": 2, "judge.bias": 1, "judge.asked": 1,
    "near.values": 1, "near.columns": 1, "near.starts": 1, "near.categories": 1,
    "near.words": 1,
}  # fmt: skip
_KINDS: Final = {
    "words.terms": ("uint8",), "letters.terms": ("uint8",), "near.columns": ("uint32",), "near.starts": ("uint32",),
    "near.categories": ("uint8",), "near.words": ("uint8",),
}  # fmt: skip
_NUMBERS: Final = ("float32", "float64")
"""What the parts are made of, those of words and places, and all others."""


class ModelUnusable(Problem):
    """The file of a model is missing, damaged, of another format or made for other words; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__("model_unusable", reason=reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def save(model: Model, path: Path) -> None:
    """Write a model and the JSON beside it; the model last, for its date is what others watch."""
    into = io.BytesIO()
    np.savez(into, **_state(model))
    data = into.getvalue()
    card = asdict(model.card) | {"sha256": sha256(data).hexdigest()}
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(beside(path), json.dumps(card, ensure_ascii=False, indent=1).encode())
    _write(path, data)


def load(path: Path) -> Model:
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
        meant = Meaning(*(state[f"meaning.{block.name}"] for block in fields(Meaning)))
        asks = Asking(*(state[f"asking.{block.name}"] for block in fields(Asking)))
        judge = Judge(tuple(card.marks), state["judge.weights"], state["judge.bias"], state["judge.asked"])
        _check_shapes(parts, weights, meant, judge, asks)
        return Model(Vectoriser(*parts), weights, meant, asks, judge, _examples(state, len(parts[0].idf)), card)
    except ModelUnusable:
        raise
    except Exception as error:  # numpy raises whatever its reader meets in a damaged or hostile file
        raise ModelUnusable(f"{path.name} cannot be read: {error}") from error


def beside(path: Path) -> Path:
    """The JSON beside a model file."""
    return path.with_suffix(".json")


def _state(model: Model) -> dict[str, Any]:
    parts = {"words": model.vectoriser.words, "letters": model.vectoriser.letters}
    terms = {f"{name}.terms": _packed(part.vocabulary) for name, part in parts.items()}
    idf = {f"{name}.idf": part.idf for name, part in parts.items()}
    tables = {f"weights.{name}": table for name, table in asdict(model.weights).items()}
    meant = {f"meaning.{name}": table for name, table in asdict(model.meaning).items()}
    asks = {f"asking.{name}": table for name, table in asdict(model.asking).items()}
    judge = {f"judge.{name}": getattr(model.judge, name) for name in ("weights", "bias", "asked")}
    return terms | idf | tables | meant | asks | judge | _near(model.examples)


def _near(examples: Examples) -> dict[str, Any]:
    return {
        "near.values": examples.rows.values, "near.columns": examples.rows.columns.astype(np.uint32),
        "near.starts": examples.rows.starts.astype(np.uint32), "near.categories": examples.categories,
        "near.words": _packed(examples.words),
    }  # fmt: skip


def _examples(state: Mapping[str, Any], width: int) -> Examples:
    """The labelled messages of a model, where every part of them fits."""
    words = state["near.words"].tobytes().decode()
    values, columns, starts = state["near.values"], state["near.columns"], state["near.starts"].astype(np.int64)
    found = Examples(
        Rows(values, columns.astype(np.int32), starts, width), state["near.categories"],
        tuple(words.split("\n")) if words else (),
    )  # fmt: skip
    counts = len(found.words) == len(found.categories) == len(starts) - 1 and len(values) == len(columns)
    if not counts or starts[0] != 0 or starts[-1] != len(values) or (np.diff(starts) < 0).any():
        raise ModelUnusable("the examples of the model do not fit together")
    if (columns >= width).any() or (found.categories >= len(CATEGORIES)).any():
        raise ModelUnusable("the examples of the model speak of other words")
    return found


def _card(path: Path) -> Card:
    try:
        given = json.loads(_read(beside(path)))
        if given["format"] != FORMAT:
            raise ModelUnusable(f"the model has format {given['format']}, this version reads {FORMAT}")
        own = habits_of(given.get("habits", []))
        return Card(**given | {"dials": Dials(**given["dials"]), "habits": own})
    except (ValueError, TypeError, AttributeError, KeyError) as error:
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
        kinds = _KINDS.get(name, _NUMBERS)
        if array.ndim != _DIMENSIONS[name] or array.dtype.name not in kinds or not np.isfinite(array).all():
            raise ModelUnusable(f"{name} does not hold what it should")
    return arrays


def _check_fit(card: Card) -> None:
    if card.categories != list(CATEGORIES) or card.types != list(KINDS):
        raise ModelUnusable("the model was made for other categories")
    if card.flags != list(FLAGS) or card.patterns != list(pattern_names()):
        raise ModelUnusable("the model was made for other topics or signs; train it again")
    numbers = asdict(card.dials).values()
    if not all(type(one) in {int, float} and isfinite(one) for one in numbers):
        raise ModelUnusable("the model has a temperature or a confidence that is no number")
    if min(card.dials.temperature, card.dials.meant, card.dials.fused, card.dials.kinds) <= 0:
        raise ModelUnusable("the model has no temperature")
    if not all(type(one) in {int, float} for one in (card.examples, card.house, card.held)):
        raise ModelUnusable("the model does not say what it was learned from")
    if not isinstance(card.marks, list) or not all(isinstance(one, str) for one in (card.version, *card.marks)):
        raise ModelUnusable("the model has no name, or no marks")


def _packed(terms: Iterable[str]) -> Any:  # noqa: ANN401 - an array of bytes
    """Terms as one array, a line each: no term holds the end of a line."""
    return np.frombuffer("\n".join(terms).encode(), dtype=np.uint8)


def _weighing(state: Mapping[str, Any], name: str) -> Weighing:
    terms = state[f"{name}.terms"].tobytes().decode().split("\n")
    return Weighing({term: at for at, term in enumerate(terms)}, state[f"{name}.idf"])


def _check_shapes(parts: list[Weighing], weights: Weights, meant: Meaning, judge: Judge, asks: Asking) -> None:
    expected = [(len(part.idf), COLUMNS) for part in parts] + [(len(pattern_names()), COLUMNS), (COLUMNS,)]
    given = [weights.words.shape, weights.letters.shape, weights.patterns.shape, weights.bias.shape]
    expected += [(len(meant.centre), MEANT), (MEANT,)]
    given += [meant.weights.shape, meant.bias.shape]
    weighed = len(judge.marks) + 2 * len(KINDS) + len(FLAGS) + 1
    expected += [(weighed, len(FLAGS)), (len(FLAGS),), (weighed + HEARD + 1,)]
    given += [judge.weights.shape, judge.bias.shape, judge.asked.shape]
    expected += [*((len(part.idf), 1) for part in parts), (TRAITS, 1), (1,)]
    given += [asks.words.shape, asks.letters.shape, asks.traits.shape, asks.bias.shape]
    if len(meant.centre) not in (0, meaning.SIZE):
        raise ModelUnusable("the model was made for another model of meaning")
    if given != expected or any(len(part.vocabulary) != len(part.idf) for part in parts):
        raise ModelUnusable("the parts of the model do not fit together")
