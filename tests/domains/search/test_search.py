"""What a question finds, for whom, and what it cannot do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.kernel import clock
from app.kernel.access import Actor, Role
from app.knowledge.loading import load_folder
from app.search import service
from tests.domains.knowledge.texts import a_text, put, shelved

STAFF = Actor(roles=frozenset({Role.STAFF}))


def found(question: str, lang: str = "fr", **more: object) -> list[tuple[str, str]]:
    return [(hit.slug, hit.lang) for hit in service.search(question, lang, **more).hits]  # type: ignore[arg-type]


def test_a_hit_says_what_a_page_shows(kb: Path) -> None:
    body = "Bonjour.\n\n## Où est-elle ?\n\nVotre écharpe est au vestiaire."
    shelved(kb, a_text(address="echarpe", title="Objets", brief="En bref.", body=body))
    hit = service.search("écharpes", "fr").hits[0]
    assert (hit.title, hit.brief, hit.address, hit.category) == ("Objets", "En bref.", "echarpe", "apres")
    assert (hit.anchor, hit.other_language) == ("s-ou-est-elle", False)
    assert hit.passage == (("Votre ", False), ("écharpe", True), (" est au vestiaire.", False))


def test_words_of_title_and_keywords_count_more_than_the_body(kb: Path) -> None:
    shelved(
        kb,
        a_text("a", title="Le vestiaire", body="Rien."),
        a_text("b", title="B", keywords="[vestiaire]", body="Rien."),
        a_text("c", title="C", body="Le vestiaire."),
    )
    assert [slug for slug, _ in found("vestiaire")] == ["a", "b", "c"]


def test_what_is_not_for_a_reader_is_not_found_nor_suggested(kb: Path) -> None:
    shelved(kb, a_text("a"), a_text("b", title="Rétrocession", body="La rétrocession.", audience="staff"))
    assert found("rétrocession") == []
    assert service.search("rétrocesion", "fr").did_you_mean is None
    assert found("rétrocession", by=STAFF) == [("b", "fr")]
    assert service.search("rétrocesion", "fr", by=STAFF).did_you_mean == "rétrocession"


def test_an_article_is_found_between_its_dates(kb: Path) -> None:
    shelved(kb, a_text(starts="2026-12-01", ends="2026-12-31"))
    with clock.frozen_at(datetime(2026, 11, 30, 12, tzinfo=UTC)):
        assert found("écharpe") == []
    with clock.frozen_at(datetime(2026, 12, 1, 12, tzinfo=UTC)):
        assert found("écharpe") == [("lost-scarf", "fr")]


def test_of_twins_the_one_in_the_language_of_the_page_is_shown(kb: Path) -> None:
    shelved(kb, a_text(title="Parking"), a_text(lang="en", title="Parking"))
    assert (found("parking", "fr"), found("parking", "en")) == ([("lost-scarf", "fr")], [("lost-scarf", "en")])


def test_an_answer_in_the_other_language_only_is_shown_and_flagged(kb: Path) -> None:
    shelved(kb, a_text(), a_text("cloakroom", "en", title="The cloakroom", body="It opens an hour before the show."))
    hits = service.search("when does the cloakroom open", "fr").hits
    assert [(hit.slug, hit.other_language) for hit in hits] == [("cloakroom", True)]


def test_a_question_clearly_in_the_other_language_gets_that_language_first(shipped: Path) -> None:
    assert found("my show was cancelled, how do I get a refund", "fr")[0] == ("show-cancelled", "en")
    assert found("mon spectacle est annulé, comment être remboursé", "en")[0] == ("show-cancelled", "fr")


def test_a_question_about_nothing_finds_nothing(shipped: Path) -> None:
    assert found("xyzzy plugh") == []


def test_words_spelt_by_ear_are_found(shipped: Path) -> None:
    assert [found(asked)[0][0] for asked in ("karte refuzé", "fotoil roulan", "billai pairdu")] == [
        "payment-problems", "accessibility", "lost-ticket",
    ]  # fmt: skip


def test_an_everyday_word_finds_what_articles_call_otherwise(kb: Path) -> None:
    shelved(kb, a_text("a", title="Remboursement"), a_text("b", title="Vestiaire"))
    assert found("mon fric") == [("a", "fr")]


def test_a_word_of_the_other_language_finds_the_twin_on_the_page(kb: Path) -> None:
    shelved(kb, *(a_text(slug, title="Chose", body="Du texte.") for slug in ("a", "b")))
    shelved(
        kb,
        *(a_text(slug, title="Chose", body="Du texte.") for slug in ("a", "b")),
        a_text("a", "en", title="Thing", body="Some text."),
        a_text("b", "en", title="The cloakroom", body="Some text."),
    )
    assert found("chose cloakroom", "fr")[0] == ("b", "fr")


def test_an_answer_that_knows_little_of_the_question_is_not_stood_by(shipped: Path) -> None:
    assert service.search("échanger mes places contre une autre date", "fr").sure
    assert service.search("carte", "fr", typing=True).hits
    assert not service.search("quelle carte du ciel au planétarium xylophone", "fr").sure


def test_a_misspelt_question_is_mended(shipped: Path) -> None:
    assert service.search("rembousement spetacle", "fr").did_you_mean == "remboursement spectacle"
    assert service.search("remboursement spectacle", "fr").did_you_mean is None


def test_facts_of_the_house_are_searched_and_quoted(kb: Path) -> None:
    shelved(kb, a_text(body="Garez-vous ici : {{house}}."))
    hit = service.search("opéra de Valmorin", "fr").hits[0]
    assert ("Valmorin", True) in hit.passage


@pytest.mark.parametrize(
    "hostile",
    ["", "   ", "\x00", "\x00écharpe", "a" * 10_000, "écharpe " * 5_000, '"', "(", "écharpe AND NOT (", "title:*", "?*",
     "[1 TO 2]", "écharpe^1000", "~", "\\", "'; DROP TABLE article", "\ud800", "𝔈", "中文", "<script>", "%", "_",
     "OR OR"],
)  # fmt: skip
def test_no_question_breaks_search(kb: Path, hostile: str) -> None:
    shelved(kb, a_text())
    for typing in (True, False):
        result = service.search(hostile, "fr", typing=typing)
        assert len(result.hits) <= 1
        assert result.took_ms < 1_000


def test_an_unknown_language_is_read_as_french(kb: Path) -> None:
    shelved(kb, a_text())
    assert found("écharpe", "de") == [("lost-scarf", "fr")]


def test_no_more_is_returned_than_asked(shipped: Path) -> None:
    assert len(found("billet", limit=3)) == 3
    assert found("billet", limit=0) == []


def test_an_empty_shelf_answers_nothing(kb: Path) -> None:
    assert service.search("écharpe", "fr").hits == ()


def test_the_same_question_gets_the_same_answer(shipped: Path) -> None:
    assert service.search("billet perdu", "fr").hits == service.search("billet perdu", "fr").hits


def test_words_of_broken_files_are_not_found(kb: Path) -> None:
    put(kb, a_text())
    (kb / "bad.fr.md").write_text("---\nslug: [\n---\nécharpe")
    load_folder(kb)
    assert found("écharpe") == [("lost-scarf", "fr")]


def test_what_a_picture_says_to_whom_cannot_see_it_is_searched(kb: Path) -> None:
    words = "Plan de la salle avec le strapontin du poulailler"
    shelved(kb, a_text(), a_text("seats", title="Choisir sa place", address="places",
                                 body=f"Voici la salle.\n\n![{words}](media/0123456789abcdef.png)\n"))  # fmt: skip
    service.refresh()
    assert [hit.slug for hit in service.search("strapontin poulailler", "fr", words_only=True).hits] == ["seats"]
