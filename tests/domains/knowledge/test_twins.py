"""Both languages of an article: what is said in one and not yet in the other is noticed, whichever changed first."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.knowledge import board, due, publishing, signals, twins
from app.knowledge.editing import DraftInput, withdraw
from app.knowledge.publishing import publish_text
from app.portal.addresses import LINKS
from tests.domains.knowledge.texts import a_text, put, shelved

EN = {"lang": "en", "title": "My scarf", "address": "scarf"}


@pytest.fixture
def pair(kb: Path, noon: datetime) -> Path:
    """One article in both languages, an hour ago."""
    shelved(kb, a_text(), a_text(**EN))
    clock.advance(timedelta(hours=1))
    return kb


def written(lang: str, body: str, base: int = 1, **more: str) -> int:
    text = a_text(body=body, **(EN if lang == "en" else {}), **more)
    version = publish_text(DraftInput(slug="lost-scarf", lang=lang, source=text, base_version=base), by=SYSTEM)
    clock.advance(timedelta(hours=1))
    return version


def behind() -> list[str]:
    return [lang for lang, one in signals.editions("lost-scarf", by=SYSTEM).items() if one.behind]


@pytest.mark.parametrize(("changed", "late"), [("fr", "en"), ("en", "fr")])
def test_the_language_that_did_not_change_falls_behind_and_catches_up(
    pair: Path, paul: Actor, changed: str, late: str
) -> None:
    written(changed, "Au guichet.\n")
    assert behind() == [late]
    assert [card.lang for card in due.due(by=paul).behind] == [late]
    found = twins.beside("lost-scarf", by=paul)
    assert found.late is not None
    assert found.late.edition.lang == late
    assert {line.text for line in found.changed if line.kind == "added"} == {"Au guichet."}
    written(late, "At the counter.\n")
    assert behind() == []
    assert twins.beside("lost-scarf", by=paul).late is None


def test_what_changed_in_several_steps_is_shown_whole(pair: Path, paul: Actor) -> None:
    written("fr", "Au guichet.\n")
    written("fr", "Au guichet, le samedi.\n", base=2)
    lines = twins.beside("lost-scarf", by=paul).changed
    assert {line.text for line in lines if line.kind == "added"} == {"Au guichet, le samedi."}
    assert "Au vestiaire, chaque soir." in {line.text for line in lines if line.kind == "removed"}


def test_a_check_leaves_the_other_language_alone_and_says_that_a_translation_holds(pair: Path, paul: Actor) -> None:
    publishing.check_again("lost-scarf", "fr", by=paul)
    assert behind() == []
    written("fr", "Au guichet.\n", base=2)
    publishing.check_again("lost-scarf", "en", by=paul)
    publishing.check_again("lost-scarf", "en", by=paul)
    assert behind() == []


def test_words_to_search_by_concern_one_language_and_a_last_day_both(pair: Path) -> None:
    body = a_text().split("---\n", 2)[2]
    written("fr", body, keywords="[écharpe, bonnet]")
    assert behind() == []
    written("fr", body, base=2, keywords="[écharpe, bonnet]", ends="2030-01-01")
    assert behind() == ["en"]


def test_a_publication_that_is_taken_back_leaves_the_twins_as_they_were(pair: Path, paul: Actor) -> None:
    version = written("fr", "Au guichet.\n")
    publishing.take_back("lost-scarf", "fr", version, by=paul)
    assert behind() == []
    clock.advance(timedelta(hours=1))
    written("fr", "Au guichet.\n", base=3)
    version = written("en", "At the counter.\n")
    publishing.take_back("lost-scarf", "en", version, by=paul)
    assert behind() == ["en"]


def test_files_that_changed_together_are_both_up_to_date(pair: Path) -> None:
    shelved(pair, a_text(body="Au guichet.\n"), a_text(body="At the counter.\n", **EN))
    assert behind() == []
    put(pair, a_text(body="Au guichet.\n"))
    shelved(pair, a_text(body="At the counter, on Saturdays.\n", **EN))
    assert behind() == ["fr"]


def test_a_new_translation_makes_nothing_old_and_a_text_that_is_alone_is_behind_nothing(
    kb: Path, noon: datetime
) -> None:
    shelved(kb, a_text())
    clock.advance(timedelta(hours=1))
    written("en", "At the cloakroom.\n", base=0)
    assert behind() == []
    written("fr", "Au guichet.\n")
    assert behind() == ["en"]
    withdraw("lost-scarf", "fr", by=SYSTEM)
    assert behind() == []


def test_who_writes_a_text_whose_twin_changed_is_told_before_publishing(pair: Path, paul: Actor) -> None:
    said = a_text(**EN)
    assert "behind" not in {one.code for one in board.preview(said, LINKS, by=paul).findings}
    written("fr", "Au guichet.\n")
    (found,) = (one for one in board.preview(said, LINKS, by=paul).findings if one.code == "behind")
    assert (found.field, found.fatal) == ("body", False)
