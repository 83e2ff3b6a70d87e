"""Whoever opens a campaign and invites its households is killed again and again; nobody is owed or told twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import func

from app.announcements import board, proposing, telling
from app.announcements.models import Announcement, AnnouncementTold
from app.announcements.telling import Wanted
from app.boxoffice.models import Household, Performance
from app.cancellations import sparing, supplementing
from app.cancellations.models import Campaign, Credit, CreditItem, CreditLetter
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.mail.models import LetterOut
from app.people import entry
from app.people.entry import signed_in
from tests.cast import INES, ODILE, PASSWORD, Character
from tests.domains.cancellations.world import a_campaign, a_household, a_plan, bought, cancelled, opened, run
from tests.faults.house import House, until

#: More than are dealt with in one transaction, of credits and of letters.
HOUSEHOLDS = 230


def acting(character: Character) -> Actor:
    found = signed_in(entry.sign_in(character.email, PASSWORD))
    assert found is not None
    return found.actor


def told() -> int:
    session.rollback()
    return int(session.query(func.count(CreditLetter.id)).scalar() or 0)


def test_a_campaign_is_opened_and_told_once_whoever_dies_of_it(house: House) -> None:
    shows = [cancelled(days=days) for days in (20, 21)]
    for _ in range(HOUSEHOLDS):
        bought(a_household(), *shows)
    campaign_id = run(a_plan(*shows, deadline_at=clock.now() + timedelta(days=30)), acting(INES), acting(ODILE))
    session.remove()
    for _ in range(4):
        house.dies_at("job worked", "work", times=2)
        house.leases_end()
    with house.worker():
        until(lambda: told() >= HOUSEHOLDS, why=lambda: str(told()))
    session.expire_all()
    assert session.query(Campaign.state).filter_by(id=campaign_id).scalar() == "open"
    credits = session.query(Credit.household_id, Credit.serial, Credit.amount_cents).order_by(Credit.serial).all()
    assert [row.serial for row in credits] == list(range(1, HOUSEHOLDS + 1))
    assert len({row.household_id for row in credits}) == HOUSEHOLDS
    assert session.query(func.sum(CreditItem.amount_cents)).scalar() == sum(row.amount_cents for row in credits)
    letters = Counter(row[0] for row in session.query(LetterOut.to_email).filter_by(kind="choice_invite"))
    assert set(letters.values()) == {1}
    assert len(letters) == HOUSEHOLDS
    house.well()


def test_what_is_found_later_and_what_plays_after_all_is_done_once_whoever_dies_of_it(house: House) -> None:
    shows = [cancelled(days=days) for days in (20, 21)]
    keys = [show.id for show in shows]
    homes = [a_household().id for _ in range(6)]
    for home in homes:
        bought(session.get_one(Household, home), *shows)
    row = a_campaign(*shows)
    campaign_id = row.id
    opened(row)
    for home in homes[:3]:
        bought(session.get_one(Household, home), session.get_one(Performance, keys[0]), seats=1)
    supplementing.simulate(campaign_id, by=acting(INES))
    supplementing.approve(campaign_id, "180", by=acting(ODILE))
    sparing.spare(campaign_id, keys[1], "plays", by=acting(ODILE))
    session.remove()
    for _ in range(2):
        house.dies_at("job worked", "work", times=2)
        house.leases_end()
    with house.worker():
        until(lambda: amounts() == [6_000] * 3 + [12_000] * 6, why=lambda: str(amounts()))
        until(lambda: told() == 3, why=lambda: str(told()))
    letters = Counter(row[0] for row in session.query(LetterOut.to_email).filter_by(kind="choice_supplement"))
    assert (len(letters), set(letters.values())) == (3, {1})
    assert session.query(CreditItem).filter(CreditItem.spared_at.is_not(None)).count() == 12
    house.well()


def amounts() -> list[int]:
    session.rollback()
    return sorted(row[0] for row in session.query(Credit.amount_cents))


def test_a_change_is_told_once_to_everybody_whoever_dies_of_it(house: House) -> None:
    show = cancelled(status="scheduled")
    homes = [a_household(preferred_channel="post" if place % 10 == 0 else "email") for place in range(HOUSEHOLDS)]
    for home in homes:
        bought(home, show)
    ines = acting(INES)
    key = proposing.say(show.id, "cancelled", None, by=ines)
    card = board.one(key, by=ines)
    words = telling.shaped(
        {"title_fr": "Annulé", "title_en": "Cancelled", "text_fr": "Pardon.", "text_en": "Sorry."},
        card.performance, "cancelled",
    )  # fmt: skip
    telling.go(key, Wanted(telling=words), seen_version=card.version, by=ines)
    session.remove()
    for _ in range(4):
        house.dies_at("job worked", "work", times=2)
        house.leases_end()
    with house.worker():
        until(lambda: ended(key), why=lambda: str(session.query(AnnouncementTold.way).count()))
    noted = session.query(AnnouncementTold.household_id, AnnouncementTold.way, AnnouncementTold.letter_id).all()
    assert len({row.household_id for row in noted}) == len(noted) == HOUSEHOLDS
    written = Counter(row[0] for row in session.query(LetterOut.to_email).filter_by(kind="announcement"))
    assert set(written.values()) == {1}
    assert len(written) == sum(row.way == "email" for row in noted) == HOUSEHOLDS - HOUSEHOLDS // 10
    assert len({row.letter_id for row in noted if row.letter_id}) == len(written)
    house.well()


def ended(key: int) -> bool:
    session.rollback()
    return bool(session.query(Announcement.state).filter_by(id=key).scalar() == "told")
