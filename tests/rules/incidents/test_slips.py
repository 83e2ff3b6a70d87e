"""A hand in a hurry writes letters twice: what a person must read is found all the same, and nothing more is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.incidents.exceptions import Case, Thought, reasons
from app.incidents.reading import read

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def why(text: str) -> list[str]:
    return reasons(Case(reading=read("", text), thought=Thought(), at=AT))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Nous avons chhangé de banque en octobre, où partira la somme ?", "bank"),
        ("Ma carte, celle qui m'avait servi pour les trois places de novembre, est expirée.", "bank"),
        ("The bank has clossed account 22, which I used in May.", "bank"),
        ("The card that my sister and I used for these evenings was stolen.", "bank"),
        ("J'ai signalé un litiige auprès de ma banque pour ces places.", "chargeback"),
        ("Nous avons eggaré nos billets pendant le déménagement.", "lost_ticket"),
        ("Mon avvocat me conseille d'attendre.", "legal"),
        ("Ma sœur est malvoyantte et compte sur l'audiodescription.", "access"),
        ("Places achetées sur Ticketmmaster en août.", "third_party"),
    ],
)
def test_a_letter_written_twice_hides_nothing(text: str, reason: str) -> None:
    assert reason in why(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, la représentation est annulée, comment être remboursé ? J'avais payé par carte. Merci, Personne",
        "Nous sommes désolés de l'annulation. Merci de rembourser notre commande sur la carte utilisée.",
        "Hello, the show is cancelled. Please refund the card I paid with, all three seats. Thanks, Anne",
        "Bonnjour, quelle déceptionn. Quand serons-nous remmboursés ?",
    ],
)
def test_what_the_crowd_writes_stays_in_the_crowd(text: str) -> None:
    assert why(text) == []
