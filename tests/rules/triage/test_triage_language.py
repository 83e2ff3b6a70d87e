"""French from English, down to one word."""

from __future__ import annotations

import pytest

from app.triage.language import detect
from app.triage.text import prepare

FRENCH = [
    "bonjour",
    "rbt svp",
    "places samedi ?",
    "C'est complet ?",
    "perdu gants",
    "Mon fils a un ticket pour le show, c'est à quelle heure ?",
    "Hello, je voudrais deux places pour Carmen",
    "merci",
    "2 billets VAL-AAAAA",
    "horaires",
    "STOP SMS",
    "",
    "👍",
    "12345",
]
ENGLISH = [
    "hello",
    "refund pls",
    "seats on saturday?",
    "Sold out?",
    "lost gloves",
    "Bonjour, I would like two seats for La Vie parisienne please",
    "call me back",
    "thanks",
    "2 tickets VAL-AAAAA",
    "opening hours",
    "Any news about Le Malade imaginaire?",
]


@pytest.mark.parametrize("text", FRENCH)
def test_french_is_told(text: str) -> None:
    message = prepare("", text)
    assert detect(message.folded, message.plain) == "fr"


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_told(text: str) -> None:
    message = prepare("", text)
    assert detect(message.folded, message.plain) == "en"


@pytest.mark.parametrize("text", ["Hola, quiero un reembolso", "我要退票", "Guten Tag"])
def test_another_language_is_still_answered(text: str) -> None:
    message = prepare("", text)
    assert detect(message.folded, message.plain) in {"fr", "en"}


def test_the_house_chooses_what_nothing_tells() -> None:
    assert detect("...", "...", default="en") == "en"
