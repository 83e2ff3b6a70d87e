"""What the desk asks before money moves: what a lock would do, files made by the worker, a bank's file read before it is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.boxoffice.models import Payment
from app.cancellations.models import Campaign
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Forbidden, Invalid
from app.people import entry
from app.people.models import Account
from app.settlements import (
    batching,
    exporting,
    foreseeing,
    house,
    locking,
    rehearsing,
    rejecting,
    reviewing,
    runs,
    trail,
)
from app.settlements.models import SettlementLine
from tests.cast import INES, KARIM, ODILE, PASSWORD, Character
from tests.domains.settlements.world import HOUSE, IBANS, Money, banked, begun, choose, closed, locked

Act = Callable[[Character], Actor]
Jobs = Callable[[], int]


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Act) -> Money:
    """Five households that chose in different ways; the deadline has passed."""
    names = ("Fontanel", "Roux", "Blanc", "Colin", "Silence")
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {name: {} for name in names})
    choose(found, "Fontanel", {"refund_transfer": 12_000})
    choose(found, "Roux", {"refund_transfer": 5_000, "donation": 7_000}, iban=IBANS[2], holder="Quidam")
    choose(found, "Blanc", {"refund_card": 12_000})
    choose(found, "Colin", {"refund_cheque": 11_999, "voucher": 1})
    banked(found.finance)
    closed(found)
    return found


def test_what_is_foreseen_is_what_a_lock_does(money: Money) -> None:
    card = session.query(Payment).filter(Payment.order_id == 5).first()  # Blanc's first order
    assert card is not None
    card.refunded_cents = card.amount_cents
    session.commit()
    before = foreseeing.foresee(money.campaign_id, by=money.finance)
    assert [(one.code, one.count) for one in before.behind] == [("refunded", 1)]
    assert before.unclaimed_cents == 12_000
    assert [(one.code, one.count, one.cents) for one in before.held] == [("other_name", 1, 5_000)]
    assert before.missing == ()
    done = locked(money)
    assert (before.credits, before.cents, before.held_lines) == (done.credits, done.cents, done.held)
    written = session.query(SettlementLine.option, SettlementLine.amount_cents).all()
    assert sorted(row.cents for row in before.options) == sorted(
        sum(cents for option, cents in written if option == one.code) for one in before.options
    )
    assert sum(one.count for one in before.options) == done.lines == len(written)
    after = foreseeing.foresee(money.campaign_id, by=money.finance)
    assert (after.credits, after.cents, after.free) == (0, 0, 0)
    reviewing.release(reviewing.queue(by=money.finance)[0].line_id, "vu", by=money.finance)
    assert foreseeing.foresee(money.campaign_id, by=money.finance).free == 1


def test_a_lock_asks_for_the_amount_that_was_read_and_does_nothing_for_another(money: Money) -> None:
    for typed in ("", "479,99", "quelque chose"):
        with pytest.raises(Invalid) as problem:
            locking.lock(money.campaign_id, typed, by=money.maker)
        assert set(problem.value.fields) == {"amount"}
    assert session.query(SettlementLine).count() == 0
    assert session.get_one(Campaign, money.campaign_id).state == "closed"
    assert locking.lock(money.campaign_id, "480,00 €", by=money.maker).cents == 48_000


def test_a_password_is_asked_again_and_tries_are_counted_together_with_those_of_the_door(
    money: Money, actor: Act
) -> None:
    odile = actor(ODILE)
    entry.prove(PASSWORD, by=odile)
    for word in ("", "non"):
        with pytest.raises(Invalid, match="invalid") as problem:
            entry.prove(word, by=odile)
        assert problem.value.fields == {"password": "wrong_password" if word else "required"}
    for _ in range(9):
        with pytest.raises(Invalid):
            entry.prove("non", by=odile)
    with pytest.raises(Invalid) as problem:
        entry.prove(PASSWORD, by=odile)
    assert problem.value.fields == {"password": "too_many_tries"}
    with pytest.raises(Invalid) as problem:
        entry.sign_in(ODILE.email, PASSWORD)
    assert problem.value.fields == {"password": "too_many_tries"}
    with pytest.raises(Invalid):
        entry.prove(PASSWORD, by=Actor(roles=frozenset()))


def approved(money: Money) -> None:
    locked(money)
    drafts = batching.cards(money.campaign_id, by=money.finance)
    cents = sum(card.cents for card in drafts)
    batching.approve([card.id for card in drafts], f"{cents // 100},{cents % 100:02}", by=money.finance)


def states(money: Money) -> set[str]:
    session.rollback()
    return {card.state for card in batching.cards(money.campaign_id, by=money.finance)}


def test_files_are_made_with_the_rights_that_who_asked_has_then_and_asking_again_goes_on(
    money: Money, run_jobs: Jobs
) -> None:
    approved(money)
    assert runs.is_due(money.campaign_id, by=money.finance)
    with pytest.raises(Forbidden):
        runs.ask(money.campaign_id, by=money.maker)
    first = runs.ask(money.campaign_id, by=money.finance)
    assert runs.ask(money.campaign_id, by=money.finance) == first
    session.query(Account).filter_by(person_id=money.finance.person_id).update({"active": False})
    session.commit()
    run_jobs()
    run = runs.last(money.campaign_id, by=money.finance)
    assert run is not None
    assert (run.problem, run.ended_at is not None) == ("not_allowed", True)
    assert states(money) == {"approved"}
    session.query(Account).filter_by(person_id=money.finance.person_id).update({"active": True})
    session.commit()
    runs.ask(money.campaign_id, by=money.finance)
    run_jobs()
    run = runs.last(money.campaign_id, by=money.finance)
    assert run is not None
    assert (run.problem, run.id) == ("", first + 1)
    assert states(money) == {"exported"}
    assert not runs.is_due(money.campaign_id, by=money.finance)
    made = {file.sha256 for file in exporting.files(money.campaign_id, by=money.finance)}
    runs.carry_out(run.id)
    assert {file.sha256 for file in exporting.files(money.campaign_id, by=money.finance)} == made


def test_one_batch_that_a_bank_would_refuse_stops_there_by_its_number_and_keeps_what_was_made(
    money: Money, run_jobs: Jobs
) -> None:
    approved(money)
    house.set_up(HOUSE, seen_version=1, by=money.finance)
    session.execute(SettlementLine.metadata.tables["money_house"].update().values(bic=""))
    session.commit()
    runs.ask(money.campaign_id, by=money.finance)
    run_jobs()
    run = runs.last(money.campaign_id, by=money.finance)
    assert run is not None
    assert (run.problem, run.batch[:3]) == ("house_account", "VIR")


def test_a_fault_of_ours_ends_the_making_so_that_it_can_be_asked_for_again(
    money: Money, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(money)
    run_id = runs.ask(money.campaign_id, by=money.finance)
    monkeypatch.setattr(exporting, "make", lambda _batch, by: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        runs.carry_out(run_id)
    run = runs.last(money.campaign_id, by=money.finance)
    assert run is not None
    assert (run.problem, run.batch != "") == ("export_failed", True)
    runs.carry_out(run_id)  # as the worker tries again
    assert runs.ask(money.campaign_id, by=money.finance) == run_id + 1


def test_a_rehearsal_says_what_taking_does_and_writes_nothing(money: Money, run_jobs: Jobs, actor: Act) -> None:
    approved(money)
    exporting.export(money.campaign_id, by=money.finance)
    cards = {card.kind: card for card in batching.cards(money.campaign_id, by=money.finance)}
    batch = cards["transfer"]
    line = session.query(SettlementLine).filter_by(option="refund_transfer").order_by(SettlementLine.id).first()
    assert line is not None
    data = f"reference;motif\n{line.reference};AC01\n".encode()
    steps = len(trail.steps(money.campaign_id, by=money.finance))
    found = rehearsing.rehearse(data, batch.id, by=money.finance)
    assert (found.fresh, found.cents, found.lines[0].code) == (1, 12_000, "AC01")
    with pytest.raises(Invalid) as problem:
        rehearsing.rehearse(data, cards["cheque"].id, by=money.finance)
    assert (problem.value.fields, problem.value.values) == ({"file": "rejects_batch"}, {"number": batch.number})
    with pytest.raises(Invalid):
        rejecting.take(data, cards["cheque"].id, by=money.finance)
    assert len(trail.steps(money.campaign_id, by=money.finance)) == steps
    text = rehearsing.carried(data, batch.id, by=money.finance)
    for other, by in ((cards["cheque"].id, money.finance), (batch.id, money.maker)):
        with pytest.raises(Invalid):
            rehearsing.brought(text, other, by=by)
    taken = rejecting.take(rehearsing.brought(text, batch.id, by=money.finance), batch.id, by=money.finance)
    assert (taken.lines, taken.cents) == (found.fresh, found.cents)
    again = rehearsing.rehearse(data, batch.id, by=money.finance)
    assert (again.fresh, again.again) == (0, True)
    assert trail.steps(money.campaign_id, by=money.finance)[0].verb == "rejects_taken"
