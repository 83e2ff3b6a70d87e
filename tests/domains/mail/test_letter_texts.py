"""The words of the house's letters: changed, refused, reset, fallen back from, tried out, in the reader's language."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import changes, clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.changes import ChangeCard
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.mail import composing, outgoing, specimen, texts
from app.mail.composing import LANGUAGES, Words
from app.mail.letter_kinds import KINDS
from app.mail.models import LetterText
from app.tickets import conversation
from app.tickets.conversation import Word
from app.tickets.states import State
from tests.cast import INES, KARIM, Character
from tests.makers import a_ticket

Jobs = Callable[[], int]
ActorOf = Callable[[Character], Actor]
RECEIVED = Words(
    "Bien reçu, nº {{number}}", "Bonjour,\n\nNous répondons {{promise}}.\n\n=> Suivre | {{link}}\n\n--\n{{contact}}"
)


@pytest.fixture
def ines(app: Flask, noon: datetime, actor: ActorOf) -> Actor:
    return actor(INES)


def give(words: Words, by: Actor, *, kind: str = "received", language: str = "fr", seen: int = 0) -> None:
    texts.save(kind, {language: words}, seen={language: seen}, by=by)


def of_letters(by: Actor) -> list[ChangeCard]:
    return [one for one in changes.changes(by=by) if one.subject.startswith("letter ")]


def last() -> outgoing.Shown:
    session.rollback()
    return outgoing.latest(by=SYSTEM, limit=1)[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_letter_may_be_saved_as_it_is_and_says_something_with_every_variable(
    ines: Actor, kind: str, language: str
) -> None:
    words = composing.shipped(kind, language)
    assert texts.checked(kind, words).text == words.text.strip()
    subject, text = specimen.made(kind, language, words)
    assert "{{" not in subject + text
    assert len(subject) <= 70
    assert text.count("\n-- \n") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_french_letters_keep_the_blanks_of_french(app: Flask, kind: str) -> None:
    said = "\n".join(re.sub(r"\{\{\w+\}\}\S*", "x", part) for part in composing.shipped(kind, "fr"))
    said = said.removeprefix("Re: ")  # a word of mail programs, by which they know threads
    assert not re.search(r"(?<!\u202f)[;!?]|(?<!\u00a0):|«(?!\u00a0)|(?<!\u00a0)»", said)
    assert not re.search(r"(?i)\bveuillez\b|\bmails?\b|\btickets?\b|\btu\b|!", said)


def test_a_letter_says_the_words_of_the_house_in_the_readers_language_only(ines: Actor, run_jobs: Jobs) -> None:
    give(RECEIVED, ines)
    french = a_ticket(language="fr")
    run_jobs()
    assert last().subject == f"Bien reçu, nº {french.number} [#{french.number}]"
    assert "Nous répondons " in last().text
    a_ticket(language="en", email="english@reader.example", name="Ann Reader")
    run_jobs()
    assert last().subject.startswith("Your request has arrived")


def test_an_answer_that_asks_for_something_says_whose_turn_it_is_and_quotes_what_was_asked(
    app: Flask, noon: datetime, actor: ActorOf, run_jobs: Jobs
) -> None:
    opened = a_ticket(subject="Échange de places", body="Puis-je changer ?\n\nMerci")
    run_jobs()
    conversation.answer(opened.ticket_id, Word(body="Quelle date ?"), then=State.WAITING, by=actor(KARIM))
    run_jobs()
    letter = last()
    assert letter.subject == f"À vous\u00a0: Échange de places [#{opened.number}]"
    assert "Nous attendons votre réponse" in letter.text
    assert "> Puis-je changer ?\n>\n> Merci" in letter.text
    conversation.answer(opened.ticket_id, Word(body="C’est fait."), then=State.OPEN, by=actor(KARIM))
    run_jobs()
    assert last().subject.startswith("Re: Échange")
    assert "Nous attendons" not in last().text


def test_a_letter_is_never_lost_because_of_a_bad_text(
    ines: Actor, run_jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    give(RECEIVED, ines)
    row = session.get(LetterText, ("received", "fr"))
    assert row is not None
    row.text = "Bonjour {{prenom_de_la_dame}}, {{link}}"
    session.commit()
    with caplog.at_level(logging.ERROR):
        a_ticket()
        texts.card("received", "fr", by=ines)  # as if a few seconds had passed: what is remembered is read anew
        run_jobs()
    assert last().subject.startswith("Votre demande est arrivée")
    assert "prenom_de_la_dame" in caplog.text


@pytest.mark.parametrize(
    ("words", "field", "code"),
    [
        (RECEIVED._replace(subject=" "), "subject", "empty"),
        (RECEIVED._replace(text="\n"), "text", "empty"),
        (RECEIVED._replace(subject="x" * 151), "subject", "too_long"),
        (RECEIVED._replace(text="{{link}}" + "x" * 4_000), "text", "too_long"),
        (RECEIVED._replace(subject="Bien reçu\r\nBcc: tous@exemple.fr"), "subject", "letter_one_line"),
        (RECEIVED._replace(subject="Bien\x00 reçu"), "subject", "letter_signs"),
        (RECEIVED._replace(subject="Bien\u2028reçu"), "subject", "letter_signs"),
        (RECEIVED._replace(text="{{link}} <b>gras</b>"), "text", "letter_html"),
        (RECEIVED._replace(text="{{link}} {{ lien"), "text", "letter_braces"),
        (RECEIVED._replace(text="{{link}} {{lien}}"), "text", "letter_variable"),
        (RECEIVED._replace(text="{{link}} {{sign_in}}"), "text", "letter_variable"),
        (RECEIVED._replace(text="Bien reçu."), "text", "letter_required"),
    ],
)
def test_words_no_letter_can_be_made_of_are_refused(ines: Actor, words: Words, field: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        give(words, ines)
    assert refused.value.fields == {f"{field}_fr": code}
    assert not texts.card("received", "fr", by=ines).own


def test_a_value_brings_no_line_into_a_subject_and_no_variable_into_a_text() -> None:
    words = Words("Re: {{subject}}", "{{body}}\n\n{{link}}")
    values = {"subject": "a\r\nBcc: x@y.example", "body": "{{link}}", "link": "https://x.example"}
    subject, text = composing.filled(words, values)
    assert (subject, text) == ("Re: a Bcc: x@y.example", "{{link}}\n\nhttps://x.example\n")


def test_a_paragraph_with_nothing_to_say_is_left_out_but_never_the_one_with_the_link() -> None:
    words = Words("x", "{{signer}}, ici\n\nVoir {{link}} ou {{phone}}\n\nFin")
    text = composing.filled(words, {"signer": "", "link": "L", "phone": ""}, ["link"])[1]
    assert text == "Voir L ou \n\nFin\n"


def test_braces_with_blanks_and_a_bare_foot_line_are_put_right(ines: Actor) -> None:
    give(RECEIVED._replace(text="{{  link }}\r\n\r\n--\r\n{{contact}}"), ines)
    assert texts.card("received", "fr", by=ines).words.text == "{{link}}\n\n-- \n{{contact}}"


def test_who_has_not_seen_the_last_change_writes_over_nothing(ines: Actor) -> None:
    give(RECEIVED, ines)
    with pytest.raises(Conflict):
        give(RECEIVED._replace(subject="Autre"), ines)
    assert texts.card("received", "fr", by=ines).words.subject == RECEIVED.subject
    give(RECEIVED._replace(subject="Autre"), ines, seen=1)
    assert texts.card("received", "fr", by=ines).words.subject == "Autre"


def test_the_shipped_words_come_back_and_every_change_is_noted(ines: Actor) -> None:
    give(RECEIVED, ines)
    texts.reset("received", "fr", by=ines)
    card = texts.card("received", "fr", by=ines)
    assert (card.own, card.revision) == (False, 2)
    assert card.words == composing.shipped("received", "fr")
    noted = of_letters(ines)
    assert len(noted) == 2
    assert (noted[1].after["subject"], noted[0].before["subject"]) == (RECEIVED.subject, RECEIVED.subject)


def test_a_letter_saved_as_it_was_changes_nothing(ines: Actor) -> None:
    give(composing.shipped("link", "en"), ines, kind="link", language="en")
    assert texts.card("link", "en", by=ines).revision == 0
    assert of_letters(ines) == []


def test_only_who_may_change_settings_changes_letters(app: Flask, noon: datetime, actor: ActorOf) -> None:
    karim = actor(KARIM)
    for deed in (
        lambda: give(RECEIVED, karim),
        lambda: texts.reset("received", "fr", by=karim),
        lambda: texts.cards(by=karim),
        lambda: specimen.send_test("received", "fr", RECEIVED, by=karim),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_no_other_kind_or_language_is_known(ines: Actor) -> None:
    for kind, language in (("campaign", "fr"), ("received", "de")):
        with pytest.raises(NotFound):
            give(RECEIVED, ines, kind=kind, language=language)
        with pytest.raises(NotFound):
            texts.card(kind, language, by=ines)


def test_a_test_goes_to_whoever_asks_marked_as_one_and_only_so_often(ines: Actor) -> None:
    for _ in range(specimen.TESTS_AN_HOUR):
        assert specimen.send_test("received", "fr", RECEIVED, by=ines) == INES.email
    assert last().subject == "[Essai] Bien reçu, nº 4182"
    assert last().to == INES.email
    with pytest.raises(Conflict):
        specimen.send_test("received", "fr", RECEIVED, by=ines)
    clock.advance(timedelta(hours=1, minutes=1))
    specimen.send_test("received", "en", composing.shipped("received", "en"), by=ines)
    assert last().subject.startswith("[Test] Your request")
