"""What counts as the same word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.analysis import folded, stem, stems, telling, tokens, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L’été, l'Opéra", ["ete", "opera"]),
        ("Qu’est-ce que l’œuvre ?", ["est", "ce", "que", "oeuvre"]),
        ("jusqu’à d'où", ["a", "ou"]),
        ("It’s Tom's, don't", ["it", "tom", "don"]),
        ("e-billet n°12 18 h 30", ["e", "billet", "n", "12", "18", "h", "30"]),
        ("a_b  ", ["a", "b"]),
        ("L", ["l"]),
        ("ﬁn ÉCLAIR Straße", ["fin", "eclair", "strasse"]),
    ],
)
def test_words_lose_case_accents_and_elisions(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_a_word_knows_where_it_stands() -> None:
    text = "L’œuvre annulée"
    assert [text[token.start : token.end] for token in tokens(text)] == ["œuvre", "annulée"]


@pytest.mark.parametrize(
    ("lang", "family"),
    [
        ("fr", ["remboursement", "rembourser", "remboursée", "REMBOURSÉS", "remboursee"]),
        ("fr", ["annulation", "annuler", "annulés", "annulee"]),
        ("fr", ["échange", "echanger", "échangées"]),
        ("en", ["refund", "refunds", "refunded", "refunding"]),
        ("en", ["cancelled", "cancelling", "CANCEL"]),
    ],
)
def test_a_family_of_words_has_one_stem(lang: str, family: list[str]) -> None:
    assert len({stem(folded(word), lang) for word in family}) == 1


@given(st.from_regex(r"[a-z]{1,15}", fullmatch=True), st.sampled_from(["fr", "en"]))
def test_a_stem_is_its_own_stem(word: str, lang: str) -> None:
    assert stem(stem(word, lang), lang) == stem(word, lang)


def test_words_that_tell_nothing_are_left_out_unless_there_is_nothing_else() -> None:
    assert telling("où est mon billet", "fr") == ["billet"]
    assert telling("où est ce", "fr") == ["ou", "est", "ce"]
    assert stems("Where are the tickets?", "en") == ["ticket"]
