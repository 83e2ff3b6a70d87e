"""Requests sorted when they come in, and what people say of it: kept with reasons, confirmed, corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.catalogue import service as catalogue
from app.catalogue.models import Category
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.transaction import begun
from app.people import service as people
from app.tickets import cases
from app.tickets.states import Channel
from app.triage import service
from tests.bill import a_performance, an_order
from tests.cast import HUGO, KARIM, LEA, SAMI, STRANGER, Character
from tests.makers import a_ticket

Jobs, Known = Callable[[], int], Callable[[Character], Actor]
REFUND = "Bonjour, le spectacle de samedi est annulé, je souhaite le remboursement de mes deux billets."


def sorted_case(run_jobs: Jobs, **draft: object) -> tuple[cases.Case, service.SortingCard]:
    opened = a_ticket(**draft)
    run_jobs()
    sorting = service.sorting_on(opened.ticket_id)
    assert sorting is not None
    return cases.case_for(SYSTEM, opened.number), sorting


def test_a_letter_is_sorted_with_its_reasons(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    case, sorting = sorted_case(run_jobs, body=REFUND, channel=Channel.EMAIL)
    assert (case.category, case.type) == ("refund_cancelled", "refund_cancelled")
    assert (case.category, case.type, case.priority) == (sorting.category, sorting.type, sorting.priority)
    assert sorting.wants_refund
    assert sorting.reasons
    assert len(sorting.top3) == 3
    assert all(0 <= start < end <= len(REFUND) for start, end in sorting.spans)


@pytest.mark.parametrize(
    ("subject", "body", "category"),
    [
        ("Billets pour ce soir", "Bonjour, je n’ai pas reçu mes billets pour ce soir 20 h.", "ticket_not_received"),
        ("Paiement", "Bonjour, peut-on payer avec les bons du CE ?", "payment_problem"),
    ],
)
def test_this_evening_is_no_works_council(
    app: Flask, noon: datetime, run_jobs: Jobs, subject: str, body: str, category: str
) -> None:
    case, _ = sorted_case(run_jobs, subject=subject, body=body, channel=Channel.EMAIL)
    assert case.category == category


def test_a_category_taken_out_of_use_gives_way_to_the_next(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    with begun():
        session.execute(update(Category).where(Category.slug == "refund_cancelled").values(active=False))
    catalogue.categories.forget()
    case, sorting = sorted_case(run_jobs, body=REFUND, channel=Channel.EMAIL)
    assert sorting.category == "refund_cancelled"
    assert case.category == next(slug for slug, _share in sorting.top3 if slug != "refund_cancelled")


def test_a_letter_in_english_is_answered_in_english(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    body = "Hello, the show on Saturday was cancelled and I would like my money back for both tickets, please."
    case, _ = sorted_case(run_jobs, body=body, channel=Channel.EMAIL, language="fr")
    assert case.language == "en"


def test_what_was_chosen_on_the_form_stands(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    case, sorting = sorted_case(run_jobs, body=REFUND, type="practical_info", language="fr")
    assert (case.category, case.type) == ("venue_info", "practical_info")
    assert sorting.category == "refund_cancelled"


def test_a_request_for_tonight_is_urgent_by_its_order(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    before = a_performance("Carmen", "Carmen", noon - timedelta(days=60))
    tonight = a_performance("Tosca", "Tosca", noon + timedelta(hours=6))
    an_order("VAL-TN7GT", before, tonight)
    tonights = tonight.id
    body = "Bonjour, je n'ai toujours pas reçu mes billets, commande val tn7gt."
    case, sorting = sorted_case(run_jobs, body=body, channel=Channel.EMAIL)
    assert sorting.within_24h
    assert case.priority == "urgent"
    assert case.order_code == "VAL-TN7GT"
    assert case.performance is not None
    assert case.performance.id == tonights


def test_an_order_of_somebody_else_tells_nothing(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    an_order("VAL-TN7GT", a_performance("Tosca", "Tosca", noon + timedelta(hours=6)))
    body = "Bonjour, je n'ai toujours pas reçu mes billets, commande VAL-TN7GT."
    case, sorting = sorted_case(run_jobs, email=STRANGER, body=body, channel=Channel.EMAIL)
    assert case.performance is None
    assert not sorting.within_24h


def test_a_request_is_sorted_once(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    opened = a_ticket(body=REFUND)
    run_jobs()
    version = cases.case_for(SYSTEM, opened.number).version
    service.sort_tickets([opened.ticket_id, opened.ticket_id])
    assert cases.case_for(SYSTEM, opened.number).version == version


def test_many_requests_are_sorted_together(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    opened = [a_ticket(body=f"{REFUND} ({place})", email=f"p{place}@exemple.fr") for place in range(5)]
    run_jobs()
    assert all(service.sorting_on(one.ticket_id) for one in opened)
    service.sort_tickets([])


def test_empty_and_endless_words_are_sorted_too(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    for body in ("?", "\U0001f3ad" * 50, "mot " * 60_000):
        _case, sorting = sorted_case(run_jobs, body=body, channel=Channel.EMAIL)
        assert sorting.category


def test_confirming_keeps_what_triage_said(app: Flask, noon: datetime, run_jobs: Jobs, actor: Known) -> None:
    case, sorting = sorted_case(run_jobs, body=REFUND, channel=Channel.EMAIL)
    service.confirm(case.id, by=actor(KARIM))
    after = service.sorting_on(case.id)
    assert after is not None
    assert (after.outcome, after.category) == ("confirmed", sorting.category)


def test_a_correction_moves_the_request_and_is_kept(app: Flask, noon: datetime, run_jobs: Jobs, actor: Known) -> None:
    case, sorting = sorted_case(run_jobs, body=REFUND, channel=Channel.EMAIL)
    service.correct(case.id, category="accessibility", type="accessibility", priority="high", by=actor(KARIM))
    after, said = cases.case_for(SYSTEM, case.number), service.sorting_on(case.id)
    assert (after.category, after.type, after.priority) == ("accessibility", "accessibility", "high")
    assert said is not None
    assert (said.outcome, said.category) == ("corrected", sorting.category)


def test_a_correction_that_changes_nothing_confirms(app: Flask, noon: datetime, run_jobs: Jobs, actor: Known) -> None:
    case, sorting = sorted_case(run_jobs, body=REFUND, channel=Channel.EMAIL)
    service.correct(case.id, category=sorting.category, type=sorting.type, priority=sorting.priority, by=actor(KARIM))
    said = service.sorting_on(case.id)
    assert said is not None
    assert said.outcome == "confirmed"


@pytest.mark.parametrize(
    ("category", "kind", "priority", "field"),
    [
        ("nothing_such", None, "normal", "category"),
        ("accessibility", "refund_cancelled", "normal", "type"),
        ("accessibility", None, "at once", "priority"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    app: Flask, noon: datetime, run_jobs: Jobs, actor: Known, category: str, kind: str | None, priority: str, field: str
) -> None:
    case, _ = sorted_case(run_jobs, body=REFUND, channel=Channel.EMAIL)
    with pytest.raises(Invalid) as refusal:
        service.correct(case.id, category=category, type=kind, priority=priority, by=actor(KARIM))
    assert list(refusal.value.fields) == [field]
    assert cases.case_for(SYSTEM, case.number).version == case.version


def test_only_who_works_there_may_say_what_a_request_is(
    app: Flask, noon: datetime, run_jobs: Jobs, actor: Known
) -> None:
    case, _ = sorted_case(run_jobs, body=REFUND, channel=Channel.EMAIL)
    for somebody, refusal in ((SAMI, (Forbidden, NotFound)), (HUGO, (NotFound,))):
        with pytest.raises(refusal):
            service.confirm(case.id, by=actor(somebody))
        with pytest.raises(refusal):
            service.correct(case.id, category="accessibility", type=None, priority="low", by=actor(somebody))


def test_what_nobody_sorted_cannot_be_confirmed(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket(body=REFUND)
    assert service.sorting_on(opened.ticket_id) is None
    with pytest.raises(NotFound):
        service.confirm(opened.ticket_id, by=actor(KARIM))


@pytest.mark.parametrize("moment", ["hier", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_no_day_can_be_counted_from_is_refused(app: Flask, moment: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        service.moment_of(moment)


FAULT = (
    "Bonjour, mon poste informatique ne démarre plus et l’imprimante du bureau est en panne, ticket pour le service IT."
)


@pytest.mark.parametrize(("writer", "department"), [(LEA, "billetterie"), (SAMI.email, "it")])
def test_only_a_colleague_s_letter_leaves_the_box_office(
    app: Flask, noon: datetime, run_jobs: Jobs, writer: str, department: str
) -> None:
    case, sorting = sorted_case(run_jobs, email=writer, body=FAULT, channel=Channel.EMAIL)
    assert sorting.category == "technical_staff"
    assert people.department(department).id == case.department_id
    assert (case.category == "technical_staff") is (writer == SAMI.email)
