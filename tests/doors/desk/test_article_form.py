"""An article as fields of a form and back: what was not touched stays byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.desk.article_form import FIELDS, opened, written
from app.knowledge.library import parse
from tests.doors.desk.writing import a_source

SHIPPED = sorted(
    path
    for path in (Path(__file__).parents[3] / "kb_articles").glob("*.md")
    if not path.name.lower().startswith("readme")
)
SOURCE = a_source()


def changed(**values: str) -> tuple[str, dict[str, str]]:
    given = {**opened(SOURCE).values, **values}
    found = written(SOURCE, given, slug="show-cancelled", lang="fr")
    return found.source, dict(found.wrong)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_an_untouched_form_gives_the_file_back(path: Path) -> None:
    source, (slug, lang, _suffix) = path.read_text(encoding="utf-8"), path.name.split(".")
    fields = {name: value.replace("\n", "\r\n") for name, value in opened(source).values.items()}
    assert written(source, fields, slug=slug, lang=lang).source == source


def test_a_change_touches_its_own_line_only() -> None:
    source, _wrong = changed(title="Annulé : que faire ?")
    before, after = SOURCE.splitlines(), source.splitlines()
    assert [line for line in after if line not in before] == ['title: "Annulé : que faire ?"']


def test_lists_are_split_at_commas() -> None:
    assert parse(changed(keywords="grève, artiste malade ,")[0]).keywords == ("grève", "artiste malade")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "x" * 201), ("address", "Pas Un Mot"), ("audience", "everybody"),
        ("category", "Deux Mots"), ("reviewed", "hier"), ("related", "Pas-Un-Slug"), ("types", "x y"), ("order", "1.5"),
        ("body", "x" * 100_001),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_named_and_the_rest_is_taken(field: str, value: str) -> None:
    source, wrong = changed(**{field: value, "owner": "accueil"})
    assert set(wrong) == {field}
    assert parse(source).owner == "accueil"
    assert getattr(parse(source), field) == getattr(parse(SOURCE), field)


@pytest.mark.parametrize("field", ["title", "brief", "keywords", "owner"])
def test_a_huge_value_is_named_in_whatever_field_it_stands(field: str) -> None:
    source, wrong = changed(**{field: "x" * 200_000})
    assert set(wrong) == {field}
    assert parse(source).body == parse(SOURCE).body


def test_texts_that_are_huge_together_are_all_named() -> None:
    _source, wrong = changed(brief="x" * 200_000, body="y" * 300_000, owner="accueil")
    assert set(wrong) == {"brief", "body"}


def test_a_text_that_is_no_article_stays_whole() -> None:
    found = written(SOURCE, {"source": "---\nslug: [\n"}, slug="show-cancelled", lang="fr")
    assert (found.source, set(found.wrong)) == ("---\nslug: [\n", {"source"})


def test_every_field_has_a_key_in_the_file() -> None:
    assert set(FIELDS) <= set(opened(SOURCE).values)
