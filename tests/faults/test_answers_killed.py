"""Whoever brings answers is killed: each credit is chosen for whole or not at all, and again changes nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func

from app.cancellations.models import Choice, ChoiceLine, Credit, CreditLetter, Payee
from app.kernel.db import session
from tests.cast import KARIM, PASSWORD
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened
from tests.faults.house import House, until

COUNT = 9
IBAN = "FR76 3000 6000 0112 3456 7890 189"


@pytest.fixture
def file(house: House, tmp_path: Path) -> Path:
    """Two lines for each of some credits: to an account, and to the house."""
    show = cancelled()
    for _ in range(COUNT):
        bought(a_household(), show)
    ids = opened(a_campaign(show, options=("refund_transfer", "donation")))
    numbers = [row[0] for row in session.query(Credit.number).filter(Credit.id.in_(ids)).order_by(Credit.id)]
    lines = [f"{one};virement;80,00;{IBAN};Foyer\n{one};don;40,00;;" for one in numbers]
    path = tmp_path / "paper.csv"
    path.write_text("avoir;choix;montant;iban;titulaire\n" + "\n".join(lines))
    session.remove()
    return path


def state() -> tuple[int, int, int, int]:
    """Choices, their lines, accounts, and credits that are answered."""
    session.rollback()
    rows = [session.query(func.count(model.id)).scalar() for model in (Choice, ChoiceLine, Payee)]
    answered = session.query(func.count(Credit.id)).filter_by(state="answered", choice_version=1).scalar()
    return rows[0], rows[1], rows[2], answered


@pytest.mark.parametrize(("point", "times", "whole"), [("choice written", 4, 3), ("answer kept", 4, 4)])
def test_answers_of_a_file_are_whole_or_absent(house: House, file: Path, point: str, times: int, whole: int) -> None:
    command = ("campaign", "answers", str(file), "--as", KARIM.email)
    house.dies_at(point, *command, times=times, said=PASSWORD + "\n")
    assert state() == (whole, 2 * whole, whole, whole)
    for _ in range(2):  # once to go on, and once more for nothing
        with house.running(*command, said=PASSWORD + "\n") as process:
            assert process.wait(60) == 0
        assert state() == (COUNT, 2 * COUNT, COUNT, COUNT)
    with house.worker():
        until(lambda: told() >= COUNT, why=lambda: str(told()))
    recaps = Counter(row[0] for row in session.query(CreditLetter.credit_id).filter_by(occasion="choice-1"))
    assert (len(recaps), set(recaps.values())) == (COUNT, {1})
    house.well()


def told() -> int:
    session.rollback()
    return int(session.query(func.count(CreditLetter.id)).filter_by(occasion="choice-1").scalar() or 0)
