"""Second readings and ends of articles are told to whom they concern, while they still hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.knowledge import editing, reviewing
from app.knowledge.editing import DraftInput
from app.mail import outgoing
from app.mail.outgoing import Shown
from app.notices import gathering
from app.notices import service as notices
from tests.cast import ADELE, PAUL, Character
from tests.domains.knowledge.texts import a_text, shelved
from tests.domains.notices.conftest import choose
from tests.domains.search.conftest import kb as kb

Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
SLUG = "xylophone"


@pytest.fixture
def paul(app: Flask, noon: datetime, kb: Path, actor: Act) -> Actor:
    return actor(PAUL)


@pytest.fixture
def adele(paul: Actor, actor: Act) -> Actor:
    reader = actor(ADELE)
    choose(reader, reading="now")
    choose(paul, reading="now")
    return reader


def written(by: Actor, title: str = "Le xylophone") -> editing.Saved:
    return editing.save_draft(DraftInput(slug=SLUG, lang="fr", source=a_text(slug=SLUG, title=title)), by=by)


def letters_to(email: str) -> list[Shown]:
    notices.tell()
    return [one for one in reversed(outgoing.latest(by=SYSTEM, limit=200)) if one.to == email]


def test_who_may_agree_is_asked_and_the_author_hears_what_was_decided(
    paul: Actor, adele: Actor, run_jobs: Jobs
) -> None:
    saved = written(paul)
    reviewing.ask(saved.draft_id, "Le titre va-t-il ?", by=paul)
    run_jobs()
    (asked,) = letters_to(ADELE.email)
    assert asked.subject == f"À relire pour {PAUL.name}\N{NO-BREAK SPACE}: Le xylophone"
    assert "Le titre va-t-il ?" in asked.text
    assert f"http://localhost/regie/base/{SLUG}/fr/brouillons/{saved.draft_id}" in asked.text
    assert letters_to(PAUL.email) == []
    reviewing.send_back(saved.draft_id, "Plus court.", revision=saved.revision, by=adele)
    run_jobs()
    (returned,) = letters_to(PAUL.email)
    assert returned.subject == f"{ADELE.name} vous renvoie\N{NO-BREAK SPACE}: Le xylophone"
    assert "Plus court." in returned.text
    again = editing.save_draft(
        DraftInput(slug=SLUG, lang="fr", source=a_text(slug=SLUG, title="Xylophone"), draft_id=saved.draft_id,
                   revision=saved.revision), by=paul,
    )  # fmt: skip
    reviewing.ask(again.draft_id, by=paul)
    reviewing.agree(again.draft_id, revision=again.revision, by=adele)
    run_jobs()
    assert len(letters_to(ADELE.email)) == 1  # agreed with before the letter left: there is nothing to read any more
    assert letters_to(PAUL.email)[-1].subject == f"{ADELE.name} est d’accord\N{NO-BREAK SPACE}: Xylophone"


def test_a_text_thrown_away_before_the_letter_leaves_is_not_told(paul: Actor, adele: Actor, run_jobs: Jobs) -> None:
    saved = written(paul)
    reviewing.ask(saved.draft_id, by=paul)
    run_jobs()
    editing.throw_away(saved.draft_id, by=paul)
    assert letters_to(ADELE.email) == []


def test_an_article_near_its_last_day_is_told_before_and_after_it(paul: Actor, kb: Path) -> None:
    choose(paul, articles="now")
    shelved(kb, a_text(slug=SLUG, title="Le festival", ends="2026-11-12"))
    gathering.articles()
    (before,) = letters_to(PAUL.email)
    assert before.subject == "Bientôt plus montré\N{NO-BREAK SPACE}: Le festival"
    gathering.articles()
    assert letters_to(PAUL.email) == [before]
    clock.advance(timedelta(days=10))
    gathering.articles()
    assert letters_to(PAUL.email)[-1].subject == "N’est plus montré\N{NO-BREAK SPACE}: Le festival"
