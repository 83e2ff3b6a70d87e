"""Words that sound alike are spelt alike."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.sounds import sounded


@pytest.mark.parametrize(
    ("lang", "alike"),
    [
        ("fr", ["place", "plasse", "plase"]),
        ("fr", ["billet", "bille", "biller"]),
        ("fr", ["annuler", "anuler", "anule", "annulez"]),
        ("fr", ["remboursement", "rembourcemant", "rambourseman"]),
        ("fr", ["gratuit", "gratui"]),
        ("fr", ["quand", "kan", "kand"]),
        ("fr", ["chapeau", "chapo", "chapeaux"]),
        ("fr", ["photo", "foto"]),
        ("en", ["refund", "refundd"]),
        ("en", ["wheel", "weel"]),
        ("en", ["receive", "recieve"]),
    ],
)
def test_what_is_written_by_ear_sounds_right(lang: str, alike: list[str]) -> None:
    assert len({sounded(word, lang) for word in alike}) == 1


@pytest.mark.parametrize(("one", "other"), [("billet", "ballet"), ("date", "dette"), ("don", "dent"), ("salle", "sol")])
def test_other_words_sound_otherwise(one: str, other: str) -> None:
    assert sounded(one, "fr") != sounded(other, "fr")


@pytest.mark.parametrize("word", ["12", "2m1", "x", "es", "ed", "h"])
def test_what_has_no_sound_left_stays_as_it_is(word: str) -> None:
    assert sounded(word, "fr") == word


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True), st.sampled_from(["fr", "en"]))
def test_every_word_has_a_sound_without_doubled_letters(word: str, lang: str) -> None:
    sound = sounded(word, lang)
    assert sound
    assert sound == word or all(one != other for one, other in pairwise(sound))
