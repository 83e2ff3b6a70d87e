"""Messages that ask nothing but how money stands, and those that ask anything else."""

from __future__ import annotations

import pytest

from app.cancellations.news import asks_for_news

ME = "Léa Fontanel"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Nouvelles", "Bonjour, avez-vous des nouvelles ? Merci."), ("", "Toujours rien reçu, où en est mon avoir ?"),
        ("Re: Mon avoir", "Des nouvelles de mon virement ?"), ("", "Aucune nouvelle depuis 3 semaines.\n\nLéa Fontanel"),
        ("Any news?", "Hello, any news? Thanks."), ("Refund", "Where is my money? I am still waiting.\nLéa"),
        ("", "Rien reçu encore, où en êtes-vous ?"),
    ],
)  # fmt: skip
def test_who_asks_only_for_news_is_understood(subject: str, body: str) -> None:
    assert asks_for_news(subject, body, ME)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Écharpe", "Bonjour, avez-vous des nouvelles ?"), ("", "Des nouvelles de mon écharpe ?"),
        ("", "Des nouvelles ?\nJe porte plainte."), ("", "Des nouvelles ? Sinon mon avocat."), ("", "Bonjour, merci."),
        ("", ""), ("", "Toujours rien reçu, mes billets ?"), ("", "Any news? My mother has died."),
        ("", "Des nouvelles ?\n\nMarie Martin"), ("", "Des nouvelles ? " + "merci " * 60),
        ("", "Des nouvelles ? Commande VAL-7K3QD"), ("", "Des nouvelles ? 0612345678"),
    ],
)  # fmt: skip
def test_who_says_anything_else_is_read_by_somebody(subject: str, body: str) -> None:
    assert not asks_for_news(subject, body, ME)
