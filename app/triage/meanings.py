"""The vectors of labelled messages, kept so that nothing is understood twice: those shipped, and those made here.

A vector costs a tenth of a second. Which texts are learned from is not known here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.search import meaning
from app.triage.features import Floats
from app.triage.text import Prepared

SHIPPED: Final = Path(__file__).parent / "meanings.npz"
_LOUDEST: Final = 127
Bytes = NDArray[np.int8]


def of_lessons(messages: Sequence[Prepared], kept: Path) -> tuple[Floats, NDArray[np.bool_]]:
    """The vectors of messages, a row each, and which rows have one; what is missing is made and kept in a file.

    Where the meaning model does not run, only what was kept is known.
    """
    keys = [meaning.digest(message.plain) for message in messages]
    known = read(SHIPPED) | read(kept)
    fresh = _made({key: one.plain for key, one in zip(keys, messages, strict=True) if key not in known})
    if fresh:
        write(kept, read(kept) | fresh)
    known |= fresh
    there = np.array([key in known for key in keys], dtype=bool)
    found = np.zeros((len(keys), meaning.SIZE), dtype=np.float32)
    for row, key in zip(found, keys, strict=True):
        if key in known:
            row[:] = known[key]
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), there


def _made(texts: Mapping[str, str]) -> dict[str, Bytes]:
    made: dict[str, Bytes] = {}
    for key, text in texts.items() if meaning.available() else ():
        vector = meaning.of_message(text)
        if vector is None:
            break
        made[key] = np.round(vector / np.abs(vector).max() * _LOUDEST).astype(np.int8)
    return made


def keep_only(messages: Sequence[Prepared], kept: Path) -> None:
    """Forget the vectors of all other messages, so that nothing outlives a letter that was erased."""
    keys, known = {meaning.digest(message.plain) for message in messages}, read(kept)
    if not known.keys() <= keys:
        write(kept, {key: vector for key, vector in known.items() if key in keys})


def read(path: Path) -> dict[str, Bytes]:
    """Vectors by the digests of their texts; none where there is no such file or it is damaged: it is only a cache."""
    try:
        with np.load(path, allow_pickle=False) as file:
            keys, rows = file["keys"], file["rows"]
    except Exception:  # missing, cut short or no such file at all
        return {}
    if rows.dtype != np.int8 or rows.ndim != 2 or rows.shape != (len(keys), meaning.SIZE):
        return {}
    return {str(key): row for key, row in zip(keys, rows, strict=True)}


def write(path: Path, vectors: Mapping[str, Bytes]) -> None:
    """Keep vectors, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.npz")
    keys = sorted(vectors)
    rows = np.array([vectors[key] for key in keys], dtype=np.int8).reshape(len(keys), meaning.SIZE)
    np.savez_compressed(part, keys=np.array(keys, dtype="U32"), rows=rows)
    part.replace(path)
