"""Announcements at the desk: proposed, said, decided on one page, followed; lists of those a person must tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.announcements import leaving
from app.boxoffice.models import Contact
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.mail import outgoing
from tests.cast import INES, PAUL, SAMI, Character
from tests.domains.cancellations.world import a_household, bought, cancelled
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
Jobs = Callable[[], int]
HERE = "/regie/annonces"
WORDS = {"title_fr": "Carmen est annulée", "title_en": "Carmen is cancelled", "text_fr": "Pardon.", "text_en": "Sorry."}


def plain(html: str) -> str:
    return unescape(html).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.fixture
def ines(noon: datetime, sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


@pytest.fixture
def show(noon: datetime) -> int:
    """An evening that plays, with a household for each way."""
    evening = cancelled("Carmen", status="scheduled")
    for way in ("email", "sms", "post"):
        home = a_household(f"Foyer {way}", email=f"{way}@exemple.fr", preferred_channel=way)
        bought(home, evening)
    session.query(Contact).update({"mobile": "+33612345678"})
    session.commit()
    return evening.id


def said(browser: FlaskClient, show: int, **fields: str) -> str:
    sent = press(browser, f"{HERE}/nouvelle", at=f"{HERE}/nouvelle", performance=show, cause="cancelled", **fields)
    told(browser, sent)
    return sent.headers["Location"]


def test_from_one_page_everybody_is_told(ines: FlaskClient, show: int, run_jobs: Jobs) -> None:
    assert "Carmen" in page(ines, f"{HERE}/nouvelle?search=carmen")
    here = said(ines, show)
    html = plain(page(ines, here))
    assert "Par SMS, d’après une liste : 1" in html
    assert 'value="« Carmen »' in html
    assert "Prévenir tout le monde" in html
    html = plain(told(ines, press(ines, here, at=here, do="go", version="1", purpose="service", banner="1", **WORDS)))
    assert "Tout le monde est prévenu" in html
    assert f'hx-get="{here}/etat"' in html
    run_jobs()
    part = ines.get(f"{here}/etat").get_data(as_text=True)
    assert "3 foyers ont des billets" in plain(part)
    assert "hx-get" not in part
    assert [one.to for one in outgoing.latest(by=SYSTEM, limit=9) if one.kind == "announcement"] == ["email@exemple.fr"]
    html = plain(page(ines, here))
    incident, campaign = re.search(r"/regie/incidents/\d+", html), re.search(r"/regie/annulations/\d+", html)
    assert incident is not None
    assert campaign is not None
    assert here in page(ines, campaign[0])
    assert incident[0] in page(ines, campaign[0])
    assert campaign[0] in page(ines, incident[0])
    assert "Carmen est annulée" in page(ines, "/")


def test_those_a_person_must_tell_stand_on_lists_and_in_files(ines: FlaskClient, show: int, run_jobs: Jobs) -> None:
    here = said(ines, show)
    press(ines, here, at=here, do="go", version="1", purpose="service", **WORDS)
    run_jobs()
    html = plain(page(ines, f"{here}/liste/sms"))
    assert "Foyer sms" in html
    assert "Foyer post" not in html
    file = ines.get(f"{here}/liste/sms.csv")
    assert file.mimetype == "text/csv"
    assert "+33612345678" in file.get_data(as_text=True)
    assert "Carmen est annulée" in file.get_data(as_text=True)
    page(ines, f"{here}/liste/email", 404)
    page(ines, f"{here}/liste/x", 404)


def test_what_is_wrong_is_told_beside_its_field_and_nobody_is_told(
    ines: FlaskClient, show: int, run_jobs: Jobs
) -> None:
    here = said(ines, show)
    sent = press(ines, here, at=here, do="go", version="1", purpose="service", **(WORDS | {"text_en": " "}))
    assert sent.status_code == 422
    assert 'href="#f-text_en"' in sent.get_data(as_text=True)
    assert "Pardon.</textarea>" in sent.get_data(as_text=True)
    assert press(ines, here, at=here, do="go", version="1", purpose="spam", **WORDS).status_code == 422
    assert press(ines, here, at=here, do="go", version="9", purpose="service", **WORDS).status_code == 409
    assert press(ines, here, at=here, do="x").status_code == 404
    run_jobs()
    assert [one for one in outgoing.latest(by=SYSTEM, limit=9) if one.kind == "announcement"] == []
    for fields, wrong in (({"performance": "0"}, "performance"), ({"new_starts_at": "demain"}, "new_starts_at"),
                          ({"new_starts_at": "2027-01-01T20:00"}, "new_starts_at"), ({"cause": "x"}, "cause")):  # fmt: skip
        given = {"performance": show, "cause": "cancelled"} | fields
        sent = press(ines, f"{HERE}/nouvelle", at=f"{HERE}/nouvelle", **given)
        assert sent.status_code == 422
        assert f'href="#f-{wrong}"' in sent.get_data(as_text=True)


def test_telling_nobody_is_a_decision_that_stays_in_the_list(ines: FlaskClient, show: int) -> None:
    here = said(ines, show)
    assert here in page(ines, HERE)
    assert "Personne n’est prévenu" in told(ines, press(ines, here, at=here, do="dismiss", version="1"))
    assert "Non annoncé" in page(ines, HERE)
    assert press(ines, here, at=HERE, do="dismiss", version="1").status_code == 409


def test_an_agent_reads_it_and_decides_nothing(karim: FlaskClient, sign_in: SignIn, show: int) -> None:
    here = said(sign_in(INES), show)
    assert "Prévenir tout le monde" not in page(karim, here)
    assert press(karim, here, do="go").status_code == 403
    page(karim, f"{HERE}/nouvelle", 403)
    for who in (SAMI, PAUL):
        page(sign_in(who), HERE, 403)
    page(karim, f"{HERE}/999", 404)


def test_it_reads_in_english(ines: FlaskClient, show: int) -> None:
    press(ines, "/regie/moi", language="en", theme="auto", signature="")
    html = plain(page(ines, said(ines, show)))
    assert "Tell everybody" in html
    assert "By text message, from a list" in html


def test_offers_are_stopped_by_one_button_that_a_mail_program_may_press(client: FlaskClient, show: int) -> None:
    path = leaving.link_of(1).partition("localhost")[2]
    assert "Ne plus recevoir d’offres" in client.get(path).get_data(as_text=True)
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Vous ne recevrez plus d’offres" in answer.get_data(as_text=True)
    assert "Receive no more offers" in client.get(f"{path}?lang=en").get_data(as_text=True)
    assert client.get("/ne-plus-recevoir/x").status_code == 404
