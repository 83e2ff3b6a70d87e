"""What the public sees of a declared incident, wherever they look, and that nothing of it stays when it is taken down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from app.boxoffice.models import Performance
from app.incidents import declaring
from app.incidents.declaring import Telling
from app.kernel.access import Actor
from app.portal import bill
from app.tickets import links
from tests.bill import a_performance, an_order
from tests.cast import INES, LEA, Character
from tests.doors.portal.scenery import a_form, text_of
from tests.makers import a_ticket

pytestmark = pytest.mark.usefixtures("shelf")
Act = Callable[[Character], Actor]
TITLE, TEXT = "« Carmen » est annulé vendredi", "La scène est inondée. Vos billets seront remboursés."
ENGLISH, ENGLISH_TEXT = "Carmen is cancelled on Friday", "The stage is flooded. Your tickets will be refunded."
#: Every kind of page people arrive on, and one they are already looking at.
PAGES = (
    "/", "/recherche", "/recherche?q=objet+perdu", "/aide", "/aide/annulations",
    "/aide/annulations/mon-spectacle-est-annule", "/demandes/nouvelle", "/contact", "/mes-demandes", "/retrouver", "/plan",
)  # fmt: skip


@pytest.fixture
def show(noon: datetime) -> Performance:
    row = a_performance("Carmen", "Carmen", noon + timedelta(days=3), status="cancelled", notice_fr="Mot de l’affiche.")
    bill._changes.forget()
    return row


@pytest.fixture
def incident(show: Performance, actor: Act) -> int:
    return declaring.declare(telling(show), by=actor(INES))


def telling(show: Performance, **changed: object) -> Telling:
    given: dict[str, object] = {
        "cause": "cancelled", "title_fr": TITLE, "title_en": ENGLISH, "text_fr": TEXT, "text_en": ENGLISH_TEXT,
        "performance_id": show.id, "article": "show-cancelled", **changed,
    }  # fmt: skip
    return Telling(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_tells_it_and_forgets_it_as_fast(
    client: FlaskClient, show: Performance, actor: Act, address: str
) -> None:
    assert TITLE not in text_of(client, address)
    incident = declaring.declare(telling(show), by=actor(INES))
    page = text_of(client, address)
    assert page.count('class="banner"') == 1
    assert TITLE in page
    assert TEXT in page
    assert 'href="/aide/annulations/mon-spectacle-est-annule"' in page
    assert "Mot de l’affiche." not in page
    declaring.end(incident, "withdrawn", by=actor(INES))
    after = text_of(client, address)
    assert TITLE not in after
    assert "Mot de l’affiche." in after


def test_it_is_told_in_the_language_of_the_page(client: FlaskClient, incident: int) -> None:
    page = text_of(client, "/en/")
    assert ENGLISH in page
    assert ENGLISH_TEXT in page
    assert TITLE not in page


def test_other_words_show_at_once_and_are_known_to_browsers(
    client: FlaskClient, show: Performance, incident: int, actor: Act
) -> None:
    stamp = client.get("/").headers["ETag"]
    assert client.get("/", headers={"If-None-Match": stamp}).status_code == 304
    declaring.reword(incident, telling(show, text_fr="Remboursement automatique."), by=actor(INES))
    again = client.get("/", headers={"If-None-Match": stamp})
    assert again.status_code == 200
    assert "Remboursement automatique." in again.get_data(as_text=True)


def test_its_article_comes_first_of_the_most_read(client: FlaskClient, show: Performance, actor: Act) -> None:
    def read() -> list[str]:
        part = text_of(client, "/").partition('id="read"')[2].partition("</ul>")[0]
        return [piece.partition('"')[0] for piece in part.split('href="')[1:]]

    before = read()
    declaring.declare(telling(show, article="lost-property"), by=actor(INES))
    after = read()
    assert after[0].startswith("/aide/")
    assert "objet" in after[0]
    assert sorted(after) == sorted(before)


@pytest.mark.parametrize("question", ["Carmen", "horaire de Carmen", "mon spectacle est annulé"])
def test_it_comes_first_in_a_search_that_fits(client: FlaskClient, incident: int, question: str) -> None:
    page = text_of(client, f"/recherche?q={question}").partition("<ol")[2]
    assert page.index("mon-spectacle-est-annule") < page.index(TITLE)
    assert page.count("<h2") >= 1
    assert page.partition("</li>")[0].count(TITLE) == 1


def test_a_search_about_something_else_is_left_alone(client: FlaskClient, incident: int) -> None:
    page = text_of(client, "/recherche?q=parapluie+oublié").partition("<main")[2]
    assert TITLE not in page


def test_it_is_offered_while_somebody_types(client: FlaskClient, incident: int) -> None:
    answer = client.get("/recherche?q=carmen", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert answer.partition("</li>")[0].count("mon-spectacle-est-annule") == 1


def test_the_form_shows_it_for_a_reason_that_fits(client: FlaskClient, incident: int) -> None:
    part = client.get("/demandes/nouvelle?motif=refund", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert TEXT in part
    other = client.get("/demandes/nouvelle?motif=access", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert TEXT not in other


def test_the_form_shows_it_for_an_order_of_its_performance(
    client: FlaskClient, show: Performance, incident: int
) -> None:
    an_order("VAL-7K3QD", show)
    given = a_form(commande="VAL-7K3QD", email=LEA)
    part = client.post("/demandes/commande", data=given).get_data(as_text=True)
    assert TEXT in part


def test_a_long_text_is_told_by_its_first_paragraph_in_the_band(
    client: FlaskClient, show: Performance, actor: Act
) -> None:
    declaring.declare(telling(show, text_fr="Début.\n\n" + "La suite. " * 60), by=actor(INES))
    band = text_of(client, "/").partition('class="banner"')[2].partition("</section>")[0]
    assert "Début." in band
    assert "La suite." not in band


def test_the_private_page_says_the_same_with_place_and_estimate(
    client: FlaskClient, show: Performance, incident: int, run_jobs: Callable[[], int]
) -> None:
    an_order("VAL-7K3QD", show)
    opened = a_ticket(order_code="VAL-7K3QD")
    run_jobs()
    page = text_of(client, f"/d/{links.token_for(opened.nonce)}")
    assert page.count(TITLE) == 1
    assert TEXT in page
    assert "Moins de 10 personnes ont écrit avant vous." in page
    assert "Nous vous répondrons avant" in page
    assert 'href="/aide/annulations/mon-spectacle-est-annule"' in page
