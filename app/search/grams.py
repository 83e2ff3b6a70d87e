"""Words compared by their letters: weighted sets of three to five letters in a row, scored by BM25 in memory. Pure.

Misspelt, half-typed and unaccented words share most of their letters with the right ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Letters in a row.
LENGTHS = (3, 4, 5)
#: Sets of letters are kept by a hash of this many bits; at a thousand articles two in a hundred share a place.
BITS = 18
#: Source: S. Robertson and H. Zaragoza, The Probabilistic Relevance Framework, 2009, usual values.
K1, B = 1.2, 0.75

_SPACE = 32
_PLACES = 1 << BITS
Floats = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GramIndex:
    """Weights of letter sets in documents, by letter set: `starts[g]` to `starts[g + 1]` in the two other arrays."""

    count: int
    starts: NDArray[np.int32]
    documents: NDArray[np.int32]
    weights: Floats
    rarity: Floats

    def scores(self, asked: Places) -> Floats:
        """How well every document fits some letter sets."""
        if not len(asked):
            return np.zeros(self.count, dtype=np.float32)
        spans = [slice(self.starts[g], self.starts[g + 1]) for g in asked.tolist()]
        documents = np.concatenate([self.documents[span] for span in spans])
        weights = np.concatenate([self.weights[span] for span in spans])
        return np.bincount(documents, weights=weights, minlength=self.count).astype(np.float32)

    def known(self, asked: Places, among: NDArray[np.bool_] | None = None) -> float:
        """Which part of some letter sets occurs in any document, or in any `among` some; by weight, from 0 to 1."""
        if not len(asked):
            return 0.0
        there = self.starts[asked + 1] > self.starts[asked]
        if among is not None:
            spans = (self.documents[self.starts[g] : self.starts[g + 1]] for g in asked.tolist())
            there = np.array([bool(among[span].any()) for span in spans])
        rarity = self.rarity[asked]
        return float(rarity[there].sum() / rarity.sum())


def places(words: Sequence[str]) -> Places:
    """The letter sets of some folded words, each once, by their places in an index."""
    return np.unique(_hashed(words))


def built(documents: Sequence[Sequence[tuple[Sequence[str], float]]]) -> GramIndex:
    """The index of documents; each is a sequence of fields, pairs (folded words, weight of the field)."""
    rows = [_weighted(fields) for fields in documents]
    lengths = np.array([counts.sum() for _, counts in rows], dtype=np.float32)
    average = max(float(lengths.mean()) if len(lengths) else 0.0, 1.0)
    places = np.concatenate([found for found, _ in rows]) if rows else np.zeros(0, dtype=np.int64)
    counts = np.concatenate([c for _, c in rows]) if rows else np.zeros(0, dtype=np.float32)
    owners = np.repeat(np.arange(len(rows), dtype=np.int32), [len(found) for found, _ in rows])
    order = np.argsort(places, kind="stable")
    spread = np.bincount(places, minlength=_PLACES)
    rarity = np.log(1.0 + (len(rows) - spread + 0.5) / (spread + 0.5)).astype(np.float32)
    damped = counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths[owners] / average))
    starts = np.concatenate([[0], np.cumsum(spread)]).astype(np.int32)
    weights = (damped * rarity[places])[order].astype(np.float32)
    return GramIndex(len(rows), starts, owners[order], weights, rarity)


def _weighted(fields: Sequence[tuple[Sequence[str], float]]) -> tuple[Places, Floats]:
    hashed = [_hashed(words) for words, _ in fields]
    weights = [np.full(len(h), weight, dtype=np.float32) for h, (_, weight) in zip(hashed, fields, strict=True)]
    if not hashed:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    found, inverse = np.unique(np.concatenate(hashed), return_inverse=True)
    return found, np.bincount(inverse, weights=np.concatenate(weights)).astype(np.float32)


def _hashed(words: Sequence[str]) -> Places:
    """The places of all letter sets of some words, their first and last letter marked by the space beside them."""
    text = np.frombuffer((" " + " ".join(words) + " ").encode("utf-8", "replace"), dtype=np.uint8).astype(np.uint64)
    parts = [_rows(text, length) for length in LENGTHS if len(text) >= length]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _rows(text: NDArray[np.uint64], length: int) -> Places:
    count = len(text) - length + 1
    value = np.full(count, length, dtype=np.uint64)
    inside = np.ones(count, dtype=bool)
    for offset in range(length):
        letters = text[offset : offset + count]
        value = value * np.uint64(0x100000001B3) + letters  # the FNV prime; wraps around by design
        if 0 < offset < length - 1:
            inside &= letters != _SPACE
    value ^= value >> np.uint64(29)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    return (value[inside] >> np.uint64(64 - BITS)).astype(np.int64)
