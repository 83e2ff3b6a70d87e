"""How the desk words what it knows: the marks in a message, the reasons, the choices of a moment."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.desk import snoozing
from app.desk.reasons import marked, sentences
from app.desk.sign_in import safe
from app.kernel.errors import Invalid
from app.triage.reasons import SENTENCES
from app.triage.service import SortingCard
from app.venue import service as venue


@pytest.mark.parametrize(
    ("body", "spans", "html"),
    [
        ("je veux être remboursé", [(8, 22)], "<p>je veux <mark>être remboursé</mark></p>"),
        ("deux mots", [(0, 4), (5, 9)], "<p><mark>deux</mark> <mark>mots</mark></p>"),
        ("a <b> c", [(2, 5)], "<p>a <mark>&lt;b&gt;</mark> c</p>"),
        ("un\ndeux", [(0, 7)], "<p>un<br>\ndeux</p>"),
        ("court", [(0, 99), (-1, 2), (3, 2)], "<p>court</p>"),
        ("un deux", [(0, 5), (3, 7)], "<p><mark>un de</mark>ux</p>"),
    ],
)
def test_the_words_that_decided_are_marked(body: str, spans: list[tuple[int, int]], html: str) -> None:
    assert marked(body, spans) == html


def test_a_mark_never_breaks_into_an_address() -> None:
    html = marked("voir https://exemple.fr/remboursement ici", [(24, 37)])
    assert 'href="https://exemple.fr/remboursement"' in html


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(-3, 90), st.integers(-3, 90)), max_size=6))
def test_no_mark_ever_lets_markup_of_the_message_through(body: str, spans: list[tuple[int, int]]) -> None:
    html = str(marked(f"<img>{body}\ue000\ue001", spans))
    assert "<img" not in html
    assert "\ue000" not in html
    assert html.count("<mark>") == html.count("</mark>")


def a_sorting(*codes: str) -> SortingCard:
    return SortingCard(
        "exchange", "exchange_date", "normal", 0.9, False, False, False, 0, False, (),
        tuple((code, {"words": ["a", "b"], "same": 7, "all": 10, "example": "c"}) for code in codes), (), "none",
    )  # fmt: skip


def test_at_most_four_reasons_are_told(app: Flask) -> None:
    with app.test_request_context("/regie/moi"):
        told = sentences(a_sorting(*list(SENTENCES)[:5]))
    assert len(told) == 4
    assert all(sentence[0] == sentence[0].upper() for sentence in told)


def test_a_reason_nobody_words_any_more_is_left_out(app: Flask) -> None:
    with app.test_request_context("/regie/moi"):
        assert sentences(a_sorting("of_yesterday")) == []


def test_a_house_that_never_opens_puts_off_to_the_morning(app: Flask, noon: datetime) -> None:
    venue.set_week([[]] * 7)
    assert snoozing.tomorrow().astimezone(venue.house().tz).hour == 9


@pytest.mark.parametrize("text", ["", "2026-13-01", "hier", "2026-11-09", "2036-01-01"])
def test_a_date_that_is_none_is_refused(app: Flask, noon: datetime, text: str) -> None:
    with pytest.raises(Invalid):
        snoozing.on(text)


@pytest.mark.parametrize("address", ["/regie/file/todo", "/lettres", "/"])
def test_addresses_of_the_house_are_safe(address: str) -> None:
    assert safe(address) == address


@pytest.mark.parametrize("address", [None, "", "//x.example", "/\\x.example", "http://x.example", "/a\nb", "x", "/a b"])
def test_other_addresses_are_not(address: str | None) -> None:
    assert safe(address) == ""
