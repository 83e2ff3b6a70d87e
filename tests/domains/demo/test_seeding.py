"""Seeding happens once; the full queue is topped up, never doubled."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cancellations.models import Campaign, Credit
from app.demo import bulk, service
from app.demo.cancelled import cancel_show
from app.demo.setup import set_up_house
from app.kernel.access import Role, spectator
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden
from app.kernel.journal import JournalEntry
from app.knowledge.models import Article, ArticleReading, ArticleVote
from app.people import service as people
from app.people.models import Address
from app.tickets.models import Ticket
from app.venue import service as venue
from tests.domains.demo.conftest import WEDNESDAY, bare_house


def test_seeding_twice_changes_nothing(empty_house: Flask) -> None:
    first = service.seed()
    facts = session.scalar(select(func.count()).select_from(JournalEntry))
    assert service.seed() == first
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == facts


def test_the_same_moment_gives_the_same_requests(empty_house: Flask, tmp_path_factory: pytest.TempPathFactory) -> None:
    service.seed()
    told = session.execute(select(Ticket.subject, Ticket.opened_at, Ticket.state).order_by(Ticket.id)).all()
    assert Counter(told).most_common(1)[0][1] <= 2
    with bare_house(tmp_path_factory.mktemp("other")):
        service.seed()
        assert session.execute(select(Ticket.subject, Ticket.opened_at, Ticket.state).order_by(Ticket.id)).all() == told


def test_the_households_of_the_cancelled_show_choose(empty_house: Flask) -> None:
    service.seed()
    told = cancel_show()
    campaign = session.scalars(select(Campaign)).one()
    assert (campaign.state, campaign.approved_cents) == ("open", told["cents"]["credits"])
    assert campaign.created_by != campaign.approved_by
    assert f"{campaign.deadline_at.astimezone(venue.house().tz):%H:%M}" == "23:59", "a deadline is the end of a day"
    assert (told["agree"], told["refused"]) == (True, 0)
    assert 0.4 * told["credits"] < told["answered"] < 0.7 * told["credits"]
    assert {"refund_card", "refund_transfer", "donation", "voucher", "carryover"} <= told["options"].keys()
    lea = select(Address.person_id).where(Address.email == service.told()["people"][-1]["email"])
    hers = session.scalars(select(Credit).where(Credit.person_id.in_(lea))).one()
    assert hers.choice_version == 0, "her answer is the newcomer's to give"
    assert cancel_show() == told


def an_article(slug: str, lang: str, audience: str = "public") -> Article:
    return Article(
        slug=slug, lang=lang, title=slug, brief="", address=slug, category="annulations", audience=audience, keywords=[],
        owner="", reviewed=None, position=0, related=[], types=[], starts=None, ends=None, body="", version=2,
        text_hash="", file_hash=None, conflict_hash=None, from_desk=False, published_at=WEDNESDAY, withdrawn_at=None,
    )  # fmt: skip


def test_articles_that_are_there_have_been_read_and_judged(empty_house: Flask) -> None:
    told = [("show-cancelled", "fr"), ("show-cancelled", "en"), ("lost-property", "fr"), ("devices-down", "fr")]
    session.add_all(an_article(*one, audience="internal" if one[0] == "devices-down" else "public") for one in told)
    session.commit()
    service.seed()
    read = dict(
        session.execute(
            select(ArticleReading.article_id, func.sum(ArticleReading.count)).group_by(ArticleReading.article_id)
        ).all()
    )
    by_name = {(row.slug, row.lang): read[row.id] for row in session.scalars(select(Article))}
    assert [by_name[one] for one in told] == sorted(by_name.values(), reverse=True)
    assert session.scalar(select(func.max(ArticleReading.day))) < WEDNESDAY.date()
    votes = session.scalars(select(ArticleVote)).all()
    assert 10 < len(votes) < sum(read.values()) / 5
    assert {vote.version for vote in votes} == {2}
    assert all(bool(vote.reason) is not vote.helpful for vote in votes)


def test_a_house_in_use_is_left_alone(empty_house: Flask) -> None:
    set_up_house(name="Théâtre du Port")
    people.add_colleague("ada@port.example", name="Ada", password="un-vrai-secret", roles=[Role.ADMIN])
    assert service.in_use()
    with pytest.raises(Conflict, match="house_in_use"):
        service.seed(tickets=10)


def test_a_spectator_seeds_nothing(empty_house: Flask) -> None:
    with pytest.raises(Forbidden):
        service.seed(by=spectator(None, door="portal"))


def test_bulk_needs_the_demo_house(empty_house: Flask) -> None:
    with pytest.raises(Conflict, match="no_demo_house"):
        bulk.seed_bulk(5)


def test_the_full_queue_is_topped_up_and_never_doubled(empty_house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 70)
    before = service.seed()["tickets"]
    assert service.seed(tickets=150)["tickets"] == before + 150
    assert service.seed(tickets=150)["tickets"] == before + 150
    assert service.seed(tickets=200)["tickets"] == before + 200
