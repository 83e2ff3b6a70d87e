"""An article file: read, refused with its line, and written back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.front_matter import ArticleFault
from app.knowledge.library import ArticleFile, decoded, dump, parse, written

SHIPPED = sorted((Path(__file__).resolve().parents[3] / "kb_articles").glob("*.md"))
TEXT = """---
slug: lost-scarf
lang: fr
title: "Mon écharpe : perdue ?"   # elle revient souvent
brief: >-
  Nous la gardons.
  Venez la chercher.
keywords: [écharpe, "foulard: soie"]
reviewed: 2026-10-15
order: 20
colour: red
---

## Où est-elle ?

Au vestiaire.
"""


def fault_of(text: str) -> tuple[int, str]:
    with pytest.raises(ArticleFault) as caught:
        parse(text)
    return caught.value.line, caught.value.code


def test_a_file_becomes_plain_values() -> None:
    article = parse(TEXT)
    assert (article.slug, article.lang, article.title) == ("lost-scarf", "fr", "Mon écharpe : perdue ?")
    assert article.brief == "Nous la gardons. Venez la chercher."
    assert article.keywords == ("écharpe", "foulard: soie")
    assert (article.reviewed, article.order) == (date(2026, 10, 15), 20)
    assert article.body.strip().startswith("## Où est-elle ?")


def test_what_is_not_said_has_a_default() -> None:
    article = parse("---\nslug: a\nlang: en\ntitle: A\n---\n")
    assert (article.address, article.audience, article.types, article.starts) == ("a", "public", (), None)


def test_unknown_keys_are_kept() -> None:
    assert parse(TEXT).extra == {"colour": "red"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_file_is_written_back_byte_for_byte(path: Path) -> None:
    text = decoded(path.read_bytes())
    assert dump(parse(text)) == text
    assert parse(text).name == path.name


def test_windows_line_ends_survive() -> None:
    text = TEXT.replace("\n", "\r\n")
    assert dump(parse(text)) == text
    changed = dump(replace(parse(text), order=30))
    assert "order: 30\r\n" in changed
    assert "\n" not in changed.replace("\r\n", "")


def test_a_changed_value_rewrites_its_own_lines_only() -> None:
    changed = dump(replace(parse(TEXT), brief="Venez."))
    assert changed == TEXT.replace("brief: >-\n  Nous la gardons.\n  Venez la chercher.\n", 'brief: "Venez."\n')


def test_a_new_value_comes_after_the_others() -> None:
    assert dump(replace(parse(TEXT), owner="billetterie")).index("owner: billetterie\n---") > 0


def test_a_value_taken_away_leaves_no_line() -> None:
    assert "keywords" not in dump(replace(parse(TEXT), keywords=()))


def test_an_article_without_a_file_gets_one() -> None:
    article = ArticleFile(slug="new", lang="fr", title="Oui", address="nouveau", body="Bonjour.\n")
    assert dump(article) == "---\nslug: new\nlang: fr\ntitle: Oui\naddress: nouveau\n---\nBonjour.\n"


@given(st.text(min_size=1, max_size=60), st.lists(st.text(max_size=20), max_size=4))
def test_whatever_is_written_reads_the_same(title: str, keywords: list[str]) -> None:
    try:
        wanted = written(parse(TEXT), title=title, keywords=tuple(keywords))
    except ArticleFault as fault:
        assert fault.code in {"bad_title", "bad_keywords", "missing_key", "control_character", "bad_yaml"}  # noqa: PT017
    else:
        assert parse(dump(wanted)) == wanted


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("no fence at all", 1, "no_front_matter"),
        ("---\nslug: a\nlang: fr\n", 1, "no_front_matter"),
        ("---\nslug: a\ntitle: b\n---\n", 1, "missing_key"),
        ("---\nslug: a\nlang: fr\ntitle:\n---\n", 4, "missing_key"),
        ("---\nslug: a\nlang: fr\ntitle: a: b\n---\n", 4, "bad_yaml"),
        ("---\n- a\n- b\n---\n", 2, "bad_yaml"),
        ("---\nslug: a\nslug: b\n---\n", 3, "twice"),
        ("---\nslug: A b\nlang: fr\ntitle: c\n---\n", 2, "bad_slug"),
        ("---\nslug: ../../etc\nlang: fr\ntitle: c\n---\n", 2, "bad_slug"),
        ("---\nslug: a\nlang: no\ntitle: c\n---\n", 3, "bad_lang"),
        ("---\nslug: a\nlang: fr\ntitle: c\nreviewed: 2026-02-31\n---\n", 5, "bad_reviewed"),
        ("---\nslug: a\nlang: fr\ntitle: c\naudience: everybody\n---\n", 5, "bad_audience"),
        ("---\nslug: a\nlang: fr\ntitle: c\norder: ten\n---\n", 5, "bad_order"),
        ("---\nslug: a\nlang: fr\ntitle: c\nkeywords: one, two\n---\n", 5, "bad_keywords"),
        ("---\nslug: a\nlang: fr\ntitle: c\nrelated: [No Code]\n---\n", 5, "bad_related"),
        ("---\nslug: a\nlang: fr\ntitle: c\nstarts: 2026-02-02\nends: 2026-02-01\n---\n", 6, "ends_early"),
        ("---\na: &x [1]\nb: *x\n---\n", 3, "bad_yaml"),
        ("---\na: " + "[" * 5_000 + "\n---\n", 2, "bad_yaml"),
        ("---\nslug: a\nlang: fr\ntitle: c\n---\n\nx\x00", 7, "control_character"),
        ("---\n" + "x" * 200_000, 1, "too_long"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, line: int, code: str) -> None:
    assert fault_of(text) == (line, code)


def test_a_file_in_another_encoding_is_named_with_its_line() -> None:
    with pytest.raises(ArticleFault) as caught:
        decoded(b"---\nslug: a\ntitle: \xe9t\xe9\n---\n")
    assert (caught.value.line, caught.value.code) == (3, "not_utf8")


def test_the_sentence_says_what_was_expected() -> None:
    with pytest.raises(ArticleFault, match='reviewed is "soon": expected a date such as 2026-09-30'):
        parse("---\nslug: a\nlang: fr\ntitle: c\nreviewed: soon\n---\n")
