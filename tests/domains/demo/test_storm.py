"""The invented storm: the same for the same chance, within its hour, most at once, and honest about what each letter is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from random import Random

import pytest

from app.demo import drill, storm
from app.demo.storm import Blown, Booker, Stage

START = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
STAGE = Stage(
    titles={"fr": "La Traviata", "en": "La traviata"},
    days={"fr": "samedi 21", "en": "Saturday 21"},
    to="billetterie@valmorin.example",
    bookers=[
        Booker(f"Anne Colin {n}", f"a.colin{n}@poste.example", "fr" if n % 5 else "en", f"VAL-{n:06}", 2, 10_800)
        for n in range(700)
    ],
    business=[("fr", "Objet trouvé", "J'ai perdu un gant."), ("en", "Parking", "Where do I park?")],
)


def letters(count: int = 1_000, seed: int = 1) -> list[Blown]:
    return list(storm.blown(count, STAGE, START, Random(seed)))


def test_the_same_chance_makes_the_same_storm() -> None:
    assert letters(200) == letters(200)
    assert letters(200) != letters(200, seed=2)


def test_no_two_orders_of_a_storm_bear_the_same_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill, "LETTERS", "AB")
    codes = [one.order for one in drill._bookers(60, Random(1))]
    assert len(set(codes)) == 60


def test_it_lasts_an_hour_and_most_of_it_comes_at_once() -> None:
    moments = [one.at for one in letters()]
    assert moments == sorted(moments)
    assert START <= moments[0] < moments[-1] <= START + storm.LENGTH
    assert sum(at < START + timedelta(minutes=20) for at in moments) > 600


def test_labels_come_in_their_shares_and_exceptions_by_kind() -> None:
    found = letters(4_000)
    told = Counter("exception" if one.exception else one.label for one in found)
    for label, share in storm.SHARES.items():
        assert abs(told[label] / 4_000 - share) < 0.03, label
    assert {one.label for one in found if one.exception} == {
        "access", "minors", "legal", "reseller", "amount", "distress", "bank", "lost", "other",
    }  # fmt: skip


def test_nothing_is_left_blank_and_every_letter_can_be_read() -> None:
    marks = set()
    for one in letters():
        letter = message_from_bytes(one.raw, policy=policy.default)
        body = letter.get_body()
        assert body is not None
        text = f"{letter['Subject']}\n{body.get_content()}"
        assert "{" not in text
        assert one.mark in letter["Message-ID"]
        marks.add(one.mark)
    assert len(marks) == 1_000


def test_who_writes_again_wrote_before() -> None:
    heard: set[str] = set()
    for one in letters():
        assert one.label != "again" or one.sender in heard
        heard.add(one.sender)


def test_robots_say_that_they_are_some() -> None:
    robots = [message_from_bytes(one.raw) for one in letters() if one.label == "robot"]
    assert robots
    assert all(letter["Auto-Submitted"] or letter["List-Id"] for letter in robots)
