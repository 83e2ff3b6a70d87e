"""Editors are told what the knowledge base needs, once for each reason, as they chose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, spectator
from app.kernel.transaction import transactional
from app.knowledge import voting
from app.knowledge.voting import VoteInput
from app.mail import outgoing
from app.mail.outgoing import Shown
from app.notices import gathering
from app.notices import service as notices
from app.search import gaps
from tests.cast import ADELE, INES, PAUL, Character
from tests.domains.knowledge.texts import a_text, shelved
from tests.domains.notices.conftest import choose
from tests.domains.search.conftest import kb as kb

Act = Callable[[Character], Actor]
SLUG = "xylophone"


@pytest.fixture
def paul(app: Flask, noon: datetime, kb: Path, actor: Act) -> Actor:
    return actor(PAUL)


def told_to(email: str) -> list[Shown]:
    """The letters of the next morning, and of now."""
    gathering.articles()
    notices.tell()
    clock.advance(timedelta(days=1))
    notices.tell()
    return [one for one in reversed(outgoing.latest(by=SYSTEM, limit=200)) if one.to == email]


def voted(yes: int, no: int) -> None:
    for number in range(yes + no):
        voting.vote(VoteInput(slug=SLUG, lang="fr", helpful=number < yes, visitor=f"v{number}"), by=spectator(None, door="portal"))  # fmt: skip


def test_an_article_not_checked_for_long_is_told_in_the_letter_of_the_day_once(paul: Actor, kb: Path) -> None:
    shelved(kb, a_text(slug=SLUG, title="Le xylophone", reviewed="2025-01-03"))
    (letter,) = told_to(PAUL.email)
    assert (letter.kind, letter.subject) == ("digest", "Votre résumé du jour\N{NO-BREAK SPACE}: 1 nouvelle")
    assert (
        "Le xylophone\nVérifié le vendredi 3\N{NO-BREAK SPACE}janvier 2025. Lu 0 fois en 28 jours, sans un seul vote."
        in letter.text
    )
    assert f"http://localhost/regie/base/{SLUG}/fr" in letter.text
    assert told_to(PAUL.email) == [letter]
    clock.advance(timedelta(days=91))
    notices.forget()
    assert len(told_to(PAUL.email)) == 2


def test_who_wants_it_at_once_gets_a_letter_of_its_own(paul: Actor, kb: Path) -> None:
    choose(paul, articles="now")
    shelved(kb, a_text(slug=SLUG, title="Le xylophone", reviewed="2025-01-03"))
    (letter,) = told_to(PAUL.email)
    assert (letter.kind, letter.subject) == ("articles", "À relire\N{NO-BREAK SPACE}: Le xylophone")


def test_an_article_that_helps_too_few_is_told_with_its_votes(paul: Actor, kb: Path) -> None:
    shelved(kb, a_text(slug=SLUG, title="Le xylophone", reviewed="2026-11-01"))
    voted(11, 8)
    assert told_to(PAUL.email) == []  # nineteen say nothing yet
    voted(11, 9)
    (letter,) = told_to(PAUL.email)
    assert "Utile à 55\N{NO-BREAK SPACE}% seulement (20 votes)." in letter.text


def test_what_was_mended_before_the_letter_left_is_not_told(paul: Actor, kb: Path) -> None:
    shelved(kb, a_text(slug=SLUG, title="Le xylophone", reviewed="2025-01-03"))
    gathering.articles()
    shelved(kb, a_text(slug=SLUG, title="Le xylophone", reviewed="2026-11-09"))
    assert told_to(PAUL.email) == []


def test_words_looked_for_five_times_in_a_week_are_told(paul: Actor) -> None:
    for _ in range(4):
        gaps.note("vestiaire", "fr")
    assert told_to(PAUL.email) == []
    gaps.note("vestiaire", "fr")
    (letter,) = told_to(PAUL.email)
    assert "vestiaire\nCherché 5 fois en sept jours, et rien trouvé." in letter.text
    assert "http://localhost/regie/base#manques" in letter.text


def test_words_an_incident_left_unanswered_are_told_in_one_line_that_names_it(paul: Actor) -> None:
    left = gaps.examined([("fr", "vestiaire", 9), ("fr", "navette", 3)])
    transactional(gaps.hear)(
        "incident-7", ("« Carmen » est annulé", "Carmen is cancelled"), "/regie/incidents/7/bilan", left
    )
    (letter,) = told_to(PAUL.email)
    assert (
        "« Carmen » est annulé\nDemandé pendant cet incident par trois personnes ou plus, et absent du texte"
        "\N{NO-BREAK SPACE}: vestiaire, navette."
    ) in letter.text
    assert "http://localhost/regie/base#manques" in letter.text
    assert told_to(PAUL.email) == [letter]


def test_several_things_are_one_letter_that_leads_to_the_base(paul: Actor, kb: Path) -> None:
    choose(paul, articles="now")
    shelved(kb, a_text(slug=SLUG, title="Le xylophone", reviewed="2025-01-03"))
    for _ in range(5):
        gaps.note("vestiaire", "fr")
    (letter,) = told_to(PAUL.email)
    assert letter.subject == "Base\N{NO-BREAK SPACE}: 2 choses à regarder"
    assert "http://localhost/regie/base\n" in letter.text


@pytest.mark.parametrize("who", [INES, ADELE])
def test_others_are_not_told_unasked(paul: Actor, actor: Act, kb: Path, who: Character) -> None:
    actor(who)
    shelved(kb, a_text(slug=SLUG, title="Le xylophone", reviewed="2025-01-03"))
    assert told_to(who.email) == []


def test_an_editor_who_chose_never_is_not_told(paul: Actor, kb: Path) -> None:
    choose(paul, articles="never")
    shelved(kb, a_text(slug=SLUG, title="Le xylophone", reviewed="2025-01-03"))
    assert told_to(PAUL.email) == []
