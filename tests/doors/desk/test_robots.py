"""E-mails of machines at the desk: seen with their sign, downloaded, made a request, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.health import service as health
from app.kernel.db import session
from app.mail import intake, own_lists, register
from app.mail.intake import Envelope
from app.mail.models import LetterOut
from app.tickets.models import Message, Ticket
from tests.cast import HUGO, LEA, SAMI, Character
from tests.doors.desk.steps import page, press, told
from tests.makers import a_letter

SignIn = Callable[[Character], FlaskClient]
Jobs = Callable[[], int]
LIST = "/regie/courrier/automatiques"
RETURNS = f"{LIST}?vue=retours"
RAW = a_letter(
    subject="Lettre <script>alert(1)</script>", headers={"List-Id": "<nous.exemple.fr>"}, body="Et ma place ?"
)
BOUNCE = a_letter(sender="MAILER-DAEMON@mx.fr", name="", subject="Revenu", body="550 5.1.1", mid="<b@mx.fr>")


def stored(jobs: Jobs, *raws: bytes) -> list[int]:
    keys = intake.store_letters([(raw, Envelope("qui@exemple.fr")) for raw in raws])
    jobs()
    return keys


@pytest.fixture
def letter(noon: datetime, run_jobs: Jobs) -> int:
    """A letter of a list."""
    return stored(run_jobs, RAW)[0]


def fate(key: int) -> tuple[object, object]:
    session.rollback()
    told_of = register.fates_of([("", key)])[0][1]
    return told_of["fate"], told_of["reason"]


def test_the_lists_say_who_what_and_why(karim: FlaskClient, letter: int, run_jobs: Jobs) -> None:
    stored(run_jobs, BOUNCE)
    html = page(karim, LIST)
    assert LEA in html
    assert "Lettre &lt;script&gt;" in html
    assert "Il vient d’une liste de diffusion ou d’une lettre d’information." in html
    assert "Revenu" not in html
    html = page(karim, RETURNS)
    assert "Revenu" in html
    assert "Il signale un échec de remise" in html
    assert f'href="{LIST}"' in page(karim, "/regie/file/todo")


def test_empty_lists_say_so(karim: FlaskClient) -> None:
    assert "Aucune machine n’a écrit" in page(karim, LIST)
    assert "Aucun de nos courriels n’est revenu" in page(karim, RETURNS)


def test_it_is_downloaded_as_it_came(karim: FlaskClient, letter: int) -> None:
    answer = karim.get(f"{LIST}/{letter}/brut")
    assert answer.data == RAW
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_request_is_made_of_it_taken_back_and_made_again(karim: FlaskClient, letter: int, run_jobs: Jobs) -> None:
    at = f"{LIST}/{letter}"
    html = page(karim, at)
    assert "Et ma place ?" in html
    fields = {"email": LEA, "name": "Léa", "subject": "Ma place", "body": "Et ma place ?"}
    wrong = press(karim, f"{at}/demande", at=at, **{**fields, "email": "nulle part"})
    assert wrong.status_code == 422
    assert "Et ma place ?" in wrong.get_data(as_text=True)
    html = told(karim, press(karim, f"{at}/demande", at=at, **fields))
    assert f'action="{at}/retour"' in html
    assert fate(letter) == ("ticket", "by_hand")
    run_jobs()
    assert session.query(LetterOut).count() == 0  # a machine's all the same, perhaps
    assert press(karim, f"{at}/demande", at=LIST, **fields).status_code == 409
    assert "Lettre &lt;script&gt;" in told(karim, press(karim, f"{at}/retour", at=LIST))
    assert fate(letter) == ("automatic", "list")
    assert [row.spam for row in session.query(Ticket)] == [True]
    assert press(karim, f"{at}/retour", at=LIST).status_code == 409
    told(karim, press(karim, f"{at}/demande", at=at, **fields))
    assert fate(letter) == ("ticket", "by_hand")
    assert [row.spam for row in session.query(Ticket)] == [False]
    assert session.query(Message).count() == 1
    assert all(check.ok for check in health.examine() if check.id in {"letters", "letters-once"})


def test_more_than_a_page_is_paged(karim: FlaskClient, run_jobs: Jobs, noon: datetime) -> None:
    raws = [
        a_letter(subject=f"Absence {n:03}", mid=f"<{n}@x.fr>", headers={"Auto-Submitted": "auto-replied"}, body=str(n))
        for n in range(52)
    ]
    keys = stored(run_jobs, *raws)
    html = page(karim, LIST)
    assert "Absence 051" in html
    assert "Absence 001" not in html
    following = f"{LIST}?avant={keys[2]}"
    assert following in html
    html = page(karim, following)
    assert "Absence 001" in html
    assert "Absence 002" not in html


@pytest.mark.parametrize(("who", "status"), [(HUGO, 404), (SAMI, 403)])
def test_others_see_nothing(sign_in: SignIn, letter: int, who: Character, status: int) -> None:
    browser = sign_in(who)
    for address in (LIST, RETURNS, f"{LIST}/{letter}", f"{LIST}/{letter}/brut"):
        assert "Lettre" not in page(browser, address, status)
    for verb in ("demande", "retour"):
        assert press(browser, f"{LIST}/{letter}/{verb}").status_code == status


def test_an_unknown_letter_or_one_of_a_person_is_not_here(karim: FlaskClient, letter: int, run_jobs: Jobs) -> None:
    (person,) = stored(run_jobs, a_letter(mid="<p@x.fr>"))
    for key in (999, person):
        page(karim, f"{LIST}/{key}", 404)
        page(karim, f"{LIST}/{key}/brut", 404)
    assert press(karim, f"{LIST}/{person}/retour", at=LIST).status_code == 409


def test_a_list_that_people_write_by_is_told_of_and_its_letters_filed(
    karim: FlaskClient, sign_in: SignIn, run_jobs: Jobs, noon: datetime
) -> None:
    headers, name = {"List-Id": "<contact.valmorin.example>", "Precedence": "list"}, "contact.valmorin.example"
    people = [
        a_letter(sender=f"p{n}@exemple.fr", name=f"P {n}", mid=f"<{n}@x.fr>", headers=headers, body=str(n))
        for n in range(5)
    ]
    stored(run_jobs, *people)
    html = page(karim, LIST)
    assert f"5 courriels des 30\u00a0derniers jours sont venus par la liste {name}" in html
    assert "MAIL_OWN_LISTS" in html
    assert "MAIL_OWN_LISTS" not in page(karim, RETURNS)
    assert press(karim, f"{LIST}/listes", at=LIST, list=name).status_code == 404
    own_lists.be([name])
    try:
        assert f"5 courriels sont venus par la liste {name}" in page(karim, LIST)
        assert press(sign_in(SAMI), f"{LIST}/listes", list=name).status_code == 403
        html = told(karim, press(karim, f"{LIST}/listes", at=LIST, list=name))
        assert "5 courriels sont en cours de classement." in html
        run_jobs()
        assert session.query(Ticket).count() == 5
        assert name not in page(karim, LIST)
    finally:
        own_lists.be([])
