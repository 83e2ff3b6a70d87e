"""A dispute that a file of the box office brings after the lock: looked at before anything is paid, told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.boxoffice import disputing, importing
from app.boxoffice.models import Payment, PaymentDispute
from app.kernel import audit, clock, work
from app.kernel.access import SYSTEM, Actor
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.mail import outgoing
from app.mail.outgoing import Shown
from app.notices import service as notices
from app.settlements import batching, doubting, exporting, queries, reviewing, trail
from app.settlements.models import SettlementBatch, SettlementFile, SettlementLine, SettlementPlace
from tests.cast import ADELE, INES, KARIM, ODILE, Character
from tests.domains.settlements.imported import a_day, a_locked_campaign
from tests.domains.settlements.world import Money, exported

Acting = Callable[[Character], Actor]


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Acting, tmp_path: Path) -> Money:
    importing.import_file(a_day(tmp_path / "a.csv"), by=SYSTEM)
    return a_locked_campaign(actor(INES), actor(ODILE), actor(KARIM))


def held(money: Money) -> set[str]:
    session.rollback()
    return {one.household.split()[-1] for one in reviewing.queue(by=money.finance) if "disputed" in one.signs}


def letters_to(email: str) -> list[Shown]:
    notices.tell()
    return [one for one in outgoing.latest(by=SYSTEM, limit=200) if one.to == email and one.kind == "notice"]


def steps(verb: str) -> list[AuditEntry]:
    return list(reversed([one for one in audit.entries(limit=200) if one.verb == verb]))


def test_what_a_file_says_after_the_lock_is_looked_at_before_it_is_paid(money: Money, tmp_path: Path) -> None:
    report = importing.import_file(a_day(tmp_path / "b.csv", "Fontanel", "Martin", "Roux"), by=money.maker)
    assert report.written["payments_disputed"] == 3
    work.run_due()
    # A gift pays nobody again; what is paid to a card or an account would.
    assert held(money) == {"Fontanel", "Martin"}
    waiting = {one.line_id for one in reviewing.queue(by=money.finance)}
    assert not waiting & {row.id for row in queries.free(money.campaign_id)}
    assert not waiting & {row[0] for row in session.query(SettlementPlace.line_id).filter_by(live=True)}
    batching.gather(money.campaign_id, by=money.maker)
    exported(money)
    paid = session.query(SettlementPlace.line_id).filter_by(live=True)
    assert not waiting & {row[0] for row in paid}
    assert session.query(SettlementLine).count() - len(waiting) == paid.count()


def test_auditors_read_which_payments_and_which_lines(money: Money, tmp_path: Path) -> None:
    report = importing.import_file(a_day(tmp_path / "b.csv", "Fontanel"), by=money.maker)
    work.run_due()
    (payment,) = session.query(PaymentDispute.payment_id)
    (said,), (doubted,) = steps("payment_disputed"), steps("line_doubted")
    assert (said.subject, said.actor_id) == (f"payment:{payment[0]}", money.maker.person_id)
    assert said.data == {"source": "file", "import": report.run_id}
    assert doubted.subject.startswith("line:")
    read = {one.verb for one in trail.steps(money.campaign_id, by=money.finance)}
    assert {"payment_disputed", "line_doubted"} <= read
    importing.import_file(file_that_says_no(tmp_path / "c.csv"), by=money.maker)
    (over,) = steps("payment_undisputed")
    assert over.subject == said.subject
    assert audit.verify().ok


def file_that_says_no(path: Path) -> Path:
    text = a_day(path, "Fontanel").read_text()
    path.write_text(text.replace(";oui", ";non"))
    return path


def test_the_people_of_the_money_are_alarmed_once(money: Money, tmp_path: Path) -> None:
    importing.import_file(a_day(tmp_path / "b.csv", "Fontanel", "Martin"), by=money.maker)
    work.run_due()
    (letter,) = letters_to(ODILE.email)
    assert letter.subject == "Une banque reprend un paiement\N{NO-BREAK SPACE}: La Traviata"
    assert "2 lignes attendent un regard, 160,00\N{NO-BREAK SPACE}€" in letter.text
    assert f"http://localhost/regie/annulations/{money.campaign_id}/argent/examen" in letter.text
    assert "Fontanel" not in letter.text
    assert letters_to(INES.email) == letters_to(KARIM.email) == letters_to(ADELE.email) == []
    for name in ("b.csv", "c.csv"):  # the same file again, and the same words under another name
        importing.import_file(a_day(tmp_path / name, "Fontanel", "Martin"), by=money.maker)
        work.run_due()
    clock.advance(timedelta(hours=1))
    assert letters_to(ODILE.email) == [letter]
    importing.import_file(a_day(tmp_path / "d.csv", "Fontanel", "Martin", "Blanc"), by=money.maker)
    work.run_due()
    assert len(letters_to(ODILE.email)) == 2


def test_many_files_in_a_row_are_one_letter_and_what_was_decided_meanwhile_is_no_news(
    money: Money, tmp_path: Path
) -> None:
    importing.import_file(a_day(tmp_path / "b.csv", "Fontanel"), by=money.maker)
    work.run_due()
    (letter,) = letters_to(ODILE.email)
    assert "Une ligne attend un regard" in letter.text
    for name, homes in (("c.csv", ("Fontanel", "Martin")), ("d.csv", ("Fontanel", "Martin", "Blanc"))):
        importing.import_file(a_day(tmp_path / name, *homes), by=money.maker)
        work.run_due()
        assert letters_to(ODILE.email) == [letter]
    for one in reviewing.queue(by=money.finance):
        reviewing.release(one.line_id, "Vu avec la banque", by=money.finance)
    clock.advance(timedelta(hours=1))
    assert letters_to(ODILE.email) == [letter]


def test_the_same_file_again_changes_nothing(money: Money, tmp_path: Path) -> None:
    def state() -> tuple[object, ...]:
        session.rollback()
        return (
            [(row.id, row.payment_id, row.ended_at) for row in session.query(PaymentDispute)],
            [(one.line_id, one.signs, one.since) for one in reviewing.queue(by=money.finance)],
            [(row.id, row.state) for row in session.query(SettlementBatch).order_by(SettlementBatch.id)],
            session.query(AuditEntry).count(),
        )

    importing.import_file(a_day(tmp_path / "b.csv", "Fontanel", "Martin"), by=money.maker)
    work.run_due()
    before = state()
    for name in ("b.csv", "c.csv"):
        clock.advance(timedelta(minutes=5))
        importing.import_file(a_day(tmp_path / name, "Fontanel", "Martin"), by=money.maker)
        work.run_due()
    assert state() == before
    for one in reviewing.queue(by=money.finance):
        reviewing.release(one.line_id, "Vu avec la banque", by=money.finance)
    importing.import_file(a_day(tmp_path / "d.csv", "Fontanel", "Martin"), by=money.maker)
    work.run_due()
    assert held(money) == set()
    assert doubting.doubt([row[0] for row in session.query(PaymentDispute.payment_id)]) == 0


def test_another_dispute_of_the_same_payment_is_looked_at_again(money: Money, tmp_path: Path) -> None:
    importing.import_file(a_day(tmp_path / "b.csv", "Fontanel"), by=money.maker)
    work.run_due()
    (one,) = reviewing.queue(by=money.finance)
    reviewing.release(one.line_id, "La banque a renoncé", by=money.finance)
    importing.import_file(file_that_says_no(tmp_path / "c.csv"), by=money.maker)
    clock.advance(timedelta(days=1))
    importing.import_file(a_day(tmp_path / "d.csv", "Fontanel"), by=money.maker)
    work.run_due()
    assert held(money) == {"Fontanel"}
    (again,) = reviewing.queue(by=money.finance)
    assert again.signs == ("disputed",)


@pytest.mark.parametrize("moment", ["approve", "export"])
def test_nothing_leaves_before_the_worker_has_come_to_it(money: Money, tmp_path: Path, moment: str) -> None:
    drafts = batching.drafts(money.campaign_id, by=money.finance)
    total = sum(card.cents for card in drafts)

    def approve() -> None:
        batching.approve([one.id for one in drafts], f"{total // 100},{total % 100:02}", by=money.finance)

    if moment == "export":
        approve()
    importing.import_file(a_day(tmp_path / "b.csv", "Martin"), by=money.maker)
    with pytest.raises(Conflict) as refused:
        approve() if moment == "approve" else exporting.export(money.campaign_id, by=money.finance)
    assert refused.value.code == "batch_disputed"
    (transfers,) = [one for one in drafts if one.kind == "transfer"]
    session.rollback()
    assert session.query(SettlementFile).filter_by(batch_id=transfers.id).count() == 0
    work.run_due()
    assert held(money) == {"Martin"}
    batching.gather(money.campaign_id, by=money.maker)
    exported(money)
    assert held(money) == {"Martin"}


def test_what_was_looked_at_is_paid(money: Money, tmp_path: Path) -> None:
    importing.import_file(a_day(tmp_path / "b.csv", "Martin"), by=money.maker)
    work.run_due()
    (one,) = reviewing.queue(by=money.finance)
    reviewing.release(one.line_id, "Vu", by=money.finance)
    batching.gather(money.campaign_id, by=money.maker)
    exported(money)
    placed = {row[0] for row in session.query(SettlementPlace.line_id).filter_by(live=True)}
    assert one.line_id in placed


def test_what_has_left_stays_as_it_is(money: Money, tmp_path: Path) -> None:
    exported(money)
    importing.import_file(a_day(tmp_path / "b.csv", "Fontanel", "Martin"), by=money.maker)
    work.run_due()
    assert held(money) == set()
    assert {row.state for row in session.query(SettlementBatch)} == {"exported"}
    assert letters_to(ODILE.email) == []


def test_a_colleague_who_undid_it_is_believed_whatever_the_next_file_says(money: Money, tmp_path: Path) -> None:
    importing.import_file(a_day(tmp_path / "b.csv", "Martin"), by=money.maker)
    (payment,) = session.query(Payment).join(PaymentDispute, PaymentDispute.payment_id == Payment.id)
    disputing.undo(payment.id, by=money.agent)
    work.run_due()
    importing.import_file(a_day(tmp_path / "c.csv", "Martin", "Blanc"), by=money.maker)
    work.run_due()
    assert held(money) == {"Blanc"}
