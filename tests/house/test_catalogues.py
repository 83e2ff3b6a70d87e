"""The catalogues say everything the sources say, with the same values in the same places, in French that reads well."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from jinja2 import Environment, nodes

from app.web import catalogues
from app.web.catalogues import forms, gathered, kept, texts
from app.web.tongue import LANGUAGES

SOURCES = sorted((catalogues.ROOT / "app").rglob("*.py"))
TEMPLATES = sorted((catalogues.ROOT / "app").rglob("templates/**/*.html"))
#: How many of the first arguments are read by the catalogues.
SPEAKING = {"_": 1, "N_": 1, "gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}
#: What is replaced by a value, and the braces that stand for themselves.
PLACE = re.compile(r"%\(\w+\)[a-z]|%%|\{\{\w+\}\}|\{\w*\}")
#: A blank that may break where French forbids it; `%(` opens a value, `%%` is the sign.
LOOSE = re.compile(r" [:;!?»€]| %(?!\()|« ")
#: No blank at all before a sign that wants one; hours and addresses have none.
TIGHT = re.compile(r"[^\W\d_][?!;»]|[^\W\d_]:(?!//)|«[^\u00a0]|\d[€%](?!\()")
BANNED = re.compile(r"\bveuillez\b|\bmails?\b|\btickets?\b|\bclôtur|\bSLA\b|\bIA\b", re.IGNORECASE)
#: Words of a page that are the same in both languages.
SAME = {"Guichet", "English", "Français", "Ctrl", "CSV"}
#: Blocks that hold classes or data of a tag, no text.
NO_TEXT = re.compile(r"{% block (?:main|body|pane)_(?:class|data) %}.*?{% endblock %}")
SAID_BY_ATTRIBUTES = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')


@pytest.fixture(scope="module")
def found() -> Catalog:
    return gathered()


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return kept(request.param)


@pytest.fixture(scope="module")
def french() -> list[str]:
    return [text for message in texts(kept("fr")) for _source, text in forms(message)]


def test_there_is_something_to_say(found: Catalog) -> None:
    assert len(texts(found)) > 500


def test_nothing_is_left_untranslated(found: Catalog, catalogue: Catalog) -> None:
    assert catalogues.gaps(catalogue, found).missing == ()


def test_no_translation_is_doubtful(found: Catalog, catalogue: Catalog) -> None:
    assert catalogues.gaps(catalogue, found).fuzzy == ()


def test_no_translation_outlives_its_source(found: Catalog, catalogue: Catalog) -> None:
    assert catalogues.gaps(catalogue, found).obsolete == ()


def test_english_repeats_its_source() -> None:
    changed = [text for message in texts(kept("en")) for source, text in forms(message) if source != text]
    assert changed == []


def test_translations_hold_the_values_of_their_source(catalogue: Catalog) -> None:
    wrong = [
        (source, text)
        for message in texts(catalogue)
        for source, text in forms(message)
        if Counter(PLACE.findall(source)) != Counter(PLACE.findall(text))
    ]
    assert wrong == []


def test_translations_begin_and_end_like_their_source(catalogue: Catalog) -> None:
    wrong = [
        (source, text)
        for message in texts(catalogue)
        for source, text in forms(message)
        if edges(source) != edges(text)
    ]
    assert wrong == []


def test_plurals_have_every_form(catalogue: Catalog) -> None:
    wrong = [m.id for m in texts(catalogue) if m.pluralizable and len(forms(m)) != catalogue.num_plurals]
    assert wrong == []


def test_french_is_not_left_in_english() -> None:
    same = [text for message in texts(kept("fr")) for source, text in forms(message) if source == text]
    assert [text for text in same if len(re.findall(r"[^\W\d_]+", PLACE.sub("", text))) > 2] == []


def test_french_blanks_do_not_break(french: list[str]) -> None:
    assert [text for text in french if LOOSE.search(text)] == []


def test_french_signs_have_their_blanks(french: list[str]) -> None:
    assert [text for text in french if TIGHT.search(text)] == []


def test_french_apostrophes_are_curly(french: list[str]) -> None:
    assert [text for text in french if "'" in text] == []


def test_french_quotes_are_french(french: list[str]) -> None:
    assert [text for text in french if re.search(r'["“”]', text)] == []


def test_french_never_raises_its_voice(french: list[str]) -> None:
    assert [text for text in french if "!" in text] == []


def test_french_uses_the_words_of_the_house(french: list[str]) -> None:
    assert [text for text in french if BANNED.search(text)] == []


def test_one_english_word_says_in_french_what_its_place_means() -> None:
    said = {(sense, word): kept("fr").get(word, sense) for word in ("Open", "Put off") for sense in ("state", "verb")}
    assert {key: message and message.string for key, message in said.items()} == {
        ("state", "Open"): "Ouverte",
        ("verb", "Open"): "Ouvrir",
        ("state", "Put off"): "À reprendre plus tard",
        ("verb", "Put off"): "Remettre à plus tard",
    }


def test_the_checks_of_french_see_what_they_look_for() -> None:
    assert all(LOOSE.search(text) for text in ("oui ?", "50 %", "50 %%", "« oui", "Note : oui", "12 €"))
    assert not any(LOOSE.search(text) for text in ("oui\u202f?", "de %(first)s", "«\u00a0oui\u00a0»", "50\u00a0%%"))
    assert all(TIGHT.search(text) for text in ("oui?", "Note: oui", "«oui\u00a0»", "50%"))
    assert all(BANNED.search(text) for text in ("Veuillez", "un e-mail", "ce ticket", "Clôturer", "SLA", "une IA"))


def test_only_whole_sentences_are_handed_to_the_catalogues() -> None:
    wrong = [f"{path.name}:{line}" for path in SOURCES for line in unread_calls(path)]
    wrong += [f"{path.name}:{line}" for path in TEMPLATES for line in unread_template_calls(path)]
    assert wrong == []


def test_templates_say_nothing_past_the_catalogues() -> None:
    bare = {path.name: words for path in TEMPLATES if (words := own_words(path))}
    assert bare == {}


def edges(text: str) -> tuple[bool, bool]:
    return text[:1] == " ", text[-1:] == " "


def unread_calls(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPEAKING:
            said = node.args[: SPEAKING[node.func.id]]
            if not all(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in said):
                yield node.lineno


def parsed(path: Path) -> nodes.Template:
    return Environment(autoescape=True).parse(path.read_text("utf-8"))


def unread_template_calls(path: Path) -> Iterator[int]:
    for call in parsed(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in SPEAKING:
            said = call.args[: SPEAKING[call.node.name]]
            if not all(isinstance(part, nodes.Const) and isinstance(part.value, str) for part in said):
                yield call.lineno


def own_words(path: Path) -> set[str]:
    read = Environment(autoescape=True).parse(NO_TEXT.sub("", path.read_text("utf-8")))
    text = "".join(node.data for node in read.find_all(nodes.TemplateData))
    # What stands between tags of scripts, and the signs of article links, are no words of a page.
    text = re.sub(r"<(script|style)\b.*?</\1>|\]\(\w+:", " ", text, flags=re.DOTALL)
    said = SAID_BY_ATTRIBUTES.findall(text)
    # A macro may write attributes alone: those are taken out once the tags are.
    plain = re.sub(r'[\w-]+="[^"]*"', " ", re.sub(r"<[^>]*>", " ", text))
    return {word for part in (plain, *said) for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", part))} - SAME
