"""What people say for what articles say."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.search.analysis import folded, stem, words
from app.search.everyday import meant, pairs

ARTICLES = Path(__file__).resolve().parents[3] / "kb_articles"


@pytest.mark.parametrize(
    ("lang", "said", "means"),
    [("fr", "fric", "remboursement"), ("fr", "bagnole", "parking"), ("en", "scrapped", "cancelled"), ("en", "kid", "child")],
)  # fmt: skip
def test_an_everyday_word_means_one_of_the_trade(lang: str, said: str, means: str) -> None:
    assert stem(means, lang) in meant([stem(said, lang)], lang)[stem(said, lang)]


def test_what_a_question_says_itself_is_not_added_and_nothing_is_added_twice() -> None:
    asked = [stem(word, "fr") for word in ("fric", "pognon", "remboursement")]
    found = meant([*asked, *asked], "fr")
    assert list(found) == asked
    assert all(len(set(others)) == len(others) and not set(others) & set(asked) for others in found.values())


def test_a_word_nobody_explained_means_itself() -> None:
    assert meant(["xylophon"], "fr") == {"xylophon": []}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_line_leads_to_words_of_the_shipped_articles(lang: str) -> None:
    texts = "\n".join(path.read_text() for path in ARTICLES.glob(f"*.{lang}.md"))
    there = {stem(word, lang) for word in words(texts)}
    lines = list(pairs(lang))
    assert len(lines) > 80
    assert all(left and right for left, right in lines)
    assert {word for _, right in lines for word in right if stem(folded(word), lang) not in there} == set()
