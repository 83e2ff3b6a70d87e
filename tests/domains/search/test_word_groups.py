"""Words that mean the same in this house: kept, tried before, taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from app.kernel.access import Actor
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.search import gaps, service, word_groups
from tests.cast import KARIM, PAUL, Character
from tests.domains.knowledge.texts import a_text, shelved

Act = Callable[[Character], Actor]


@pytest.fixture
def paul(app: Flask, noon: datetime, kb: Path, actor: Act) -> Actor:
    shelved(kb, a_text(), a_text("lost-hat", title="Chapeau du balcon", address="chapeau"))
    service.refresh()
    return actor(PAUL)


def found(words: str) -> list[str]:
    return [hit.slug for hit in service.search(words, "fr", words_only=True).hits]


def test_a_word_finds_what_articles_say_by_another_of_its_group(paul: Actor) -> None:
    group = word_groups.typed("fr", "Zibeline, écharpe\ncache-nez")
    assert group.words == ("zibeline", "écharpe", "cache-nez")
    gaps.note("zibeline à paillettes", "fr")
    effects = service.effects(group, by=paul)
    assert ("zibeline", (), ("Mon écharpe est perdue",)) in [(e.words, e.before, e.after) for e in effects]
    assert "zibeline à paillettes" in [e.words for e in effects]
    assert found("zibeline") == []
    number = word_groups.keep(group, by=paul)
    assert found("zibeline") == ["lost-scarf"]
    assert found("cache-nez")[:1] == ["lost-scarf"]
    word_groups.take_away(number, by=paul)
    assert found("zibeline") == []
    with pytest.raises(NotFound):
        word_groups.take_away(number, by=paul)


def test_a_group_that_is_changed_means_the_new_words_only(paul: Actor) -> None:
    first = word_groups.keep(word_groups.typed("fr", "zibeline, écharpe"), by=paul)
    word_groups.keep(word_groups.Group("fr", ("zibeline", "chapeau"), first), by=paul)
    assert found("zibeline")[:1] == ["lost-hat"]
    assert [one.words for one in word_groups.listed(by=paul)] == [("zibeline", "chapeau")]


@pytest.mark.parametrize(
    ("lang", "text", "field"),
    [("fr", "écharpe", "words"), ("fr", "écharpe, Écharpe", "words"), ("fr", "", "words"), ("de", "a, b", "lang"),
     ("fr", f"a, {'x' * 41}", "words"), ("fr", ", ".join(f"mot{n}" for n in range(21)), "words")],
)  # fmt: skip
def test_what_is_no_group_is_refused(lang: str, text: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        word_groups.typed(lang, text)
    assert field in refused.value.fields


def test_groups_are_the_editors(paul: Actor, actor: Act) -> None:
    with pytest.raises(Forbidden):
        word_groups.keep(word_groups.typed("fr", "zibeline, écharpe"), by=actor(KARIM))
