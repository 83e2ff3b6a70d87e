"""What closed the requests nearest to a new one is suggested, with how many it closed, to those who may use it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue import service as catalogue
from app.kernel import clock
from app.kernel.access import Actor, spectator
from app.knowledge import shelf
from app.mail.outgoing import address as public
from app.tickets import conversation
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from app.tickets.states import Channel, State
from app.triage import answered, objecting, place, queries, service
from tests.bill import shelved
from tests.cast import HUGO, KARIM, SAMI, Character
from tests.doors.desk.steps import page, statements
from tests.makers import a_ticket

Jobs, Known, SignIn = Callable[[], int], Callable[[Character], Actor], Callable[[Character], FlaskClient]
LESSONS = Path(service.__file__).parent / "messages" / "phrasings.jsonl"
ASKED = (
    "Bonjour, je n'ai jamais reçu mes billets par mail alors que le paiement est passé.",
    "Je n'ai pas reçu les billets par mail, le paiement est bien passé, pouvez-vous les renvoyer ?",
    "Mes billets ne sont jamais arrivés par mail, le paiement est pourtant passé.",
)

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    place.be(folder)
    place.trained_from([LESSONS])
    return folder


@pytest.fixture
def models(app: Flask, taught: Path, tmp_path: Path) -> Iterator[None]:
    shutil.copytree(taught, tmp_path / "models")
    before = place.model_file().parent
    place.be(tmp_path / "models")
    yield
    place.be(before)


@pytest.fixture(autouse=True)
def stocked(app: Flask, noon: datetime, tmp_path: Path) -> None:
    """An article for everybody, and one for the team."""
    shelved(tmp_path / "articles", ("accessibility", "answer-on-behalf"))


@pytest.fixture
def karim(sign_in: SignIn) -> FlaskClient:
    return sign_in(KARIM)


def asked(run_jobs: Jobs, words: str, at: int = 0) -> Opened:
    place.look_again()
    answered.forget()  # ten minutes later
    clock.advance(timedelta(minutes=10))
    opened = a_ticket(body=words, subject="", channel=Channel.EMAIL, email=f"p{at}@exemple.fr")
    run_jobs()
    return opened


def closed(run_jobs: Jobs, by: Actor, words: str, at: int, **answer: object) -> Opened:
    """A request that an answer ended."""
    opened = asked(run_jobs, words, at)
    body = str(answer.pop("body", "Voici vos billets."))
    conversation.answer(opened.ticket_id, Word(body=body), then=State.SOLVED, by=by, **answer)  # type: ignore[arg-type]
    run_jobs()
    return opened


def address(opened: Opened) -> str:
    return f"/regie/demandes/{opened.number}"


def test_what_closed_close_requests_is_suggested_with_how_many(
    models: None, karim: FlaskClient, run_jobs: Jobs, actor: Known
) -> None:
    card = catalogue.canned()[0]
    article = shelf.articles(spectator(None, door="portal"), "fr")[0]
    for at in range(2):
        closed(run_jobs, actor(KARIM), ASKED[at], at, canned_id=card.id, body=f"Lisez {public(article.path)}.")
    closed(
        run_jobs, actor(KARIM), "Je voudrais une facture pour mon abonnement.", 5, canned_id=catalogue.canned()[1].id
    )
    new = asked(run_jobs, ASKED[2], 9)
    html = page(karim, address(new))
    assert "Réponse suggérée" in html
    assert html.count("A clos 2 demandes proches") == 2
    assert f'data-insert-here="{address(new)}/reponses-types/{card.id}"' in html
    assert f'data-insert-here="{address(new)}/articles/{article.slug}"' in html
    assert f"/reponses-types/{catalogue.canned()[1].id}" not in html
    # Without scripts the press leads to the same request with the answer typed in.
    filled = page(karim, f"{address(new)}?reponse={card.id}")
    assert card.filled("fr", {}).split("{")[0].strip()[:20] in filled
    assert statements(karim, address(new)) <= 10


def test_one_alone_is_chance_and_another_reason_is_another_question(
    models: None, karim: FlaskClient, run_jobs: Jobs, actor: Known
) -> None:
    card = catalogue.canned()[0]
    closed(run_jobs, actor(KARIM), ASKED[0], 0, canned_id=card.id)
    one = asked(run_jobs, ASKED[1], 1)
    assert [found.closed for found in shown(one)] == [1]
    assert "Réponse suggérée" not in page(karim, address(one))
    conversation.answer(one.ticket_id, Word(body="Voici."), then=State.SOLVED, canned_id=card.id, by=actor(KARIM))
    run_jobs()
    two = asked(run_jobs, ASKED[2], 2)
    assert "Réponse suggérée" in page(karim, address(two))
    service.correct(two.ticket_id, category="invoice", type="invoice_request", priority="normal", by=actor(KARIM))
    assert "Réponse suggérée" not in page(karim, address(two))


def shown(opened: Opened) -> tuple[answered.Source, ...]:
    found = service.sorting_on(opened.ticket_id)
    assert found is not None
    return found.suggested


def test_the_last_answer_counts_and_whoever_objects_teaches_nothing(models: None, run_jobs: Jobs, actor: Known) -> None:
    first, second = (card.id for card in catalogue.canned()[:2])
    ones = [closed(run_jobs, actor(KARIM), words, at, canned_id=first) for at, words in enumerate(ASKED[:2])]
    conversation.answer(ones[0].ticket_id, Word(body="Encore."), then=State.SOLVED, canned_id=second, by=actor(KARIM))
    run_jobs()
    assert queries.sources_of([ones[0].ticket_id]) == {ones[0].ticket_id: [("canned", str(second))]}
    assert {(one.ref, one.closed) for one in shown(asked(run_jobs, ASKED[2], 3))} == {(str(first), 1), (str(second), 1)}
    conversation.answer(ones[1].ticket_id, Word(body="À la main."), then=State.SOLVED, by=actor(KARIM))
    run_jobs()
    assert queries.sources_of([ones[1].ticket_id]) == {}
    objecting.note(ones[0].ticket_id, by=actor(KARIM))
    assert shown(asked(run_jobs, ASKED[2], 4)) == ()


def test_what_may_not_be_used_any_more_or_by_them_is_not_suggested(
    models: None, karim: FlaskClient, sign_in: SignIn, run_jobs: Jobs, actor: Known
) -> None:
    team = next(card for card in shelf.whole().cards if card.audience != "public" and card.lang == "fr")
    for at in range(2):
        closed(run_jobs, actor(KARIM), ASKED[at], at, canned_id=987654, body=f"Voir {public(team.path)}")
    new = asked(run_jobs, ASKED[2], 9)
    assert {one.kind for one in shown(new)} == {"canned", "article"}
    assert "Réponse suggérée" not in page(karim, address(new))  # retired meanwhile, and not for the public
    page(sign_in(HUGO), address(new), 404)
    page(sign_in(SAMI), address(new), 403)


def test_without_a_model_nothing_is_suggested(karim: FlaskClient, run_jobs: Jobs, actor: Known) -> None:
    for at in range(2):
        closed(run_jobs, actor(KARIM), ASKED[at], at, canned_id=catalogue.canned()[0].id)
    assert shown(asked(run_jobs, ASKED[2], 9)) == ()
