"""The demo house's own months, letter by letter: nothing in them is proposed as an incident."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.incidents.fitting import ABOUT_IT
from app.kernel.db import session
from app.tickets.models import Ticket
from tests.rules.incidents.board import START, Board, Letter


def test_the_demos_own_months_propose_nothing(demo_house: dict[str, Any]) -> None:
    rows = session.execute(
        select(Ticket.opened_at, Ticket.requester_id, Ticket.type, Ticket.performance_id).order_by(Ticket.opened_at)
    ).all()
    board = Board()
    for row in rows:
        minutes = (row.opened_at - START).total_seconds() / 60
        causes = ("cancelled",) if row.type in ABOUT_IT else ()
        board.take([Letter(minutes, row.requester_id, row.type or "", causes, row.performance_id, row.performance_id)])
    assert (rows[-1].opened_at - rows[0].opened_at).days > 120
    assert board.letters == len(rows) > 300
    assert board.noticed == []
