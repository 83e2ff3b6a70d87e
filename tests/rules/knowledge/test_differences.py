"""Two versions line by line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.history import DiffLine, diff

LINES = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12).map("\n".join)


def test_a_replaced_line_is_removed_then_added() -> None:
    assert diff("un\ndeux\ntrois", "un\n2\ntrois") == [
        DiffLine("same", 1, 1, "un"), DiffLine("removed", 2, 0, "deux"), DiffLine("added", 0, 2, "2"),
        DiffLine("same", 3, 3, "trois"),
    ]  # fmt: skip


@given(LINES, LINES)
def test_both_texts_can_be_read_back_from_their_difference(before: str, after: str) -> None:
    found = diff(before, after)
    assert [line.text for line in found if line.kind != "added"] == before.splitlines()
    assert [line.text for line in found if line.kind != "removed"] == after.splitlines()
