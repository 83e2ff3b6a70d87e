"""The editors' dashboard: what is read, what answers, what is missing, and the article to mend first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from app.insight.visits import Deed, Seen, record_visits
from app.kernel import clock
from app.kernel.access import SYSTEM
from app.kernel.transaction import transactional
from app.knowledge import queries, shelf, whole
from app.knowledge.voting import VoteInput, vote
from app.search import gaps, steps
from tests.cast import INES, KARIM, PAUL, SAMI, Character
from tests.doors.desk.steps import page, statements
from tests.doors.desk.writing import an_article

SignIn = Callable[[Character], FlaskClient]
HERE = "/regie/base/tableau"


@pytest.fixture
def paul(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The editor."""
    return sign_in(PAUL)


@transactional
def read(slug: str, times: int) -> None:
    """Let an article be opened today."""
    card = shelf.find(SYSTEM, slug, "fr")
    assert card is not None
    queries.add_readings(whole.today(), Counter({card.id: times}))


def test_tiles_tell_what_is_read_what_answers_and_what_is_missing(paul: FlaskClient) -> None:
    an_article()
    read("show-cancelled", 12)
    for place in range(4):
        vote(VoteInput(slug="show-cancelled", lang="fr", helpful=place > 0, visitor=str(place)), by=SYSTEM)
    record_visits(
        Seen(whole.today(), str(n), frozenset({Deed.READ, Deed.ASKED} if n else {Deed.READ})) for n in range(2)
    )
    gaps.note("parking des poneys", "fr")
    html = page(paul, HERE)
    for words in (">12<", "75\u202f%", "50\u202f%", "parking des poneys", "Mon spectacle est annulé"):
        assert words in html.replace("\u00a0", "\u202f"), words
    for there in ('href="#lus"', 'href="#pires"', 'href="/regie/base/a-revoir#behind"', 'id="manques"', 'id="jours"'):
        assert there in html, there


def test_the_worst_article_stands_first_with_the_words_typed_before_giving_up(paul: FlaskClient) -> None:
    an_article()
    an_article(slug="lost-ticket", title="Billet perdu", category="billets")
    for visitor in ("a", "b"):
        steps.read(visitor, "mon billet est parti", "lost-ticket", "fr")
        steps.asked(visitor)
    steps.read("c", "spectacle supprimé", "show-cancelled", "fr")
    steps.asked("c")
    steps.read("d", "content de tout", "show-cancelled", "fr")
    steps.flush()
    clock.advance(timedelta(minutes=3))
    steps.settle()
    html = page(paul, HERE)
    poor = html[html.index('id="pires"') : html.index('id="manques"')]
    assert poor.index("Billet perdu") < poor.index("Mon spectacle est annulé")
    assert "mon billet est parti" in poor
    assert "× 2" in poor
    assert "content de tout" not in poor


def test_a_shelf_without_articles_says_so(paul: FlaskClient) -> None:
    assert "La base est vide" in page(paul, HERE)


def test_more_articles_cost_no_more_statements(paul: FlaskClient) -> None:
    an_article()
    once = statements(paul, HERE)
    for number in range(12):
        an_article(slug=f"autre-{number}", title=f"Autre {number}")
        read(f"autre-{number}", number + 1)
    assert statements(paul, HERE) == once
    assert once < 20


@pytest.mark.parametrize("who", [INES, KARIM, SAMI])
def test_who_writes_no_articles_may_not_enter(sign_in: SignIn, who: Character) -> None:
    page(sign_in(who), HERE, 403)


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(HERE).headers["Location"].startswith("/regie/connexion")
