"""One's own settings, and letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.kernel.access import Actor
from app.mail import outgoing
from app.mail.outgoing import Refused
from app.people import colleagues
from app.tickets import conversation
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from tests.cast import ADELE, KARIM, NADIA, PASSWORD, SAMI, Character
from tests.doors.desk.steps import lines, page, press, seen, told

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
ME = "/regie/moi"


def test_language_theme_keys_and_signature_are_kept(karim: FlaskClient) -> None:
    answer = press(karim, ME, language="en", theme="dark", signature="Karim, box office")
    html = told(karim, answer)
    assert '<html lang="en" data-theme="dark">' in html
    assert 'data-shortcuts="off"' in html
    assert 'value="Karim, box office"' in html


def test_the_signature_signs_canned_answers(karim: FlaskClient, address: str) -> None:
    press(karim, ME, language="fr", signature="K. Oulmane, billetterie")
    url = re.search(r'data-insert-url="([^"]+)"', lines(karim, address))
    assert url is not None
    answer = karim.get(url[1]).json
    assert answer is not None
    assert answer["text"].rstrip().endswith("K. Oulmane, billetterie")


def test_a_signature_too_long_says_so(karim: FlaskClient) -> None:
    answer = press(karim, ME, language="fr", signature="x" * 200)
    assert answer.status_code == 422
    assert 'id="f-signature-e"' in answer.get_data(as_text=True)


def test_a_stranger_has_no_settings(client: FlaskClient) -> None:
    assert client.get(ME).status_code == 303


def test_a_new_password_ends_every_session(karim: FlaskClient, sign_in: SignIn, client: FlaskClient) -> None:
    other = sign_in(KARIM)
    new = "une-autre-phrase-7"
    press(karim, f"{ME}/mot-de-passe", old=PASSWORD, new=new, again=new)
    assert other.get(ME).status_code == 303
    answer = client.post("/regie/connexion", data={"email": KARIM.email, "password": new})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"old": "faux", "new": "assez-long-42", "again": "assez-long-42"}, "old"),
        ({"old": PASSWORD, "new": "court", "again": "court"}, "new"),
        ({"old": PASSWORD, "new": "assez-long-42", "again": "autre-chose-42"}, "again"),
    ],
)
def test_a_password_that_cannot_be_says_why(karim: FlaskClient, fields: dict[str, str], field: str) -> None:
    answer = press(karim, f"{ME}/mot-de-passe", **fields)
    assert answer.status_code == 422
    assert f'id="f-{field}-e"' in answer.get_data(as_text=True)


def test_another_browser_is_signed_out_from_afar(karim: FlaskClient, sign_in: SignIn, actor: Act) -> None:
    other = sign_in(KARIM)
    page(other, ME)
    for one in colleagues.sessions_of(actor(KARIM))[:2]:
        press(karim, f"{ME}/sessions/{one.id}/fin")
    assert other.get(ME).status_code == 303
    page(karim, ME)


def test_anothers_session_cannot_be_ended(karim: FlaskClient, sign_in: SignIn, actor: Act) -> None:
    nadia = sign_in(NADIA)
    session_id = colleagues.sessions_of(actor(NADIA))[-1].id
    assert press(karim, f"{ME}/sessions/{session_id}/fin").status_code == 404
    page(nadia, ME)


@pytest.fixture
def letter(noon: datetime, ticket: Opened, actor: Act, run_jobs: Callable[[], int]) -> int:
    """The letter of an answer."""
    conversation.answer(ticket.ticket_id, Word(body="Vous serez <b>remboursée</b>."), by=actor(KARIM))
    run_jobs()
    return next(one.id for one in outgoing.latest(by=actor(ADELE)) if one.kind == "answer")


def test_letters_are_listed_and_read(letter: int, sign_in: SignIn) -> None:
    adele = sign_in(ADELE)
    assert f"/lettres/{letter}" in page(adele, "/lettres")
    assert "&lt;b&gt;remboursée" in page(adele, f"/lettres/{letter}")


def test_a_letter_as_html_may_do_nothing(letter: int, sign_in: SignIn) -> None:
    answer = sign_in(ADELE).get(f"/lettres/{letter}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "<b>remboursée" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", [SAMI, KARIM])
@pytest.mark.parametrize("part", ["", "/1", "/1/html"])
def test_letters_are_not_for_everybody(sign_in: SignIn, who: Character, part: str) -> None:
    page(sign_in(who), f"/lettres{part}", 403)


def test_a_letter_that_is_none_does_not_exist(sign_in: SignIn) -> None:
    page(sign_in(ADELE), "/lettres/999999", 404)


class Shut:
    """A server that takes nothing."""

    shows = False

    def send(self, parcel: object) -> str:
        raise Refused("550 5.1.1 unknown", permanent=True, unknown=True)

    def rest(self) -> None:
        """It was never held."""


def test_a_letter_that_failed_says_so_and_can_be_sent_again(
    letter: int, ticket: Opened, address: str, karim: FlaskClient, actor: Act
) -> None:
    outgoing.use(Shut(), "http://localhost")  # type: ignore[arg-type]
    outgoing.send_due()
    html = page(karim, address)
    assert "550 5.1.1 unknown" in html
    assert f"{address}/lettres/{letter}" in html
    press(karim, f"{address}/lettres/{letter}")
    message = seen(actor(KARIM), ticket.number).said[-1].id
    assert outgoing.delivery([message])[message][1] == "waiting"


def test_a_letter_that_left_is_not_sent_again(letter: int, address: str, karim: FlaskClient) -> None:
    assert press(karim, f"{address}/lettres/{letter}").status_code == 409


def test_a_telephone_shows_few_places_with_the_one_where_somebody_is(sign_in: SignIn) -> None:
    adele = sign_in(ADELE)
    for address, near in (("/regie/file/todo", "File"), ("/regie/reglages/horaires", "Réglages")):
        rail = adele.get(address).get_data(as_text=True).partition('<nav class="rail"')[2].partition("</nav>")[0]
        row, _more, rest = rail.partition("<details")
        places = row.split("<a ")[1:]
        assert len([place for place in places if " far" not in f" {place.partition('>')[0]}".replace('"', " ")]) == 4
        assert 'aria-current="page"' not in rest
        assert near not in rest
        assert rest.count("<a ") == len(places) - 4
