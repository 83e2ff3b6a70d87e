"""A request about money from a household with a credit: one letter, a wait, and an end when they have chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.assistant import waiting
from app.assistant.models import Awaited
from app.boxoffice.models import Admission, Performance
from app.cancellations import choosing, claiming, joining
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit
from app.incidents import declaring
from app.incidents.declaring import Telling
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.mail import outgoing
from app.tickets import queries as tickets
from tests.cast import INES, LEA, ODILE, STRANGER, Character
from tests.conftest import counted
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of
from tests.makers import a_ticket

Jobs = Callable[[], int]
ASKS = "Bonjour, la représentation a été annulée, je voudrais être remboursée de mes deux places. Merci."


@pytest.fixture
def owed(app: Flask, noon: datetime, actor: Callable[[Character], Actor], run_jobs: Jobs) -> int:
    """A credit of Léa's, who was invited."""
    show = cancelled()
    bought(a_household(email=LEA), show, code="VAL-7K3QD")
    run(a_plan(show), actor(INES), actor(ODILE))
    run_jobs()
    clock.advance(timedelta(hours=3))
    session.rollback()
    return int(session.query(Credit.id).scalar())


def asked(run_jobs: Jobs, *, email: str = LEA, body: str = ASKS) -> int:
    opened = a_ticket(email=email, body=body, type="refund_cancelled")
    run_jobs()
    session.rollback()
    return opened.ticket_id


def state(ticket_id: int) -> str:
    session.rollback()
    row = tickets.card(ticket_id)
    assert row is not None
    session.refresh(row)
    return row.state


def kinds_since(kind: str = "") -> list[str]:
    session.rollback()
    found = [one.kind for one in outgoing.latest(by=SYSTEM, limit=100)]
    return [one for one in found if not kind or one == kind]


def test_one_letter_tells_how_it_stands_and_the_request_waits(owed: int, run_jobs: Jobs) -> None:
    ticket_id = asked(run_jobs)
    assert state(ticket_id) == "waiting"
    assert kinds_since() == ["choice_status", "choice_invite"]
    letter = outgoing.latest(by=SYSTEM, limit=1)[0]
    assert letter.to == LEA
    assert f"/c/{token_of(owed)}" in letter.text
    assert "Vous n’avez pas encore choisi" in letter.text
    assert "120,00\u00a0€" in letter.text


def test_the_choice_ends_the_request_with_one_recap(owed: int, run_jobs: Jobs) -> None:
    ticket_id = asked(run_jobs)
    choosing.choose(token_of(owed), Wish(lines={"refund_card": 12_000}, form="a"))
    run_jobs()
    assert state(ticket_id) == "solved"
    assert kinds_since() == ["choice_made", "choice_status", "choice_invite"]


def test_asking_again_within_a_day_joins_without_another_letter(owed: int, run_jobs: Jobs) -> None:
    first = asked(run_jobs)
    second = asked(run_jobs, body=ASKS + " Avez-vous des nouvelles ?")
    assert (state(first), state(second)) == ("waiting", "waiting")
    assert len(kinds_since("choice_status")) == 1
    clock.advance(timedelta(hours=25))
    asked(run_jobs, body="Bonjour, où en est mon remboursement de la représentation annulée ?")
    assert len(kinds_since("choice_status")) == 2


def test_after_the_choice_the_letter_tells_that_it_is_noted(owed: int, run_jobs: Jobs) -> None:
    choosing.choose(token_of(owed), Wish(lines={"refund_card": 12_000}, form="a"))
    run_jobs()
    ticket_id = asked(run_jobs)
    assert "Votre choix est noté" in outgoing.latest(by=SYSTEM, limit=1)[0].text
    assert "se terminera" not in outgoing.latest(by=SYSTEM, limit=1)[0].text
    assert state(ticket_id) == "solved"


def test_who_has_chosen_and_writes_again_the_same_day_is_read_by_a_person(owed: int, run_jobs: Jobs) -> None:
    choosing.choose(token_of(owed), Wish(lines={"refund_card": 12_000}, form="a"))
    run_jobs()
    asked(run_jobs)
    again = asked(run_jobs, body=ASKS + " Vous ne m’avez pas répondu.")
    assert state(again) in {"new", "open"}
    assert len(kinds_since("choice_status")) == 1


def test_a_stranger_gets_the_usual_first_letter(owed: int, run_jobs: Jobs) -> None:
    ticket_id = asked(run_jobs, email=STRANGER)
    assert state(ticket_id) in {"new", "open"}
    assert kinds_since() == ["received", "choice_invite"]


@pytest.mark.parametrize(("language", "page"), [("fr", "/spectacle-annule"), ("en", "/en/cancelled-show")])
def test_whom_no_address_ties_to_a_credit_reads_where_to_claim_it(
    owed: int, run_jobs: Jobs, language: str, page: str
) -> None:
    asks = {"fr": ASKS, "en": "Hello, the performance was cancelled, I would like a refund of my two seats. Thanks."}
    a_ticket(email=STRANGER, body=asks[language], type="refund_cancelled", language=language)
    run_jobs()
    session.rollback()
    letter = outgoing.latest(by=SYSTEM, limit=1)[0]
    assert (letter.kind, letter.to) == ("received", STRANGER)
    assert f"{page}\n" in letter.text
    assert {"fr": "code-barres", "en": "barcode"}[language] in letter.text


def test_nobody_is_sent_to_claim_where_there_is_nothing_to_claim(
    app: Flask, noon: datetime, run_jobs: Jobs, owed: int
) -> None:
    a_ticket(email=STRANGER, body="Bonjour, j’ai perdu mon écharpe samedi soir au balcon.", type="lost_item")
    run_jobs()
    assert "spectacle-annule" not in outgoing.latest(by=SYSTEM, limit=1)[0].text
    with clock.frozen_at(clock.now() + timedelta(days=6 * 366)):
        joining.forget_claims()
        asked(run_jobs, email=STRANGER)
        letter = outgoing.latest(by=SYSTEM, limit=1)[0]
        assert letter.kind == "received"
        assert "spectacle-annule" not in letter.text


def test_a_request_about_something_else_is_left_alone(owed: int, run_jobs: Jobs) -> None:
    opened = a_ticket(email=LEA, body="Bonjour, j’ai perdu mon écharpe samedi soir au balcon.", type="lost_item")
    run_jobs()
    assert state(opened.ticket_id) in {"new", "open"}
    assert kinds_since("choice_status") == []


def end_of_barcode() -> str:
    found = session.query(Admission.external_id).order_by(Admission.id).first()
    assert found is not None
    session.rollback()
    return str(found[0][-4:])


def test_a_claim_sends_the_link_to_the_address_the_box_office_knows(owed: int, run_jobs: Jobs) -> None:
    last4 = end_of_barcode()
    for order, end, email in (("VAL-7K3QD", "0000", LEA), ("VAL-00000", last4, LEA), ("VAL-7K3QD", last4, STRANGER),
                              ("", "", ""), ("val 7k3qd", last4[:3], LEA), ("VAL-7K3QD", "%%%%", LEA)):  # fmt: skip
        claiming.claim(order, end, email)
    assert len(kinds_since("choice_invite")) == 1
    for _ in range(2):
        claiming.claim(" val 7k3qd ", last4, LEA.upper())
    assert len(kinds_since("choice_invite")) == 2
    assert outgoing.latest(by=SYSTEM, limit=1)[0].to == LEA


def test_a_barcode_that_is_known_is_what_counts_and_else_the_number_below_it(owed: int, run_jobs: Jobs) -> None:
    number = end_of_barcode()
    session.query(Admission).update({"barcode_end": "9X3K"})
    session.commit()
    claiming.claim("VAL-7K3QD", number, LEA)
    assert len(kinds_since("choice_invite")) == 1
    claiming.claim("VAL-7K3QD", "9x3k", LEA)
    assert len(kinds_since("choice_invite")) == 2


def test_a_household_with_a_credit_stands_in_no_crowd_and_who_has_none_does(
    owed: int, run_jobs: Jobs, actor: Callable[[Character], Actor]
) -> None:
    show = session.query(Performance).one()
    told = Telling(
        cause="cancelled", performance_id=show.id, title_fr="La Traviata est annulée",
        title_en="La Traviata is cancelled", text_fr="La scène est inondée.", text_en="The stage is flooded.",
    )  # fmt: skip
    bought(a_household("Roux", email=STRANGER), show, code="VAL-9XYZ2")  # after credits were made
    declaring.declare(told, by=actor(INES))
    run_jobs()
    opened = [
        a_ticket(email=email, body=ASKS, type="refund_cancelled", order_code=code)
        for email, code in ((LEA, "VAL-7K3QD"), (STRANGER, "VAL-9XYZ2"))
    ]
    run_jobs()
    session.rollback()
    rows = [tickets.card(one.ticket_id) for one in opened]
    assert [(row.state, row.crowd) for row in rows if row is not None] == [("waiting", False), ("new", True)]


def test_who_is_to_choose_is_reminded_by_the_campaign_alone(owed: int, run_jobs: Jobs) -> None:
    ticket_id = asked(run_jobs)
    assert session.query(Awaited.ticket_id).all() == []
    for _ in range(4):
        clock.advance(timedelta(days=6))
        waiting.remind()
        run_jobs()
    assert state(ticket_id) == "waiting"
    assert [one for one in kinds_since() if one in {"awaited", "ending"}] == []


def test_a_request_tells_which_credit_it_waits_for_until_somebody_chose(owed: int, run_jobs: Jobs) -> None:
    ticket_id = asked(run_jobs)
    found = joining.awaited(ticket_id)
    assert found is not None
    assert (found.number, found.cents, found.waits) == ("AV-2026-000001", 12_000, True)
    choosing.choose(token_of(owed), Wish(lines={"refund_card": 12_000}, form="un"))
    run_jobs()
    after = joining.awaited(ticket_id)
    assert after is not None
    assert not after.waits
    assert joining.awaited(a_ticket(email="paul@exemple.fr").ticket_id) is None


def wrote(run_jobs: Jobs, body: str, *, subject: str = "Nouvelles", email: str = LEA) -> int:
    """Somebody writes a letter whose kind nobody says."""
    opened = a_ticket(email=email, subject=subject, body=body)
    run_jobs()
    session.rollback()
    return opened.ticket_id


@pytest.mark.parametrize("body", ["Bonjour, avez-vous des nouvelles ? Merci.", "Hello, any news? Thanks."])
def test_any_news_is_answered_by_the_tracker_though_it_names_no_refund(owed: int, run_jobs: Jobs, body: str) -> None:
    choosing.choose(token_of(owed), Wish(lines={"refund_card": 12_000}, form="a"))
    run_jobs()
    ticket_id = wrote(run_jobs, body)
    letter = outgoing.latest(by=SYSTEM, limit=1)[0]
    assert (letter.kind, letter.to, state(ticket_id)) == ("choice_status", LEA, "solved")
    assert f"/c/{token_of(owed)}" in letter.text
    # So soon again it is no longer the tracker they ask.
    assert state(wrote(run_jobs, body)) in {"new", "open"}
    assert len(kinds_since("choice_status")) == 1


def test_who_is_silent_and_asks_for_news_waits_for_their_own_choice(owed: int, run_jobs: Jobs) -> None:
    assert state(wrote(run_jobs, "Toujours rien reçu, où en est mon avoir ?")) == "waiting"
    assert kinds_since("choice_status") == ["choice_status"]


@pytest.mark.parametrize(
    ("body", "email"),
    [
        ("Bonjour, avez-vous des nouvelles de mon écharpe ?", LEA), ("Des nouvelles ? Sinon mon avocat.", LEA),
        ("Bonjour, avez-vous des nouvelles ? Merci.", STRANGER),
    ],
)  # fmt: skip
def test_other_news_and_those_of_strangers_are_read_by_somebody(
    owed: int, run_jobs: Jobs, body: str, email: str
) -> None:
    assert state(wrote(run_jobs, body, email=email)) in {"new", "open"}
    assert kinds_since("choice_status") == []


def test_who_waits_for_something_else_too_may_mean_that(owed: int, run_jobs: Jobs) -> None:
    wrote(run_jobs, "J’ai perdu mon écharpe samedi soir au balcon.", subject="Écharpe")
    assert state(wrote(run_jobs, "Bonjour, avez-vous des nouvelles ? Merci.")) in {"new", "open"}
    assert kinds_since("choice_status") == []


def test_twenty_askings_for_news_cost_no_more_questions_than_one(owed: int) -> None:
    def asking(count: int) -> int:
        ids = [
            a_ticket(email=f"qui{count}-{n}@exemple.fr", subject="Nouvelles", body="Des nouvelles ?").ticket_id
            for n in range(count)
        ]
        with counted() as seen:
            joining.join_news(ids)
        return len(seen)

    asking(2)
    assert asking(1) == asking(20)
