"""The acknowledgement of a declared incident: its text, a place, an honest estimate; one a person, none to what folded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from flask import Flask

from app.boxoffice.models import Performance
from app.incidents import belonging, declaring
from app.incidents.declaring import Telling
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.mail import queries as letters
from app.mail.models import LetterOut
from app.people import service as people
from app.tickets import conversation
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from app.triage import service as triage
from tests.bill import a_performance, an_order
from tests.cast import INES, KARIM, LEA, Character
from tests.makers import a_ticket

Jobs = Callable[[], int]
Act = Callable[[Character], Actor]
CODE = "VAL-7K3QD"
_codes = count(1)


@pytest.fixture
def show(app: Flask, noon: datetime) -> int:
    row = a_performance("Carmen", "Carmen", noon + timedelta(days=3))
    an_order(CODE, row)
    return row.id


@pytest.fixture
def incident(show: int, actor: Act) -> int:
    given = Telling(
        cause="cancelled", title_fr="« Carmen » est annulé", title_en="Carmen is cancelled",
        text_fr="La scène est inondée.", text_en="The stage is flooded.", performance_id=show,
    )  # fmt: skip
    return declaring.declare(given, by=actor(INES))


def written() -> list[LetterOut]:
    """Acknowledgements, the oldest first."""
    return [row for row in reversed(letters.last_out()) if row.kind in {"received", "incident"}]


def asks(run_jobs: Jobs, **more: object) -> Opened:
    opened = a_ticket(**{"order_code": CODE, **more})
    run_jobs()
    return opened


def somebody(email: str, show: int, run_jobs: Jobs) -> Opened:
    """Somebody else with an order of their own for the same evening."""
    code = f"VAL-{2000 + next(_codes)}A"
    evening = session.get(Performance, show)
    assert evening is not None
    an_order(code, evening, email=email)
    return asks(run_jobs, email=email, order_code=code)


def test_a_newcomer_reads_what_happened_where_they_stand_and_that_once_is_enough(incident: int, run_jobs: Jobs) -> None:
    opened = asks(run_jobs)
    letter = written()[0]
    assert letter.kind == "incident"
    assert letter.subject == f"Bien reçu\N{NO-BREAK SPACE}: « Carmen » est annulé [#{opened.number}]"
    assert "La scène est inondée." in letter.text
    assert "Moins de 10 personnes ont écrit avant vous." in letter.text
    assert "Comptez une réponse avant" in letter.text
    assert "pas besoin de réécrire" in letter.text
    assert "/d/" in letter.text
    assert letter.automatic


def test_it_is_told_in_the_language_of_the_reader(incident: int, run_jobs: Jobs) -> None:
    asks(run_jobs, language="en", body="Hello, what happens to our two seats, please? We live far away.")
    assert "The stage is flooded." in written()[0].text
    assert "You can expect an answer before" in written()[0].text


def test_the_same_person_hears_of_it_once_a_day_and_never_for_what_folds(
    incident: int, run_jobs: Jobs, noon: datetime, actor: Act
) -> None:
    for number in range(3):
        asks(run_jobs, body=f"Encore une fois, message {number}")
    assert [row.kind for row in written()] == ["incident"]
    with clock.frozen_at(noon + timedelta(days=1)):
        asks(run_jobs, body="Le lendemain, et cela se replie")
    assert [row.kind for row in written()] == ["incident"]
    person = people.cards_of(range(1, 40))
    belonging.unfold(incident, next(key for key, card in person.items() if card.email == LEA), by=actor(KARIM))
    with clock.frozen_at(noon + timedelta(days=1, minutes=1)):
        asks(run_jobs, body="Le lendemain, à part")
    assert [row.kind for row in written()] == ["incident", "incident"]


@pytest.mark.parametrize(
    ("first", "second"), [("J’ai oublié mon parapluie bleu au vestiaire.", ""), ("", "J’ai oublié mon parapluie bleu.")]
)
def test_an_unknown_reader_hears_once_a_day_whatever_the_letters_are_about(
    show: int, incident: int, run_jobs: Jobs, first: str, second: str
) -> None:
    for body in (first, second):
        about = {"body": body} if body else {"order_code": CODE}
        a_ticket(email="inconnu@exemple.fr", **about)
        run_jobs()
    assert len(written()) == 1


def test_of_two_letters_read_at_once_the_one_about_the_incident_is_answered(incident: int, run_jobs: Jobs) -> None:
    a_ticket(email=LEA, body="J’ai oublié mon parapluie bleu au vestiaire.")
    a_ticket(email=LEA, order_code=CODE)
    run_jobs()
    assert [row.kind for row in written()] == ["incident"]


def test_everybody_else_hears_too(show: int, incident: int, run_jobs: Jobs) -> None:
    for name in ("un", "deux", "trois"):
        somebody(f"{name}@exemple.fr", show, run_jobs)
    assert {row.kind for row in written()} == {"incident"}
    assert [row.to_email for row in written()] == ["un@exemple.fr", "deux@exemple.fr", "trois@exemple.fr"]


def test_a_request_about_something_else_is_acknowledged_as_ever(incident: int, run_jobs: Jobs) -> None:
    a_ticket(email="autre@exemple.fr", body="J’ai oublié mon parapluie bleu au vestiaire.")
    run_jobs()
    assert [row.kind for row in written()] == ["received"]


def test_nothing_is_told_once_it_is_taken_down(incident: int, run_jobs: Jobs, actor: Act) -> None:
    declaring.end(incident, "withdrawn", by=actor(INES))
    asks(run_jobs)
    assert [row.kind for row in written()] == ["received"]


def test_an_exception_hears_what_happened_and_gets_no_place_in_the_crowd(
    incident: int, run_jobs: Jobs, actor: Act
) -> None:
    opened = a_ticket(order_code=CODE)
    triage.sort_tickets([opened.ticket_id])
    belonging.pull_out(incident, opened.ticket_id, by=actor(KARIM))
    run_jobs()
    assert written()[0].kind == "incident"
    assert "ont écrit avant vous" not in written()[0].text


def test_the_estimate_follows_the_pace_at_which_the_crowd_is_answered(
    show: int, incident: int, run_jobs: Jobs, actor: Act, noon: datetime
) -> None:
    names = [f"spectateur{number}@exemple.fr" for number in range(30)]
    crowd = [somebody(name, show, run_jobs) for name in names]
    for place, one in enumerate(crowd[:10]):
        with clock.frozen_at(noon + timedelta(minutes=3 * place)):
            conversation.answer(one.ticket_id, Word(body="Vous serez remboursée."), by=actor(KARIM))
    with clock.frozen_at(noon + timedelta(minutes=30)):  # ten in half an hour; twenty before her: one more hour
        asks(run_jobs)
    letter = next(row for row in written() if row.to_email == LEA)
    assert "Entre 10 et 25 personnes ont écrit avant vous." in letter.text
    assert "Comptez une réponse vers\N{NO-BREAK SPACE}16\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30." in letter.text
