"""How near the performance is, from the words and the moment they were written, or from the order."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.rules.triage.saying import MORNING, PARIS, THURSDAY, read

NEAR = [
    "On vient ce soir, où est la salle ?",
    "We're coming tonight, where do we park?",
    "Le concert est demain à 15 h, est-ce assis ?",
    "Is tomorrow's matinee still on?",
    "Places pour vendredi 13 mars, comment entrer ?",
    "our show is on 13 March",
    "Représentation du 12/03, est-ce bien à 20h ?",
    "Ça commence dans 20 minutes et on est dehors",
    "Doors open in half an hour, where do I go?",
    "Le lecteur refuse nos billets, on attend dehors",
    "I'm at the door and they won't let me in",
    "C'est pour vendredi, il me faut une réponse",
]
FAR = [
    "On vient samedi 21, où est la salle ?",
    "We are coming in April",
    "Hier soir à l'entrée on m'a refusé mon billet",
    "Last night the steward refused my ticket at the door",
    "Merci de me rappeler demain",
    "Please call me back tomorrow",
    "La prévente ouvre demain à 10 h",
    "Booking opens tomorrow at ten",
    "Réponse attendue avant demain midi svp",
    "C'est après-demain, nous sommes prêts",
    "Le recommandé part ce soir",
    "Tous les jeudis, vous jouez à quelle heure ?",
    "Bonjour",
]


@pytest.mark.parametrize("body", NEAR)
def test_the_performance_is_within_24_hours(body: str) -> None:
    assert read(body).event_within_24h


@pytest.mark.parametrize("body", FAR)
def test_the_performance_is_not_within_24_hours(body: str) -> None:
    assert not read(body).event_within_24h


@pytest.mark.parametrize(
    ("body", "near"),
    [
        ("Rideau à 20h30, nous sommes deux", True),
        ("Curtain is at 8pm, we are two", True),
        ("Le rideau s'est levé à 14h", False),
        ("La semaine prochaine le spectacle commence à 20h30", False),
    ],
)
def test_a_bare_hour_of_the_evening_is_tonight(body: str, near: bool) -> None:
    assert read(body, THURSDAY).event_within_24h is near


@pytest.mark.parametrize(
    ("hours", "near"), [(-6, False), (-2, True), (3, True), (26, True), (60, False), (24 * 30, False)]
)
def test_the_order_knows_better_than_the_words(hours: int, near: bool) -> None:
    performance = THURSDAY + timedelta(hours=hours)
    assert read("Bonjour, une question sur ma commande", THURSDAY, performance).event_within_24h is near


def test_the_order_knows_better_than_tonight() -> None:
    assert not read("c'est bien ce soir ?", THURSDAY, THURSDAY + timedelta(days=40)).event_within_24h


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ("pour samedi", 2),
        ("for Saturday", 2),
        ("le 15 mars", 3),
        ("on March 15th", 3),
        ("après-demain", 2),
        ("dimanche 15", 3),
        ("samedi dernier", None),
        ("le 2 mars", None),
        ("rien", None),
    ],
)
def test_days_to_the_performance_are_counted(body: str, days: int | None) -> None:
    assert read(body).days_until == days


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ("l'option expire demain", 1),
        ("the option expires tomorrow", 1),
        ("il me le faut avant samedi", 2),
        ("I need it before Saturday", 2),
        ("avant samedi en huit", None),
        ("dernier délai le 13 mars", 1),
        ("quand vous voudrez", None),
    ],
)
def test_deadlines_are_counted(body: str, days: int | None) -> None:
    assert read(body).deadline_days == days


@pytest.mark.parametrize(
    ("body", "day", "hour"),
    [
        ("samedi 14 mars à 20h30", date(2026, 3, 14), (20, 30)),
        ("14/03/2026 19:00", date(2026, 3, 14), (19, 0)),
        ("March 14, 2026 at 7.30pm", date(2026, 3, 14), (19, 30)),
        ("le 30 décembre", date(2025, 12, 30), None),
        ("1er avril", date(2026, 4, 1), None),
        ("tonight at 8", date(2026, 3, 12), None),
    ],
)
def test_days_and_hours_are_placed(body: str, day: date, hour: tuple[int, int] | None) -> None:
    moment = next(found for found in read(body).moments if found.day == day)
    assert (moment.hour and (moment.hour.hour, moment.hour.minute)) == hour


@pytest.mark.parametrize("body", ["le 31/02", "99/99/2026", "le 45 mars", "à 47h90", "32 janvier 2026"])
def test_impossible_days_are_no_days(body: str) -> None:
    assert read(body).moments == ()


def test_midnight_belongs_to_the_zone_of_the_house() -> None:
    late = datetime(2026, 3, 12, 23, 59, tzinfo=PARIS)
    assert read("c'est demain", late).moments[0].day == date(2026, 3, 13)


def test_words_are_weighed_against_their_own_day() -> None:
    saturday = MORNING + timedelta(days=2)
    assert read("places pour ce samedi", saturday).event_within_24h


@pytest.mark.parametrize(
    ("body", "near"),
    [
        ("Reste-t-il deux places ce soir la Veuve joyeuse ?", True),
        ("J'étais au balcon, et ce soir-là il faisait froid", False),
        ("Ce soir là, rien ne marchait", False),
        ("Just checking the day after tomorrow suits", False),
    ],
)
def test_that_evening_and_the_day_after_are_other_days(body: str, near: bool) -> None:
    assert read(body).event_within_24h is near


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("du samedi 6 juin à un autre jour", date(2026, 6, 6)),
        ("J'y étais samedi 7", date(2026, 3, 7)),
        ("rendez-vous jeudi 9", date(2026, 4, 9)),
        ("lundi 30, en matinée", date(2026, 3, 30)),
        ("mardi 15, à tort ou à raison", date(2026, 3, 15)),
    ],
)
def test_a_weekday_with_its_number_is_the_day_that_is_both(body: str, day: date) -> None:
    assert day in {moment.day for moment in read(body).moments}


def test_what_speaks_for_a_day_is_hinted() -> None:
    assert {"tonight.now", "hour.soon", "hour.stage"} <= read("Ce soir, rideau à 20h", THURSDAY).hints
    assert "hour.midnight" in read("avant 23h59", THURSDAY).hints
    assert not read("samedi 21 à 19h", THURSDAY).hints & {"hour.next", "hour.soon", "hour.evening"}
