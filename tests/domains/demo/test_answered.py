"""The cancelled season, small: a campaign approved by a second person, answered in every way, right to the cent."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random
from typing import Any

import pytest
from flask import Flask

from app.boxoffice.models import Household
from app.cancellations.choices import Terms, faults, rooms
from app.cancellations.funding import Bucket, means
from app.cancellations.ibans import canonical
from app.cancellations.models import Campaign, Choice, ChoiceLine, Credit, CreditItem, Payee
from app.demo.answered import answer_season
from app.demo.dividing import GIFT, MONEY, account, divided
from app.demo.standing import COLLEAGUE, DEAD
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.mail.models import LetterOut
from tests.domains.cancellations.world import a_household, bought, cancelled

HOUSEHOLDS, ANSWERS = 60, 48
OFFERED = (*MONEY, GIFT, "voucher", "carryover")
PAID: tuple[dict[str, int], ...] = (
    {"card": 12_000}, {"card": 2_000, "ancv": 10_000}, {"cheque": 12_000}, {"cash": 12_000}, {"passculture": 12_000},
    {"giftcard": 5_000, "card": 7_000},
)  # fmt: skip


def sold() -> None:
    show = cancelled()
    for place in range(HOUSEHOLDS):
        home = a_household(f"Foyer {place}", preferred_channel="post" if place % 4 == 3 else "email")
        bought(home, show, paid=PAID[place % len(PAID)])


def test_the_season_is_answered_in_every_way_and_adds_up(app: Flask, noon: datetime) -> None:
    sold()
    told = answer_season(ANSWERS, system="test")
    session.expire_all()
    campaign = session.query(Campaign).one()
    assert campaign.state == "open"
    assert campaign.approved_by not in {campaign.created_by, None}
    credits = session.query(Credit).all()
    owed = sum(row.amount_cents for row in credits)
    assert campaign.approved_cents == owed == told["cents"]["credits"]
    assert sum(row.amount_cents for row in session.query(CreditItem)) == owed
    answered = [row for row in credits if row.choice_version]
    assert len(answered) == told["answered"] == ANSWERS
    newest = {(row.id, row.choice_version): row.amount_cents for row in answered}
    lines: Counter[tuple[int, int]] = Counter()
    for line, choice in session.query(ChoiceLine, Choice).join(Choice, Choice.id == ChoiceLine.choice_id):
        lines[choice.credit_id, choice.version] += line.amount_cents
    assert newest == {key: cents for key, cents in lines.items() if key in newest}
    assert (told["agree"], told["refused"]) == (True, 0)
    assert {row.author for row in session.query(Choice)} == {"holder", "agent", "import"}
    assert sum(sums["cents"] for sums in told["options"].values()) == sum(newest.values())


def test_dates_that_moved_are_asked_about_apart_and_nobody_answers_for_themselves(app: Flask, noon: datetime) -> None:
    sold()
    moved, broken = cancelled("Carmen", status="postponed"), cancelled("Tosca", days=-3, status="interrupted")
    for place in range(40):
        bought(a_household(f"Abonné {place}"), moved)
    bought(a_household("Lenoir", email=COLLEAGUE[2]), broken, cents=6_001)
    dead = a_household("Perdu", email=f"perdu@{DEAD}")
    bought(dead, broken)
    told = answer_season(10_000, system="test")
    assert told["agree"]
    about = told["moved"]
    assert (about["credits"], about["answered"], about["agree"]) == (40, 40, True)
    assert (
        {"keep_ticket", "exchange"}
        <= set(about["options"])
        <= {"keep_ticket", "exchange", "refund_card", "refund_transfer"}
    )
    session.expire_all()
    lenoir, perdu = (
        session.query(Credit).join(Household, Household.id == Credit.household_id).filter(Household.name == name).one()
        for name in ("Lenoir", "Perdu")
    )  # fmt: skip
    assert lenoir.amount_cents == 2 * 4_001  # two thirds of 60.01, the half cent to the household
    assert session.query(Choice.author).filter_by(credit_id=lenoir.id, version=1).scalar() == "holder"
    assert (perdu.reach, perdu.choice_version > 0) == ("bounced", True)
    again = answer_season(10_000, system="test")
    assert again == told


def test_asked_for_again_nothing_more_is_answered(app: Flask, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.demo.answered._CHANGE", 100)  # everybody changes their mind, also about what they give
    sold()
    first = answer_season(ANSWERS, system="test")
    before = [session.query(model).count() for model in (Choice, ChoiceLine, Credit, Payee, LetterOut)]
    assert answer_season(ANSWERS, system="test") == first
    assert [session.query(model).count() for model in (Choice, ChoiceLine, Credit, Payee, LetterOut)] == before


def test_a_house_that_sold_nothing_has_no_season_to_cancel(app: Flask) -> None:
    with pytest.raises(Conflict) as refused:
        answer_season(1)
    assert refused.value.code == "no_season"


@pytest.mark.parametrize("paid", [("card",), ("cashable",), ("card", "titre"), ("titre",), ("card", "cashable")])
def test_every_division_is_one_that_can_be_paid(paid: tuple[Any, ...]) -> None:
    terms = [Terms(code) for code in OFFERED]
    wanted: set[str] = set()
    for seed in range(400):
        chance = Random(seed)
        buckets = [Bucket(kind, chance.randint(1, 9_000), "card", None, None) for kind in paid]
        amount, drawable = sum(bucket.cents for bucket in buckets), means(buckets, gifts_of_titres=False)
        found = rooms(amount, terms, drawable, household_kind="individual", tenders=[])
        lines = divided(amount, {code: room.most for code, room in found.items()}, chance)
        assert faults(amount, lines, terms, found, drawable) == {}
        wanted |= set(lines)
    assert {"voucher", "carryover"} <= wanted <= set(OFFERED)
    assert (GIFT in wanted) == (paid != ("titre",))


def test_invented_accounts_are_accounts() -> None:
    chance = Random(7)
    assert len({canonical(account(chance)) for _ in range(50)}) == 50
