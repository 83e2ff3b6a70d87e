"""Waves: how large they are, that each mixes whom we write to, when the next may begin, when all will have left."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from app.incidents import waves
from app.incidents.waves import Drawable, Line, Outcome
from tests.conftest import NOON


@pytest.mark.parametrize(
    ("people", "expected"),
    [(0, (0, 0, 0)), (3, (3, 0, 0)), (5, (5, 0, 0)), (6, (5, 1, 0)), (100, (5, 10, 85)), (11_000, (110, 1_100, 9_790))],
)  # fmt: skip
def test_waves_take_one_hundredth_a_tenth_and_the_rest(people: int, expected: tuple[int, int, int]) -> None:
    assert waves.sizes(people) == expected


def test_waves_hold_everybody_whatever_the_crowd() -> None:
    for people in range(400):
        assert sum(waves.sizes(people)) == people


def a_crowd(people: int, seed: int) -> list[Drawable]:
    chance = random.Random(seed)
    return [
        Drawable(key, chance.choices(("fr", "en"), (9, 1))[0],
                 chance.choices(("gmail.example", "orange.example", "rare.example"), (6, 3, 1))[0])
        for key in range(1, people + 1)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_each_wave_mixes_languages_and_domains_as_the_crowd_does(seed: int) -> None:
    crowd = a_crowd(4_000, seed)
    drawn = waves.drawn(crowd, seed)
    for wave, size in ((1, 40), (2, 400)):
        inside = [one for one in crowd if drawn.get(one.id) == wave]
        assert len(inside) == size
        for field in ("language", "domain"):
            there = Counter(getattr(one, field) for one in crowd)
            here = Counter(getattr(one, field) for one in inside)
            for kind, count in there.items():
                assert abs(here[kind] / size - count / len(crowd)) < 0.08, (wave, kind)


def test_the_first_wave_holds_somebody_of_each_language_however_few_they_are() -> None:
    crowd = [Drawable(key, "en" if key == 700 else "fr", "gmail.example") for key in range(1, 1_001)]
    assert waves.drawn(crowd, 3)[700] == 1


def test_the_same_seed_draws_the_same_people_in_whatever_order_they_come() -> None:
    crowd = a_crowd(500, 1)
    mixed = random.Random(9).sample(crowd, len(crowd))
    assert waves.drawn(crowd, 4) == waves.drawn(mixed, 4)
    assert waves.drawn(crowd, 4) != waves.drawn(crowd, 5)


LATER = NOON + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("changed", "now", "expected"),
    [
        ({}, LATER, ""), ({}, LATER - timedelta(seconds=1), "early"), ({"angry": 1}, LATER, "angry"),
        ({"bounced": 5}, LATER, "bounces"), ({"bounced": 4}, LATER, ""), ({"settled": 99}, LATER, "unsent"),
    ],
)  # fmt: skip
def test_the_next_wave_begins_by_itself_only_when_the_last_went_well(
    changed: dict[str, int], now: object, expected: str
) -> None:
    given = {"said": 100, "settled": 100, "bounced": 0, "angry": 0, **changed}
    assert waves.obstacle(Outcome(**given), NOON, now) == expected  # type: ignore[arg-type]


def test_the_slowest_domain_decides_when_the_last_letter_leaves() -> None:
    lines = {"fast.example": Line(waiting=100, lately=1_000), "slow.example": Line(waiting=60, lately=20)}
    assert waves.forecast(lines, 0, NOON) == NOON + timedelta(minutes=30)


def test_a_domain_that_takes_nothing_leaves_the_end_unknown() -> None:
    assert waves.forecast({"shut.example": Line(waiting=3, lately=0)}, 0, NOON) is None
    assert waves.forecast({}, 50, NOON) is None
    assert waves.forecast({"done.example": Line(waiting=0, lately=9)}, 0, NOON) == NOON


def test_people_not_told_yet_count_as_letters_to_come() -> None:
    assert waves.forecast({"a.example": Line(waiting=0, lately=100)}, 200, NOON) == NOON + timedelta(minutes=20)
