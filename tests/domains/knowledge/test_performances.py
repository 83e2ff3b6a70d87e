"""Articles that speak of a performance: filled from the bill, moved with it, and gone when it is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.boxoffice import referring
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.knowledge import checks, due, editing, loading, shelf, whole
from app.knowledge.editing import DraftInput
from app.knowledge.library import parse
from app.knowledge.shelf import Links
from app.search import documents
from tests.bill import a_performance
from tests.domains.knowledge.texts import a_text, put, shelved

LINKS = Links(article=lambda card: card.path, request=lambda code, lang: f"/{lang}/{code}")
#: 21 November 2026, 20:00 in Valmorin.
EVENING = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
SAID = "{{performance_title}}, {{performance_date}}, {{performance_time}}, {{performance_venue}}\n"


def tied(code: str, lang: str = "fr", **more: str) -> str:
    return a_text(lang=lang, title="Venir voir {{performance_title}}", body=SAID, performance=code, **more)


def moved(which: str, /, **values: object) -> None:
    """What the box office says of a performance changes."""
    sets = ", ".join(f"{name} = :{name}" for name in values)
    shown = {name: value.isoformat(" ") if isinstance(value, datetime) else value for name, value in values.items()}
    if session.get_bind().dialect.name == "postgresql":
        shown = values
    session.execute(sa.text(f"UPDATE performance SET {sets} WHERE code = :which"), {**shown, "which": which})
    session.commit()
    whole.forget()


def titles_on(day: datetime, by: Actor, lang: str = "fr") -> list[str]:
    with clock.frozen_at(day):
        return [card.title for card in shelf.articles(by, lang)]


def read(by: Actor, lang: str = "fr") -> str:
    return unescape(shelf.page(by, shelf.articles(by, lang)[0], LINKS).html)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fr", "La Traviata, samedi 21\u00a0novembre 2026, 20\u00a0h, Grande salle"),
        ("en", "The Fallen Woman, Saturday 21\u00a0November 2026, 8\u00a0pm, Grande salle"),
    ],
)
def test_the_text_says_what_the_bill_says_in_the_reader_s_language(
    noon: datetime, kb: Path, reader: Actor, lang: str, words: str
) -> None:
    show = a_performance("La Traviata", "The Fallen Woman", EVENING)
    shelved(kb, tied(show.code, lang))
    card = shelf.articles(reader, lang)[0]
    assert card.title == f"Venir voir {words.split(',')[0]}"
    assert words in read(reader, lang)
    assert words in documents.made([card])[0].body


def test_it_is_read_until_the_evening_is_over_and_no_longer(noon: datetime, kb: Path, reader: Actor) -> None:
    shelved(kb, tied(a_performance("La Traviata", "La Traviata", EVENING).code))
    assert titles_on(EVENING + timedelta(hours=3), reader) == ["Venir voir La Traviata"]
    assert titles_on(EVENING + timedelta(hours=5), reader) == []


def test_who_plays_past_midnight_ends_the_day_after(noon: datetime, kb: Path, reader: Actor) -> None:
    shelved(kb, tied(a_performance("Nuit", "Night", EVENING + timedelta(hours=2)).code))
    assert shelf.articles(reader, "fr")[0].ends == date(2026, 11, 22)


def test_a_moved_performance_moves_the_words_and_the_end(noon: datetime, kb: Path, reader: Actor) -> None:
    show = a_performance("La Traviata", "La Traviata", EVENING)
    shelved(kb, tied(show.code))
    card = shelf.articles(reader, "fr")[0]
    assert "21\u00a0novembre" in read(reader)
    marks = set(documents.wanted(fresh=True))
    moved(show.code, new_starts_at=EVENING + timedelta(days=10), status="postponed")
    card = shelf.articles(reader, "fr")[0]
    assert (card.ends, card.ends_with) == (date(2026, 12, 1), True)
    assert "mardi 1er\u00a0décembre 2026" in read(reader)
    assert not marks & set(documents.wanted(fresh=True))


def test_without_a_new_date_it_says_so_and_does_not_end(noon: datetime, kb: Path, reader: Actor) -> None:
    show = a_performance("La Traviata", "La Traviata", EVENING)
    shelved(kb, tied(show.code))
    moved(show.code, status="postponed")
    assert titles_on(EVENING + timedelta(days=90), reader) == ["Venir voir La Traviata"]
    assert "date à venir, heure à venir" in read(reader)


def test_a_last_day_that_was_written_stands(noon: datetime, kb: Path, reader: Actor) -> None:
    show = a_performance("La Traviata", "La Traviata", EVENING)
    shelved(kb, tied(show.code, ends="2026-12-24"))
    assert [(c.ends, c.ends_with) for c in shelf.articles(reader, "fr")] == [(date(2026, 12, 24), False)]


def test_editors_see_what_ends_and_what_is_cancelled(noon: datetime, kb: Path, paul: Actor) -> None:
    show = a_performance("La Traviata", "La Traviata", EVENING)
    shelved(kb, tied(show.code))
    told = due.due(by=paul)
    assert [card.ends_with for card in told.ending] == [True]
    assert told.cancelled == ()
    moved(show.code, status="cancelled")
    assert [card.slug for card in due.due(by=paul).cancelled] == ["lost-scarf"]


def test_an_unknown_reference_in_a_file_is_named_with_its_line(noon: datetime, kb: Path) -> None:
    put(kb, tied("NOWHERE"), a_text("other"))
    report = loading.load_folder(kb)
    assert report.loaded == ("other.fr.md",)
    assert [(b.file, b.line, b.code) for b in report.broken] == [("lost-scarf.fr.md", 7, "unknown_performance")]
    assert "NOWHERE" in report.broken[0].problem


def test_what_is_on_the_shelf_stays_when_the_bill_forgets(noon: datetime, kb: Path, reader: Actor) -> None:
    show = a_performance("La Traviata", "La Traviata", EVENING)
    shelved(kb, tied(show.code))
    moved(show.code, code="ELSEWHERE")
    report = loading.load_folder(kb)
    assert (report.unchanged, report.broken) == (("lost-scarf.fr.md",), ())
    assert titles_on(EVENING + timedelta(days=90), reader) == ["Venir voir {{performance_title}}"]


def test_it_goes_out_and_in_byte_for_byte(noon: datetime, kb: Path, tmp_path: Path) -> None:
    show = a_performance("La Traviata", "La Traviata", EVENING)
    text = tied(f'"{show.code}"   # la première')
    shelved(kb, text)
    loading.export_folder(tmp_path / "out")
    assert (tmp_path / "out" / "lost-scarf.fr.md").read_bytes() == text.encode()
    assert loading.import_folder(tmp_path / "out").unchanged == ("lost-scarf.fr.md",)


@pytest.mark.parametrize(("code", "found"), [("NOWHERE", ("performance", "unknown")), ("", ("performance", "needed"))])
def test_nobody_publishes_what_cannot_be_filled(
    noon: datetime, kb: Path, paul: Actor, code: str, found: tuple[str, str]
) -> None:
    given = DraftInput(slug="lost-scarf", lang="fr", source=tied(code))
    with pytest.raises(Invalid) as refused:
        editing.publish(editing.save_draft(given, by=paul).draft_id, by=paul)
    assert refused.value.fields == dict([found])


def test_a_cancelled_performance_is_a_word_of_advice(noon: datetime, kb: Path) -> None:
    show = a_performance("La Traviata", "La Traviata", EVENING, status="cancelled")
    found = [(one.code, one.fatal) for one in checks.findings(parse(tied(show.code)))]
    assert found == [("cancelled", False)]


def test_the_next_performances_are_offered_and_words_find_the_others(noon: datetime, kb: Path) -> None:
    past = a_performance("Turandot", "Turandot", EVENING - timedelta(days=30))
    first = a_performance("La Traviata", "La Traviata", EVENING)
    assert [code for code, _ in referring.offered()] == [first.code]
    assert [code for code, _ in referring.offered("turandot")] == [past.code]
    assert [code for code, _ in referring.offered("21 novembre")] == [first.code]
    assert referring.offered("zzyzx") == []
