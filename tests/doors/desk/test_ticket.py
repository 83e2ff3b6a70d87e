"""The page of one request."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from app.catalogue import service as catalogue
from app.kernel import clock, work
from app.kernel.access import SYSTEM, Actor, spectator
from app.kernel.transaction import begun
from app.people import service as people
from app.people.service import Writer
from app.tickets import access, conversation, handling, holding, opening, placing
from app.tickets.conversation import Word
from app.tickets.files import StoredFile, store
from app.tickets.opening import Opened
from app.tickets.states import State
from tests.cast import ADELE, HUGO, KARIM, LEA, NADIA, SAMI, STRANGER, Character
from tests.doors.desk.steps import lines, page, press, seen, statements, told
from tests.makers import a_draft, a_ticket

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]


def test_what_was_said_is_read(address: str, karim: FlaskClient) -> None:
    html = page(karim, address)
    assert "Bonjour, je souhaite être remboursée" in html
    assert "Léa Fontanel" in html
    assert LEA in html


def test_opening_it_takes_the_mark_of_unread_away(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    assert seen(actor(KARIM), ticket.number).unread
    page(karim, address)
    assert not seen(actor(KARIM), ticket.number).unread


def test_who_handles_no_requests_may_not_enter(address: str, sign_in: SignIn) -> None:
    page(sign_in(SAMI), address, 403)


@pytest.mark.parametrize("part", ["", "/historique", "/promesses", "/impression", "/reponses-types", "/suivante",
                                  "/reponses-types/1", "/articles/show-cancelled", "/fichiers/1"])  # fmt: skip
def test_for_another_department_nothing_of_it_exists(address: str, sign_in: SignIn, part: str) -> None:
    page(sign_in(HUGO), address + part, 404)


def test_a_number_nobody_has_does_not_exist(karim: FlaskClient) -> None:
    page(karim, "/regie/demandes/123456", 404)
    page(karim, "/regie/demandes/99999999999999999999", 404)


def test_hostile_words_stay_words(karim: FlaskClient) -> None:
    opened = a_ticket(body='<script>alert(1)</script> "><img src=x>', subject="<b>gras</b>", name="<i>Léa</i>")
    html = page(karim, f"/regie/demandes/{opened.number}")
    assert "<script>alert" not in html
    assert "<b>gras" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Bonjour, je souhaite être remboursée de mes deux places.", "Remboursement</dt><dd>Demandé<"),
        ("Bonjour, à quelle heure ouvrent les portes samedi soir ?", "Remboursement</dt><dd>Pas demandé<"),
    ],
)
def test_it_says_whether_money_is_asked_back(karim: FlaskClient, body: str, said: str) -> None:
    opened = a_ticket(body=body)
    assert "Remboursement</dt>" not in page(karim, f"/regie/demandes/{opened.number}")
    work.run_due()
    assert said in page(karim, f"/regie/demandes/{opened.number}")


def test_notes_are_yellow_and_say_who_sees_them(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    conversation.note(ticket.ticket_id, Word(body="Très courtois."), by=actor(NADIA))
    html = page(karim, address)
    assert 'class="msg note"' in html
    assert NADIA.name in html


def test_a_held_message_waits_for_a_decision(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    message_id = hold(ticket)
    assert f"{address}/messages/{message_id}" in page(karim, address)
    assert "1 courriel traité" in told(karim, press(karim, f"{address}/messages/{message_id}", do="accept"))
    word = seen(actor(KARIM), ticket.number).said[-1]
    assert (word.held, word.kind, word.body) == (False, "spectator", "C’est moi, son mari.")


def test_a_refused_message_leaves_only_a_line(address: str, ticket: Opened, karim: FlaskClient) -> None:
    press(karim, f"{address}/messages/{hold(ticket)}", do="refuse")
    html = page(karim, address)
    assert "son mari" not in html
    assert 'class="sys"' in html


def hold(ticket: Opened) -> int:
    with begun():
        author = people.recognise([Writer(STRANGER)])[STRANGER]
        row = access.desk_card(SYSTEM, ticket.ticket_id)
        return holding.held(row, Word(body="C’est moi, son mari.", author_id=author), by=SYSTEM)


def test_a_file_leaves_as_a_download_that_runs_nothing(karim: FlaskClient) -> None:
    content = b"<html><script>alert(1)</script>"
    stored = store("lettre «été».html", "text/html", content)
    opened = a_ticket_with(stored)
    link = re.search(r'href="(/regie/demandes/\d+/fichiers/\d+)"', page(karim, f"/regie/demandes/{opened.number}"))
    assert link is not None
    answer = karim.get(link[1])
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "application/octet-stream"


def test_a_file_is_not_found_under_another_request(karim: FlaskClient, ticket: Opened) -> None:
    opened = a_ticket_with(store("a.txt", "text/plain", b"a"))
    link = re.search(r"fichiers/(\d+)", page(karim, f"/regie/demandes/{opened.number}"))
    assert link is not None
    page(karim, f"/regie/demandes/{ticket.number}/fichiers/{link[1]}", 404)


def a_ticket_with(file: StoredFile) -> Opened:
    draft = a_draft()
    return opening.open_ticket(
        opening.Draft(email=draft.email, body=draft.body, files=(file,)), by=spectator(None, door="portal")
    )


def test_why_the_deadline_is_told_line_by_line(address: str, karim: FlaskClient) -> None:
    whole = page(karim, f"{address}/promesses")
    part = karim.get(f"{address}/promesses", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert part.count("<li") == 2
    assert "<html" not in part
    assert part.strip()[:40] in whole


def test_its_history_names_who_did_what(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    placing.assign(ticket.ticket_id, actor(NADIA).person_id, by=actor(KARIM))
    handling.tag(ticket.ticket_id, add=["presse"], by=actor(KARIM))
    html = page(karim, f"{address}/historique")
    assert KARIM.name in html
    assert NADIA.name in html
    assert "+presse" in html


def test_paper_shows_notes_only_when_asked(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    conversation.note(ticket.ticket_id, Word(body="Entre nous."), by=actor(KARIM))
    assert "Entre nous." not in page(karim, f"{address}/impression")
    assert "Entre nous." in page(karim, f"{address}/impression?notes=1")


def test_what_was_refused_is_on_no_paper(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    holding.decide(hold(ticket), "refuse", by=actor(KARIM))
    for notes in ("0", "1"):
        assert "son mari" not in page(karim, f"{address}/impression?notes={notes}")


def test_the_next_and_the_previous_follow_the_list(karim: FlaskClient, ticket: Opened, noon: datetime) -> None:
    with clock.frozen_at(noon + timedelta(minutes=5)):
        second = a_ticket(type="refund_cancelled")
    onward = karim.get(f"/regie/demandes/{ticket.number}/suivante?vue=todo").headers["Location"]
    back = karim.get(f"/regie/demandes/{second.number}/precedente?vue=todo").headers["Location"]
    assert onward == f"/regie/demandes/{second.number}?vue=todo"
    assert back == f"/regie/demandes/{ticket.number}?vue=todo"


def test_alone_in_its_list_it_leads_back(karim: FlaskClient, address: str) -> None:
    assert karim.get(f"{address}/suivante?vue=todo").headers["Location"] == "/regie/file/todo"


def test_its_place_in_the_list_is_told(karim: FlaskClient, ticket: Opened, noon: datetime) -> None:
    with clock.frozen_at(noon + timedelta(minutes=5)):
        second = a_ticket(type="refund_cancelled")
    html = page(karim, f"/regie/demandes/{second.number}?vue=todo")
    assert re.search(r"\b2 (of|sur) 2\b", html)


def test_requests_beside_it_are_shown(karim: FlaskClient, ticket: Opened, address: str) -> None:
    other = a_ticket(subject="Une autre question")
    assert f"/regie/demandes/{other.number}" in page(karim, address)


def test_requests_beside_it_out_of_sight_are_not(karim: FlaskClient, address: str, ticket: Opened) -> None:
    other = a_ticket(subject="Une autre question", department="it")
    assert str(other.number) not in page(karim, address)


def test_a_canned_answer_comes_filled(karim: FlaskClient, address: str) -> None:
    listed = re.search(r'data-insert-url="([^"]+)"', lines(karim, address))
    assert listed is not None
    answer = karim.get(listed[1])
    assert answer.json is not None
    assert "Léa Fontanel" in answer.json["text"]
    assert answer.json["canned"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_palette_offers_the_likely_canned_answers_first(karim: FlaskClient, address: str, actor: Act) -> None:
    number = int(address.rsplit("/", 1)[1])
    likely = {card.title_fr for card in catalogue.canned_for(seen(actor(KARIM), number).category)}
    offered = re.findall(r"<b>([^<]+)</b>", lines(karim, address))
    assert len(offered) == len(catalogue.canned())
    assert likely
    assert {html.unescape(title) for title in offered[: len(likely)]} == likely


def test_a_canned_answer_fills_the_composer_without_scripts(karim: FlaskClient, address: str) -> None:
    link = re.search(r'href="(/regie/demandes/\d+\?reponse=\d+[^"]*)"', page(karim, f"{address}/reponses-types"))
    assert link is not None
    html = page(karim, link[1].replace("&amp;", "&"))
    assert "Bonjour Léa Fontanel" in re.search(r'name="reply"[^>]*>(.*?)</textarea>', html, re.S)[1]  # type: ignore[index]


def test_a_draft_is_kept_for_each_tab(karim: FlaskClient, address: str, sign_in: SignIn) -> None:
    for kind in ("reply", "note"):
        answer = press(karim, f"{address}/brouillon/{kind}", **{kind: f"Texte {kind}"})
        assert answer.status_code == 200
    html = page(karim, address)
    assert "Texte reply</textarea>" in html
    assert "Texte note</textarea>" in html
    assert "Texte" not in page(sign_in(NADIA), address)


def test_a_draft_of_another_kind_does_not_exist(karim: FlaskClient, address: str) -> None:
    assert press(karim, f"{address}/brouillon/autre", reply="x").status_code == 404


def test_colleagues_see_each_other(karim: FlaskClient, sign_in: SignIn, address: str) -> None:
    nadia = sign_in(NADIA)
    press(nadia, f"{address}/presence?seen=0")
    html = press(karim, f"{address}/presence?seen=999").get_data(as_text=True)
    assert NADIA.name in html
    assert KARIM.name not in html


def test_a_colleague_gone_for_a_minute_is_gone(sign_in: SignIn, address: str, noon: datetime) -> None:
    nadia, karim = sign_in(NADIA), sign_in(KARIM)
    press(nadia, f"{address}/presence?seen=0")
    with clock.frozen_at(noon + timedelta(seconds=61)):
        assert NADIA.name not in press(karim, f"{address}/presence?seen=9").get_data(as_text=True)


def test_a_new_word_is_told_to_who_looks(karim: FlaskClient, address: str, ticket: Opened) -> None:
    seen_id = ticket.message_id
    assert address not in press(karim, f"{address}/presence?seen={seen_id}").get_data(as_text=True)
    conversation.write_again(
        ticket.ticket_id, Word(body="J’oubliais"), by=spectator(None, door="portal", ticket_id=ticket.ticket_id)
    )
    assert address in press(karim, f"{address}/presence?seen={seen_id}").get_data(as_text=True)


def test_presence_without_a_place_is_refused(karim: FlaskClient, address: str) -> None:
    assert press(karim, f"{address}/presence?seen=abc").status_code == 422


def test_a_short_and_a_long_thread_cost_the_same(karim: FlaskClient, address: str, ticket: Opened, actor: Act) -> None:
    conversation.answer(ticket.ticket_id, Word(body="Oui."), then=State.OPEN, by=actor(KARIM))
    short = statements(karim, address)
    for place in range(12):
        conversation.answer(ticket.ticket_id, Word(body=f"Réponse {place}"), by=actor(KARIM))
    assert statements(karim, address) == short <= 10


def test_the_one_who_works_everywhere_may_move_it(sign_in: SignIn, address: str) -> None:
    assert f"{address}/service" in page(sign_in(ADELE), address)
