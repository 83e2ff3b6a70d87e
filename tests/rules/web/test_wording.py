"""Plain text on a page: French spaces, initials, paragraphs that cannot do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.wording import french_spaces, initials, paragraphs, spaces


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Avez-vous trouvé ?", "Avez-vous trouvé\u202f?"),
        ("choisir ; sans réponse", "choisir\u202f; sans réponse"),
        ("Bonjour : voici", "Bonjour\u00a0: voici"),
        ("la vue « À traiter » est vide", "la vue «\u00a0À traiter\u00a0» est vide"),
        ("120,00 € et 58 %", "120,00\u00a0€ et 58\u00a0%"),
        ("à 18 h 30, nº 4182", "à 18\u00a0h\u00a030, nº\u00a04182"),
        ("https://exemple.fr/?q=1", "https://exemple.fr/?q=1"),
        ("à 12:08", "à 12:08"),
    ],
)
def test_french_spaces_do_not_break(before: str, after: str) -> None:
    assert french_spaces(before) == after


def test_english_keeps_its_spaces() -> None:
    assert spaces("Why ?", "en") == "Why ?"


@given(st.text())
def test_french_spaces_change_nothing_but_spaces(text: str) -> None:
    def squeezed(words: str) -> str:
        return "".join(words.replace("\u00a0", " ").replace("\u202f", " ").split(" "))

    assert squeezed(french_spaces(text)) == squeezed(text)


@given(st.text())
def test_french_spaces_are_settled_at_once(text: str) -> None:
    assert french_spaces(french_spaces(text)) == french_spaces(text)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nadia Belkacem", "NB"), ("Étienne de la Tour", "ÉT"), ("Zoé", "Z"), ("", "?"), ("  ", "?"),
        ("claire.fontanel@exemple.fr", "CF"), ("Jean-Paul Roy", "JR"), ("<b>", "?"),
    ],
)  # fmt: skip
def test_initials_stand_for_a_person(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_paragraphs_keep_lines_and_blank_lines() -> None:
    assert (
        paragraphs("Bonjour,\r\n\r\nune ligne\nune autre\n\n\n") == "<p>Bonjour,</p>\n<p>une ligne<br>\nune autre</p>"
    )


def test_an_empty_text_has_no_paragraph() -> None:
    assert paragraphs(" \n\n ") == ""


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("voir https://a.example/b?c=1.", "https://a.example/b?c=1"),
        ("(https://a.example/)", "https://a.example/"),
        ("https://fr.example/wiki/Carmen_(opéra)", "https://fr.example/wiki/Carmen_(opéra)"),
        ("« http://a.example »", "http://a.example"),
    ],
)
def test_web_addresses_become_links_without_their_punctuation(text: str, address: str) -> None:
    assert f'<a href="{address}" rel="noopener noreferrer nofollow">{address}</a>' in paragraphs(text)


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "mailto:a@b.example"])
def test_only_web_addresses_become_links(text: str) -> None:
    assert "<a" not in paragraphs(text)


@given(st.text(alphabet="<>\"'&/:.htps \nabc") | st.text())
def test_no_tag_of_a_stranger_survives(text: str) -> None:
    shown = paragraphs("https://a.example/" + text)
    for known in ("<p>", "</p>", "<br>", "</a>"):
        shown = shown.replace(known, "")
    opened = shown.count('<a href="http')
    assert shown.count("<") == opened
