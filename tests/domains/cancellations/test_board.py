"""The figures of a campaign: who answered, what became of the euros, who must be reached otherwise, who is out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.boxoffice import picking
from app.boxoffice.models import Contact
from app.cancellations import board, closing, managing
from app.cancellations.choosing import Wish, choose
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Forbidden, NotFound
from app.people import colleagues
from app.tickets.models import Ticket
from tests.bill import a_performance
from tests.cast import INES, KARIM, ODILE, SAMI, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
Jobs = Callable[[], int]


@pytest.fixture
def campaign(app: Flask, noon: datetime, actor: Act, run_jobs: Jobs) -> int:
    """Three households of 120 euros each and one whom no e-mail reaches; a reseller is left out."""
    show = cancelled("Tosca")
    for name in ("Fontanel", "Roux", "Sorel"):
        bought(a_household(name), show)
    bought(a_household("Papier", preferred_channel="post"), show)
    bought(a_household("Fnac"), show, channel="reseller")
    found = run(a_plan(show), actor(INES), actor(ODILE))
    run_jobs()
    return found


def test_figures_add_up_to_the_cent(campaign: int, actor: Act) -> None:
    choose(token_of(1), Wish(lines={"refund_card": 4_000, "donation": 8_000}, form="un"))
    choose(token_of(2), Wish(lines={"refund_card": 12_000}, form="un"))
    choose(token_of(2), Wish(lines={"donation": 12_000}, form="deux"))
    found = board.board(campaign, by=actor(KARIM))
    assert (found.credits, found.cents, found.answered, found.answered_cents) == (4, 48_000, 2, 24_000)
    assert found.by_option == (("donation", 2, 20_000), ("refund_card", 1, 4_000))
    assert (found.donors, found.whole_donors, found.response) == (2, 1, 0.5)
    assert (found.unmatched, dict(found.left_out)) == (1, {"reseller": 2})
    assert found.letters["invite"][0] == 3
    assert found.contacts == 0


def test_requests_that_no_credit_answers_are_counted_apart(campaign: int, actor: Act, run_jobs: Jobs) -> None:
    asks = "Bonjour, la représentation a été annulée, je voudrais être remboursée de mes deux places. Merci."
    emails = {row.email for row in session.query(Contact).filter(Contact.family.in_(("Fontanel", "Roux")))}
    for email in (*sorted(emails), "inconnue@exemple.fr"):
        a_ticket(email=email, body=asks, type="refund_cancelled")
    a_ticket(email="perdu@exemple.fr", body="J’ai perdu mon écharpe au balcon.", type="lost_item")
    elsewhere = a_performance("Carmen", "Carmen", clock.now() + timedelta(days=9))
    other = a_ticket(email="autre@exemple.fr", body=asks, type="refund_cancelled")
    run_jobs()
    session.query(Ticket).filter_by(id=other.ticket_id).update({"performance_id": elsewhere.id})
    session.commit()
    found = board.board(campaign, by=actor(KARIM))
    assert (found.contacts, found.untied) == (2, 1)


def test_answers_are_counted_by_day_and_silence_is_no_answer(campaign: int, actor: Act, run_jobs: Jobs) -> None:
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        choose(token_of(1), Wish(lines={"refund_card": 12_000}, form="un"))
    with clock.frozen_at(clock.now() + timedelta(days=31)):
        closing.close_due()
        run_jobs()
        found = board.board(campaign, by=actor(KARIM))
    assert found.days_to_answer == 2
    assert found.answered == 1
    assert sum(count for _day, count in found.by_day) == 1
    assert found.by_day[0][1] == 1
    assert len(found.by_day) == 30


def test_lists_hold_whom_they_say(campaign: int, actor: Act) -> None:
    choose(token_of(1), Wish(lines={"donation": 12_000}, form="un"))
    by = actor(KARIM)

    def names(**narrowed: tuple[str, ...]) -> list[str]:
        return [row.household for row in board.listing(campaign, by=by, **narrowed)]  # type: ignore[arg-type]

    assert names(states=board.ANSWERED) == ["Fontanel"]
    assert names(states=board.SILENT, reaches=("post", "bounced")) == ["Papier"]
    assert len(names()) == 4
    first = board.listing(campaign, limit=2, by=by)
    rest = board.listing(campaign, after=first[-1].id, limit=50, by=by)
    assert [row.number for row in (*first, *rest)] == [f"AV-2026-{place:06}" for place in (1, 2, 3, 4)]
    assert board.rates(by=by) == {campaign: (4, 1, 48_000)}


def test_who_is_left_out_reads_the_same_before_and_after_it_is_opened(app: Flask, noon: datetime, actor: Act,
                                                                      run_jobs: Jobs) -> None:  # fmt: skip
    show, by = cancelled("Tosca"), actor(INES)
    bought(a_household("Fontanel"), show)
    bought(a_household("Fnac"), show, channel="reseller", seats=3)
    campaign_id = managing.create(a_plan(show), by=by)
    before = board.left_out(campaign_id, "reseller", by=by)
    assert [row.household for row in before] == ["Fnac"] * 3
    found = managing.simulate(campaign_id, by=by)
    managing.approve(campaign_id, str(found["cents"] // 100), seen_version=1, by=actor(ODILE))
    managing.start(campaign_id, seen_version=1, by=by)
    run_jobs()
    assert board.left_out(campaign_id, "reseller", by=by) == before
    assert board.left_out(campaign_id, "reseller", after=before[0].seat.id, limit=1, by=by) == before[1:2]


def test_who_would_be_left_out_is_read_no_further_than_is_shown(
    app: Flask, noon: datetime, actor: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "_AT_ONCE", 2)
    show, by = cancelled("Tosca"), actor(INES)
    for seats in (3, 1, 2, 4, 1):
        bought(a_household("Fnac"), show, channel="reseller", seats=seats)
    campaign_id = managing.create(a_plan(show), by=by)
    looked: list[int] = []
    whole = board.owed
    monkeypatch.setattr(board, "owed", lambda scope, some: looked.extend(some) or whole(scope, some))
    every = [row.seat.id for row in board.left_out(campaign_id, "reseller", by=by)]
    assert (len(every), len(set(every)), len(looked)) == (11, 11, 5)
    read: list[int] = []
    while some := board.left_out(campaign_id, "reseller", after=read[-1] if read else 0, limit=2, by=by):
        read += [row.seat.id for row in some]
    assert read == every
    looked.clear()
    board.left_out(campaign_id, "reseller", limit=2, by=by)
    assert len(looked) == 2


def test_only_who_may_reads_it(campaign: int, actor: Act) -> None:
    with pytest.raises(Forbidden):
        board.board(campaign, by=actor(SAMI))
    with pytest.raises(NotFound):
        board.board(99, by=actor(KARIM))
    with pytest.raises(NotFound):
        board.credit_numbered("AV-2026-999999", by=actor(KARIM))


def test_those_who_may_approve_are_known_by_name(app: Flask, noon: datetime) -> None:
    names = set(colleagues.who_may(Permission.CAMPAIGN_APPROVE).values())
    assert {INES.name, ODILE.name} <= names
    assert KARIM.name not in names


def test_the_bill_is_looked_through_by_words_past_and_to_come(app: Flask, noon: datetime) -> None:
    old, new = cancelled("Tosca", days=-300), cancelled("Carmen", status="scheduled")
    assert [card.id for card in picking.found("", changed_only=False)] == [old.id, new.id]
    assert [card.id for card in picking.found("", changed_only=True)] == [old.id]
    assert [card.id for card in picking.found("carm grande", changed_only=False)] == [new.id]
    assert picking.found("carm", changed_only=False, beside=[new.id]) == []
    assert [card.id for card in picking.cards([new.id, 999])] == [new.id]
    bought(a_household(), old)
    assert picking.tariffs([old.id, new.id]) == ["Plein tarif"]
