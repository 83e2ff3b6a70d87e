"""Learns by how much what is known of a day moves what it usually brings; run apart, `python -m app.insight.learning`.

One JSON object in, one out: the house never loads what learns, and gets its memory back. docs/decisions/0022.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

#: What is usual is never taken for less: a day of nothing tells nothing of the next.
LEAST = 0.1


def predicted(rows: Sequence[Sequence[float]], splits: Sequence[Mapping[str, Any]]) -> list[list[float]]:
    """What some days bring, for each split from the lessons before its day.

    Args:
        rows: lessons, as `drivers.lessons` makes them.
        splits: {"before": place of a day, "ask": rows as `drivers.Asked.row` makes them}.
    """
    table = np.asarray(rows, dtype=float)
    # So little is learnt faster by one thread than by several that wait for each other.
    with threadpool_limits(1):
        return [_one(table[table[:, 0] < split["before"]], np.asarray(split["ask"], dtype=float)) for split in splits]


def _one(table: Any, ask: Any) -> list[float]:  # noqa: ANN401 - arrays
    exposure = np.maximum(table[:, 2], LEAST)
    model = HistGradientBoostingRegressor(
        loss="poisson", learning_rate=0.08, max_iter=80, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=5.0,
        early_stopping=False, random_state=0,
    )  # fmt: skip
    # A count out of what is usual, weighted by it: the same as a Poisson model with that exposure.
    model.fit(table[:, 3:], table[:, 1] / exposure, sample_weight=exposure)
    return [round(float(value), 3) for value in model.predict(ask[:, 1:]) * np.maximum(ask[:, 0], LEAST)]


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump([predicted(one["rows"], one["splits"]) for one in given], sys.stdout)
