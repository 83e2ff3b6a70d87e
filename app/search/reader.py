"""What this process searches in: read from the index once, and again when a newer one is there."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np

from app.kernel import clock
from app.search import documents, index, meaning, place
from app.search.collection import Collection
from app.search.meaning import Vectors

log = logging.getLogger(__name__)

#: Seconds between two looks at the index.
LOOK = 1.0
#: Seconds the worker has to index what was published, before a process makes an index of its own in memory.
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Held:
    """What is searched in: a collection a language, and the vectors of its articles where there are any."""

    fingerprint: str
    collections: Mapping[str, Collection]
    vectors: Mapping[str, tuple[Vectors, Vectors] | None]
    vectors_mark: float


class _Reader:
    """What this process holds, when it last looked, and since when it knows of something newer."""

    held: Held | None = None
    looked = float("-inf")
    behind_since: float | None = None
    lock = Lock()


def held() -> Held:
    """What to search in now; a look at the index costs next to nothing and is taken once a second."""
    now, current = clock.monotonic(), _Reader.held
    if current is not None and now - _Reader.looked < LOOK:
        return current
    with _Reader.lock:
        _Reader.held = _refreshed(_Reader.held, now)
        _Reader.looked = clock.monotonic()
        return _Reader.held


def forget() -> None:
    """Look again at the next question."""
    _Reader.looked = float("-inf")


def drop() -> None:
    """Let go of everything held."""
    _Reader.held, _Reader.behind_since = None, None
    forget()


place.when_moved(drop)


def _refreshed(current: Held | None, now: float) -> Held:
    wanted = documents.fingerprint(documents.wanted(fresh=False))
    if current is None or current.fingerprint != wanted:
        current = _newer(current, wanted, now)
    else:
        _Reader.behind_since = None
    mark = meaning.mark()
    return current if mark == current.vectors_mark else _with_vectors(current, mark)


def _newer(current: Held | None, wanted: str, now: float) -> Held:
    stamp = index.stamp()
    found = index.loaded(stamp) if stamp is not None and stamp.fingerprint == wanted else None
    if found is None:
        _Reader.behind_since = _Reader.behind_since or now
        if current is not None and now - _Reader.behind_since < PATIENCE:
            return current
        log.info("the article index is missing or old; this process makes one in memory")
        found = index.in_memory(documents.made(documents.wanted(fresh=False).values()))
    _Reader.behind_since = None
    fingerprint = documents.fingerprint(one.mark for words in found.values() for one in words.documents)
    return Held(fingerprint, {lang: Collection(lang, words) for lang, words in found.items()}, {}, 0.0)


def _with_vectors(current: Held, mark: float) -> Held:
    vectors = {lang: _vectors(collection) for lang, collection in current.collections.items()}
    return replace(current, vectors=vectors, vectors_mark=mark)


def _vectors(collection: Collection) -> tuple[Vectors, Vectors] | None:
    pairs = [meaning.texts_of(one) for one in collection.documents]
    heads, bodies = meaning.kept([pair[0] for pair in pairs]), meaning.kept([pair[1] for pair in pairs])
    return None if heads is None or bodies is None else (heads, bodies)


def similarity(vectors: Vectors, question: Vectors) -> Vectors:
    """How close texts are to a question, around 0 within their language; a text without a vector is as far as any."""
    close = vectors @ question
    if not len(close):
        return close
    there = np.any(vectors != 0, axis=1)
    close[~there] = close[there].min() if there.any() else 0.0
    return np.asarray(close - close.mean(), dtype=np.float32)
