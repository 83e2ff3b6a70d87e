"""Beginning an article, publishing in one press, putting one back, and what an editor is told beside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Role
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.knowledge import beginning, editing, shelf, signals, voting
from app.knowledge.beginning import Beginning, begin, word_of
from app.knowledge.editing import DraftInput
from app.knowledge.library import ArticleFile, dump, parse
from app.knowledge.publishing import publish_text, put_back
from app.knowledge.voting import VoteInput

pytestmark = pytest.mark.usefixtures("app", "noon")

READER = Actor(roles=frozenset({Role.SPECTATOR}), door="portal")
AGENT = Actor(roles=frozenset({Role.AGENT}), door="desk")


def given(
    title: str = "Objets trouvés", *, lang: str = "fr", base: int = 0, brief: str = "Écrivez-nous."
) -> DraftInput:
    article = ArticleFile(
        slug="lost", lang=lang, title=title, brief=brief, category="apres", address=f"perdu-{lang}", body="Un texte.\n"
    )
    return DraftInput(slug="lost", lang=lang, source=dump(article), base_version=base)


def test_a_text_is_published_in_one_press() -> None:
    assert publish_text(given(), by=SYSTEM) == 1
    assert editing.drafts(by=SYSTEM) == []
    assert shelf.find(READER, "lost", "fr") is not None


def test_a_text_that_is_refused_leaves_no_draft() -> None:
    with pytest.raises(Invalid):
        publish_text(given(brief=""), by=SYSTEM)
    assert editing.drafts(by=SYSTEM) == []


def test_an_article_that_changed_meanwhile_is_not_written_over() -> None:
    publish_text(given(), by=SYSTEM)
    publish_text(given("Perdu", base=1), by=SYSTEM)
    with pytest.raises(Conflict):
        publish_text(given("Égaré", base=1), by=SYSTEM)
    assert publish_text(given("Égaré", base=1), seen_version=2, by=SYSTEM) == 3


def test_a_withdrawn_article_returns_as_it_was() -> None:
    publish_text(given(), by=SYSTEM)
    editing.withdraw("lost", "fr", by=SYSTEM)
    put_back("lost", "fr", by=SYSTEM)
    card = shelf.find(READER, "lost", "fr")
    assert card is not None
    assert (card.version, card.address) == (1, "perdu-fr")


def test_what_was_not_withdrawn_cannot_be_put_back() -> None:
    publish_text(given(), by=SYSTEM)
    for slug in ("lost", "nothing"):
        with pytest.raises(NotFound):
            put_back(slug, "fr", by=SYSTEM)


@pytest.mark.parametrize(
    ("title", "word"),
    [("Où est l’entrée ?", "ou-est-l-entree"), ("Œuvres d'art", "oeuvres-d-art"), ("???", "article"), ("x" * 99, "x" * 60)],
)  # fmt: skip
def test_a_title_gives_a_word(title: str, word: str) -> None:
    assert word_of(title) == word


def test_a_word_in_use_gets_a_number() -> None:
    wanted = Beginning(title="Lost", lang="fr", category="apres")
    publish_text(given(), by=SYSTEM)
    assert [begin(wanted, by=SYSTEM)[0] for _ in range(2)] == ["lost-2", "lost-3"]


def test_a_translation_begins_where_its_twin_stands() -> None:
    publish_text(given(), by=SYSTEM)
    text = parse(beginning.first_text("lost", "en", by=SYSTEM))
    assert (text.lang, text.title, text.category, text.body, text.brief) == ("en", "Objets trouvés", "apres", "", "")


def test_who_writes_no_articles_begins_none() -> None:
    wanted = Beginning(title="Lost", lang="fr", category="apres")
    for verb in (lambda: begin(wanted, by=AGENT), lambda: publish_text(given(), by=AGENT)):
        with pytest.raises(Forbidden):
            verb()


def test_a_translation_is_behind_when_its_source_changed_later() -> None:
    publish_text(given(), by=SYSTEM)
    publish_text(given(lang="en"), by=SYSTEM)
    assert not signals.editions("lost", by=SYSTEM)["en"].behind
    clock.advance(timedelta(hours=1))
    publish_text(given("Perdu", base=1), by=SYSTEM)
    found = signals.editions("lost", by=SYSTEM)
    assert (found["en"].behind, found["fr"].behind) == (True, False)


def test_votes_are_counted_by_reason() -> None:
    publish_text(given(), by=SYSTEM)
    for visitor, helpful, reason in (
        ("a", True, ""),
        ("b", False, "wrong"),
        ("c", False, "wrong"),
        ("d", False, "unclear"),
    ):
        vote = VoteInput(slug="lost", lang="fr", helpful=helpful, visitor=visitor, reason=reason)
        voting.vote(vote, by=READER)
    session.rollback()
    found = signals.signals("lost", "fr", by=SYSTEM)
    assert found is not None
    assert (found.usefulness.helpful, found.usefulness.votes) == (1, 4)
    assert found.reasons == (("wrong", 2), ("unclear", 1))


def test_an_article_that_was_never_published_has_no_signals() -> None:
    assert signals.signals("lost", "fr", by=SYSTEM) is None
