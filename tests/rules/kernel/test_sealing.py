"""Sealed secrets open in their own place, with their own key, unchanged; and tell nothing otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel import keys, sealing


@pytest.fixture(autouse=True)
def _key(tmp_path: Path) -> Iterator[None]:
    before = keys._Ring.root
    keys.unlock(tmp_path, production=False)
    yield
    keys._Ring.root = before


@pytest.mark.parametrize("secret", ["rideau", "", "é€😀 with spaces", "x" * 5_000])
def test_what_is_sealed_opens_in_its_place(secret: str) -> None:
    assert sealing.opened(sealing.seal(secret, bound="mailbox:1"), bound="mailbox:1") == secret


def test_a_sealed_secret_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(sealing.Unreadable):
        sealing.opened(sealing.seal("rideau", bound="mailbox:1"), bound="mailbox:2")


def test_the_same_secret_sealed_twice_looks_different() -> None:
    assert sealing.seal("rideau", bound="a") != sealing.seal("rideau", bound="a")
    assert "rideau" not in sealing.seal("rideau", bound="a")


def test_a_changed_bit_or_another_key_opens_nothing(tmp_path: Path) -> None:
    sealed = sealing.seal("rideau", bound="a")
    broken = [
        sealed[:-6] + ("AAAA" if sealed[-6:-2] != "AAAA" else "BBBB") + sealed[-2:],
        "",
        "1.",
        "2" + sealed[1:],
        "é",
    ]
    for one in broken:
        with pytest.raises(sealing.Unreadable):
            sealing.opened(one, bound="a")
    keys.unlock(tmp_path / "another", production=False)
    with pytest.raises(sealing.Unreadable):
        sealing.opened(sealed, bound="a")
