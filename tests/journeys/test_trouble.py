"""What breaks inside the house: people read a clear sentence, keep what they typed, and nothing that was sent is lost."""

from __future__ import annotations

import shutil
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.kernel.db import db
from tests.cast import LEA
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House
from tests.journeys.test_bad_input import WORDS, check, filled
from tests.journeys.watch import Watch

pytestmark = pytest.mark.browser


@contextmanager
def database_out_of_reach(house: House) -> Iterator[None]:
    """Every statement fails as it does when the database's machine is gone."""

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        raise OperationalError(statement, {}, Exception("could not connect to server 10.0.0.9"))

    with house.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", refuse)


def told_plainly(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Nous ne pouvons pas le faire pour le moment")
    expect(page.get_by_role("main")).to_contain_text("Votre saisie est conservée")
    assert "10.0.0.9" not in page.content()
    assert "Traceback" not in page.content()


def test_a_request_outlives_a_database_out_of_reach(house: House, lea: Page, watch: Watch) -> None:
    watch.expected = {503}
    lea.goto("/demandes/nouvelle")
    filled(lea)
    check(lea)
    expect(lea.get_by_role("main")).to_contain_text("Rien n’est encore envoyé.")
    expect(lea.get_by_role("main")).to_contain_text(WORDS)
    with database_out_of_reach(house):
        lea.get_by_role("button", name="Envoyer ma demande").click()
        told_plainly(lea)
    lea.get_by_role("button", name="Réessayer").click()
    expect(lea.get_by_role("heading", level=1)).to_have_text("Votre demande est envoyée")
    house.work()
    assert len(house.sink.to(LEA)) == 1


def test_an_answer_outlives_a_database_out_of_reach(house: House, signed_in: OpenPage, watch: Watch) -> None:
    watch.expected = {503}
    number = house.ask(subject="Deux places", type="exchange_date").number
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    karim.get_by_label("Votre réponse à Léa Fontanel").fill("Bonjour, c’est échangé.")
    with database_out_of_reach(house):
        karim.get_by_role("button", name="Envoyer, suivante").click()
        told_plainly(karim)
    karim.get_by_role("button", name="Réessayer").click()
    expect(karim.get_by_role("main")).to_contain_text("Votre réponse est envoyée.")
    house.work()
    assert [letter for letter in house.sink.to(LEA) if letter["Subject"].startswith("Re:")]


def test_search_goes_on_without_its_index(house: House, lea: Page) -> None:
    shutil.rmtree(house.folder / "search_index")
    lea.goto("/recherche?q=spectacle+annulé")
    first = lea.get_by_role("main").get_by_role("listitem").first
    expect(first).to_contain_text("Mon spectacle est annulé")


def test_a_model_that_does_not_fit_leaves_sorting_to_the_rules(house: House, signed_in: OpenPage) -> None:
    models = house.folder / "models"
    models.mkdir(exist_ok=True)
    (models / "triage.npz").write_bytes(b"PK\x03\x04 not a model")
    number = house.ask(subject="Traviata", body="La Traviata est annulée, je demande un remboursement.").number
    karim = signed_in("karim")
    karim.goto(f"/regie/demandes/{number}")
    panel = karim.get_by_label("À propos de cette demande")
    expect(panel).to_contain_text("Remboursement")
    expect(panel).to_contain_text("aucun modèle entraîné n’est en service")


def test_a_broken_article_is_named_with_its_line_and_the_rest_is_read(house: House, signed_in: OpenPage) -> None:
    folder = house.folder / "kb_articles"
    (folder / "broken.fr.md").write_text("---\nslug: broken\nlang: fr\ntitle: [pas fermé\n---\n\nTexte.\n", "utf-8")
    (folder / "whole.fr.md").write_text("---\nslug: whole\nlang: fr\ntitle: Les jumelles\n---\n\nTexte.\n", "utf-8")
    paul = signed_in("paul")
    paul.goto("/regie/base/fichiers")
    expect(paul.get_by_role("row").filter(has_text="broken.fr.md").get_by_role("cell").first).to_have_text("5")
    paul.get_by_role("button", name="Lire le dossier maintenant").click()
    expect(paul.get_by_role("main")).to_contain_text("1 fichier a été repris.")
    paul.goto("/regie/base?q=jumelles")
    expect(paul.get_by_role("main").get_by_role("link", name="Les jumelles", exact=True)).to_be_visible()


def test_a_letter_that_is_none_is_kept_and_shown(house: House, signed_in: OpenPage) -> None:
    with smtplib.LMTP("127.0.0.1", house.lmtp_port) as room:
        room.sendmail("robot@exemple.fr", ["billetterie@valmorin.example"], b"\x00\xff\xfe\x80\r\n" * 400)
    house.work()
    assert not house.sink.to("robot@exemple.fr")
    adele = signed_in("adele")
    adele.goto("/regie/reglages/courrier")
    expect(adele.get_by_role("row").filter(has_text="robot@exemple.fr")).to_be_visible()
