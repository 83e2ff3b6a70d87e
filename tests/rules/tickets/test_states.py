"""The life of a ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.tickets.states import Priority, State, Turn, after_answer, after_spectator_wrote, may_reopen, turn_of


@pytest.mark.parametrize(
    ("state", "turn"),
    [("new", "ours"), ("open", "ours"), ("waiting", "theirs"), ("snoozed", "later"), ("solved", "done")],
)
def test_whose_turn_follows_from_the_state(state: str, turn: str) -> None:
    assert turn_of(State(state)) is Turn(turn)
    assert turn_of(State(state), away=True) is Turn.AWAY


@pytest.mark.parametrize("state", list(State))
def test_a_word_from_the_spectator_brings_it_back_to_us(state: State) -> None:
    assert turn_of(after_spectator_wrote(state)) is Turn.OURS


def test_an_answer_leaves_it_where_the_agent_says() -> None:
    assert after_answer(State.NEW, None) is State.OPEN
    assert after_answer(State.WAITING, None) is State.WAITING
    assert after_answer(State.NEW, State.SOLVED) is State.SOLVED


def test_a_reply_reopens_for_thirty_days() -> None:
    ended = datetime(2026, 11, 1, tzinfo=UTC)
    assert may_reopen(ended, ended + timedelta(days=30))
    assert not may_reopen(ended, ended + timedelta(days=30, seconds=1))


def test_priorities_draw_none_to_three_bars() -> None:
    assert [p.bars for p in Priority] == [0, 1, 2, 3]
