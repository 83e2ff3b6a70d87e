"""Which letters leave first."""

from __future__ import annotations

import pytest

from app.mail.letter_kinds import KINDS
from app.mail.ranks import AWAITED, CROWD, ONE_PERSON, STATUS, is_ranked, rank_of


@pytest.mark.parametrize("kind", [*KINDS, "test"])
def test_somebody_decided_where_each_kind_stands(kind: str) -> None:
    assert is_ranked(kind)


@pytest.mark.parametrize(
    ("kind", "rank"),
    [
        ("sign_in", AWAITED), ("choice_code", AWAITED), ("security", AWAITED), ("answer", ONE_PERSON),
        ("received", ONE_PERSON), ("choice_invite", ONE_PERSON), ("solved", STATUS), ("digest", STATUS),
        ("announcement", CROWD), ("choice_reminder", CROWD),
    ],
)  # fmt: skip
def test_codes_go_before_answers_answers_before_news_and_crowds_last(kind: str, rank: int) -> None:
    assert rank_of(kind, together=False) == rank


@pytest.mark.parametrize("kind", ["answer", "question", "choice_invite", "choice_void"])
def test_what_is_written_to_many_at_once_goes_last(kind: str) -> None:
    assert rank_of(kind, together=True) == CROWD
