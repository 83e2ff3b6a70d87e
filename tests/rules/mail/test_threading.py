"""Which ticket a letter belongs to."""

from __future__ import annotations

import pytest

from app.mail.threading import Clues, Verdict, decide

NOBODY: frozenset[int] = frozenset()


@pytest.mark.parametrize(
    ("clues", "takes_part", "verdict"),
    [
        (Clues(addressed=1), {1}, Verdict("join", 1, "token")),
        (Clues(named=1), {1}, Verdict("join", 1, "reference")),
        (Clues(numbered=1), {1}, Verdict("join", 1, "number")),
        (Clues(addressed=1), NOBODY, Verdict("hold", 1, "stranger_with_token")),
        (Clues(named=1), NOBODY, Verdict("open", 1, "perhaps_same")),
        (Clues(numbered=1), NOBODY, Verdict("open", 1, "perhaps_same")),
        (Clues(), NOBODY, Verdict("open", None, "new")),
        (Clues(addressed=1, numbered=2), {2}, Verdict("join", 2, "number")),
        (Clues(addressed=1, named=2), {1, 2}, Verdict("join", 1, "token")),
    ],
)
def test_only_who_takes_part_joins(clues: Clues, takes_part: set[int], verdict: Verdict) -> None:
    assert decide(clues, frozenset(takes_part)) == verdict
