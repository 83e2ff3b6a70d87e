"""The second reading of labelled messages, and the agreement that the data's page tells."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
READINGS = [json.loads(row) for row in (ROOT / "app/triage/second_reading.jsonl").read_text().splitlines()]
PAGE = (ROOT / "docs/triage-data.md").read_text()
FIELDS = list(READINGS[0]["first"])


def kappa(field: str) -> float:
    """Cohen's kappa: agreement beyond what chance would give."""
    pairs = [(str(row["first"][field]), str(row["second"][field])) for row in READINGS]
    seen = sum(one == other for one, other in pairs) / len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(first[value] * second[value] for value in first) / len(pairs) ** 2
    return (seen - chance) / (1 - chance)


def test_one_message_in_seven_was_read_twice() -> None:
    files = [*(ROOT / "app/triage/messages").glob("*.jsonl"), *(ROOT / "app/triage/frozen").glob("*.jsonl")]
    known = {json.loads(row)["id"] for path in files for row in path.read_text().splitlines()}
    read = {row["id"] for row in READINGS}
    assert len(read) == len(READINGS)
    assert read <= known
    assert len(read) >= 0.14 * len(known)


@pytest.mark.parametrize("field", FIELDS)
def test_the_page_tells_the_agreement_as_it_is(field: str) -> None:
    told = re.search(rf"\| `{field}` \| ([\d.]+) \| ([\d.]+) \|", PAGE)
    agreed = sum(row["first"][field] == row["second"][field] for row in READINGS) / len(READINGS)
    assert told is not None
    assert (float(told[1]), float(told[2])) == (round(agreed, 3), round(kappa(field), 3))
