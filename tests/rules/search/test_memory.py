"""What questions taught: close ones only, of several people, fading with time."""

from __future__ import annotations

from datetime import date, timedelta

from app.search.memory import BONUS, ENOUGH, FEWEST, HALF_LIFE, NOTHING, Memory, Opened

TODAY = date(2026, 3, 14)
WORDS = "comment recuperer ma consigne"


def an_opening(people: float = ENOUGH, *, days: float = 0, words: str = WORDS, slug: str = "cloakroom") -> Opened:
    return Opened("fr", words, slug, TODAY - timedelta(days=days), people)


def test_the_same_words_lift_what_people_opened_after_them() -> None:
    found = Memory([an_opening()], TODAY).bonuses("Comment récupérer ma consigne ?", "fr")
    assert found == {"cloakroom": BONUS}


def test_words_that_are_close_lift_less_and_other_words_nothing() -> None:
    memory = Memory([an_opening()], TODAY)
    close = memory.bonuses("recuperer ma consinge", "fr")["cloakroom"]
    assert 0 < close < BONUS
    assert memory.bonuses("tarif pour un groupe scolaire", "fr") == {}
    assert memory.bonuses("", "fr") == {}
    assert NOTHING.bonuses(WORDS, "fr") == {}


def test_one_visitor_alone_teaches_nothing_and_several_days_add_up() -> None:
    assert Memory([an_opening(1)], TODAY).bonuses(WORDS, "fr") == {}
    assert Memory([an_opening(1), an_opening(1, days=1), an_opening(1, days=2)], TODAY).bonuses(WORDS, "fr")


def test_what_was_learned_fades() -> None:
    fresh = Memory([an_opening(ENOUGH + 1)], TODAY).bonuses(WORDS, "fr")["cloakroom"]
    old = Memory([an_opening(ENOUGH + 1, days=HALF_LIFE * 0.9)], TODAY).bonuses(WORDS, "fr")["cloakroom"]
    assert old < fresh
    assert Memory([an_opening(ENOUGH + 1, days=HALF_LIFE * 4)], TODAY).bonuses(WORDS, "fr") == {}


def test_what_two_people_opened_is_not_forgotten_the_day_after() -> None:
    assert Memory([an_opening(FEWEST, days=7)], TODAY).bonuses(WORDS, "fr")


def test_the_answer_of_most_people_is_lifted_most() -> None:
    memory = Memory([an_opening(), an_opening(2, slug="lost-property")], TODAY).bonuses(WORDS, "fr")
    assert memory["cloakroom"] > memory["lost-property"]
