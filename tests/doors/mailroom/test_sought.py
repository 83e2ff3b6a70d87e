"""What a group of letters asks is sought by the group, not read out of everything that is in the same state.

On SQLite, which has no statistics; PostgreSQL knows how many rows each state has.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.incidents import waiting_queries
from app.kernel.db import db
from app.mail import queries as letters
from app.sla import queries as promises


@pytest.mark.parametrize(
    ("ask", "sought"),
    [
        (lambda: letters.filed_twins("abcd" * 16 + str(n) for n in range(40)), "ix_letter_in_content_key"),
        (lambda: promises.ticking(range(1, 41)), "(ticket_id=?"),
        (lambda: waiting_queries.promised(range(1, 41)), "(ticket_id=?"),
    ],
)
def test_a_group_is_sought_by_its_own_keys(app: Flask, noon: datetime, ask: Callable[[], object], sought: str) -> None:
    plans: list[str] = []

    def explain(_conn: object, cursor: Any, statement: str, given: Any, *_rest: object) -> None:
        rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        plans.append(" ".join(row[3] for row in rows))

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)
    assert sought in plans[-1]
