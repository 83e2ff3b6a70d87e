"""A text names a performance by title, day and hall, mistyped or in part; and nothing where it names nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from app.incidents.naming import Bill, Show
from app.incidents.reading import read

NOW = datetime(2026, 3, 10, 14, tzinfo=UTC)
TITLES = (
    ("Carmen", "Carmen"), ("La Traviata", "La Traviata"), ("Le Lac des cygnes", "Swan Lake"),
    ("Roméo et Juliette", "Romeo and Juliet"), ("Casse-Noisette", "The Nutcracker"),
    ("Carmen pour les enfants", "Carmen for Children"), ("Merci", "Thank You"), ("La Flûte enchantée", "The Magic Flute"),
)  # fmt: skip


def shows() -> list[Show]:
    """Each title on its own day, and two days for the swans."""
    found = [
        Show(number, number, fr, en, "Grande salle", NOW.replace(hour=20) + timedelta(days=3 + number))
        for number, (fr, en) in enumerate(TITLES)
    ]
    return [*found, Show(20, 2, *TITLES[2], "Studio", NOW.replace(hour=20) + timedelta(days=30))]


BILL = Bill(shows())


@pytest.mark.parametrize(
    ("text", "performance"),
    [
        ("Carmen est annulé ?", 0),
        ("CARMEN annulé", 0),
        ("carmne annulé", 0),
        ("la traviatta est annulée", 1),
        ("Traviata du 14 mars", 1),
        ("Le lac des cygnes du 15/03", 2),
        ("swan lake on April 9", 20),
        ("Les cygnes de dimanche", 2),
        ("roméo & juliette", 3),
        ("the nutcraker", 4),
        ("Carmen pour les enfants", 5),
        ("la flute enchantee", 7),
        ("le spectacle de vendredi", 0),
        ("Merci de me répondre", None),
        ("Le spectacle « Merci »", 6),
        ("Bonjour, je voudrais un remboursement", None),
        ("le 14 mars je serai absent", None),
        ("le spectacle du 2 mars", None),
    ],
)
def test_a_text_names_its_performance(text: str, performance: int | None) -> None:
    found = BILL.named(read("", text), NOW)
    assert (found[0].performance_id if found else None) == performance


def test_two_titles_are_two_names() -> None:
    found = BILL.named(read("", "Carmen et La Traviata sont annulés"), NOW)
    assert {one.performance_id for one in found} == {0, 1}


def test_a_work_of_several_dates_says_less_than_one_with_its_day() -> None:
    dated, vague = (BILL.named(read("", text), NOW)[0] for text in ("Swan lake on March 15", "Swan lake"))
    assert (dated.performance_id, vague.performance_id) == (2, None)
    assert dated.confidence > 0.9 > 0.6 > vague.confidence


def test_two_hundred_productions_cost_a_message_less_than_a_tenth_of_a_millisecond() -> None:
    words = ("aurore", "tempete", "jardin", "cerise", "vallee", "fontaine", "mercure", "orphee", "marquise", "comete")
    many = [
        Show(n, n, f"{words[n % 10].title()} et {words[n // 10 % 10]} {n}", "", "", NOW + timedelta(days=n % 90))
        for n in range(200)
    ]
    bill = Bill(many)
    reading = read("", "Bonjour, la représentation d'Orphée et comète du 14 mars est annulée, comment être remboursé ?")
    bill.named(reading, NOW)
    costs = []
    for _ in range(5):
        begun = process_time()
        for _ in range(100):
            bill.named(reading, NOW)
        costs.append((process_time() - begun) / 100)
    assert min(costs) < 0.0001
