"""Files onto the shelf, and what happens when both sides change."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.kernel.access import SYSTEM, Actor
from app.kernel.errors import Forbidden, Invalid
from app.knowledge import editing, filing, history, queries, shelf
from app.knowledge.editing import DraftInput
from app.knowledge.loading import export_folder, import_folder, load_folder
from tests.domains.knowledge.texts import a_text, put, shelved

SHIPPED = Path(__file__).resolve().parents[3] / "kb_articles"


def edited(text: str, by: Actor) -> None:
    """Publish a text at the desk."""
    saved = editing.save_draft(DraftInput(slug="lost-scarf", lang="fr", source=text, base_version=1), by=by)
    editing.publish(saved.draft_id, by=by)


def test_the_shipped_articles_load_without_a_fault(kb: Path) -> None:
    report = load_folder(SHIPPED)
    assert report.broken == ()
    assert len(report.loaded) == len(list(SHIPPED.glob("*.md")))


def test_a_file_is_read_once_and_again_when_it_changes(kb: Path, reader: Actor) -> None:
    assert shelved(kb, a_text()).loaded == ("lost-scarf.fr.md",)
    assert shelved(kb, a_text()).unchanged == ("lost-scarf.fr.md",)
    assert shelved(kb, a_text(title="Autre")).loaded == ("lost-scarf.fr.md",)
    assert [v.number for v in history.versions("lost-scarf", "fr", by=SYSTEM)] == [2, 1]
    assert [card.title for card in shelf.articles(reader, "fr")] == ["Autre"]


def test_a_broken_file_is_named_and_the_rest_loads(kb: Path) -> None:
    put(kb, a_text())
    (kb / "bad.fr.md").write_text("---\nslug: bad\nlang: fr\ntitle: a: b\n---\n")
    (kb / "name.fr.md").write_text(a_text("other"))
    (kb / "README.md").write_text("about this folder")
    report = load_folder(kb)
    assert report.loaded == ("lost-scarf.fr.md",)
    assert [(b.file, b.line) for b in report.broken] == [("bad.fr.md", 4), ("name.fr.md", 2)]
    assert "it should be other.fr.md" in report.broken[1].problem


def test_a_dry_run_changes_nothing(kb: Path, reader: Actor) -> None:
    put(kb, a_text())
    assert load_folder(kb, dry_run=True).loaded == ("lost-scarf.fr.md",)
    assert shelf.articles(reader, "fr") == []


def test_an_article_whose_file_is_gone_is_withdrawn(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text(), a_text("other"))
    (kb / "lost-scarf.fr.md").unlink()
    assert load_folder(kb).withdrawn == ("lost-scarf.fr.md",)
    assert [card.slug for card in shelf.articles(reader, "fr")] == ["other"]
    assert shelved(kb, a_text()).loaded == ("lost-scarf.fr.md",)
    assert shelf.find(reader, "lost-scarf", "fr") is not None


def test_a_broken_file_does_not_withdraw_its_article(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text())
    (kb / "lost-scarf.fr.md").write_text("---\nslug: [\n---\n")
    assert load_folder(kb).withdrawn == ()
    assert shelf.find(reader, "lost-scarf", "fr") is not None


def test_an_empty_folder_is_a_wrong_folder(kb: Path) -> None:
    with pytest.raises(Invalid) as caught:
        load_folder(kb)
    assert caught.value.fields == {"folder": "no_article_files"}


def test_two_files_cannot_stand_at_one_address(kb: Path) -> None:
    report = shelved(kb, a_text("a", address="ici"), a_text("b", address="ici"))
    assert report.loaded == ("a.fr.md",)
    assert [(b.file, b.line, b.problem) for b in report.broken] == [("b.fr.md", 7, "address ici is already that of a")]


def test_two_articles_may_change_places(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text("a", address="ici"), a_text("b", address="la"))
    assert shelved(kb, a_text("a", address="la"), a_text("b", address="ici")).broken == ()
    found = shelf.at_address(reader, "fr", "ici")
    assert (found.card.slug, found.moved) == ("b", False)


def test_a_text_changed_on_both_sides_is_a_conflict_and_both_are_kept(kb: Path, paul: Actor) -> None:
    shelved(kb, a_text())
    edited(a_text(title="Du bureau"), paul)
    report = shelved(kb, a_text(title="Du fichier"))
    assert report.conflicts == ("lost-scarf.fr.md",)
    assert load_folder(kb).conflicts == ("lost-scarf.fr.md",)
    kept = editing.drafts("lost-scarf", "fr", by=paul)
    assert [draft.origin for draft in kept] == ["file"]
    assert "Du fichier" in editing.draft(kept[0].id, by=paul).source
    card = shelf.find(paul, "lost-scarf", "fr")
    assert card is not None
    assert card.title == "Du bureau"


def test_publishing_settles_a_conflict_and_the_file_follows(kb: Path, paul: Actor) -> None:
    shelved(kb, a_text())
    edited(a_text(title="Du bureau"), paul)
    shelved(kb, a_text(title="Du fichier"))
    assert not filing.write_file("lost-scarf", "fr")
    draft = editing.drafts("lost-scarf", "fr", by=paul)[0]
    editing.publish(draft.id, by=paul)
    assert filing.write_file("lost-scarf", "fr")
    assert load_folder(kb).unchanged == ("lost-scarf.fr.md",)


def test_what_the_desk_wrote_waits_for_its_file(kb: Path, paul: Actor) -> None:
    shelved(kb, a_text())
    edited(a_text(title="Du bureau"), paul)
    assert load_folder(kb).behind == ("lost-scarf.fr.md",)


def test_articles_from_elsewhere_are_added_and_withdraw_nothing(kb: Path, tmp_path: Path, reader: Actor) -> None:
    shelved(kb, a_text())
    put(tmp_path / "other", a_text("new"))
    assert import_folder(tmp_path / "other").loaded == ("new.fr.md",)
    assert {card.slug for card in shelf.articles(reader, "fr")} == {"lost-scarf", "new"}
    assert filing.write_file("new", "fr")
    assert load_folder(kb).unchanged == ("lost-scarf.fr.md", "new.fr.md")


def test_articles_from_elsewhere_do_not_replace_what_the_desk_wrote(kb: Path, tmp_path: Path, paul: Actor) -> None:
    shelved(kb, a_text())
    edited(a_text(title="Du bureau"), paul)
    put(tmp_path / "old", a_text())
    assert import_folder(tmp_path / "old").unchanged == ("lost-scarf.fr.md",)
    put(tmp_path / "old", a_text(title="D’ailleurs"))
    assert import_folder(tmp_path / "old").conflicts == ("lost-scarf.fr.md",)


def test_an_address_of_another_article_is_not_taken_by_an_import(kb: Path, tmp_path: Path) -> None:
    shelved(kb, a_text(address="ici"))
    put(tmp_path / "other", a_text("new", address="ici"))
    assert [b.file for b in import_folder(tmp_path / "other").broken] == ["new.fr.md"]


def test_an_export_is_what_was_published_byte_for_byte(kb: Path, tmp_path: Path) -> None:
    load_folder(SHIPPED)
    count = export_folder(tmp_path / "out")
    same = [(tmp_path / "out" / path.name).read_bytes() == path.read_bytes() for path in SHIPPED.glob("*.md")]
    assert count == len(same)
    assert all(same)


def test_only_who_may_publish_loads(kb: Path, staff: Actor) -> None:
    put(kb, a_text())
    with pytest.raises(Forbidden):
        load_folder(kb, by=staff)


def test_a_file_removed_while_the_desk_wrote_is_a_conflict(kb: Path, paul: Actor) -> None:
    shelved(kb, a_text(), a_text("other"))
    edited(a_text(title="Du bureau"), paul)
    (kb / "lost-scarf.fr.md").unlink()
    assert load_folder(kb).conflicts == ("lost-scarf.fr.md",)
    row = queries.article("lost-scarf", "fr")
    assert row is not None
    assert row.withdrawn_at is None
