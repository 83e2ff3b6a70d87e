"""One household as colleagues read it, found by what somebody says; pairs decided and taken back; files that wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from app.boxoffice import arriving, deciding, households, merging, profile
from app.boxoffice.models import Admission, HouseholdPair, ImportRun, Payment
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.mail import correspondence, outgoing
from app.people import entry
from app.tickets import lists
from tests.cast import HUGO, INES, KARIM, LEA, SAMI, Character
from tests.domains.cancellations.world import a_household, bought, cancelled
from tests.exchange import a_file, a_row
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
Jobs = Callable[[], int]


@pytest.fixture(autouse=True)
def _house(app: Flask, noon: datetime) -> None:
    """Every story begins at noon in a house of its own."""


@pytest.fixture
def karim(actor: Act) -> Actor:
    return actor(KARIM)


def test_a_household_is_found_once_whichever_of_its_records_fits(karim: Actor) -> None:
    one, other = a_household("Fontanel", email=LEA), a_household("Fontanel", email="leo@exemple.fr")
    bought(other, cancelled(), code="VAL-7K3QD")
    merging.merge(other.id, one.id, by=karim)
    for words in ("font", "leo@exemple.fr", "val 7k3qd", other.code):
        assert [card.id for card in profile.search(words, by=karim)] == [one.id], words
    for words in ("", "   ", "%", "\x00", "nobody@exemple.fr"):
        assert profile.search(words, by=karim) == []


def test_a_household_holds_what_all_its_records_bought(karim: Actor) -> None:
    one, other = a_household("Fontanel", email=LEA), a_household("Fontanel", email="leo@exemple.fr")
    child, show = a_household("Petit", mother_id=one.id), cancelled("Tosca")
    bought(one, show, code="VAL-11111")
    bought(other, show, code="VAL-22222", seats=3)
    session.query(Admission).filter_by(seat="F 21").update({"scanned_at": clock.now()})
    session.query(Payment).filter_by(amount_cents=12_000).update({"refunded_cents": 4_000})
    session.commit()
    merging.merge(other.id, one.id, by=karim)
    found = profile.profile(other.code, by=karim)
    assert found.card.id == one.id
    assert {order.code: (order.seats, order.cents, order.back_cents) for order in found.orders} == {
        "VAL-11111": (2, 12_000, 4_000), "VAL-22222": (3, 18_000, 0),
    }  # fmt: skip
    assert [(one.title_fr, one.seats) for one in found.evenings] == [("Tosca", 2)]
    assert set(found.emails) == {LEA, "leo@exemple.fr"}
    assert [(relative.code, relative.is_mother) for relative in found.relatives] == [(child.code, False)]
    above = profile.profile(child.code, by=karim).relatives
    assert [(relative.code, relative.is_mother) for relative in above] == [(one.code, True)]


def test_who_may_not_read_about_people_finds_nobody(actor: Act) -> None:
    home = a_household("Fontanel")
    for asked in (lambda by: profile.search("fontanel", by=by), lambda by: profile.profile(home.code, by=by)):
        with pytest.raises(Forbidden):
            asked(actor(SAMI))
    with pytest.raises(NotFound):
        profile.profile("nowhere\x00", by=actor(KARIM))


def test_letters_are_told_with_their_fate_and_only_to_departments_concerned(actor: Act, run_jobs: Jobs) -> None:
    opened = a_ticket(subject="Et mes places ?")
    run_jobs()
    told = correspondence.written_to([LEA], by=actor(KARIM))
    assert [(one.kind, one.state) for one in told] == [("received", "waiting")]
    assert correspondence.written_to([LEA], by=actor(HUGO)) == []
    assert correspondence.written_to([], by=actor(KARIM)) == []
    assert [row.number for row in lists.requests_from([LEA.upper(), "x@y.fr"], by=actor(KARIM))] == [opened.number]
    assert lists.requests_from([LEA], by=actor(HUGO)) == []


def test_a_refusal_is_taken_back_and_an_agreement_is_not(karim: Actor) -> None:
    ids = sorted(a_household("Roux").id for _ in range(2))
    row = HouseholdPair(low_id=ids[0], high_id=ids[1], score=70, reasons=["phone"], at=clock.now())
    session.add(row)
    session.commit()
    key = row.id
    with pytest.raises(Conflict):
        deciding.reopen(key, by=karim)
    merging.refuse(key, by=karim)
    assert households.doubtful(by=karim) == []
    deciding.reopen(key, by=karim)
    assert [pair.id for pair in households.doubtful(by=karim)] == [key]
    merging.accept(key, by=karim)
    with pytest.raises(Conflict):
        deciding.reopen(key, by=karim)
    with pytest.raises(NotFound):
        deciding.reopen(999, by=karim)


def test_a_file_is_brought_in_once_however_often_the_work_is_tried(actor: Act, tmp_path: Path, run_jobs: Jobs) -> None:
    by, content = actor(INES), a_file(tmp_path / "a.csv", a_row("B1"), a_row("B2")).read_bytes()
    report = arriving.rehearse(content, name="a.csv", system="sirius", by=by)
    assert (report.ok, report.run_id) == (2, None)
    run_id = arriving.ask(report.sha256, name="a.csv", system="sirius", by=by)
    assert arriving.ask(report.sha256, name="a.csv", system="sirius", by=by) == run_id
    for _ in range(2):  # as if a worker had died before it could say that it was done
        arriving.bring_in(run_id, report.sha256, "sirius", "a.csv")
    run_jobs()
    session.rollback()
    assert session.query(Admission).count() == 2
    (card,) = arriving.history(by=by)
    assert (card.state, card.rows_done, card.by_id) == ("done", 2, by.person_id)
    with pytest.raises(NotFound):
        arriving.path_of(report.sha256)


def test_a_file_that_went_missing_is_said_to_be_refused(actor: Act, tmp_path: Path) -> None:
    by, content = actor(INES), a_file(tmp_path / "a.csv", a_row("B1")).read_bytes()
    report = arriving.rehearse(content, name="a.csv", system="sirius", by=by)
    run_id = arriving.ask(report.sha256, name="a.csv", system="sirius", by=by)
    arriving.path_of(report.sha256).unlink()
    arriving.bring_in(run_id, report.sha256, "sirius", "a.csv")
    session.rollback()
    assert [run.state for run in session.query(ImportRun)] == ["refused"]


def test_what_is_no_table_is_not_kept(actor: Act, karim: Actor) -> None:
    with pytest.raises(Invalid):
        arriving.rehearse(b"bonjour", name="a.csv", system="sirius", by=actor(INES))
    with pytest.raises(Forbidden):
        arriving.rehearse(b"bonjour", name="a.csv", system="sirius", by=karim)
    with pytest.raises(Forbidden):
        arriving.ask("0" * 64, name="a.csv", system="sirius", by=karim)
    assert arriving.history(by=SYSTEM) == []


def test_letters_about_a_colleagues_own_account_are_nobodys_business(actor: Act, run_jobs: Jobs) -> None:
    entry.ask_sign_in_link(INES.email)
    run_jobs()
    kinds = [one.kind for one in outgoing.latest(by=SYSTEM, limit=10)]
    assert kinds == ["sign_in"]
    assert correspondence.written_to([INES.email], by=actor(KARIM)) == []
