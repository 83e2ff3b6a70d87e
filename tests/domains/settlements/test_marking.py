"""A ticketing system hears once of every line that was decided, whenever it stops answering."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast

import pytest
from flask import Flask

from app.boxoffice.connectors.port import BoxOffice, RefundLine, Trouble, Written
from app.kernel import audit
from app.kernel.access import Actor
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.settlements import batching, marking
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.world import Money, banked, begun, choose, closed, exported, locked


class Office:
    """Takes what it is told, unless the next word says otherwise."""

    system = "test"

    def __init__(self, *words: Exception | None) -> None:
        self.words = list(words)
        self.cancelled: set[tuple[str, int]] = set()
        self.refunds: list[tuple[str, int, int]] = []

    def cancel(self, admissions: Sequence[str], *, key: str, attempt: int = 1) -> Written:
        new = (key, len(admissions)) not in self.cancelled
        self.cancelled.add((key, len(admissions)))
        return Written(key, "", new=new)

    def record_refund(self, line: RefundLine) -> Written:
        word = self.words.pop(0) if self.words else None
        if word is not None:
            raise word
        self.refunds.append((line.tender, line.cents, line.attempt))
        return Written(line.key, "", new=True)


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> Money:
    """Two households that each get two payments by card back."""
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {"Fontanel": {}, "Petit": {}})
    for name in found.credits:
        choose(found, name, {"refund_card": 12_000})
    banked(found.finance)
    closed(found)
    locked(found)
    return found


def cards(money: Money) -> str:
    return next(one.number for one in batching.cards(money.campaign_id, by=money.finance) if one.kind == "card")


def told(money: Money, office: Office) -> marking.Marked:
    return marking.mark(cards(money), cast(BoxOffice, office), by=money.finance)


def test_nothing_is_told_before_two_people_agreed_and_by_nobody_without_the_right(money: Money) -> None:
    with pytest.raises(Conflict):
        told(money, Office())
    exported(money)
    with pytest.raises(Forbidden):
        marking.mark(cards(money), cast(BoxOffice, Office()), by=money.agent)


def test_every_line_is_told_once(money: Money) -> None:
    exported(money)
    office = Office()
    assert told(money, office) == marking.Marked(4, {}, 0)
    assert told(money, office) == marking.Marked(0, {}, 0)
    assert sorted(office.refunds) == [("card", 2_000, 1)] * 2 + [("card", 10_000, 1)] * 2
    assert {seats for _, seats in office.cancelled} == {3}
    assert len(office.cancelled) == 2


def test_lines_of_another_system_are_neither_told_nor_noted(money: Money) -> None:
    exported(money)
    other = Office()
    other.system = "elsewhere"
    assert told(money, other) == marking.Marked(0, {}, 0)
    assert (other.refunds, other.cancelled) == ([], set())
    assert told(money, Office()) == marking.Marked(4, {}, 0)


def test_two_runs_at_once_note_a_line_once(money: Money) -> None:
    exported(money)
    inner = Office()

    class Overtaken(Office):
        def record_refund(self, line: RefundLine) -> Written:
            if not inner.refunds:
                told(money, inner)  # somebody else presses meanwhile, and is through first
            return super().record_refund(line)

    assert told(money, Overtaken()) == marking.Marked(4, {}, 0)
    assert told(money, Office()) == marking.Marked(0, {}, 0)


def test_a_system_that_stops_answering_is_told_the_rest_and_what_it_refused(money: Money) -> None:
    exported(money)
    office = Office(None, Invalid({"amount": "refund_more"}), Trouble("office_silent"))
    assert told(money, office) == marking.Marked(1, {"refund_more": 1}, 2, "office_silent")
    assert told(money, office) == marking.Marked(3, {}, 0)
    assert sorted(attempt for _, _, attempt in office.refunds) == [1, 1, 1, 2]
    assert audit.verify().ok
