"""Words as the desk searches requests by: the same for what is kept and what is asked."""

from __future__ import annotations

import pytest

from app.search import desk_words
from app.search.desk_words import in_head, in_words, kept


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Échange de billets", ["echange", "de", "billet"]),
        ("l’abonnement d'été", ["abonnement", "ete"]),
        ("Cœur et Ægir, Straße", ["coeur", "et", "aegir", "strasse"]),
        ("lea.fontanel@exemple.fr", ["lea", "fontanel", "exemple", "fr"]),
        ("VAL-7K3QD, 2 places", ["val", "7k3qd", "2", "place"]),
        ("06 12 34 56 78", ["06", "12", "34", "56", "78"]),
        ("билет 演唱会 تذكرة", ["билет", "演唱会", "تذكرة"]),
        ("", []),
    ],
)
def test_words_are_folded(text: str, wanted: list[str]) -> None:
    assert desk_words.words(text) == wanted


@pytest.mark.parametrize(
    "number",
    [
        "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189", "fr76.3000.6000.0112.3456.7890.189",
        "GB29 NWBK 6016 1331 9268 19", "4111 1111 1111 1111", "4111-1111-1111-1111", "5500005555555559",
    ],
)  # fmt: skip
def test_numbers_of_accounts_and_cards_are_left_out(number: str) -> None:
    found = desk_words.words(f"Mon compte est {number} merci de payer")
    assert found == ["mon", "compte", "est", "merci", "de", "payer"]


def test_other_long_numbers_stay() -> None:
    assert "1234567890123" in desk_words.words("Billet 1234567890123")
    assert "fr12" in desk_words.words("le code fr12 3456 est faux, pouvez-vous regarder ce que vous avez la")


def test_words_of_the_head_are_marked_and_stop_words_of_what_was_said_are_not_kept() -> None:
    assert kept(["418207", "Léa Le Goff"], ["Je voudrais la salle"]).split() == [
        "_418207", "418207", "_lea", "lea", "_le", "le", "_goff", "goff", "salle",
    ]  # fmt: skip


def test_a_code_is_found_in_one_piece_too() -> None:
    assert "_val7k3qd" in kept(["VAL-7K3QD"], []).split()


def test_the_last_word_is_perhaps_only_begun() -> None:
    assert in_head("léa font") == [("_lea", False), ("_font", True)]
    assert in_words("remboursement de la place") == [("remboursement", False), ("place", True)]
    assert in_words("place 12") == [("place", False), ("12", False)]


def test_nothing_telling_asks_nothing_of_what_was_said() -> None:
    assert in_words("je voudrais le") == []
    assert in_head("") == []


def test_no_word_can_hold_a_sign_of_either_query_language() -> None:
    hostile = "a\"b' OR 1=1 -- * : ( ) & | ! <-> \\ ^ { } ~ NEAR/2 \x00 \N{ZERO WIDTH SPACE}"
    assert all(word.isalnum() for word in desk_words.words(hostile))


def test_a_huge_text_keeps_so_many_words_and_no_more() -> None:
    assert len(kept(["1"], [" ".join(f"w{i}" for i in range(5_000))] * 3).split()) <= desk_words.MOST
    assert max(map(len, desk_words.words("y" * 300))) == desk_words.LONGEST
