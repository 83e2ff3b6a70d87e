"""An e-mail as it was sent: every word, its own pictures, nothing from elsewhere, and nothing of anybody else's."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient

from app.kernel.db import session
from app.mail import intake
from app.mail.intake import Envelope
from app.tickets.models import Message, Ticket
from tests.cast import HUGO, KARIM, LEA, SAMI, Character
from tests.doors.desk.steps import page, press
from tests.makers import a_letter, a_ticket

SignIn = Callable[[Character], FlaskClient]
BOX = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src {}; frame-ancestors 'self'"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
)
HTML = (
    '<p>Ma <b>place</b><script>alert(1)</script></p><img src="cid:photo@x" alt="Mon billet" onerror="alert(2)">'
    '<img src="cid:evil@x"><img src="https://espion.exemple.fr/p.gif"><a href="javascript:alert(3)">ici</a>'
    '<img src="https://espion.exemple.fr/oeil.gif" width="1" height="1"><img src="http://clair.exemple.fr/q.gif">'
    "<blockquote>Votre lettre</blockquote>"
)


def a_letter_with_pictures() -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Cc"] = f"Léa <{LEA}>", "billetterie@valmorin.example", "ami@exemple.fr"
    letter["Subject"], letter["Message-ID"] = "Mon <i>billet</i>", "<p@x.fr>"
    letter.set_content("Ma place\n\nLe mardi, vous écriviez :\n> Votre lettre\n")
    letter.add_alternative(HTML, subtype="html")
    part = letter.get_payload(1)
    part.add_related(PIXEL, "image", "png", cid="<photo@x>")  # type: ignore[union-attr]
    part.add_related(b"<svg onload=alert(4)>", "image", "svg+xml", cid="<evil@x>")  # type: ignore[union-attr]
    return letter.as_bytes()


@pytest.fixture
def place(noon: datetime, run_jobs: Callable[[], int]) -> str:
    """Where it is shown."""
    intake.store_letters([(a_letter_with_pictures(), Envelope(LEA))])
    run_jobs()
    number, message_id = session.query(Ticket).one().number, session.query(Message.id).one()[0]
    session.rollback()
    return f"/regie/demandes/{number}/messages/{message_id}/courriel"


def test_all_its_words_and_who_wrote_to_whom_are_there(karim: FlaskClient, place: str) -> None:
    assert f'href="{place}"' in page(karim, place.partition("/messages")[0])
    html = page(karim, place)
    for words in ("Mon &lt;i&gt;billet", LEA, "ami@exemple.fr", "Votre lettre", f'src="{place}/html"'):
        assert words in html
    assert "3 images se trouvent sur d’autres serveurs et ne sont pas chargées sans que vous le demandiez." in html
    assert "Les images d’un seul point" in html
    assert "Afficher les images distantes cette fois" in html


def test_its_html_shows_its_own_pictures_and_can_do_nothing(karim: FlaskClient, place: str) -> None:
    answer = karim.get(f"{place}/html")
    html = answer.get_data(as_text=True)
    assert f'src="data:image/png;base64,{base64.b64encode(PIXEL).decode()}"' in html
    for evil in ("script", "onerror", "espion", "svg", "javascript:", "cid:"):
        assert evil not in html
    assert answer.headers["Content-Security-Policy"] == BOX.format("data:")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Cross-Origin-Embedder-Policy" not in answer.headers


def test_pictures_elsewhere_are_in_what_a_press_answers_and_nowhere_else(karim: FlaskClient, place: str) -> None:
    answer = press(karim, f"{place}/html", at=place)
    html = answer.get_data(as_text=True)
    assert f'src="data:image/png;base64,{base64.b64encode(PIXEL).decode()}"' in html
    assert '<img src="https://espion.exemple.fr/p.gif">' in html
    for evil in ("script", "onerror", "oeil", "clair.exemple", "svg", "javascript:", "cid:"):
        assert evil not in html
    assert answer.headers["Content-Security-Policy"] == BOX.format("data: https:")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Embedder-Policy"] == "credentialless"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    around = karim.get(place)
    assert "https:" not in around.headers["Content-Security-Policy"].partition("img-src")[2].partition(";")[0]
    assert "espion" not in karim.get(f"{place}/html").get_data(as_text=True)
    assert "espion" not in around.get_data(as_text=True)


def test_no_other_page_and_no_link_has_them_fetched(karim: FlaskClient, place: str) -> None:
    page(karim, place)
    assert karim.post(f"{place}/html", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert karim.post(f"{place}/html", headers={"Origin": "https://espion.exemple.fr"}).status_code == 403
    assert "espion" not in page(karim, f"{place}/html?images=1&asked=1")


@pytest.mark.parametrize("picture", ['<img src="http://a.fr/x.png">', '<img src="https://a.fr/x.png" width="1">'])
def test_pictures_that_are_never_fetched_offer_no_button(
    karim: FlaskClient, run_jobs: Callable[[], int], picture: str
) -> None:
    letter = f"From: {LEA}\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n<p>Bonjour</p>{picture}\r\n"
    intake.store_letters([(letter.encode(), Envelope(LEA))])
    run_jobs()
    number, message_id = session.query(Ticket).one().number, session.query(Message.id).one()[0]
    html = page(karim, f"/regie/demandes/{number}/messages/{message_id}/courriel")
    assert "1 image se trouve sur un autre serveur et n’est pas chargée\u00a0:" in html
    assert "Afficher les images" not in html


def test_a_letter_without_html_is_shown_as_text(karim: FlaskClient, run_jobs: Callable[[], int]) -> None:
    intake.store_letters([(a_letter(), Envelope(LEA))])
    run_jobs()
    number, message_id = session.query(Ticket).one().number, session.query(Message.id).one()[0]
    html = page(karim, f"/regie/demandes/{number}/messages/{message_id}/courriel")
    assert "Je souhaite un remboursement." in html
    assert "<iframe" not in html


@pytest.mark.parametrize(("who", "status"), [(HUGO, 404), (SAMI, 403)])
def test_others_see_nothing(sign_in: SignIn, place: str, who: Character, status: int) -> None:
    for address in (place, f"{place}/html"):
        page(sign_in(who), address, status)
    assert press(sign_in(who), f"{place}/html").status_code == status


def test_what_is_no_letter_of_this_request_is_not_found(sign_in: SignIn, place: str) -> None:
    karim, other = sign_in(KARIM), a_ticket(email="autre@exemple.fr")
    letter = place.partition("/messages/")[2]
    page(karim, f"/regie/demandes/{other.number}/messages/{letter}", 404)
    page(karim, f"/regie/demandes/{other.number}/messages/{other.message_id}/courriel", 404)
    page(karim, place.replace("/courriel", "9/courriel"), 404)
