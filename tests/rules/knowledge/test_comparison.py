"""What becomes of a file beside what the house knows: every case of the three-way comparison."""

from __future__ import annotations

import pytest

from app.knowledge.comparison import Fate, Known, fate_of_file, fate_of_import, fate_without_file


def known(text: str, file: str | None, *, desk: bool = False, gone: bool = False) -> Known:
    return Known(text=text, file=file, from_desk=desk, withdrawn=gone)


@pytest.mark.parametrize(
    ("found", "beside", "fate"),
    [
        ("a", None, Fate.LOAD),
        ("a", known("a", "a"), Fate.UNCHANGED),
        ("a", known("a", None), Fate.UNCHANGED),
        ("b", known("a", "a"), Fate.LOAD),
        ("a", known("b", "a", desk=True), Fate.BEHIND),
        ("c", known("b", "a", desk=True), Fate.CONFLICT),
        ("c", known("b", None, desk=True), Fate.CONFLICT),
        ("a", known("a", "a", gone=True), Fate.BEHIND),
        ("b", known("a", "a", gone=True), Fate.CONFLICT),
        ("a", known("a", None, gone=True), Fate.LOAD),
    ],
)
def test_a_file_of_the_house(found: str, beside: Known | None, fate: Fate) -> None:
    assert fate_of_file(found, beside) is fate


@pytest.mark.parametrize(
    ("found", "beside", "before", "fate"),
    [
        ("a", None, False, Fate.LOAD),
        ("a", known("a", None), True, Fate.UNCHANGED),
        ("a", known("a", "a", gone=True), True, Fate.LOAD),
        ("a", known("b", "b", desk=True), True, Fate.UNCHANGED),
        ("c", known("b", "b", desk=True), False, Fate.CONFLICT),
        ("c", known("b", "b"), False, Fate.LOAD),
    ],
)
def test_a_file_from_elsewhere(found: str, beside: Known | None, *, before: bool, fate: Fate) -> None:
    assert fate_of_import(found, beside, once_published=before) is fate


@pytest.mark.parametrize(
    ("beside", "fate"),
    [
        (known("a", "a"), Fate.WITHDRAW),
        (known("b", "a", desk=True), Fate.CONFLICT),
        (known("a", None, desk=True), Fate.BEHIND),
        (known("a", None, gone=True), Fate.UNCHANGED),
    ],
)
def test_an_article_without_its_file(beside: Known, fate: Fate) -> None:
    assert fate_without_file(beside) is fate
