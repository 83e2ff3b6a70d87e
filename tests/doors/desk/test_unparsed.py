"""E-mails that cannot be read, at the desk: seen, downloaded, tried again, made a request by hand, put aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from app.health import service as health
from app.kernel import clock
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.mail import bounds, intake, register, reparsing
from app.mail.intake import Envelope
from app.tickets.models import Message, Ticket
from tests.cast import HUGO, KARIM, LEA, SAMI, Character
from tests.conftest import counted
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
LIST = "/regie/courrier/illisibles"
POISON = b"From: a@exemple.fr\r\nSubject: Poison\r\n\r\nPOISON-RAISES\r\n"
RAW = b"Subject: Ma place <script>alert(1)</script>\r\nX: y\r\n\r\nUn mot\r\n<img src=x onerror=alert(2)>\r\n"


@pytest.fixture
def letter(noon: datetime, run_jobs: Callable[[], int]) -> int:
    """A letter that names nobody."""
    (key,) = intake.store_letters([(RAW, Envelope("qui@guichet"))])
    run_jobs()
    return key


def fate(key: int) -> object:
    session.rollback()
    return register.fates_of([("", key)])[0][1]["fate"]


def test_the_list_says_who_what_and_why_as_text(karim: FlaskClient, letter: int) -> None:
    html = page(karim, LIST)
    assert "qui@guichet" in html
    assert "Ma place &lt;script&gt;" in html
    assert "Il ne nomme personne à qui répondre." in html
    assert f'href="{LIST}"' in page(karim, "/regie/file/todo")


def test_an_empty_list_says_so(karim: FlaskClient) -> None:
    assert "Tous les courriels ont été lus" in page(karim, LIST)
    assert "Rien n’est mis de côté" in page(karim, f"{LIST}?vue=ecartes")


def test_what_came_is_shown_as_text(karim: FlaskClient, letter: int) -> None:
    html = page(karim, f"{LIST}/{letter}")
    assert "&lt;img src=x onerror=alert(2)&gt;" in html
    assert "<img src=x" not in html


def test_the_letter_is_downloaded_as_it_came_and_no_browser_runs_it(karim: FlaskClient, letter: int) -> None:
    answer = karim.get(f"{LIST}/{letter}/brut")
    assert answer.data == RAW
    assert answer.headers["Content-Disposition"] == f"attachment; filename=courriel-{letter}.eml"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "no-store"


def test_reading_it_again_may_fail_again(karim: FlaskClient, letter: int) -> None:
    html = told(karim, press(karim, f"{LIST}/{letter}/relecture", at=LIST))
    assert "Il reste illisible." in html
    assert fate(letter) == "unparsed"


def test_a_request_by_hand_keeps_what_was_typed_until_it_is_right(karim: FlaskClient, letter: int) -> None:
    at = f"{LIST}/{letter}"
    fields = {"email": "nulle part", "name": "Léa", "subject": "Ma place", "body": "Elle veut changer de place."}
    wrong = press(karim, f"{at}/demande", at=at, **fields)
    html = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert 'id="f-email-e"' in html
    assert "Elle veut changer de place." in html
    html = told(karim, press(karim, f"{at}/demande", at=at, **{**fields, "email": LEA}))
    assert f"{letter}.eml" in html
    assert fate(letter) == "ticket"
    assert press(karim, f"{at}/demande", at=LIST, **{**fields, "email": LEA}).status_code == 409
    page(karim, at, 404)


def test_a_request_made_by_hand_is_taken_back_and_the_letter_waits_as_before(
    karim: FlaskClient, letter: int, run_jobs: Callable[[], int]
) -> None:
    at = f"{LIST}/{letter}"
    fields = {"email": LEA, "name": "Léa", "subject": "Ma place", "body": "Elle veut changer de place."}
    assert press(karim, f"{at}/retour", at=LIST).status_code == 409
    for spam in ([True], [True, True]):
        html = told(karim, press(karim, f"{at}/demande", at=at, **fields))
        assert f'action="{at}/retour"' in html
        assert press(karim, f"/regie/courrier/automatiques/{letter}/retour", at=LIST).status_code == 409
        html = told(karim, press(karim, f"{at}/retour", at=LIST))
        assert "attend de nouveau dans la liste" in html
        assert fate(letter) == "unparsed"
        assert [row.spam for row in session.query(Ticket)] == spam
        assert press(karim, f"{at}/retour", at=LIST).status_code == 409
        session.rollback()
    list(reparsing.reparse([letter], dry=False, by=SYSTEM))
    press(karim, f"{at}/demande", at=LIST, **fields)
    session.rollback()
    assert [row.letter_id for row in session.query(Message).order_by(Message.id)] == [None, None, letter]
    assert all(check.ok for check in health.examine() if check.id in {"letters", "letters-once"})


def test_the_list_says_of_each_what_is_true_of_it(karim: FlaskClient, letter: int, run_jobs: Callable[[], int]) -> None:
    html = page(karim, LIST)
    assert "trois fois" not in html
    assert "essayé" not in html  # it was read at once, and names nobody
    bounds.read_by("tests.domains.mail.poisonous")
    try:
        intake.store_letters([(POISON, Envelope())])
        for _ in range(3):
            run_jobs()
            clock.advance(timedelta(minutes=10))
    finally:
        bounds.read_by("app.mail.reading")
    html = page(karim, LIST)
    assert "Il a été essayé 3 fois." in html


def test_what_is_put_aside_comes_back_with_one_button(karim: FlaskClient, letter: int) -> None:
    html = told(karim, press(karim, f"{LIST}/{letter}/ecart", at=LIST))
    assert f'action="{LIST}/{letter}/ecart"' in html
    assert "Ma place" not in html
    assert "Ma place" in page(karim, f"{LIST}?vue=ecartes")
    assert "Ma place" in told(karim, press(karim, f"{LIST}/{letter}/ecart", at=LIST, off="1"))


@pytest.mark.parametrize(("who", "status"), [(HUGO, 404), (SAMI, 403)])
def test_others_see_nothing(sign_in: SignIn, letter: int, who: Character, status: int) -> None:
    browser = sign_in(who)
    for address in (LIST, f"{LIST}/{letter}", f"{LIST}/{letter}/brut"):
        assert "Ma place" not in page(browser, address, status)
    for verb in ("relecture", "ecart", "demande"):
        assert press(browser, f"{LIST}/{letter}/{verb}").status_code == status


def test_an_unknown_letter_does_not_exist(karim: FlaskClient, letter: int) -> None:
    for address in (f"{LIST}/999", f"{LIST}/999/brut", f"{LIST}/0"):
        page(karim, address, 404)


def test_more_letters_cost_no_more_statements(sign_in: SignIn, letter: int, run_jobs: Callable[[], int]) -> None:
    karim = sign_in(KARIM)
    page(karim, LIST)
    with counted() as one:
        page(karim, LIST)
    intake.store_letters([(RAW + bytes([65 + place]), Envelope()) for place in range(20)])
    run_jobs()
    with counted() as many:
        page(karim, LIST)
    assert len(many) == len(one)
