"""The words of the house's letters at the desk: list, editor, preview, test, reset."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.mail import outgoing, specimen, texts
from app.mail.composing import shipped
from app.mail.letter_kinds import KINDS
from tests.cast import INES, KARIM, PAUL, Character
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
LETTERS = "/regie/reglages/lettres"
RECEIVED = f"{LETTERS}/received"


@pytest.fixture
def ines(noon: datetime, sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def fields(**changed: str) -> dict[str, str]:
    """The form of the letter that a request has arrived, as it stands when nobody has changed it."""
    stood = {
        f"{name}_{lang}": getattr(shipped("received", lang), name).strip()
        for name in ("subject", "text") for lang in ("fr", "en")
    }  # fmt: skip
    return stood | {"revision_fr": "0", "revision_en": "0"} | changed


def stored(lang: str = "fr") -> texts.TextCard:
    session.rollback()
    return texts.card("received", lang, by=SYSTEM)


def test_every_kind_is_listed_with_when_it_leaves_and_whose_words_it_has(ines: FlaskClient) -> None:
    html = page(ines, LETTERS)
    assert all(f'href="{LETTERS}/{kind}"' in html for kind in KINDS)
    assert "Votre texte" not in html
    told(ines, press(ines, RECEIVED, at=RECEIVED, **fields(subject_fr="Bien reçu")))
    assert page(ines, LETTERS).count("Votre texte") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_editor(ines: FlaskClient, kind: str) -> None:
    html = page(ines, f"{LETTERS}/{kind}")
    assert all(f"<code>{{{{{name}}}}}</code>" in html for name in KINDS[kind].variables)
    assert html.count("<iframe") == 2


@pytest.mark.parametrize("who", [KARIM, PAUL])
def test_who_may_not_change_settings_may_not_enter(sign_in: SignIn, who: Character) -> None:
    browser = sign_in(who)
    for address in (LETTERS, RECEIVED, f"{RECEIVED}/fr/page"):
        page(browser, address, 403)
    for address in (RECEIVED, f"{RECEIVED}/apercu", f"{RECEIVED}/essai", f"{RECEIVED}/origine"):
        assert press(browser, address).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(RECEIVED).headers["Location"].startswith("/regie/connexion")


def test_what_is_no_kind_or_no_language_is_not_found(ines: FlaskClient) -> None:
    page(ines, f"{LETTERS}/campaign", 404)
    page(ines, f"{RECEIVED}/de/page", 404)
    for place in ("essai", "origine"):
        assert press(ines, f"{RECEIVED}/{place}", at=RECEIVED, **fields(language="de")).status_code == 404


def test_a_changed_letter_is_kept_in_its_language_only_and_the_change_is_told(ines: FlaskClient) -> None:
    told(ines, press(ines, RECEIVED, at=RECEIVED, **fields(subject_fr="Bien reçu, nº {{number}}")))
    assert (stored().words.subject, stored().own, stored("en").own) == ("Bien reçu, nº {{number}}", True, False)
    html = page(ines, "/regie/reglages/journal")
    assert "Demande arrivée" in html
    assert "<ins>Bien reçu, nº {{number}}</ins>" in html


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"text_fr": "{{link}} {{lien}}"}, "text_fr", "{{lien}} ne désigne rien"),
        ({"text_en": "Nothing"}, "text_en", "Gardez {{link}}"),
        ({"subject_fr": ""}, "subject_fr", "Écrivez quelque chose"),
        ({"text_fr": "{{link}} <img src=x>"}, "text_fr", "texte simple"),
        ({"subject_en": "x" * 200}, "subject_en", "trop long"),
    ],
)
def test_what_cannot_be_is_answered_beside_its_field_with_the_text_kept(
    ines: FlaskClient, changed: dict[str, str], field: str, said: str
) -> None:
    answer = press(ines, RECEIVED, at=RECEIVED, **fields(**changed))
    html = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    error = re.search(rf'id="f-{field}-e">.*?</p>', html, re.DOTALL)
    assert error is not None
    assert said in error[0]
    assert all(value in html for value in changed.values())
    assert not stored().own


def test_who_comes_second_is_warned_and_may_then_decide(ines: FlaskClient) -> None:
    told(ines, press(ines, RECEIVED, at=RECEIVED, **fields(subject_fr="Première")))
    late = press(ines, RECEIVED, at=RECEIVED, **fields(subject_fr="Seconde"))
    html = late.get_data(as_text=True)
    assert late.status_code == 409
    assert 'value="Seconde"' in html
    assert 'name="revision_fr" value="1"' in html
    assert stored().words.subject == "Première"
    told(ines, press(ines, RECEIVED, at=RECEIVED, **fields(subject_fr="Seconde", revision_fr="1")))
    assert stored().words.subject == "Seconde"


def test_the_preview_shows_the_words_filled_and_its_frame_can_do_nothing(ines: FlaskClient) -> None:
    answer = press(ines, f"{RECEIVED}/apercu", at=RECEIVED, **fields(subject_fr="Bien reçu, nº {{number}}"))
    html = unescape(answer.get_data(as_text=True))
    assert "Bien reçu, nº 4182" in html
    assert "<html" not in html
    frame = re.search(r'<iframe[^>]* src="([^"]+)" sandbox=""', html)
    assert frame is not None
    inside = ines.get(frame[1])
    assert inside.status_code == 200
    assert "Suivre ma demande</a>" in inside.get_data(as_text=True)
    assert inside.headers["Content-Security-Policy"].startswith("sandbox ")
    # Not the last sign: some of its bits may mean nothing.
    page(ines, frame[1][:-4] + ("A" if frame[1][-4] != "A" else "B") + frame[1][-3:], 404)
    page(ines, f"{RECEIVED}/fr/page", 404)


def test_the_preview_says_what_is_wrong_instead_of_failing(ines: FlaskClient) -> None:
    answer = press(ines, f"{RECEIVED}/apercu", at=RECEIVED, text_fr="{{nobody}}")
    assert answer.status_code == 200
    assert "{{nobody}} ne désigne rien" in unescape(answer.get_data(as_text=True))


def test_a_test_goes_to_oneself_with_what_is_typed_and_saves_nothing(ines: FlaskClient) -> None:
    answer = press(ines, f"{RECEIVED}/essai", at=RECEIVED, **fields(subject_fr="Bien reçu", language="fr"))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert INES.email in html
    assert 'value="Bien reçu"' in html
    session.rollback()
    letter = outgoing.latest(by=SYSTEM, limit=1)[0]
    assert (letter.to, letter.subject) == (INES.email, "[Essai] Bien reçu")
    assert not stored().own


def test_a_test_of_bad_words_is_refused_and_so_are_too_many(ines: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = press(ines, f"{RECEIVED}/essai", at=RECEIVED, **fields(text_en="Nothing", language="en"))
    assert answer.status_code == 422
    assert 'id="f-text_en-e"' in answer.get_data(as_text=True)
    monkeypatch.setattr(specimen, "TESTS_AN_HOUR", 1)
    sent = [press(ines, f"{RECEIVED}/essai", at=RECEIVED, **fields(language="en")).status_code for _ in range(2)]
    assert sent == [200, 409]


def test_the_shipped_words_come_back(ines: FlaskClient) -> None:
    told(ines, press(ines, RECEIVED, at=RECEIVED, **fields(subject_fr="Bien reçu")))
    assert "Revenir au texte français" in page(ines, RECEIVED)
    told(ines, press(ines, f"{RECEIVED}/origine", at=RECEIVED, language="fr"))
    assert not stored().own
    assert "Revenir au texte français" not in page(ines, RECEIVED)
