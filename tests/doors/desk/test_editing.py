"""The editor of one article: drafts, preview, publication, withdrawal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.desk import article_form
from app.kernel.access import Actor
from app.kernel.db import session
from app.knowledge import editing, history, voting
from app.knowledge.editing import drafts
from app.knowledge.shelf import find
from app.knowledge.voting import VoteInput
from tests.cast import ADELE, INES, KARIM, PASSWORD, PAUL, SAMI, Character
from tests.doors.desk.steps import page, press, told
from tests.doors.desk.writing import a_draft_of, a_source, an_article

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
HERE = "/regie/base/show-cancelled/fr"
#: What htmx says of itself.
SCRIPT = {"HX-Request": "true"}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def paul(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The editor, with an article on the shelf."""
    an_article()
    return sign_in(PAUL)


def typed(**more: str) -> dict[str, str]:
    """The fields of the form as the page shows them."""
    return {**article_form.opened(a_source()).values, "base": "1", "revision": "0", **more}


def sent(browser: FlaskClient, action: str, **fields: Any) -> TestResponse:
    return press(browser, f"{HERE}/{action}", at=HERE, **typed(**fields))


def on_the_shelf(by: Actor) -> str:
    session.rollback()
    return editing.text_to_edit("show-cancelled", "fr", by=by)[0]


def field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', html)
    assert found is not None, html[:300]
    return found[1]


def test_the_editor_shows_the_text_its_preview_and_its_versions(paul: FlaskClient) -> None:
    html = page(paul, HERE)
    assert "## Que faire ?" in html
    assert '<h2 id="s-que-faire">Que faire ?</h2>' in html
    assert f"{HERE}/versions/1" not in html
    assert 'aria-current="page">Français' in html


@pytest.mark.parametrize("who", [INES, KARIM, SAMI])
def test_who_writes_no_articles_may_not_edit(paul: FlaskClient, sign_in: SignIn, who: Character) -> None:
    browser = sign_in(who)
    page(browser, HERE, 403)
    for action in ("brouillon", "apercu", "publication", "retrait", "retour"):
        assert press(browser, f"{HERE}/{action}").status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(HERE).headers["Location"].startswith("/regie/connexion")


@pytest.mark.parametrize("address", ["/regie/base/nothing/fr", "/regie/base/show-cancelled/de", f"{HERE}?brouillon=99"])
def test_what_nobody_wrote_does_not_exist(paul: FlaskClient, address: str) -> None:
    page(paul, address, 404)


def test_a_translation_begins_from_its_twin(paul: FlaskClient) -> None:
    html = page(paul, "/regie/base/show-cancelled/en")
    assert field(html, "title") == "Mon spectacle est annulé"
    assert '<option value="annulations" selected>' in html


def test_a_draft_is_saved_and_opened_again(paul: FlaskClient, actor: Act) -> None:
    html = told(paul, sent(paul, "brouillon", title="Annulé : que faire ?"))
    assert field(html, "title") == "Annulé : que faire ?"
    (draft,) = drafts(by=actor(PAUL))
    assert (draft.base_version, draft.author_id) == (1, actor(PAUL).person_id)
    assert field(page(paul, HERE), "title") == "Annulé : que faire ?"


def test_saving_by_itself_keeps_one_draft(paul: FlaskClient, actor: Act) -> None:
    proof = re.search(r'name="csrf_token" value="([^"]+)"', page(paul, HERE))
    assert proof is not None
    fields = typed(csrf_token=proof[1])
    for body in ("Un.", "Deux.", "Trois."):
        answer = paul.post(f"{HERE}/brouillon", data={**fields, "body": body}, headers=SCRIPT)
        html = answer.get_data(as_text=True)
        fields |= {name: field(html, name) for name in ("draft_id", "revision")}
    assert fields["revision"] == "3"
    assert [editing.draft(card.id, by=actor(PAUL)).source.endswith("Trois.") for card in drafts(by=actor(PAUL))] == [
        True
    ]


def test_of_two_editors_nobody_loses_a_word(paul: FlaskClient, sign_in: SignIn, actor: Act) -> None:
    draft_id = a_draft_of(by=actor(PAUL), base=1)
    adele = sign_in(ADELE)
    mine = {"draft_id": str(draft_id), "revision": "1"}
    told(adele, sent(adele, "brouillon", body="D’Adèle.", **mine))
    told(paul, sent(paul, "brouillon", body="De Paul.", **mine))
    kept = [editing.draft(card.id, by=actor(PAUL)).source for card in drafts(by=actor(PAUL))]
    assert {text.rsplit("\n", 1)[-1] for text in kept} == {"D’Adèle.", "De Paul."}


def test_the_preview_is_what_readers_will_see(paul: FlaskClient) -> None:
    body = "## Titre\n\n[Écrire](request:refund_cancelled)\n\n<script>alert(1)</script>"
    html = sent(paul, "apercu", body=body).get_data(as_text=True)
    assert '<h2 id="s-titre">Titre</h2>' in html
    assert 'class="btn main"' in html
    assert "<script>" not in html
    assert "<html" not in html


def test_a_preview_names_what_must_be_mended(paul: FlaskClient) -> None:
    html = sent(paul, "apercu", brief="", body="[là](article:nothing) {{nothing}}").get_data(as_text=True)
    assert 'href="#f-brief"' in html
    assert html.count('href="#f-body"') == 2


def test_publishing_makes_a_version(paul: FlaskClient, actor: Act) -> None:
    told(paul, sent(paul, "publication", title="Annulé : que faire ?", note="plus court"))
    session.rollback()
    newest = history.versions("show-cancelled", "fr", by=actor(PAUL))[0]
    assert (newest.number, newest.note, newest.author_id) == (2, "plus court", actor(PAUL).person_id)
    assert "Annulé : que faire ?" in on_the_shelf(actor(PAUL))
    assert drafts(by=actor(PAUL)) == []


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"brief": ""}, "brief"),
        ({"brief": "x" * 241}, "brief"),
        ({"body": "[là](article:nothing)"}, "body"),
        ({"title": ""}, "title"),
        ({"address": "Avec Des Blancs"}, "address"),
        ({"reviewed": "2026-02-31"}, "reviewed"),
        ({"order": "premier"}, "order"),
        ({"starts": "2026-05-02", "ends": "2026-05-01"}, "ends"),
        ({"types": "No Such!"}, "types"),
    ],
)
def test_what_cannot_be_published_says_why_and_keeps_the_text(
    paul: FlaskClient, actor: Act, change: dict[str, str], wrong: str
) -> None:
    answer = sent(paul, "publication", keywords="mot gardé", **change)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#f-{wrong}">' in html
    assert f'id="f-{wrong}-e"' in html
    assert "mot gardé" in html
    assert on_the_shelf(actor(PAUL)) == a_source()


def test_an_address_of_another_article_is_taken(paul: FlaskClient) -> None:
    an_article(slug="lost-ticket", title="Billet perdu")
    answer = sent(paul, "publication", address="lost-ticket")
    assert 'id="f-address-e"' in answer.get_data(as_text=True)


def test_who_publishes_over_a_newer_version_is_told_first(paul: FlaskClient, actor: Act) -> None:
    an_article(title="Nouvelle version", base=1)
    answer = sent(paul, "publication", title="La mienne")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert field(html, "title") == "La mienne"
    assert f"{HERE}/versions/2?avec=1" in html
    told(paul, sent(paul, "publication", title="La mienne", seen_version=field(html, "seen_version")))
    assert "La mienne" in on_the_shelf(actor(PAUL))


def test_an_article_leaves_the_shelf_and_returns(paul: FlaskClient, actor: Act) -> None:
    html = told(paul, sent(paul, "retrait"))
    session.rollback()
    assert find(actor(PAUL), "show-cancelled", "fr") is None
    assert f'action="{HERE}/retour"' in html
    told(paul, press(paul, f"{HERE}/retour", at=HERE))
    session.rollback()
    card = find(actor(PAUL), "show-cancelled", "fr")
    assert card is not None
    assert (card.version, card.address) == (1, "show-cancelled")


def test_a_draft_is_thrown_away_and_the_article_stays(paul: FlaskClient, actor: Act) -> None:
    draft_id = a_draft_of(by=actor(PAUL), base=1)
    told(paul, press(paul, f"{HERE}/brouillons/{draft_id}/abandon", at=HERE))
    assert drafts(by=actor(PAUL)) == []
    page(paul, HERE)


def test_throwing_away_the_only_draft_leads_back_to_the_shelf(paul: FlaskClient, actor: Act) -> None:
    draft_id = a_draft_of(by=actor(PAUL), slug="new-one")
    answer = press(paul, f"/regie/base/new-one/fr/brouillons/{draft_id}/abandon", at="/regie/base/new-one/fr")
    assert answer.headers["Location"] == "/regie/base"


def test_a_text_that_is_no_article_is_edited_whole(paul: FlaskClient, actor: Act) -> None:
    given = editing.DraftInput(slug="show-cancelled", lang="fr", source="---\nslug: [\n---\n", base_version=1)
    draft_id = editing.save_draft(given, by=actor(PAUL)).draft_id
    html = page(paul, f"{HERE}?brouillon={draft_id}")
    assert 'name="source"' in html
    fields = {"draft_id": str(draft_id), "revision": "1", "base": "1", "source": a_source(title="Réparé")}
    mended = told(paul, press(paul, f"{HERE}/brouillon", at=HERE, **fields))
    assert field(mended, "title") == "Réparé"


def test_readers_words_stand_beside_the_text(paul: FlaskClient, actor: Act) -> None:
    for reader, text in (("a", "Et les chèques-vacances ?"), ("b", "")):
        given = VoteInput(
            slug="show-cancelled", lang="fr", helpful=False, visitor=reader, reason="missing_case", text=text
        )
        voting.vote(given, by=actor(SAMI))
    html = page(paul, HERE)
    assert "Et les chèques-vacances ?" in html
    assert re.search(r'<b class="push">2</b>', html)


def ended(browser: FlaskClient) -> None:
    """Let the session of a browser end, as after two hours away; its cookie stays."""
    session.execute(sa.text("UPDATE user_session SET ended_at = created_at"))
    session.commit()


@pytest.mark.parametrize("action", ["brouillon", "publication"])
def test_a_session_that_ends_in_the_middle_of_an_edit_costs_no_word(paul: FlaskClient, actor: Act, action: str) -> None:
    proof = field(page(paul, HERE), "csrf_token")
    ended(paul)
    body = "## Que faire ?\n\nUn long texte, « entre guillemets » & <tout>.\n"
    fields = typed(body=body, csrf_token=proof)
    led = paul.post(f"{HERE}/{action}", data=fields)
    assert led.status_code == 307, "a browser sends it again, there"
    lost = paul.post(led.headers["Location"], data=fields)
    html = lost.get_data(as_text=True)
    assert lost.status_code == 401
    kept = unescape(field(html, "kept"))
    wrong = paul.post("/regie/connexion", data={
        "email": PAUL.email, "password": "faux", "next": f"{HERE}/{action}", "kept": kept,
    })  # fmt: skip
    assert unescape(field(wrong.get_data(as_text=True), "kept")) == kept, "a wrong password loses nothing either"
    again = paul.post("/regie/connexion", data={
        "email": PAUL.email, "password": PASSWORD, "next": unescape(field(html, "next")), "kept": kept,
    }).get_data(as_text=True)  # fmt: skip
    fields = {name: unescape(value) for name, value in _HIDDEN.findall(again)}
    assert fields["body"].replace("\r\n", "\n") == body
    sent_on = paul.post(f"{HERE}/{action}", data=fields)
    assert sent_on.status_code == 303
    assert "Un long texte" in unescape(told(paul, sent_on))
    if action == "publication":
        assert "Un long texte" in on_the_shelf(actor(PAUL))


@pytest.mark.parametrize("name", ["password", "old", "secret", "iban"])
def test_a_secret_typed_under_a_session_that_ended_is_not_shown_again(client: FlaskClient, name: str) -> None:
    answer = client.post("/regie/connexion/suite?next=/regie/moi", data={name: "FR76 tout bas", "note": "un mot"})
    assert "tout bas" not in answer.get_data(as_text=True)


def test_what_is_typed_under_no_session_is_led_to_the_sign_in_and_nowhere_else(client: FlaskClient) -> None:
    answer = client.post(f"{HERE}/brouillon", data=typed(), follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["Location"].startswith("/regie/connexion/suite?next=")
    away = client.post("/regie/connexion/suite?next=https://ailleurs.example/", data={"body": "x"})
    assert (away.status_code, away.headers["Location"]) == (303, "/regie/connexion")
    foreign = {"Origin": "https://ailleurs.example"}
    assert client.post(f"{HERE}/brouillon", data=typed(), headers=foreign).status_code == 403


@pytest.mark.parametrize("action", ["brouillon", "publication"])
def test_five_megabytes_are_refused_beside_the_text_and_kept(paul: FlaskClient, actor: Act, action: str) -> None:
    proof = field(page(paul, HERE), "csrf_token")
    fields = typed(body="Un mot de trop. " * 330_000, csrf_token=proof)
    answer = paul.post(f"{HERE}/{action}", data=fields)
    html = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "Le texte dépasse 100" in html
    assert html.count("Un mot de trop.") >= 330_000
    assert "mot de trop" not in on_the_shelf(actor(PAUL))
