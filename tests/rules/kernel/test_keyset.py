"""Places in long lists, as an address names them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from app.kernel.keyset import Place, read


def word(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize("moment", [None, datetime(2026, 11, 10, 12, tzinfo=UTC)])
def test_a_place_is_read_back_as_it_was_written(moment: datetime | None):
    place = Place(moment, 42, backwards=True)
    assert read(place.word()) == place


@pytest.mark.parametrize(
    "wrong",
    [
        "é", "x", "x" * 500, word(), word(None, 10**30, False), word(None, -1, False), word(None, float("inf"), False),
        word("0001-01-01T00:00:00+14:00", 1, False), word("2026-11-10T12:00:00", 1, False), word(123, 1, False),
    ],
)  # fmt: skip
def test_a_word_that_names_no_place_begins_at_the_beginning(wrong: str):
    assert read(wrong) is None
