"""What the doctor finds: a house in order, and each disorder by its name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import delete, select, update

from app.boxoffice.models import Household, Payment
from app.health import service, worker
from app.kernel import clock
from app.kernel.db import session
from app.kernel.jobs import LEASE, Job, Slot
from app.kernel.transaction import begun
from app.mail import authentication, intake
from app.mail.intake import Envelope
from app.mail.models import LetterOut
from app.tickets.models import Ticket
from app.triage import place
from app.triage.model_files import beside
from tests.bill import a_performance, an_order
from tests.makers import a_letter, a_ticket


def wrong() -> set[str]:
    session.rollback()
    return {check.id for check in service.examine() if not check.ok} - {"index"}  # these tests make no index


def test_a_house_in_order_is_found_in_order(app: Flask, noon: datetime, run_jobs: Callable[[], int]) -> None:
    a_ticket()
    run_jobs()
    assert wrong() == set()


def test_an_order_paid_otherwise_and_a_household_astray_are_found(app: Flask, noon: datetime) -> None:
    order = an_order("VAL-1", a_performance("Tosca", "Tosca", noon))
    with begun():
        session.add(Payment(order_id=order.id, tender="card", amount_cents=1, external_id="P1", paid_at=noon,
                            refundable_until=None))  # fmt: skip
    assert wrong() == {"orders"}
    others = [an_order(f"VAL-{place}", a_performance("Tosca", "Tosca", noon)).household_id for place in (2, 3)]
    with begun():
        session.execute(update(Payment).values(amount_cents=order.total_cents))
        for record, into in zip((order.household_id, others[0]), others, strict=True):
            session.execute(update(Household).where(Household.id == record).values(merged_into_id=into))
    assert wrong() == {"households"}


def test_a_letter_that_nobody_sends_any_more_is_found(app: Flask, noon: datetime, run_jobs: Callable[[], int]) -> None:
    a_ticket()
    run_jobs()
    assert session.scalar(select(LetterOut.id)) is not None
    for held_until, found in ((noon, set()), (noon - LEASE - timedelta(seconds=1), {"outbox"})):
        with begun():
            session.execute(update(LetterOut).values(state="sending", next_at=held_until))
        assert wrong() == found


def warned(app: Flask) -> list[str]:
    session.rollback()
    said = app.test_cli_runner().invoke(args=["doctor"]).stderr
    return [row.partition(":")[0] for row in said.splitlines() if row.startswith("warn")]


def test_letters_of_which_nobody_proves_the_author_are_warned_of(app: Flask, noon: datetime) -> None:
    assert warned(app) == []
    intake.store_letters([(a_letter(), Envelope(door="folder"))])
    assert warned(app) == []
    intake.store_letters([(a_letter(mid="<2@ex.fr>"), Envelope(door="lmtp"))])
    assert warned(app) == ["warn senders"]
    assert "senders" not in wrong()
    authentication.trust("mx.valmorin.example")
    try:
        assert warned(app) == []
    finally:
        authentication.trust("")
    clock.advance(service.LATELY + timedelta(days=1))
    assert warned(app) == []


def test_a_turn_that_does_not_follow_is_found(app: Flask, noon: datetime, run_jobs: Callable[[], int]) -> None:
    a_ticket()
    run_jobs()
    with begun():
        session.execute(update(Ticket).values(turn="done"))
    assert "turns" in wrong()


def triage() -> service.Check:
    return next(check for check in service.examine() if check.id == "triage")


def test_a_house_without_a_model_is_told_that_rules_sort_alone(app: Flask) -> None:
    assert (triage().ok, triage().found) == (True, "none")
    assert "flask triage train" in triage().detail


def test_a_model_of_no_use_is_found_with_its_reason(app: Flask) -> None:
    path = place.model_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no model")
    beside(path).write_text("{}")
    place.be(path.parent)  # as a process that starts now
    assert (triage().ok, triage().found) == (False, "none")
    assert "triage.json cannot be read" in triage().detail
    assert "triage" in wrong()


def at_work(moment: datetime) -> None:
    """A worker took turns of its schedule until a moment."""
    with begun():
        session.execute(delete(Slot))
        session.add_all([
            Slot(name="sweep promises", taken_at=moment), Slot(name="roll off arrivals", taken_at=moment - timedelta(hours=9))
        ])  # fmt: skip


def test_that_no_worker_works_is_found_after_three_minutes(app: Flask, noon: datetime) -> None:
    for minutes, found in ((3, set()), (4, {"worker"})):
        at_work(noon - timedelta(minutes=minutes))
        assert wrong() == found
    assert service.quick() == (True, {"database": True, "mail": True, "worker": False})
    assert worker.silent_since() == noon - timedelta(minutes=4)


def test_a_house_that_never_had_a_worker_is_well_until_work_waits_for_one(app: Flask, noon: datetime) -> None:
    clock.advance(timedelta(days=1))
    assert worker.silent_since() is None
    a_ticket()
    assert worker.silent_since() is None
    clock.advance(timedelta(minutes=4))
    assert worker.silent_since() == clock.now() - timedelta(minutes=4)
    with begun():
        session.execute(update(Job).values(failed="died", run_at=None))
    assert worker.silent_since() is None
