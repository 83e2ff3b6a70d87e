"""Whose eyes a text has passed, before any database knows of it."""

from __future__ import annotations

import pytest

from app.knowledge.reviews import AGREED, ASKED, RETURNED, after_writing, may_agree, second

PAUL, ANNE, ZOE = 1, 2, 3


def test_whoever_publishes_the_text_of_somebody_else_is_the_second_person() -> None:
    assert second(PAUL, ANNE, "", None) == ANNE


@pytest.mark.parametrize("review", ["", ASKED, RETURNED])
def test_nobody_is_second_to_their_own_text_until_somebody_agrees(review: str) -> None:
    assert second(PAUL, PAUL, review, ANNE) is None


def test_whoever_agreed_is_the_second_person() -> None:
    assert second(PAUL, PAUL, AGREED, ANNE) == ANNE


def test_agreeing_with_oneself_counts_for_nothing() -> None:
    assert second(PAUL, PAUL, AGREED, PAUL) is None
    assert not may_agree(PAUL, PAUL)
    assert not may_agree(PAUL, None)
    assert may_agree(PAUL, ANNE)
    assert may_agree(None, ANNE)


def test_a_changed_text_has_to_be_read_again_and_what_was_asked_stays_asked() -> None:
    assert [after_writing(one) for one in ("", ASKED, RETURNED, AGREED)] == ["", ASKED, RETURNED, ASKED]
