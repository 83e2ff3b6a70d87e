"""The pages of an answer to a crowd: write, preview, start, watch, correct, stop; bad input kept, no fault ever."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.incidents import answering, declaring, held
from app.incidents.models import CrowdAnswer, CrowdRecipient, IncidentTicket
from app.kernel import work
from app.kernel.access import Actor
from app.kernel.db import session
from app.mail import sending
from app.people import service as people
from app.tickets import conversation
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from tests.cast import INES, KARIM, SAMI, Character
from tests.crowds import a_crowd, a_written_answer, an_incident
from tests.doors.desk import steps

Act = Callable[[Character], Actor]
SignIn = Callable[[Character], FlaskClient]
TEXTS = {
    "text_fr": "Bonjour {{name}}, annulé.",
    "text_en": "Dear {{name}}, cancelled.",
    "then": "solved",
    "stands": "crowd",
}


@pytest.fixture
def incident(app: Flask, noon: datetime, actor: Act) -> int:
    made = an_incident(actor(INES))
    a_crowd(made, 20)
    return made


def post(browser: FlaskClient, address: str, **fields: object):  # type: ignore[no-untyped-def]
    page = browser.get(address.replace("/depart", "").rsplit("/pause", 1)[0]).get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    return browser.post(address, data={"csrf_token": token, **fields})


def worked() -> None:
    session.rollback()  # what was read before would hide the work that a page left
    work.run_due()


def leave() -> None:
    """Every e-mail that waits leaves: whoever it is for has been told."""
    session.rollback()
    while sending.send_due():
        work.run_due()


def row_of(answer: int) -> CrowdAnswer:
    session.rollback()
    return session.get_one(CrowdAnswer, answer, populate_existing=True)


def drafted(browser: FlaskClient, incident: int, **changed: object) -> int:
    answer = post(browser, f"/regie/incidents/{incident}/reponse", **{**TEXTS, **changed})
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    return int(answer.location.partition("a=")[2].partition("#")[0])


def test_a_new_answer_begins_with_what_everybody_is_told(incident: int, sign_in: SignIn) -> None:
    page = sign_in(INES).get(f"/regie/incidents/{incident}/reponse").get_data(as_text=True)
    assert "La représentation est annulée." in page
    assert "The show is cancelled." in page


def test_what_is_written_is_kept_and_previewed_and_nobody_is_told(incident: int, sign_in: SignIn) -> None:
    browser = sign_in(INES)
    answer = drafted(browser, incident)
    page = browser.get(f"/regie/incidents/{incident}/reponse?a={answer}").get_data(as_text=True)
    assert "Bonjour Personne 0, annulé." in page
    assert "Dear Personne 4, cancelled." in page
    assert "20" in page
    assert session.query(CrowdRecipient).count() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text_en": " "}, "text_en"), ({"text_fr": "Bonjour {{prenom}}"}, "text_fr"), ({"text_fr": "x" * 5000}, "text_fr"),
        ({"then": "meteor"}, "then"), ({"stands": []}, "stands"), ({"since": "hier"}, "since"),
        ({"since": "2026-11-10T10:00", "until": "2026-11-09T10:00"}, "until"), ({"without": "12 abc"}, "without"),
        ({"languages": "xx"}, "languages"), ({"order": "peut-être"}, "order"), ({"channels": "pigeon"}, "channels"),
        ({"since": "0001-01-01T00:00"}, "since"), ({"until": "9999-12-31T23:59"}, "until"),
        ({"reasons": "\x00"}, "reasons"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_next_to_its_field_and_kept(
    incident: int, sign_in: SignIn, changed: dict[str, object], field: str
) -> None:
    browser = sign_in(INES)
    given = {**TEXTS, "text_en": "Kept word for word.", **changed}
    answer = post(browser, f"/regie/incidents/{incident}/reponse", **given)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in page
    if field != "text_en":
        assert "Kept word for word." in page
    assert session.query(CrowdAnswer).count() == 0


def test_what_a_text_names_and_some_lack_is_told_with_how_many_before_anybody_is(
    incident: int, sign_in: SignIn
) -> None:
    browser = sign_in(INES)
    answer = drafted(browser, incident, text_fr="Commande {{order}} pour {{show}}.", text_en="Cancelled.")
    page = browser.get(f"/regie/incidents/{incident}/reponse?a={answer}").get_data(as_text=True)
    assert "4 personnes la reçoivent" in page
    assert re.search(r"<code>\{\{order\}\}</code> · 16\spersonnes", page)
    assert re.search(r"<code>\{\{show\}\}</code> · 16\spersonnes", page)
    refused = post(browser, f"/regie/incidents/{incident}/reponse", **{**TEXTS, "text_fr": "Bonjour {prénom},"})
    page = refused.get_data(as_text=True)
    assert (refused.status_code, "Bonjour {prénom}," in page) == (422, True)
    assert "accolade" in page


def test_numbers_that_are_no_request_of_the_incident_are_told(incident: int, sign_in: SignIn) -> None:
    browser = sign_in(INES)
    answer = drafted(browser, incident, without="9999999")
    page = browser.get(f"/regie/incidents/{incident}/reponse?a={answer}").get_data(as_text=True)
    assert "9999999." in page


def test_a_press_starts_it_and_a_second_press_shows_it(incident: int, sign_in: SignIn) -> None:
    browser = sign_in(INES)
    answer = drafted(browser, incident)
    for _ in range(2):
        done = post(browser, f"/regie/incidents/{incident}/reponse/depart", answer=answer, version=1)
        assert done.status_code == 303
        assert done.location.endswith(f"/reponses/{answer}")
    worked()
    page = browser.get(f"/regie/incidents/{incident}/reponses/{answer}").get_data(as_text=True)
    assert 'hx-trigger="every 4s"' in page
    assert session.query(CrowdRecipient).filter_by(state="said").count() == 5


def started(browser: FlaskClient, incident: int) -> str:
    answer = drafted(browser, incident)
    post(browser, f"/regie/incidents/{incident}/reponse/depart", answer=answer, version=1)
    worked()
    return f"/regie/incidents/{incident}/reponses/{answer}"


def press(browser: FlaskClient, at: str, button: str, **fields: object):  # type: ignore[no-untyped-def]
    page = browser.get(at).get_data(as_text=True)
    shown = {name: page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("csrf_token", "act")}
    return browser.post(f"{at}/{button}", data={**shown, **fields})


def test_pause_resume_go_on_and_stop(incident: int, sign_in: SignIn) -> None:
    browser = sign_in(INES)
    at = started(browser, incident)
    answer = int(at.rpartition("/")[2])
    assert press(browser, at, "suite", version=1).status_code == 409  # somebody else has looked meanwhile
    assert press(browser, at, "pause").status_code == 303
    assert row_of(answer).state == "paused"
    assert press(browser, at, "pause").status_code == 409
    assert press(browser, at, "reprise", version=row_of(answer).version).status_code == 303
    worked()
    assert press(browser, at, "suite", version=row_of(answer).version).status_code == 303
    worked()
    assert row_of(answer).wave == 2
    assert press(browser, at, "arret", back="1").status_code == 303
    worked()
    assert row_of(answer).state == "stopped"
    page = browser.get(f"{at}?liste=skipped").get_data(as_text=True)
    assert 'hx-trigger="every 4s"' not in page
    assert press(browser, at, "arret").status_code == 409


def test_who_was_answered_by_hand_is_named_and_may_be_told_too(incident: int, sign_in: SignIn, actor: Act) -> None:
    (ticket_id,) = session.query(IncidentTicket.ticket_id).order_by(IncidentTicket.id).first()
    card = tickets.cards([ticket_id])[ticket_id]
    conversation.answer(ticket_id, Word(body="À la main."), by=actor(INES))
    browser, answer = sign_in(INES), a_written_answer(incident, actor(INES))
    page = browser.get(f"/regie/incidents/{incident}/reponse?a={answer}").get_data(as_text=True)
    assert "1 personne a reçu une réponse à la main" in page
    assert f'<a href="/regie/demandes/{card.number}">{card.number}</a> Personne 0' in page
    answer = a_written_answer(incident, actor(INES), answered=True)
    page = browser.get(f"/regie/incidents/{incident}/reponse?a={answer}").get_data(as_text=True)
    assert "20 personnes la reçoivent" in page
    assert "réponse à la main</summary>" not in page


def test_a_page_says_how_many_e_mails_were_kept_back_and_how_many_had_left(incident: int, sign_in: SignIn) -> None:
    browser = sign_in(INES)
    at = started(browser, incident)
    leave()
    assert press(browser, at, "suite", version=row_of(int(at.rpartition("/")[2])).version).status_code == 303
    worked()
    press(browser, at, "pause")
    page = " ".join(browser.get(at).get_data(as_text=True).split())
    assert "2 courriels ont été retenus avant leur départ. 5 étaient déjà partis, ou le sont peut-être." in page
    timeline = browser.get(f"/regie/incidents/{incident}").get_data(as_text=True)
    assert "5 personnes prévenues · 2 courriels retenus" in timeline
    press(browser, at, "reprise", version=row_of(int(at.rpartition("/")[2])).version)
    assert "retenus" not in browser.get(at).get_data(as_text=True).partition("waves-t")[0]


@pytest.mark.parametrize("button", ["pause", "arret"])
def test_who_looks_at_an_old_page_neither_pauses_nor_stops_what_a_colleague_resumed(
    incident: int, sign_in: SignIn, button: str
) -> None:
    browser = sign_in(INES)
    at = started(browser, incident)
    answer = int(at.rpartition("/")[2])
    old = browser.get(at).get_data(as_text=True).partition('name="act" value="')[2].partition('"')[0]
    press(browser, at, "pause")
    press(browser, at, "reprise", version=row_of(answer).version)
    refused = press(browser, at, button, act=old)
    assert refused.status_code == 409
    assert "Quelqu’un" in refused.get_data(as_text=True)
    assert row_of(answer).state == "running"
    worked()
    assert row_of(answer).state == "held"
    old = browser.get(at).get_data(as_text=True).partition('name="act" value="')[2].partition('"')[0]
    press(browser, at, "suite", version=row_of(answer).version)
    assert press(browser, at, button, act=old).status_code == 409
    worked()
    seen = browser.get(at).get_data(as_text=True).partition('name="act" value="')[2].partition('"')[0]
    assert press(browser, at, button, act=seen).status_code == 303, "what the worker did since is no change of mind"


def test_a_correction_is_kept_and_a_bad_one_answered_beside_its_field(incident: int, sign_in: SignIn) -> None:
    browser = sign_in(INES)
    at = started(browser, incident)
    answer = press(browser, at, "correction", text_fr="Plutôt {{ceci}}", text_en="Rather this", revision=1)
    assert answer.status_code == 422
    assert "Rather this" in answer.get_data(as_text=True)
    leave()
    words = {"text_fr": "Plutôt ceci", "text_en": "Rather this"}
    assert press(browser, at, "correction", **words, revision=1).status_code == 303
    assert press(browser, at, "correction", **words, revision=1).status_code == 409
    page = browser.get(at).get_data(as_text=True)
    assert "corrige=" in page
    page = browser.get(f"{at.rpartition('/reponses')[0]}/reponse?corrige={at.rpartition('/')[2]}").get_data(
        as_text=True
    )
    assert "Plutôt ceci" in page
    assert 'value="same"' in page


def test_a_part_of_the_page_is_asked_for_while_it_goes(incident: int, sign_in: SignIn) -> None:
    browser = sign_in(INES)
    at = started(browser, incident)
    part = browser.get(f"{at}/etat", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert part.lstrip().startswith('<div class="stack g4" id="etat"')
    assert "gmail.example" in part


def test_people_who_must_be_telephoned_are_listed_with_their_number(incident: int, sign_in: SignIn) -> None:
    people.mark_undeliverable("personne1@orange.example", "5.1.1")
    browser = sign_in(INES)
    at = started(browser, incident)
    page = browser.get(f"{at}?liste=skipped").get_data(as_text=True)
    assert "Personne 1" in page
    rows = list(csv.DictReader(StringIO(browser.get(f"{at}/personnes.csv", buffered=True).get_data(as_text=True))))
    assert len(rows) == 20
    assert [row["name"] for row in rows if row["why"] == "no_address"] == ["Personne 1"]
    assert sum(row["state"] == "said" for row in rows) == 5


def test_who_takes_the_list_of_people_out_of_the_house_is_noted(
    incident: int, sign_in: SignIn, actor: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("app.desk.crowd_progress"), "AT_ONCE", 6)
    seen: list[str] = []
    monkeypatch.setattr(people, "note_export", lambda what, *, by: seen.append(f"{what} {by.person_id}"))
    browser = sign_in(INES)
    at = started(browser, incident)
    answer = browser.get(f"{at}/personnes.csv", buffered=True)
    rows = list(csv.DictReader(StringIO(answer.get_data(as_text=True))))
    assert len({row["request"] for row in rows}) == len(rows) == 20
    assert seen == [f"personnes-{at.rpartition('/')[2]} {actor(INES).person_id}"]


def test_an_agent_may_look_and_press_nothing(incident: int, sign_in: SignIn, actor: Act) -> None:
    at = started(sign_in(INES), incident)
    browser = sign_in(KARIM)
    page = browser.get(at)
    assert page.status_code == 200
    assert f'action="{at}' not in page.get_data(as_text=True)
    assert browser.get(f"/regie/incidents/{incident}/reponse").status_code == 403
    assert browser.get(f"{at}/personnes.csv").status_code == 403
    for button in ("pause", "reprise", "suite", "arret", "correction"):
        assert browser.post(f"{at}/{button}").status_code in {400, 403}
    assert sign_in(SAMI).get(at).status_code == 403


@pytest.mark.parametrize("address", ["/reponse", "/reponses/1", "/reponses/1/etat", "/reponses/1/personnes.csv"])
def test_what_is_not_there_is_not_found(app: Flask, sign_in: SignIn, address: str) -> None:
    assert sign_in(INES).get(f"/regie/incidents/77{address}").status_code == 404


def test_an_answer_of_another_incident_is_not_found(incident: int, sign_in: SignIn, actor: Act) -> None:
    other = an_incident(actor(INES), word="aida")
    answer = a_written_answer(other, actor(INES))
    assert sign_in(INES).get(f"/regie/incidents/{incident}/reponses/{answer}").status_code == 404


def test_an_incident_that_ended_takes_no_answer_and_keeps_what_was_typed(
    incident: int, sign_in: SignIn, actor: Act
) -> None:
    browser = sign_in(INES)
    answer = drafted(browser, incident)
    declaring.end(incident, "over", by=actor(INES))
    refused = post(browser, f"/regie/incidents/{incident}/reponse", **{**TEXTS, "text_fr": "Encore un mot."})
    assert refused.status_code == 409
    assert "Encore un mot." in refused.get_data(as_text=True)
    assert post(browser, f"/regie/incidents/{incident}/reponse/depart", answer=answer, version=1).status_code == 409


@pytest.fixture
def taken_back(incident: int, actor: Act) -> int:
    """An incident that did not happen after all, though five people were answered about it."""
    by = actor(INES)
    answering.start(a_written_answer(incident, by), seen_version=1, by=by)
    worked()
    leave()
    declaring.end(incident, "withdrawn", by=by)
    held.forget()
    worked()
    return incident


def sent_from(browser: FlaskClient, page: str, address: str, **fields: object):  # type: ignore[no-untyped-def]
    """A form of a page, sent with its token."""
    held.forget()
    shown = {name: page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("csrf_token", "act")}
    return browser.post(address, data={**shown, **fields})


def test_what_is_taken_back_is_offered_on_its_page_and_every_other_and_sent_by_one_press(
    taken_back: int, sign_in: SignIn
) -> None:
    ines, at = sign_in(INES), f"/regie/incidents/{taken_back}"
    board = steps.page(ines, at)
    assert "5 personnes ont reçu une réponse à ce sujet" in board
    assert "Une correction est préparée" in board
    assert "Une correction attend d’être envoyée" in steps.page(ines, "/regie/file/todo")
    (answer,) = set(re.findall(rf"{at}/reponse\?a=(\d+)", board))
    form = steps.page(ines, f"{at}/reponse?a={answer}")
    assert "Nous vous avions répondu au sujet de" in form
    assert "5 personnes la reçoivent" in form
    assert sent_from(ines, form, f"{at}/reponse/depart", answer=answer, version=1).status_code == 303
    worked()
    done = steps.page(ines, at)
    assert "La correction aux personnes à qui l’on avait répondu" in done
    assert session.query(CrowdRecipient).filter_by(answer_id=int(answer), state="said").count() == 5
    assert "attend d’être envoyée" not in steps.page(ines, "/regie/file/todo")


def test_a_correction_may_be_laid_aside_and_written_anew(taken_back: int, sign_in: SignIn) -> None:
    ines, at = sign_in(INES), f"/regie/incidents/{taken_back}"
    (answer,) = set(re.findall(rf"{at}/reponse\?a=(\d+)", steps.page(ines, at)))
    form = steps.page(ines, f"{at}/reponse?a={answer}")
    assert sent_from(ines, form, f"{at}/reponses/{answer}/arret").status_code == 303
    assert "attend d’être envoyée" not in steps.page(ines, "/regie/file/todo")
    assert f"{at}/reponse?a=0&amp;retire=1" in steps.page(ines, at)
    form = steps.page(ines, f"{at}/reponse?a=0&retire=1")
    assert 'name="retracts" value="1"' in form
    given = {"text_fr": "Elle joue.", "text_en": "It plays.", "then": "same", "stands": ["crowd", "exception"]}
    kept = sent_from(ines, form, f"{at}/reponse", **given, retracts="1")
    assert kept.status_code == 303
    assert "5 personnes la reçoivent" in steps.page(ines, kept.location.partition("#")[0])


def test_of_what_did_not_happen_nothing_else_is_told(taken_back: int, sign_in: SignIn) -> None:
    ines, at = sign_in(INES), f"/regie/incidents/{taken_back}"
    refused = sent_from(ines, steps.page(ines, f"{at}/reponse?a=0"), f"{at}/reponse", **TEXTS)
    assert refused.status_code == 409
    assert "Bonjour {{name}}, annulé." in refused.get_data(as_text=True)


def test_what_is_declared_still_is_not_taken_back(incident: int, sign_in: SignIn) -> None:
    ines, at = sign_in(INES), f"/regie/incidents/{incident}"
    refused = sent_from(
        ines, steps.page(ines, f"{at}/reponse"), f"{at}/reponse", **{**TEXTS, "then": "same"}, retracts="1"
    )
    assert refused.status_code == 409
    assert "toujours déclaré" in refused.get_data(as_text=True)


def test_an_agent_sees_that_a_correction_waits_and_cannot_send_it(taken_back: int, sign_in: SignIn) -> None:
    board = steps.page(sign_in(KARIM), f"/regie/incidents/{taken_back}")
    assert "ont reçu une réponse à ce sujet" in board
    assert "/reponse?a=" not in board
