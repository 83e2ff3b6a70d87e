"""Telling the holders of a changed performance: proposed once, told once each, by the way they prefer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.announcements import board, leaving, proposing, telling
from app.announcements.models import Announcement, AnnouncementTold
from app.announcements.telling import Wanted
from app.boxoffice import importing, noting
from app.boxoffice.models import Admission, Household, Performance
from app.boxoffice.noting import Wishes
from app.cancellations import board as campaign_board
from app.cancellations import inviting, managing, planning
from app.incidents import declaring, surfaces
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.mail import outgoing
from app.mail.models import LetterOut
from app.mail.sending import parcel_of
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run
from tests.domains.incidents.test_declaring import telling as told_of
from tests.exchange import a_file, a_row

Act = Callable[[Character], Actor]
Jobs = Callable[[], int]


@pytest.fixture
def ines(app: Flask, noon: datetime, actor: Act) -> Actor:
    return actor(INES)


def letters(kind: str) -> list[str]:
    session.rollback()
    return sorted(one.to for one in outgoing.latest(by=SYSTEM, limit=500) if one.kind == kind)


def went(show: Performance, by: Actor, *, purpose: str = "service", cause: str = "cancelled") -> int:
    """A change said at the desk and told to everybody."""
    moved = clock.now() + timedelta(days=90) if cause == "postponed" else None
    key = proposing.say(show.id, cause, moved, by=by)
    card = board.one(key, by=by)
    told = telling.shaped(
        {"title_fr": "Annulé", "title_en": "Cancelled", "text_fr": "Pardon.", "text_en": "Sorry."},
        card.performance,
        cause,
    )
    telling.go(key, Wanted(telling=told, purpose=purpose), seen_version=card.version, by=by)
    return key


def test_everybody_is_told_once_in_their_language_by_the_way_they_prefer(ines: Actor, run_jobs: Jobs) -> None:
    show = cancelled("Carmen", status="scheduled")
    homes = [
        a_household("Un", email="un@exemple.fr"), a_household("Two", email="two@exemple.fr", language="en"),
        a_household("Trois", preferred_channel="post"), a_household("Quatre", email="quatre@exemple.fr"),
        a_household("Cinq", email="cinq@exemple.fr", do_not_contact=True),
    ]  # fmt: skip
    for home in homes:
        bought(home, show)
    session.query(Admission).filter_by(order_id=4).update({"status": "exchanged"})
    session.commit()
    show_id, key = show.id, went(show, ines)
    for _ in range(2):
        run_jobs()
        telling.tell_next(key)
    assert letters("announcement") == ["cinq@exemple.fr", "two@exemple.fr", "un@exemple.fr"]
    assert board.told(key, by=ines) == {"email": 3, "post": 1}
    texts = {row.to_email: row.text for row in session.query(LetterOut).filter_by(kind="announcement")}
    assert "Sorry." in texts["two@exemple.fr"]
    assert "\n\n\n" not in texts["two@exemple.fr"]
    assert "Vos billets\N{NO-BREAK SPACE}: Carmen, " in texts["un@exemple.fr"]
    card = board.one(key, by=ines)
    assert (card.state, len(card.campaigns)) == ("told", 1)
    (by_post,) = board.to_tell(key, ("post",), by=ines)
    assert by_post.name == "Trois"
    assert [one.performance_id for one in surfaces.declared()] == [show_id]
    assert planning.plan_of(card.campaigns[0], by=ines).text_fr == "Pardon."
    session.expire_all()
    assert session.get_one(Performance, show_id).status == "cancelled"


def test_groups_follow_each_other_and_what_is_stopped_goes_no_further(
    ines: Actor, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "GROUP", 2)
    show = cancelled("Carmen", status="scheduled")
    for _ in range(5):
        bought(a_household("Roux"), show)
    key = went(show, ines)
    assert telling.tell_next(key) == 2
    telling.stop(key, by=ines)
    run_jobs()
    assert board.told(key, by=ines) == {"email": 2}
    with pytest.raises(Conflict):
        telling.stop(key, by=ines)
    other = cancelled("Tosca", status="scheduled")
    for _ in range(5):
        bought(a_household("Blanc"), other)
    second = went(other, ines)
    run_jobs()
    assert board.told(second, by=ines) == {"email": 5}


def test_an_offer_goes_to_who_agreed_and_ends_by_one_press(ines: Actor, run_jobs: Jobs) -> None:
    show, yes, no = cancelled("Carmen"), a_household("Oui", email="oui@exemple.fr"), a_household("Non")
    for home in (yes, no):
        bought(home, show)
    noting.wish(yes.id, Wishes(language="fr", preferred_channel="email", optin_email=True), by=ines)
    agreed, key = yes.id, went(show, ines, purpose="offer")
    run_jobs()
    assert letters("offer") == ["oui@exemple.fr"]
    assert board.told(key, by=ines) == {"email": 1, "refused": 1}
    row = session.query(LetterOut).filter_by(kind="offer").one()
    link = leaving.link_of(agreed)
    assert link in row.text
    assert parcel_of(row).headers["List-Unsubscribe"] == f"<{link}>"
    token = link.rpartition("/")[2]
    for _ in range(2):
        leaving.leave(token)
    assert board.expected(board.one(key, by=ines), by=ines)["offer"] == {"refused": 2}
    with pytest.raises(NotFound):
        leaving.leave("x" + token)


def test_where_to_it_moves_is_told(ines: Actor, run_jobs: Jobs) -> None:
    show = cancelled("Carmen", status="scheduled")
    bought(a_household("Roux", language="en"), show)
    went(show, ines, cause="postponed")
    run_jobs()
    (text,) = [row.text for row in session.query(LetterOut).filter_by(kind="announcement")]
    assert "New date: Monday 8 February 2027 at 2:30 pm." in text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_letter_that_comes_back_puts_its_household_on_a_list(ines: Actor, run_jobs: Jobs) -> None:
    show = cancelled("Carmen")
    bought(a_household("Roux", email="roux@exemple.fr"), show)
    key = went(show, ines)
    run_jobs()
    row = session.query(LetterOut).filter_by(kind="announcement").one()
    telling.note_bounces([row.id])
    session.commit()
    assert board.told(key, by=ines) == {"bounced": 1}


def test_a_declared_incident_is_proposed_with_its_words_and_withdrawn_with_it(ines: Actor, run_jobs: Jobs) -> None:
    show = cancelled("Carmen")
    told = told_of(show)
    incident = declaring.declare(told, by=ines)
    run_jobs()
    (found,) = board.listed(by=ines)
    assert (found.source, found.incident_id, found.title_fr) == ("incident", incident, told.title_fr)
    assert proposing.propose_declared(incident) == found.id
    declaring.end(incident, "withdrawn", by=ines)
    run_jobs()
    assert [card.state for card in board.listed(over=True, by=ines)] == ["dismissed"]
    assert letters("announcement") == []


def test_an_import_that_cancels_every_ticket_proposes_it_once(ines: Actor, run_jobs: Jobs, tmp_path: Path) -> None:
    def file(name: str, status: str, count: int = 10) -> Path:
        rows = [a_row(f"B{place}", ticket_status=status, order_code=f"C{place}") for place in range(count)]
        return a_file(tmp_path / name, *rows)

    importing.import_file(file("a.csv", "valide"), by=SYSTEM)
    run_jobs()
    assert board.listed(by=ines) == []
    for name in ("b.csv", "c.csv"):
        importing.import_file(file(name, "annulé"), by=SYSTEM)
        run_jobs()
    (found,) = board.listed(by=ines)
    assert (found.source, found.cause, found.performance.title_fr) == ("import", "cancelled", "La Traviata")
    assert board.expected(found, by=ines)["service"] == {"email": 1}
    session.query(Announcement).delete()
    session.query(Admission).filter_by(external_id="B1").update({"status": "valid"})
    session.commit()
    assert proposing.propose_emptied() == 0


def test_moving_again_is_another_change_and_the_same_one_is_not(ines: Actor) -> None:
    show = cancelled("Carmen", status="scheduled")
    first = proposing.say(show.id, "postponed", None, by=ines)
    later = clock.now() + timedelta(days=60)
    assert proposing.say(show.id, "postponed", later, by=ines) == first
    assert board.one(first, by=ines).new_starts_at == later
    telling.dismiss(first, seen_version=board.one(first, by=ines).version, by=ines)
    assert proposing.say(show.id, "postponed", later, by=ines) == first
    assert proposing.say(show.id, "postponed", later + timedelta(days=1), by=ines) != first


def test_two_colleagues_decide_once_and_who_may_not_decides_nothing(ines: Actor, actor: Act) -> None:
    show = cancelled("Carmen", status="scheduled")
    key = went(show, ines)
    card = board.one(key, by=ines)
    with pytest.raises(Conflict):
        telling.dismiss(key, seen_version=card.version, by=ines)
    with pytest.raises(Forbidden):
        proposing.say(show.id, "cancelled", None, by=actor(KARIM))
    for cause, moment, field in (("burnt", None, "cause"), ("cancelled", clock.now(), "new_starts_at"),
                                 ("postponed", card.performance.starts_at, "new_starts_at")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            proposing.say(show.id, cause, moment, by=ines)
        assert list(refused.value.fields) == [field]
    with pytest.raises(Invalid):
        proposing.say(999_999, "cancelled", None, by=ines)
    assert session.query(AnnouncementTold).count() == 0


def test_the_invitation_waits_a_day_for_whoever_was_told_of_the_change(ines: Actor, actor: Act, run_jobs: Jobs) -> None:
    show, told, new = cancelled("Carmen"), a_household("Un", email="un@exemple.fr"), a_household("Deux")
    bought(told, show)
    show_id, new_id = show.id, new.id
    went(show, ines)
    run_jobs()
    bought(session.get_one(Household, new_id), session.get_one(Performance, show_id))
    (key,) = [card.id for card in planning.cards(by=ines)]
    managing.simulate(key, by=ines)
    managing.approve(key, "240", seen_version=1, by=actor(ODILE))
    managing.start(key, seen_version=1, by=ines)
    run_jobs()
    assert len(letters("choice_invite")) == 1
    assert "un@exemple.fr" not in letters("choice_invite")
    found = campaign_board.board(key, by=ines)
    assert (found.to_invite, found.spaced_until) == (1, clock.now() + timedelta(days=1))
    clock.advance(timedelta(hours=23))
    assert inviting.remind_due() == 0
    clock.advance(timedelta(hours=2))
    for _ in range(2):
        inviting.remind_due()
        run_jobs()
    assert letters("choice_invite").count("un@exemple.fr") == 1
    assert campaign_board.board(key, by=ines).to_invite == 0


def test_nobody_waits_once_the_deadline_is_near(ines: Actor, actor: Act, run_jobs: Jobs) -> None:
    show = cancelled("Carmen")
    bought(a_household("Un", email="un@exemple.fr"), show)
    plan = a_plan(show, deadline_at=clock.now() + timedelta(days=2))
    key = managing.create(plan, by=ines)
    went(show, ines)
    run_jobs()
    managing.simulate(key, by=ines)
    managing.approve(key, "120", seen_version=1, by=actor(ODILE))
    managing.start(key, seen_version=1, by=ines)
    run_jobs()
    assert letters("choice_invite") == ["un@exemple.fr"]


def test_the_announcement_yields_to_the_letter_about_the_credit(ines: Actor, actor: Act, run_jobs: Jobs) -> None:
    show = cancelled("Carmen")
    bought(a_household("Un"), show)
    bought(a_household("Deux", preferred_channel="post"), show)
    show_id = show.id
    run(a_plan(show), ines, actor(ODILE))
    run_jobs()
    key = went(session.get_one(Performance, show_id), ines)
    assert board.expected(board.one(key, by=ines), by=ines)["service"] == {"credit": 1, "post": 1}
    run_jobs()
    assert letters("announcement") == []
    assert board.told(key, by=ines) == {"credit": 1, "post": 1}
    clock.advance(timedelta(days=2))
    assert board.expected(board.one(key, by=ines), by=ines)["service"] == {"email": 1, "post": 1}
