"""Incidents at the desk: proposed, declared, read, worked on, worded anew, taken down, reported."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app.boxoffice.models import Performance
from app.incidents import answering, belonging, board, declaring, queries, surfaces
from app.incidents.declaring import Telling
from app.incidents.models import Arrival, CrowdAnswer
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db, session
from app.mail import sending
from app.people import service as people
from app.tickets import conversation, handling
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from tests.bill import a_performance, an_order
from tests.cast import ADELE, INES, KARIM, PAUL, SAMI, Character
from tests.crowds import a_crowd, a_written_answer, belong
from tests.doors.desk.steps import lines, page, press, statements, told
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
HERE = "/regie/incidents"
FORM = f"{HERE}/declarer"
TITLE, TEXT = "« Carmen » est annulé", "La scène est inondée. Vous serez remboursés."
WORDS = {"title_fr": TITLE, "title_en": "Carmen is cancelled", "text_fr": TEXT, "text_en": "The stage is flooded."}


@pytest.fixture
def ines(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """A manager."""
    return sign_in(INES)


@pytest.fixture
def show(noon: datetime) -> int:
    row = a_performance("Carmen", "Carmen", noon + timedelta(days=3))
    an_order("VAL-7K3QD", row)
    return row.id


@pytest.fixture
def incident(show: int, actor: Act) -> int:
    return declaring.declare(telling(show), by=actor(INES))


@pytest.fixture
def asked(incident: int, run_jobs: Jobs) -> Opened:
    opened = a_ticket(order_code="VAL-7K3QD", subject="Et nos places ?")
    run_jobs()
    return opened


def telling(show: int, **changed: object) -> Telling:
    return Telling(**{"cause": "cancelled", "performance_id": show, **WORDS, **changed})  # type: ignore[arg-type]


def proposed(show: int, noon: datetime) -> int:
    evidence = {"by": "performance", "key": str(show), "count": 40, "senders": 38, "expected": 3, "minutes": 30}
    minute = int(noon.timestamp() // 60)
    session.add_all(
        Arrival(kind="performance", key=str(show), minute=minute - 5 * step, count=9, senders=step + 1)
        for step in range(10)
    )
    session.commit()
    found = declaring.propose(telling(show), evidence)
    assert found is not None
    return found


def now(incident: int) -> str:
    session.rollback()
    row = queries.incident(incident)
    assert row is not None
    return row.state


def test_a_proposal_is_shown_with_its_evidence_on_every_page_of_the_desk(
    ines: FlaskClient, show: int, noon: datetime
) -> None:
    incident = proposed(show, noon)
    html = page(ines, HERE)
    assert "40 personnes ont écrit à ce sujet en 30 minutes, dont 38 avec un problème" in html.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "<polyline" in html
    assert f"proposition={incident}" in html
    other = page(ines, "/regie/file/todo")
    assert TITLE in other
    assert '<b class="badge">1' in other


def test_a_proposal_is_declared_by_one_press_of_the_form_it_fills(ines: FlaskClient, show: int, noon: datetime) -> None:
    incident = proposed(show, noon)
    form = page(ines, f"{HERE}/declarer?proposition={incident}")
    assert TEXT in form
    fields = {"incident": incident, "version": 1, "cause": "cancelled", "performance": show, **WORDS}
    assert TITLE in told(ines, press(ines, FORM, at=FORM, **fields))
    assert now(incident) == "declared"
    assert [one.id for one in surfaces.declared()] == [incident]


def test_no_incident_is_one_press_too(ines: FlaskClient, show: int, noon: datetime) -> None:
    incident = proposed(show, noon)
    assert "Personne n’a rien appris" in told(ines, press(ines, f"{HERE}/{incident}/fin", how="dismissed"))
    assert now(incident) == "dismissed"


def test_the_form_begins_with_words_from_cause_and_performance_in_both_languages(ines: FlaskClient, show: int) -> None:
    html = unescape(page(ines, f"{HERE}/declarer?cause=postponed&performance={show}"))
    assert "représentation reportée" in html
    assert "performance postponed" in html
    assert f'<option value="{show}" selected>' in html
    assert "vendredi 13" in html


def test_typed_words_stay_when_another_cause_is_chosen_and_first_words_follow_it(ines: FlaskClient, show: int) -> None:
    first = page(ines, f"{HERE}/declarer?cause=cancelled&performance={show}")
    english = unescape(re.findall(r'name="title_en"[^>]*value="([^"]*)"', first)[0])
    fields = {
        "was": f"cancelled:{show}", "cause": "late", "performance": show, **WORDS, "title_fr": "Le mien", "title_en": english,
    }  # fmt: skip
    after = unescape(press(ines, f"{HERE}/mots", **fields).get_data(as_text=True))
    assert 'value="Le mien"' in after
    assert "late start" in after


@pytest.mark.parametrize(("words", "found"), [("carm", 1), ("13 novembre", 1), ("grande salle", 1), ("zzz", 0)])
def test_performances_are_looked_for_by_title_date_and_hall(
    ines: FlaskClient, show: int, words: str, found: int
) -> None:
    html = press(ines, f"{HERE}/dates", search=words).get_data(as_text=True)
    assert html.count(f'<option value="{show}"') == found


def test_what_everybody_would_read_is_shown_while_it_is_typed(ines: FlaskClient, show: int) -> None:
    html = unescape(press(ines, f"{HERE}/apercu", cause="cancelled", performance=show, **WORDS).get_data(as_text=True))
    assert html.count(TEXT) == 3  # band, letter, script
    assert html.count("The stage is flooded.") == 3
    assert "Bien reçu" in html


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"title_fr": " "}, "f-title_fr-e"), ({"text_en": "x" * 2_001}, "f-text_en-e"), ({"cause": "meteor"}, "f-cause-e"),
     ({"performance": "999999"}, "f-performance-e"), ({"performance": ""}, "f-words-e")],
)  # fmt: skip
def test_what_is_wrong_is_told_beside_the_field_and_nothing_typed_is_lost(
    ines: FlaskClient, show: int, changed: dict[str, str], field: str
) -> None:
    fields = {"cause": "cancelled", "performance": show, **WORDS, **changed}
    answer = press(ines, FORM, at=FORM, **fields)
    html = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert f'id="{field}"' in html
    assert "Carmen is cancelled" in html
    assert surfaces.declared() == []


def test_a_colleagues_change_stops_ours_and_keeps_what_was_typed(
    ines: FlaskClient, show: int, incident: int, actor: Act
) -> None:
    declaring.reword(incident, telling(show, text_fr="Mot de l’autre."), by=actor(INES))
    fields = {"version": 1, "cause": "cancelled", "performance": show, **WORDS, "text_fr": "Mon texte à moi."}
    answer = press(ines, f"{HERE}/{incident}/mots", **fields)
    html = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "Mon texte à moi." in html
    assert "a modifié cet incident" in html
    assert [one.text("fr") for one in surfaces.declared()] == ["Mot de l’autre."]


def test_new_words_replace_the_old_and_both_stand_in_the_timeline(ines: FlaskClient, show: int, incident: int) -> None:
    assert "affichés en ce moment" in unescape(page(ines, f"{HERE}/{incident}/mots"))
    fields = {"version": 1, "cause": "cancelled", "performance": show, **WORDS, "text_fr": "Mot nouveau."}
    html = unescape(told(ines, press(ines, f"{HERE}/{incident}/mots", **fields)))
    assert "Mot nouveau." in html
    assert TEXT in html


@pytest.mark.parametrize("given", ["performance=99999999999999999999", "performance=%00", "search=%00", "cause=%00"])
def test_an_address_typed_wrong_shows_the_form(ines: FlaskClient, given: str) -> None:
    assert 'id="incident"' in page(ines, f"{HERE}/declarer?{given}")


@pytest.mark.parametrize(("article", "cause"), [("jamais-ecrit", "other"), ("x" * 60, "cancelled")])
def test_an_article_nobody_wrote_is_told_beside_its_field(
    ines: FlaskClient, show: int, article: str, cause: str
) -> None:
    answer = press(ines, FORM, at=FORM, cause=cause, performance=show, article=article, **WORDS)
    assert answer.status_code == 422
    assert 'id="f-article-e"' in answer.get_data(as_text=True)


def test_what_was_declared_cannot_be_called_no_incident(ines: FlaskClient, incident: int) -> None:
    html = unescape(told(ines, press(ines, f"{HERE}/{incident}/fin", how="dismissed")))
    assert "retirez" in html
    assert now(incident) == "declared"


def test_a_declared_incident_stays_with_its_performance(
    ines: FlaskClient, show: int, incident: int, noon: datetime
) -> None:
    other = a_performance("Tosca", "Tosca", noon + timedelta(days=4)).id
    answer = press(ines, f"{HERE}/{incident}/mots", version=1, cause="cancelled", performance=other, **WORDS)
    assert answer.status_code == 422
    assert 'id="f-performance-e"' in answer.get_data(as_text=True)
    assert surfaces.declared()[0].performance_id == show


def test_a_proposal_worded_anew_is_not_said_to_be_told(ines: FlaskClient, show: int, noon: datetime) -> None:
    incident = proposed(show, noon)
    fields = {"version": 1, "cause": "cancelled", "performance": show, **WORDS, "text_fr": "Mot nouveau."}
    html = unescape(told(ines, press(ines, f"{HERE}/{incident}/mots", **fields)))
    assert "Le public ne voit encore rien" in html


def test_a_second_incident_for_one_performance_leads_to_the_first(ines: FlaskClient, show: int, incident: int) -> None:
    answer = press(ines, FORM, at=FORM, cause="late", performance=show, **WORDS)
    assert answer.status_code == 409
    assert f'href="{HERE}/{incident}"' in answer.get_data(as_text=True)


def test_a_second_incident_that_words_name_as_they_name_the_first_leads_to_it(ines: FlaskClient) -> None:
    fields = {"cause": "sale", "performance": "", **WORDS}
    told(ines, press(ines, FORM, at=FORM, words="Paiement, carte refusée", **fields))
    first = surfaces.declared()[0].id
    answer = press(ines, FORM, at=FORM, words="CARTE  REFUSEE, caisse", **fields)
    html = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "déjà en cours" in html
    assert f'href="{HERE}/{first}"' in html
    assert "CARTE  REFUSEE, caisse" in html
    told(ines, press(ines, FORM, at=FORM, words="caisse", **fields))
    assert len(surfaces.declared()) == 2


@pytest.mark.parametrize("from_proposal", [False, True])
def test_a_form_pressed_twice_declares_one_incident(
    ines: FlaskClient, show: int, noon: datetime, *, from_proposal: bool
) -> None:
    of_proposal = {"incident": proposed(show, noon), "version": 1, "performance": show} if from_proposal else {}
    submission = re.findall(r'name="submission" value="([^"]+)"', page(ines, FORM))[0]
    fields = {"cause": "cancelled", "words": "dégât des eaux", "submission": submission, **WORDS, **of_proposal}
    first, second = (press(ines, FORM, **fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert len(surfaces.declared()) == 1


def test_a_form_that_is_not_ours_or_was_open_too_long_keeps_what_was_typed(ines: FlaskClient, show: int) -> None:
    answer = press(ines, FORM, cause="cancelled", performance=show, submission="x.1.y", **WORDS)
    assert answer.status_code == 422
    html = unescape(answer.get_data(as_text=True))
    assert "restée ouverte trop longtemps" in html
    assert TEXT in html
    assert surfaces.declared() == []


def test_exceptions_stand_on_pages_that_lose_none_and_say_how_many_there_are(
    ines: FlaskClient, incident: int, actor: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "ROWS", 3)
    numbers = [card.number for card in tickets.cards(a_crowd(incident, 8, stands="exception")).values()]
    address, seen, labels = f"{HERE}/{incident}", [], []
    while address:
        html = page(ines, address).replace("\N{NO-BREAK SPACE}", " ")
        seen += [int(number) for number in re.findall(r'data-row="(\d+)"', html)]
        labels += re.findall(r"<span class=\"small soft\">(\d+ à \d+ sur \d+)</span>", html)
        following = re.search(r'rel="next" href="([^"#]+)#exceptions"', html)
        address = unescape(following[1]) if following else ""
    assert sorted(seen) == sorted(numbers)
    assert labels == ["1 à 3 sur 8", "4 à 6 sur 8", "7 à 8 sur 8"]


@pytest.mark.parametrize("place", ["x", "1-", "-1", "1-x", "9" * 30 + "-1", "1-" + "9" * 30, "²-1", "1-1-1"])
def test_a_place_that_is_none_shows_the_first_page_of_exceptions(ines: FlaskClient, incident: int, place: str) -> None:
    (ticket_id,) = a_crowd(incident, 1, stands="exception")
    assert f'data-row="{tickets.cards([ticket_id])[ticket_id].number}"' in page(
        ines, f"{HERE}/{incident}?apres={place}"
    )


def test_beyond_the_last_exception_a_page_leads_to_the_first(ines: FlaskClient, incident: int) -> None:
    a_crowd(incident, 1, stands="exception")
    html = unescape(page(ines, f"{HERE}/{incident}?apres=99999-999999999999999"))
    assert "Depuis le début" in html


def test_the_script_stands_on_every_page_and_beside_the_telephone(karim: FlaskClient, incident: int) -> None:
    for address in ("/regie/file/todo", "/regie/moi", "/regie/recherche"):
        html = page(karim, address)
        assert 'class="told"' in html
        assert TEXT in html
        assert "The stage is flooded." in html
    assert page(karim, "/regie/demandes/nouvelle").count(TEXT) == 2


def test_the_script_is_gone_with_the_incident(karim: FlaskClient, incident: int, actor: Act) -> None:
    declaring.end(incident, "over", by=actor(INES))
    assert TEXT not in page(karim, "/regie/file/todo")


def test_a_request_says_why_it_belongs_and_can_be_taken_out_and_put_back(karim: FlaskClient, asked: Opened) -> None:
    address = f"/regie/demandes/{asked.number}"
    html = unescape(page(karim, address))
    assert "relève de l’incident" in html
    incident = surfaces.declared()[0].id
    where = f"{HERE}/{incident}/demandes/{asked.number}"
    assert "n’y revient jamais" in unescape(told(karim, press(karim, where, do="take_out", back="request")))
    assert "relève de l’incident" in unescape(told(karim, press(karim, where, do="put_in", back="request")))


def test_the_prepared_answer_comes_first_in_the_readers_language(karim: FlaskClient, asked: Opened) -> None:
    address = f"/regie/demandes/{asked.number}"
    incident = surfaces.declared()[0].id
    first = unescape(lines(karim, address)).partition('role="option"')[2].partition("</div>")[0]
    assert TITLE in first
    given = karim.get(f"{address}/reponses-types/incident/{incident}").get_json()
    assert given["text"].startswith("Bonjour,\n\n" + TEXT)
    assert TEXT in unescape(page(karim, f"{address}?reponse=incident-{incident}"))


def test_a_request_of_no_incident_has_no_prepared_answer_of_one(karim: FlaskClient, incident: int) -> None:
    other = a_ticket(email="autre@exemple.fr")
    address = f"/regie/demandes/{other.number}"
    assert TITLE not in unescape(lines(karim, address))
    assert karim.get(f"{address}/reponses-types/incident/{incident}").status_code == 404


def test_exceptions_are_read_one_after_another(
    karim: FlaskClient, show: int, incident: int, asked: Opened, actor: Act, run_jobs: Jobs
) -> None:
    evening = session.get(Performance, show)
    assert evening is not None
    an_order("VAL-22222", evening, email="autre@exemple.fr")
    other = a_ticket(order_code="VAL-22222", email="autre@exemple.fr", subject="Une autre")
    run_jobs()
    for one in (asked, other):
        belonging.pull_out(incident, one.ticket_id, by=actor(KARIM))
    html = unescape(page(karim, f"{HERE}/{incident}"))
    assert "Sortie par un collègue" in html
    assert f"/regie/demandes/{asked.number}?incident={incident}" in html
    mark = unescape(page(karim, "/regie/file/todo"))
    assert "Sortie par un collègue" in mark
    here = page(karim, f"/regie/demandes/{asked.number}?incident={incident}")
    assert "1 sur 2" in here
    step = karim.get(f"/regie/demandes/{asked.number}/suivante?incident={incident}")
    assert step.headers["Location"].startswith(f"/regie/demandes/{other.number}?")
    back = told(karim, press(karim, f"{HERE}/{incident}/demandes/{asked.number}", do="settle"))
    assert f"Demande {asked.number} réglée" in unescape(back)


@pytest.mark.parametrize("what", ["solve", "mark_spam"])
def test_an_exception_that_is_over_is_no_longer_to_be_read(
    karim: FlaskClient, incident: int, asked: Opened, actor: Act, what: str
) -> None:
    belonging.pull_out(incident, asked.ticket_id, by=actor(KARIM))
    assert [one.number for one in board.exceptions(incident, by=actor(KARIM)).rows] == [asked.number]
    getattr(handling, what)(asked.ticket_id, by=actor(KARIM))
    assert board.exceptions(incident, by=actor(KARIM)).rows == []
    assert board.position(incident, asked.ticket_id, by=actor(KARIM))[1] == 0


def test_the_crowd_says_who_and_why(karim: FlaskClient, incident: int, asked: Opened) -> None:
    html = unescape(page(karim, f"{HERE}/{incident}/foule"))
    assert "Et nos places ?" in html
    assert "sa commande ou son formulaire" in html or "le code d’une commande" in html
    assert "sûr à" in html
    page(karim, f"{HERE}/{incident}/foule?vue=ailleurs", 404)


def test_several_requests_of_one_person_fold_and_unfold(
    karim: FlaskClient, incident: int, asked: Opened, run_jobs: Jobs
) -> None:
    a_ticket(order_code="VAL-7K3QD", subject="Encore moi")
    run_jobs()
    where = f"{HERE}/{incident}/demandes/{asked.number}"
    if board.numbers_of(incident).folded == 0:
        assert "1 demande repliée" in unescape(told(karim, press(karim, where, do="fold", back="crowd")))
    session.rollback()
    assert board.numbers_of(incident).folded == 1
    assert "autre demande" in unescape(page(karim, f"/regie/demandes/{asked.number}"))
    press(karim, where, do="unfold", back="request")
    session.rollback()
    assert board.numbers_of(incident).folded == 0


def test_taking_down_says_what_follows_and_takes_all_of_it_down(
    ines: FlaskClient, incident: int, asked: Opened, run_jobs: Jobs
) -> None:
    assert "1 demande de la foule" in unescape(page(ines, f"{HERE}/{incident}/fin"))
    told(ines, press(ines, f"{HERE}/{incident}/fin", how="withdrawn"))
    assert now(incident) == "withdrawn"
    again = press(ines, f"{HERE}/{incident}/fin", how="over")
    assert "terminé" in unescape(told(ines, again))
    assert now(incident) == "withdrawn"


def test_what_plays_after_all_days_after_it_was_over_is_withdrawn_from_its_page(
    ines: FlaskClient, incident: int, asked: Opened, run_jobs: Jobs, actor: Act, noon: datetime, sign_in: SignIn
) -> None:
    answering.start(a_written_answer(incident, actor(INES)), seen_version=1, by=actor(INES))
    run_jobs()
    while sending.send_due():  # whom no e-mail has told anything yet, none has to set right
        run_jobs()
    told(ines, press(ines, f"{HERE}/{incident}/fin", how="over"))
    run_jobs()
    assert now(incident) == "over"
    with clock.frozen_at(noon + timedelta(days=2)):
        ines = sign_in(INES)
        form = unescape(page(ines, f"{HERE}/{incident}/fin"))
        # Nothing is left to choose between: it is over already, and no incident it can be no more.
        assert '<input type="hidden" name="how" value="withdrawn">' in form
        assert 'type="radio"' not in form
        assert press(ines, f"{HERE}/{incident}/fin", how="dismissed").status_code == 303
        assert now(incident) == "over"
        html = unescape(told(ines, press(ines, f"{HERE}/{incident}/fin", how="withdrawn")))
        assert "Cela compte comme n’ayant pas eu lieu" in html
        run_jobs()
        assert now(incident) == "withdrawn"
        (correction,) = corrections()
        assert f"{HERE}/{incident}/reponse" in unescape(page(ines, f"{HERE}/{incident}"))
        told(ines, press(ines, f"{HERE}/{incident}/fin", how="withdrawn"))
        run_jobs()
        assert corrections() == [correction]


def corrections() -> list[int]:
    session.rollback()
    return [row.id for row in session.query(CrowdAnswer) if row.filters.get("retracts")]


def test_the_report_counts_and_is_saved_as_a_file(
    ines: FlaskClient, incident: int, asked: Opened, run_jobs: Jobs, actor: Act, noon: datetime
) -> None:
    with clock.frozen_at(noon + timedelta(minutes=30)):
        conversation.answer(asked.ticket_id, Word(body="Vous serez remboursée."), by=actor(KARIM))
    with clock.frozen_at(noon + timedelta(hours=2)):
        declaring.end(incident, "over", by=actor(INES))
        html = unescape(page(ines, f"{HERE}/{incident}/bilan")).replace("\N{NO-BREAK SPACE}", " ")
    assert "30 min" in html
    assert "<polyline" in html
    file = ines.get(f"{HERE}/{incident}/bilan.csv", buffered=True).get_data(as_text=True)
    assert "number,people,1" in file
    assert "minutes,to_answer,30" in file
    assert "told,letters,1" in file


def test_the_report_says_what_forecasts_learnt_and_what_editors_were_given_and_their_list_says_whence(
    ines: FlaskClient, incident: int, asked: Opened, run_jobs: Jobs, actor: Act, sign_in: SignIn
) -> None:
    belonging = [a_ticket(email=f"p{place}@exemple.fr", body="Le vestiaire ?").ticket_id for place in range(3)]
    run_jobs()
    belong(incident, [one for one in belonging if not queries.memberships([one])])
    declaring.end(incident, "over", by=actor(INES))
    assert "Pas encore gardé" in unescape(page(ines, f"{HERE}/{incident}/bilan"))
    run_jobs()
    html = unescape(page(ines, f"{HERE}/{incident}/bilan"))
    assert "4 personnes sur 1 foyer concerné." in html
    assert "1 mot de la liste ci-dessous est donné aux rédacteurs." in html
    assert "/regie/pilotage#days" in html
    assert "taught,day_0,4" in ines.get(f"{HERE}/{incident}/bilan.csv", buffered=True).get_data(as_text=True)
    shelf = unescape(page(sign_in(PAUL), "/regie/base"))
    assert f"Demandé pendant l’incident {TITLE} · 3 personnes" in shelf
    assert f'Demandé pendant l’incident <a href="{HERE}/{incident}/bilan">{TITLE}</a>' in unescape(
        page(sign_in(ADELE), "/regie/base")
    )


def test_who_takes_the_report_out_of_the_house_is_noted(
    ines: FlaskClient, incident: int, actor: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(people, "note_export", lambda what, *, by: seen.append(what))
    declaring.end(incident, "over", by=actor(INES))
    assert "number,people" in ines.get(f"{HERE}/{incident}/bilan.csv", buffered=True).get_data(as_text=True)
    assert seen == [f"bilan-{incident}"]


def test_there_is_no_report_while_it_lasts(ines: FlaskClient, incident: int) -> None:
    assert "bilan" in unescape(told(ines, ines.get(f"{HERE}/{incident}/bilan")))


@pytest.mark.parametrize("address", [f"{HERE}/declarer", f"{HERE}/1/mots", f"{HERE}/1/fin"])
def test_agents_read_and_work_but_do_not_declare(karim: FlaskClient, incident: int, address: str) -> None:
    page(karim, HERE)
    page(karim, f"{HERE}/{incident}")
    page(karim, address, 403)
    assert press(karim, address).status_code == 403
    assert "Déclarer un incident" not in page(karim, HERE)


@pytest.mark.parametrize("who", [SAMI, PAUL])
def test_others_see_nothing_of_it(sign_in: SignIn, incident: int, noon: datetime, who: Character) -> None:
    browser = sign_in(who)
    page(browser, HERE, 403)
    assert TEXT not in page(browser, "/regie/moi")


def test_a_list_costs_no_more_statements_the_more_belong(
    karim: FlaskClient, incident: int, asked: Opened, run_jobs: Jobs
) -> None:
    few = statements(karim, f"{HERE}/{incident}")
    for number in range(6):
        a_ticket(order_code="VAL-7K3QD", body=f"Encore {number}")
    run_jobs()
    assert statements(karim, f"{HERE}/{incident}") <= few + 1  # what every process remembers may grow old meanwhile


def test_no_page_of_an_incident_reads_a_whole_table_for_each_request_of_its_crowd(
    ines: FlaskClient, incident: int, actor: Act, run_jobs: Jobs
) -> None:
    a_crowd(incident, 6)
    answer = a_written_answer(incident, actor(INES))
    answering.start(answer, seen_version=1, by=actor(INES))
    run_jobs()
    plans: dict[str, list[str]] = {}

    def explain(_conn: object, cursor: Any, statement: str, given: Any, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            plans[statement] = [row[3] for row in plan]

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        for path in (
            "",
            "/foule",
            "/non-joints",
            f"/reponses/{answer}",
            f"/reponses/{answer}/etat",
            "/reponse",
            "/fin",
        ):
            assert ines.get(f"{HERE}/{incident}{path}").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)
    assert len(plans) > 30
    assert [statement for statement, plan in plans.items() if _scans_for_each(plan)] == []


def _scans_for_each(plan: list[str]) -> bool:
    """Whether a question is asked for each request, and answered by reading a whole table or everybody of an answer."""
    asked = next((at for at, step in enumerate(plan) if step.startswith("CORRELATED")), len(plan))
    return any(
        step.startswith("SCAN") or (" crowd_recipient" in step and not re.search(r"(person|message|row)_?id=", step))
        for step in plan[asked + 1 :]
    )
