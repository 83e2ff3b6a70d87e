"""Words that sort, at the desk: who may, what is refused and kept, tried before it is switched on, undone."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.catalogue import rewording
from app.catalogue.rewording import CategoryWords
from app.kernel.access import Actor
from app.kernel.db import session
from app.people import service as people
from app.tickets.states import Channel
from app.triage import rehearsing
from tests.cast import ADELE, INES, KARIM, PAUL, SAMI, Character
from tests.doors.desk.steps import page, press, told
from tests.makers import a_ticket

Jobs, Known, SignIn = Callable[[], int], Callable[[Character], Actor], Callable[[Character], FlaskClient]
WORDS = "/regie/pilotage/tri/mots"
HERE = f"{WORDS}/group_booking"
LODGE = "Bonjour, la loge Zéphyr est-elle libre ce printemps ?"

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def text(html: str) -> str:
    return " ".join(unescape(html).split())


def said(category: str = "group_booking") -> str:
    session.rollback()  # whatever this test read before
    return rehearsing.present(category).phrases


@pytest.mark.parametrize("who", [KARIM, PAUL, SAMI])
def test_only_those_who_lead_the_sorting_enter(sign_in: SignIn, who: Character) -> None:
    browser = sign_in(who)
    for address in (WORDS, HERE):
        assert browser.get(address).status_code in {403, 404}
    assert press(browser, HERE, phrases="loge", then="keep").status_code in {403, 404}
    assert said() == ""


def test_a_reason_nobody_has_is_not_there(ines: FlaskClient) -> None:
    page(ines, f"{WORDS}/nothing_such", 404)
    assert press(ines, f"{WORDS}/nothing_such", phrases="loge", then="try").status_code == 404


def test_words_are_tried_then_switched_on_then_undone(ines: FlaskClient, run_jobs: Jobs) -> None:
    a_ticket(body=LODGE, channel=Channel.EMAIL)
    run_jobs()
    assert "Mettre en service" not in page(ines, HERE)  # nothing was tried yet
    tried = press(ines, HERE, phrases="loge* zéphyr", then="try")
    html = text(tried.get_data(as_text=True))
    assert tried.status_code == 200
    assert "1 demande du mois dernier a été relue" in html
    assert "Mettre en service" in html
    assert said() == ""
    html = told(ines, press(ines, HERE, phrases="loge* zéphyr", then="keep"))
    assert "En service" in html
    assert said() == "loge* zéphyr"
    assert "loge* zéphyr" in page(ines, WORDS)
    told(ines, press(ines, HERE, phrases="", then="keep"))  # what the undo of the bar sends
    assert said() == ""


def test_what_was_not_tried_is_refused_and_stays_typed(ines: FlaskClient) -> None:
    refused = press(ines, HERE, phrases="loge zéphyr", then="keep")
    html = text(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert "Essayez d’abord sur le mois dernier" in html
    assert "loge zéphyr" in html
    assert said() == ""
    press(ines, HERE, phrases="loge zéphyr", then="try")
    assert press(ines, HERE, phrases="loge zéphyr, loge", then="keep").status_code == 422
    assert said() == ""


@pytest.mark.parametrize("phrases", ["ab*", "loge..", "<names>", "(loge", "loge, " * 400])
@pytest.mark.parametrize("then", ["try", "keep", "nonsense", ""])
def test_what_is_no_phrase_is_said_beside_it_and_stays_typed(ines: FlaskClient, phrases: str, then: str) -> None:
    refused = press(ines, HERE, phrases=phrases, then=then)
    html = text(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in html
    assert phrases.strip()[:20] in html
    assert said() == ""


def test_zeros_are_dropped_and_fields_of_shipped_reasons_are_not_heard(ines: FlaskClient) -> None:
    before = rehearsing.present("group_booking")
    tried = press(ines, HERE, phrases="loge\x00 zéphyr", description_fr="Autre chose", then="try")
    assert tried.status_code == 200
    told(ines, press(ines, HERE, phrases="loge zéphyr", then="keep"))
    assert said() == "loge zéphyr"
    after = rehearsing.present("group_booking")
    assert after.description_fr == before.description_fr


def test_a_reason_of_the_house_has_its_descriptions_here(ines: FlaskClient, actor: Known) -> None:
    slug = rewording.add(
        CategoryWords(
            name_fr="Ateliers", name_en="Workshops", description_fr="Ateliers de théâtre.",
            description_en="Theatre workshops.", department_id=people.departments()[0].id,
        ),
        by=actor(ADELE),
    )  # fmt: skip
    here = f"{WORDS}/{slug}"
    assert "Ateliers de théâtre." in page(ines, here)
    given = {"phrases": "", "description_fr": "", "description_en": "Workshops and courses."}
    refused = press(ines, here, **given, then="try")
    html = text(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert "Workshops and courses." in html
    given["description_fr"] = "Ateliers et stages."
    assert press(ines, here, **given, then="keep").status_code == 422  # not tried yet
    assert press(ines, here, **given, then="try").status_code == 200
    told(ines, press(ines, here, **given, then="keep"))
    assert said(slug) == ""
    assert rehearsing.present(slug).description_fr == "Ateliers et stages."
