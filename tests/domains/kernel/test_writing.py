"""Many rows written at once are the rows that one at a time would have been, on both databases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.boxoffice.models import Household
from app.kernel.db import session
from app.kernel.queries import MANY, write, write_numbered
from app.search.models import WordGroup

COUNT = MANY + 5


def a_group(number: int, at: datetime) -> dict[str, Any]:
    words = [f'mot "{number}"', "é, {accolade}", "\\"][: number % 4]
    return {"lang": "fr", "words": words, "changed_at": at, "changed_by_id": None}


@pytest.mark.parametrize("count", [1, 2, MANY - 1, MANY, COUNT])
def test_lists_gaps_moments_and_signs_come_back_as_they_were(app: Flask, noon: datetime, count: int) -> None:
    wanted = [a_group(number, noon) for number in range(count)]
    write(WordGroup, wanted)
    session.flush()
    found = session.scalars(select(WordGroup).order_by(WordGroup.id)).all()
    assert [{name: getattr(row, name) for name in wanted[0]} for row in found] == wanted


def test_ids_come_in_the_order_of_the_rows_and_defaults_hold(app: Flask) -> None:
    codes = [f"F-{(number * 7) % COUNT:04}" for number in range(COUNT)]
    rows = [{"code": code, "name": f"Foyer {code}", "typologies": []} for code in codes]
    ids = write_numbered(Household, rows, by=("code",))
    found = [session.get_one(Household, key) for key in ids]
    assert [(row.code, row.kind, row.language) for row in found] == [(code, "individual", "fr") for code in codes]


@pytest.mark.postgresql
def test_what_is_too_long_for_its_column_is_refused_and_never_cut(app: Flask, noon: datetime) -> None:
    rows = [a_group(number, noon) for number in range(COUNT)]
    rows[3]["lang"] = "f" * 300
    with pytest.raises(DBAPIError):
        write(WordGroup, rows)
    session.rollback()
