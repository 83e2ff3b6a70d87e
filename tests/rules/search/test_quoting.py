"""The best passage, cut short, with the fitting words apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.passages import Passage
from app.search.analysis import stems
from app.search.quoting import LENGTH, Quotation, analysed, quoted

ARTICLE = [
    Passage("", "", "Nous gardons tout au vestiaire."),
    Passage("s-quand", "Quand venir ?", "Du mardi au samedi. Votre écharpe vous attend. Prévenez-nous de votre venue."),
    Passage("s-envoi", "Un envoi", "Moyen · Délai – Lettre · 3 jours – Colis · 5 jours"),
]


def quote(question: str, passages: list[Passage] = ARTICLE) -> Quotation:
    return quoted(analysed(passages, "fr"), stems(question, "fr"), lambda _: 1.0)


def test_the_passage_that_fits_best_is_quoted_from_its_best_sentence() -> None:
    found = quote("mon écharpe perdue")
    assert found.anchor == "s-quand"
    assert found.pieces == (
        ("Votre ", False),
        ("écharpe", True),
        (" vous attend. Prévenez-nous de votre venue.", False),
    )


def test_a_heading_that_fits_brings_its_passage() -> None:
    assert quote("un envoi").anchor == "s-envoi"


def test_a_row_of_a_table_is_quoted_whole() -> None:
    assert quote("colis").pieces == (("Colis", True), (" · 5 jours", False))


def test_an_article_without_the_words_is_quoted_from_its_beginning() -> None:
    assert quote("rien de tel") == Quotation("", (("Nous gardons tout au vestiaire.", False),))


def test_a_long_sentence_is_cut_between_words_around_what_fits() -> None:
    long = [Passage("", "", "mot " * 200 + "écharpe " + "fin " * 200)]
    text = "".join(piece for piece, _ in quote("écharpe", long).pieces)
    assert text.startswith("… mot")
    assert text.endswith("fin …")
    assert "écharpe" in text
    assert len(text) <= LENGTH + 4


def test_nothing_is_quoted_of_nothing() -> None:
    assert quote("écharpe", []) == Quotation("", ())


@given(st.text(alphabet="aé’ .!?–·\u00a0b", max_size=600), st.text(alphabet="aéb ", max_size=20))
def test_a_quotation_says_only_what_the_article_says(text: str, question: str) -> None:
    pieces = quote(question, [Passage("", "", text)]).pieces
    said = "".join(piece for piece, _ in pieces).removeprefix("… ").removesuffix(" …").rstrip(" –")
    assert said in text or not text.strip()
    assert len(said) <= LENGTH
