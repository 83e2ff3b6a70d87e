"""Words of a request without whom they are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.baring import bare

NAMES = {"Léa Fontanel", "Karim Oulmane"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bonjour Léa, je suis Karim.", "Bonjour …, je suis …."),
        ("Écrivez à lea.fontanel@exemple.fr ou au 06 12 34 56 78.", "Écrivez à … ou au …."),
        ("IBAN FR76 3000 6000 0112 3456 7890 189 merci", "IBAN … merci"),
        ("Ma commande VAL-22222, demande [418207]", "Ma commande …, demande …"),
        ("Voir https://billets.example/d/abc-DEF pour Mme Martin", "Voir https://billets.example/… pour Mme …"),
        ("Réponse.\n> cité par FONTANEL\nFin.\n-- \nKarim\nGuichet", "Réponse.\nFin."),
        ("Le 12 novembre 2026, 45,00 € et 2 places.", "Le 12 novembre 2026, 45,00 € et 2 places."),
    ],
)  # fmt: skip
def test_what_tells_who_it_was_gives_way(text: str, left: str) -> None:
    assert bare(text, NAMES) == left


@given(st.text(max_size=200))
def test_names_never_stay(text: str) -> None:
    assert "fontanel" not in bare(f"{text} Fontanel {text}", NAMES).lower().split()
