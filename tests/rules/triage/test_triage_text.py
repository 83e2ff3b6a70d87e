"""A message is put in one normal form, whatever was sent, and its characters can be found again."""

from __future__ import annotations

import unicodedata

import pytest

from app.triage.text import CAP, fold, normalise, prepare


@pytest.mark.parametrize(
    ("sent", "normal"),
    [
        ("L’œuvre", "L'oeuvre"),
        ("un cœur « net »", 'un coeur " net "'),
        ("20 h 30", "20 h 30"),
        ("a\x00b", "a b"),
        ("ﬁn", "fin"),
        ("e\u0301te\u0301", "été"),
        ("Ægir", "Aegir"),
    ],
)
def test_signs_take_their_plain_form(sent: str, normal: str) -> None:
    assert normalise(sent) == normal


@pytest.mark.parametrize(
    ("plain", "folded"),
    [("Été à Noël", "ete a noel"), ("ÇA COÛTE 12 €", "ca coute 12 €"), ("STRASSE ß", "strasse ß"), ("İzmir", "izmir")],
)
def test_folding_takes_accents_and_capitals_away(plain: str, folded: str) -> None:
    assert fold(plain) == folded
    assert len(fold(plain)) == len(plain)


def test_a_long_text_is_cut() -> None:
    assert len(prepare("s" * 9_000, "é" * 1_000_000).plain) == CAP


def test_a_quoted_letter_is_left_out() -> None:
    body = "Je viens à trois finalement.\n\nLe 3 mars 2026 à 10:00, Billetterie a écrit :\n> vos places pour ce soir"
    assert "ce soir" not in prepare("", body).folded


def test_quoted_lines_between_answers_are_left_out() -> None:
    body = "> When do you arrive?\nAt seven, with two friends.\n> Any needs?\nNone at all."
    words = prepare("", body).folded
    assert "arrive" not in words
    assert "none at all" in words


def test_a_bare_forward_is_read_whole() -> None:
    body = "pour info\n---------- Message transféré ----------\nDe : Nadia\nBonjour, mon billet est illisible"
    assert "billet" in prepare("", body).folded


def test_a_signature_is_left_out() -> None:
    assert "iphone" not in prepare("", "Merci de me renvoyer mes billets\nEnvoyé de mon iPhone").folded


def test_the_subject_comes_first_and_apart() -> None:
    message = prepare("Billet perdu", "Bonjour")
    assert message.headline == "billet perdu"
    assert message.folded[message.body_at :] == "bonjour"


@pytest.mark.parametrize(
    ("subject", "body", "word"),
    [
        ("", "une sœur… et un frère perdu", "perdu"),
        ("Objet", unicodedata.normalize("NFD", "là-bas, très loin, perdu"), "perdu"),
        ("Œuvre", "rien de spécial : perdu", "perdu"),
    ],
)
def test_words_are_found_again_in_the_original(subject: str, body: str, word: str) -> None:
    message = prepare(subject, body)
    at = message.folded.index(word)
    (span,) = message.spans(at, at + len(word))
    assert (span.field, body[span.start : span.end]) == ("body", word)


def test_words_of_the_subject_are_found_in_the_subject() -> None:
    message = prepare("Mon œuvre perdue", "Bonjour")
    at = message.folded.index("perdue")
    (span,) = message.spans(at, at + 6)
    assert (span.field, "Mon œuvre perdue"[span.start : span.end]) == ("subject", "perdue")
