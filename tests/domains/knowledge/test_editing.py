"""Drafts, publication and withdrawal; nobody's words are lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.kernel.access import Actor
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.knowledge import editing, filing, history, shelf
from app.knowledge.editing import DraftInput, Saved
from app.knowledge.loading import load_folder
from tests.domains.knowledge.texts import a_text, put, shelved


def saved(text: str, by: Actor, *, draft: Saved | None = None, slug: str = "lost-scarf", base: int = 1) -> Saved:
    given = DraftInput(
        slug=slug, lang="fr", source=text, base_version=base, draft_id=draft.draft_id if draft else None,
        revision=draft.revision if draft else 0,
    )  # fmt: skip
    return editing.save_draft(given, by=by)


def title(by: Actor) -> str:
    card = shelf.find(by, "lost-scarf", "fr")
    assert card is not None
    return card.title


def test_a_draft_is_saved_again_and_again(kb: Path, paul: Actor) -> None:
    first = saved("à moitié é", paul)
    second = saved("à moitié écrit", paul, draft=first)
    assert (second.draft_id, second.revision, second.apart) == (first.draft_id, 2, False)
    assert editing.draft(first.draft_id, by=paul).source == "à moitié écrit"


def test_of_two_editors_of_one_draft_the_second_is_told_and_both_texts_are_kept(
    kb: Path, paul: Actor, anne: Actor
) -> None:
    begun = saved("un", paul)
    saved("un, de Paul", paul, draft=begun)
    second = saved("un, d’Anne", anne, draft=begun)
    assert second.apart
    assert [other.author_id for other in second.others] == [paul.person_id]
    texts = {editing.draft(card.id, by=paul).source for card in editing.drafts("lost-scarf", "fr", by=paul)}
    assert texts == {"un, de Paul", "un, d’Anne"}


def test_a_draft_published_meanwhile_does_not_swallow_the_next_save(kb: Path, paul: Actor, anne: Actor) -> None:
    shelved(kb, a_text())
    begun = saved(a_text(title="De Paul"), paul)
    editing.publish(begun.draft_id, by=paul)
    assert saved(a_text(title="D’Anne"), anne, draft=begun).apart


def test_publishing_makes_a_version_and_the_file_follows(kb: Path, paul: Actor, run_jobs: Callable[[], int]) -> None:
    shelved(kb, a_text())
    text = a_text(title="Du bureau")
    assert editing.publish(saved(text, paul).draft_id, note="plus clair", by=paul) == 2
    assert title(paul) == "Du bureau"
    assert editing.drafts(by=paul) == []
    run_jobs()
    assert (kb / "lost-scarf.fr.md").read_text() == text
    assert load_folder(kb).unchanged == ("lost-scarf.fr.md",)
    newest = history.versions("lost-scarf", "fr", by=paul)[0]
    assert (newest.number, newest.note, newest.author_id, newest.current) == (2, "plus clair", paul.person_id, True)


def test_a_new_article_begins_with_a_text_that_can_be_published(kb: Path, paul: Actor) -> None:
    text, version = editing.text_to_edit("new-one", "fr", by=paul)
    assert version == 0
    whole = text.replace("title: New one", "title: Nouveau\nbrief: En bref.") + "Bonjour.\n"
    assert editing.publish(saved(whole, paul, slug="new-one", base=0).draft_id, by=paul) == 1
    assert filing.write_file("new-one", "fr")
    assert (kb / "new-one.fr.md").read_text() == whole


def test_an_article_that_changed_meanwhile_is_not_written_over_unseen(kb: Path, paul: Actor) -> None:
    shelved(kb, a_text())
    draft = saved(a_text(title="Du bureau"), paul)
    shelved(kb, a_text(title="Du fichier"))
    with pytest.raises(Conflict) as caught:
        editing.publish(draft.draft_id, by=paul)
    assert caught.value.values == {"version": 2}
    assert editing.draft(draft.draft_id, by=paul).outdated
    assert editing.publish(draft.draft_id, seen_version=2, by=paul) == 3


def test_publishing_the_same_text_makes_no_version(kb: Path, paul: Actor) -> None:
    shelved(kb, a_text())
    assert editing.publish(saved(a_text(), paul).draft_id, by=paul) == 1
    assert len(history.versions("lost-scarf", "fr", by=paul)) == 1


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"brief": ""}, "brief", "empty"),
        ({"brief": "x" * 300}, "brief", "too_long"),
        ({"body": ""}, "body", "empty"),
        ({"body": "[x](article:nowhere)"}, "body", "dead_link"),
        ({"body": "[x](javascript:alert(1))"}, "body", "unsafe_link"),
        ({"body": "[x](request:nothing)"}, "body", "unknown_type"),
        ({"body": "{{nobody_says}}"}, "body", "unknown_variable"),
        ({"title": "{{nobody_says}}"}, "title", "unknown_variable"),
        ({"address": "ici"}, "address", "taken"),
    ],
)
def test_what_must_be_mended_keeps_an_article_from_the_shelf(
    kb: Path, paul: Actor, changes: dict[str, str], field: str, code: str
) -> None:
    shelved(kb, a_text("other", address="ici"))
    draft = saved(a_text(**changes), paul, base=0)
    with pytest.raises(Invalid) as caught:
        editing.publish(draft.draft_id, request_types={"lost_property"}, by=paul)
    assert caught.value.fields == {field: code}
    assert editing.draft(draft.draft_id, by=paul)


def test_a_text_that_is_no_article_is_refused_with_its_line(kb: Path, paul: Actor) -> None:
    draft = saved("---\nslug: lost-scarf\nlang: fr\ntitle: a: b\n---\n", paul)
    with pytest.raises(Invalid) as caught:
        editing.publish(draft.draft_id, by=paul)
    assert (caught.value.fields, caught.value.values["line"]) == ({"source": "bad_yaml"}, 4)


def test_a_draft_cannot_become_another_article(kb: Path, paul: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        editing.publish(saved(a_text("other"), paul, base=0).draft_id, by=paul)
    assert caught.value.fields == {"slug": "differs"}


def test_a_withdrawn_article_is_gone_with_its_file_and_may_return(
    kb: Path, paul: Actor, reader: Actor, run_jobs: Callable[[], int]
) -> None:
    shelved(kb, a_text(), a_text("other"))
    editing.withdraw("lost-scarf", "fr", by=paul)
    run_jobs()
    assert shelf.find(reader, "lost-scarf", "fr") is None
    assert not (kb / "lost-scarf.fr.md").exists()
    assert load_folder(kb).withdrawn == ()
    editing.publish(history.restore("lost-scarf", "fr", 1, by=paul), by=paul)
    run_jobs()
    assert shelf.find(reader, "lost-scarf", "fr") is not None
    assert (kb / "lost-scarf.fr.md").exists()


def test_what_is_not_on_the_shelf_cannot_be_withdrawn(kb: Path, paul: Actor) -> None:
    with pytest.raises(NotFound):
        editing.withdraw("lost-scarf", "fr", by=paul)


def test_a_draft_keeps_what_a_database_can_keep(kb: Path, paul: Actor) -> None:
    draft = saved("un\x00 deux \ud800", paul)
    assert editing.draft(draft.draft_id, by=paul).source == "un deux ?"


def test_a_draft_thrown_away_is_gone(kb: Path, paul: Actor) -> None:
    draft = saved("x", paul)
    editing.throw_away(draft.draft_id, by=paul)
    with pytest.raises(NotFound):
        editing.draft(draft.draft_id, by=paul)


def test_colleagues_who_do_not_edit_are_refused(kb: Path, staff: Actor, reader: Actor) -> None:
    for somebody in (staff, reader):
        with pytest.raises(Forbidden):
            saved("x", somebody)
        with pytest.raises(Forbidden):
            editing.drafts(by=somebody)
        with pytest.raises(Forbidden):
            editing.withdraw("lost-scarf", "fr", by=somebody)


@pytest.mark.parametrize("more", [{"slug": "../etc"}, {"lang": "de"}, {"source": "x" * 100_001}])
def test_what_no_draft_can_be_is_refused(more: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        DraftInput(**{"slug": "a", "lang": "fr", "source": "", **more})  # type: ignore[arg-type]


def test_a_file_changed_under_our_hands_is_not_written_over(kb: Path, paul: Actor) -> None:
    shelved(kb, a_text())
    editing.publish(saved(a_text(title="Du bureau"), paul).draft_id, by=paul)
    put(kb, a_text(title="Changé sur le disque"))
    assert not filing.write_file("lost-scarf", "fr")
    assert "Changé sur le disque" in (kb / "lost-scarf.fr.md").read_text()
    assert [card.origin for card in editing.drafts("lost-scarf", "fr", by=paul)] == ["file"]


def test_writing_a_file_twice_changes_nothing(kb: Path, paul: Actor) -> None:
    shelved(kb, a_text())
    editing.publish(saved(a_text(title="Du bureau"), paul).draft_id, by=paul)
    assert filing.write_file("lost-scarf", "fr")
    before = (kb / "lost-scarf.fr.md").stat().st_mtime_ns
    assert filing.write_file("lost-scarf", "fr")
    assert (kb / "lost-scarf.fr.md").stat().st_mtime_ns == before
    assert sorted(path.name for path in kb.iterdir()) == ["lost-scarf.fr.md"]
