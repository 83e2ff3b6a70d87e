"""“Did you mean”."""

from __future__ import annotations

import pytest

from app.search.spelling import mended, vocabulary

FRENCH = vocabulary(
    ["Le remboursement du spectacle annulé.", "Remboursement, remboursement !", "Le vestiaire ; l’écharpe."],
    ["rembourcement", "foulard"],
    "fr",
)
ENGLISH = vocabulary(["The refund of a cancelled performance."], ["refnd"], "en")


@pytest.mark.parametrize(
    ("question", "better"),
    [
        ("spetacle annulé", "spectacle annulé"),
        ("mon SPECTALE, svp", "mon spectacle, svp"),
        ("l’echarppe", "l’écharpe"),
        ("rembourcement", "remboursement"),
        ("vestaire", "vestiaire"),
    ],
)
def test_an_unknown_word_gives_way_to_its_nearest_neighbour(question: str, better: str) -> None:
    assert mended(question, [FRENCH, ENGLISH]) == better


@pytest.mark.parametrize(
    "question",
    ["remboursé", "spectacle", "foulard", "the refund", "12345", "abc", "xyzzyx", "", "??", "où est le vestiaire"],
)
def test_what_is_known_short_or_like_nothing_is_left_alone(question: str) -> None:
    assert mended(question, [FRENCH, ENGLISH]) is None


def test_keywords_are_never_suggested() -> None:
    assert mended("foulad", [FRENCH, ENGLISH]) is None
