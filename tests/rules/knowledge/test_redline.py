"""A comparison as people read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.history import diff
from app.knowledge.redline import AROUND, RedLine, redlined

TEXTS = st.lists(st.text(alphabet="ab .", max_size=8), max_size=12).map("\n".join)


def lines(before: str, after: str) -> list[RedLine]:
    return redlined(diff(before, after))


def test_words_that_went_and_came_are_told_apart() -> None:
    (line,) = lines("Sous 10 jours au plus.", "Sous 7 jours ouvrés au plus.")
    assert line.kind == "changed"
    assert [part for part in line.parts if part[0] != "same"] == [
        ("removed", "10"), ("added", "7"), ("added", " ouvrés"),
    ]  # fmt: skip


def test_lines_with_little_in_common_stand_one_after_the_other() -> None:
    assert [line.kind for line in lines("Rien de tout cela.", "Autre chose, bien plus longue.")] == ["removed", "added"]


def test_long_stretches_without_a_change_are_left_out() -> None:
    before = "\n".join(f"ligne {number}" for number in range(30))
    found = lines(before, before.replace("ligne 15", "ligne quinze"))
    assert [line.kind for line in found] == ["gap", *["same"] * AROUND, "changed", *["same"] * AROUND, "gap"]
    assert (found[0].count, found[-1].count) == (13, 12)


def test_one_line_is_not_worth_a_gap() -> None:
    assert [line.kind for line in lines("a\nb\nc\nd", "a\nb\nc\nx y")] == ["same", "same", "same", "removed", "added"]


def test_lines_as_long_as_a_book_are_compared_whole() -> None:
    book = "mot " * 3_000
    assert [line.kind for line in lines(book, book + "fin")] == ["removed", "added"]


@pytest.mark.parametrize("kind", ["removed", "added"])
def test_the_words_shown_are_those_of_the_texts(kind: str) -> None:
    before, after = "Un deux trois.\nQuatre.", "Un deux cinq.\nQuatre."
    text = {"removed": before, "added": after}[kind]
    shown = ["".join(words for what, words in line.parts if what in {"same", kind}) for line in lines(before, after)]
    assert "\n".join(shown) == text


@given(TEXTS, TEXTS)
def test_nothing_is_invented_and_nothing_lost(before: str, after: str) -> None:
    found = redlined(diff(before, after))
    for kind, text in (("removed", before), ("added", after)):
        kept = [line for line in found if line.kind in {"same", "changed", kind}]
        count = len(kept) + sum(line.count for line in found if line.kind == "gap")
        assert count == len(text.splitlines())
