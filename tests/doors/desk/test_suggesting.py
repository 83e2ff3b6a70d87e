"""A solved request becomes the draft of an article in one press, without whom it was about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from app.kernel.access import Actor
from app.knowledge import editing, reviewing
from app.tickets import conversation
from app.tickets.conversation import Word
from tests.cast import KARIM, LEA, PAUL, Character
from tests.doors.desk.steps import page, press, told
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
NAME = "Léa Fontanel"


def test_a_request_becomes_a_draft_for_the_editors(
    app: Flask, noon: datetime, sign_in: SignIn, actor: Act, run_jobs: Callable[[], int]
) -> None:
    karim, paul = sign_in(KARIM), sign_in(PAUL)
    made = a_ticket(subject="Deux places VAL-22222 à échanger", body=f"Je suis {NAME}, {LEA}. Puis-je échanger ?")
    run_jobs()
    place = f"/regie/demandes/{made.number}"
    assert "Suggérer un article" not in page(karim, place)
    assert "Répondez d’abord" in told(karim, press(karim, f"{place}/article"))
    answered = f"Bonjour {NAME}, oui, jusqu’à la veille."
    conversation.answer(made.ticket_id, Word(body=answered), by=actor(KARIM))
    assert "Suggérer un article" in page(karim, place)
    assert "suggéré aux éditeurs" in told(karim, press(karim, f"{place}/article"))
    (card,) = reviewing.waiting(by=actor(PAUL))
    source = editing.draft(card.id, by=actor(PAUL)).source
    assert (card.origin, card.slug) == ("request", "deux-places-a-echanger")
    assert "oui, jusqu’à la veille." in source
    assert "audience: staff" in source
    assert not [word for word in (*NAME.split(), LEA, "22222") if word in source]
    assert "oui, jusqu’à la veille." in page(paul, f"/regie/base/{card.slug}/fr?brouillon={card.id}")
    assert card.slug in page(paul, "/regie/base/a-revoir")
