"""What people find on the shelf, and what does not exist for them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Role
from app.kernel.errors import NotFound
from app.knowledge import shelf, voting
from app.knowledge.shelf import Links
from app.people import service as people
from app.venue import service as venue
from tests.domains.knowledge.texts import a_text, shelved

LINKS = Links(article=lambda card: card.path, request=lambda code, lang: f"/{lang}/{code}")


def slugs(by: Actor) -> set[str]:
    return {card.slug for card in shelf.articles(by, "fr")}


@pytest.fixture
def five(kb: Path) -> Path:
    words = ("public", "subscriber", "staff", "department:it", "department:finance")
    shelved(kb, *(a_text(word.replace(":", "-"), audience=word) for word in words))
    return kb


def test_passers_by_read_what_is_public(five: Path, reader: Actor) -> None:
    assert slugs(reader) == {"public"}


def test_colleagues_read_what_is_for_colleagues(five: Path, staff: Actor) -> None:
    assert slugs(staff) == {"public", "subscriber", "staff"}


def test_a_department_reads_its_own(five: Path) -> None:
    it = people.department("it").id
    assert "department-it" in slugs(Actor(roles=frozenset({Role.STAFF}), departments=frozenset({it})))


def test_finance_reads_what_is_for_finance(five: Path) -> None:
    assert slugs(Actor(roles=frozenset({Role.FINANCE}))) == {"public", "subscriber", "staff", "department-finance"}


def test_editors_read_everything(five: Path, paul: Actor) -> None:
    assert len(slugs(paul)) == 5


def test_strangers_cannot_tell_that_an_article_exists(five: Path, reader: Actor) -> None:
    assert shelf.find(reader, "staff", "fr") is None
    with pytest.raises(NotFound):
        shelf.at_address(reader, "fr", "staff")
    with pytest.raises(NotFound):
        shelf.room(reader, "fr", "interne")


def test_an_article_is_found_by_its_address_and_language(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text(address="echarpe-perdue"), a_text(lang="en", title="My scarf", address="lost-scarf"))
    card = shelf.at_address(reader, "fr", "echarpe-perdue").card
    assert (card.path, card.room_name) == ("/aide/apres/echarpe-perdue", "Après le spectacle")
    twin = shelf.twin(reader, card)
    assert twin is not None
    assert twin.path == "/en/help/afterwards/lost-scarf"


def test_an_old_address_leads_to_the_new_one(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text(address="avant"))
    shelved(kb, a_text(address="apres"))
    found = shelf.at_address(reader, "fr", "avant")
    assert (found.card.address, found.moved) == ("apres", True)


def test_an_article_is_read_between_its_dates(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text(starts="2026-12-01", ends="2026-12-31"))
    for day, there in ((date(2026, 11, 30), False), (date(2026, 12, 1), True), (date(2027, 1, 1), False)):
        with clock.frozen_at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
            assert (shelf.find(reader, "lost-scarf", "fr") is not None) is there


def test_facts_of_the_house_stand_in_titles_briefs_and_bodies(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text(title="Mon {{voucher_name}}", brief="Au {{phone}}.", body="Au {{phone}}."))
    card = shelf.articles(reader, "fr")[0]
    assert (card.title, card.brief) == ("Mon bon d’achat", "Au 04 00 00 00 00.")
    assert "04 00 00 00 00" in shelf.page(reader, card, LINKS).html


def test_a_changed_fact_shows_at_once(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text(body="Au {{phone}}."))
    shelf.page(reader, shelf.articles(reader, "fr")[0], LINKS)
    venue.change_facts({"phone": "01 23"}, by=SYSTEM)
    shelf.forget()
    assert "01 23" in shelf.page(reader, shelf.articles(reader, "fr")[0], LINKS).html


def test_a_page_has_all_it_shows(kb: Path, reader: Actor) -> None:
    body = "Voir [la suite](article:next).\n\n## Et après ?\n\n[Demander](request:lost)"
    shelved(kb, a_text(body=body, related="[next, secret, gone]"), a_text("next"), a_text("secret", audience="staff"))
    card = shelf.find(reader, "lost-scarf", "fr")
    assert card is not None
    page = shelf.page(reader, card, LINKS)
    assert '<a href="/aide/apres/next"' in page.html
    assert '<a href="/fr/lost" class="btn main"' in page.html
    assert [heading.anchor for heading in page.contents] == ["s-et-apres"]
    assert [other.slug for other in page.related] == ["next"]
    assert (page.minutes, page.twin, page.stale) == (1, None, False)


def test_a_link_to_a_secret_article_is_plain_words_for_a_passer_by_only(kb: Path, reader: Actor, staff: Actor) -> None:
    shelved(kb, a_text(body="Voir [la suite](article:secret)."), a_text("secret", audience="staff"))
    card = shelf.articles(reader, "fr")[0]
    assert "secret" not in shelf.page(reader, card, LINKS).html
    assert "secret" in shelf.page(staff, card, LINKS).html


def test_an_article_nobody_checked_for_a_year_says_so(kb: Path, reader: Actor, noon: datetime) -> None:
    shelved(kb, a_text(reviewed="2025-10-01"))
    assert shelf.page(reader, shelf.articles(reader, "fr")[0], LINKS).stale


def test_categories_come_in_the_order_of_the_house(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text("c", order="30"), a_text("b", order="20"), a_text("a").replace("apres", "billets"))
    assert [(room.word, [card.slug for card in room.articles]) for room in shelf.rooms(reader, "fr")] == [
        ("billets", ["a"]), ("apres", ["b", "c"]),
    ]  # fmt: skip
    assert shelf.room(reader, "fr", "billets").name == "Vos billets"


def test_the_most_read_come_first(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text("a"), a_text("b"))
    card = shelf.find(reader, "b", "fr")
    assert card is not None
    voting.count_reading(card.id)
    voting.write_readings()
    assert [card.slug for card in shelf.most_read(reader, "fr")] == ["b", "a"]


def test_a_type_of_request_leads_to_its_articles(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text("a", types="[lost_property]"), a_text("b"))
    assert [card.slug for card in shelf.answering(reader, "lost_property", "fr")] == ["a"]
