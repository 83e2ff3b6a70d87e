"""Traces on the desk: changes of settings, letters by fate, work that failed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from app.kernel import clock, jobs
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.transaction import begun
from app.mail import balance, intake
from app.mail.intake import Envelope
from app.people import service as people
from app.people import staff
from app.venue import service as venue
from tests.cast import ADELE, INES, KARIM, PAUL, Character
from tests.conftest import counted
from tests.doors.desk.steps import page, press, told
from tests.makers import a_letter

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
CHANGES, LETTERS = "/regie/reglages/journal", "/regie/reglages/courrier"


@pytest.fixture
def adele(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The administrator."""
    return sign_in(ADELE)


def a_failed_job() -> int:
    """Work that was tried too often."""
    with begun():
        jobs.enqueue("search.index_article", [("ArticlePublished", {"slug": "x", "lang": "fr"})])
    for tries in range(jobs.TRIES):
        with begun():
            claim = jobs.claim()
            assert claim is not None
            jobs.put_back(claim, "IndexError: nothing there")
        clock.advance(timedelta(minutes=2 ** (tries + 1)))
    (failed,) = jobs.failed()
    return failed.id


def test_a_change_is_told_with_before_and_after(noon: datetime, sign_in: SignIn, actor: Act) -> None:
    venue.change_facts({"city": "Valmorin-le-Haut"}, by=actor(INES))
    html = page(sign_in(INES), CHANGES)
    assert "Inès Carvalho" in html
    assert "<ins>Valmorin-le-Haut</ins>" in html


def test_rights_given_are_told_in_words(noon: datetime, sign_in: SignIn, actor: Act) -> None:
    staff.reassign(actor(KARIM).person_id or 0, roles=["editor"], departments=["it"], by=actor(ADELE))
    html = page(sign_in(INES), CHANGES)
    assert "Adèle Roux" in html
    assert "Collègue Karim Oulmane" in html
    assert "<del>Agent, Équipe</del>" in html
    assert "<ins>Informatique</ins>" in html


def test_changes_come_in_pages(noon: datetime, sign_in: SignIn, actor: Act) -> None:
    for number in range(60):
        venue.change_facts({"city": f"Ville {number}"}, by=actor(INES)) if number % 10 else None
        venue.rename(f"Maison {number}", by=actor(INES))
    browser = sign_in(INES)
    first = page(browser, CHANGES)
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    assert "Maison 59" in first
    assert "<ins>Maison 0</ins>" in page(browser, re.sub("&amp;", "&", older[1])) + page(browser, f"{CHANGES}?avant=20")


@pytest.mark.parametrize("who", [KARIM, PAUL])
def test_who_leads_nothing_may_not_read_changes(sign_in: SignIn, who: Character) -> None:
    page(sign_in(who), CHANGES, 403)


def test_letters_are_for_administrators(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    page(ines, LETTERS, 403)
    assert press(ines, f"{LETTERS}/travaux/1").status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    for address in (CHANGES, LETTERS):
        assert client.get(address).headers["Location"].startswith("/regie/connexion")


def test_letters_are_listed_by_what_became_of_them(adele: FlaskClient) -> None:
    html = page(adele, f"{LETTERS}?sort=held")
    assert f'href="{LETTERS}?sort=held" aria-current="page"' in html
    page(adele, f"{LETTERS}?sort=eaten", 404)


def test_why_letters_met_their_fate_is_said_in_words_and_counted(
    noon: datetime, adele: FlaskClient, sign_in: SignIn, actor: Act, run_jobs: Callable[[], int]
) -> None:
    signs = [{"List-Id": "<a.b>"}, {"List-Id": "<a.b>"}, {"Auto-Submitted": "auto-replied"}, {"X-Autoreply": "yes"}]
    raws = [a_letter(mid=f"<{n}@x.fr>", subject=f"N° {n}", headers=signs[n]) for n in range(len(signs))]
    intake.store_letters([(raw, Envelope()) for raw in [*raws, a_letter(mid="<p@x.fr>"), a_letter(mid="<p@x.fr>")]])
    run_jobs()
    html = page(adele, f"{LETTERS}?sort=automatic")
    assert "Pourquoi, pour les 4 derniers" in html
    assert re.search(r"<dt>Il vient d’une liste de diffusion[^<]*</dt><dd>2</dd>", html)
    assert not re.search(r"<td[^>]*>(list|submitted|machine)</td>", html)
    assert "Le même courriel est déjà là." in page(adele, f"{LETTERS}?sort=duplicate")
    assert "Il a ouvert une demande" in page(adele, f"{LETTERS}?sort=ticket")
    page(adele, f"{LETTERS}?sort=slow")
    people.set_preferences({}, language="en", by=actor(ADELE))
    assert "It comes from a mailing list or a newsletter." in page(sign_in(ADELE), f"{LETTERS}?sort=automatic")


def test_failed_work_may_be_tried_again(adele: FlaskClient) -> None:
    key = a_failed_job()
    assert "IndexError: nothing there" in page(adele, LETTERS)
    assert "IndexError" not in told(adele, press(adele, f"{LETTERS}/travaux/{key}", at=LETTERS))
    session.rollback()
    assert jobs.waiting() == 1


def test_work_that_did_not_fail_cannot_be_tried_again(adele: FlaskClient) -> None:
    assert press(adele, f"{LETTERS}/travaux/99", at="/regie/moi").status_code == 404


def test_more_changes_cost_no_more_statements(noon: datetime, sign_in: SignIn, actor: Act) -> None:
    venue.rename("Maison", by=actor(INES))
    browser = sign_in(INES)
    page(browser, CHANGES)
    with counted() as few:
        page(browser, CHANGES)
    for number in range(20):
        venue.rename(f"Maison {number}", by=actor(INES))
    page(browser, CHANGES)
    with counted() as many:
        page(browser, CHANGES)
    assert len(many) == len(few)


def test_the_balance_of_each_day_is_marked(adele: FlaskClient, run_jobs: Callable[[], int]) -> None:
    assert page(adele, LETTERS).count("Juste") == 14
    with clock.frozen_at(clock.now() - timedelta(days=1)):
        intake.store_letters([(a_letter(), Envelope())])
    balance.check()
    html = page(adele, LETTERS)
    assert "Il manque des courriels dans le compte de 1 jour" in html
    assert "Encore en attente" in html
    assert "Jours mal soldés" in page(adele, "/regie/file/todo")
    run_jobs()
    balance.check()
    assert page(adele, LETTERS).count("Juste") == 14
