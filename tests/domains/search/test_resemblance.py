"""Articles that say much the same as a text being written."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from app.kernel.access import Actor, Role
from app.knowledge.library import ArticleFile, parse
from app.search import reader
from app.search.resemblance import ALIKE, alike, cosine, weighed
from tests.domains.search.conftest import SHIPPED

EDITOR = Actor(roles=frozenset({Role.STAFF, Role.EDITOR}))


def shipped_text(name: str) -> ArticleFile:
    return parse((SHIPPED / f"{name}.md").read_text("utf-8"))


def test_a_text_written_twice_is_noticed_whole_or_just_begun(shipped: Path) -> None:
    text = replace(shipped_text("lost-ticket.fr"), slug="billet-perdu")
    assert alike(text, by=EDITOR)[0].slug == "lost-ticket"
    assert alike(replace(text, body=""), by=EDITOR)[0].slug == "lost-ticket"


def test_a_text_is_not_like_itself_and_a_new_one_like_none(shipped: Path) -> None:
    assert alike(shipped_text("lost-ticket.fr"), by=EDITOR) == []
    new = ArticleFile(slug="parking", lang="fr", title="Où garer mon vélo ?", body="Sous les arcades.\n")
    assert alike(new, by=EDITOR) == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_two_shipped_articles_say_much_the_same(shipped: Path, lang: str) -> None:
    held = reader.held().collections[lang]
    texts = [weighed(one, one.body, held) for one in held.documents]
    assert max(cosine(one, other) for one, other in combinations(texts, 2)) < ALIKE
