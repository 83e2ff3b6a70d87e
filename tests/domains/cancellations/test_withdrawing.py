"""A campaign is taken back before anything is paid: credits are void, seats free, households told once, requests read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from app.boxoffice.models import Performance
from app.cancellations import choosing, errands, inviting, listing, withdrawing
from app.cancellations.choosing import Wish
from app.cancellations.models import Campaign, Credit, CreditItem
from app.health import credit_queries
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.mail.models import LetterOut
from app.tickets.models import Ticket
from tests.cast import INES, KARIM, LEA, ODILE, Character
from tests.domains.cancellations.world import a_campaign, a_household, a_plan, bought, cancelled, opened, run, token_of
from tests.makers import a_ticket

Jobs = Callable[[], int]
Acting = Callable[[Character], Actor]


def letters(kind: str) -> Counter[str]:
    session.rollback()
    return Counter(row[0] for row in session.query(LetterOut.to_email).filter_by(kind=kind))


def test_credits_are_void_seats_are_free_and_households_are_told_once(
    actor: Acting, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawing, "GROUP", 2)
    show = cancelled()
    for place in range(5):
        bought(a_household(preferred_channel="post" if place == 4 else "email"), show)
    campaign_id = run(a_plan(show), actor(INES), actor(ODILE))
    run_jobs()
    ids = [row[0] for row in session.query(Credit.id).order_by(Credit.id)]
    token = token_of(ids[0])
    choosing.choose(token, Wish(lines={"refund_card": 12_000}, form="a"))
    withdrawing.withdraw(campaign_id, by=actor(ODILE))
    with pytest.raises(Conflict, match="choice_locked"):  # at once, before any worker has come by
        choosing.choose(token, Wish(lines={"donation": 12_000}, form="b"))
    run_jobs()
    withdrawing.void_next(campaign_id, 0)
    run_jobs()
    session.expire_all()
    assert {row.state for row in session.query(Credit)} == {"void"}
    assert {row.live for row in session.query(CreditItem)} == {False}
    assert letters("choice_void") == letters("choice_invite")
    assert (len(letters("choice_void")), set(letters("choice_void").values())) == (4, {1})
    with pytest.raises(NotFound):
        choosing.page_of(token)
    assert (credit_queries.credited_twice(), credit_queries.years_with_gaps()) == (0, 0)
    (by_hand,) = listing.by_hand(campaign_id, by=actor(INES))  # who asked for letters by post is told by somebody
    assert (by_hand.credit_id, by_hand.reach, by_hand.why, by_hand.link) == (ids[4], "post", "void", "")
    assert by_hand.errand_id is not None
    for _ in range(2):
        errands.done(by_hand.errand_id, by=actor(KARIM))
    assert listing.by_hand(campaign_id, by=actor(INES)) == []
    again = opened(a_campaign(session.query(Performance).one()))
    assert len(again) == 5
    assert {session.get(Credit, key).amount_cents for key in again} == {12_000}  # type: ignore[union-attr]


def test_a_request_that_waited_for_the_choice_is_read_by_somebody(actor: Acting, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(email=LEA), show)
    campaign_id = run(a_plan(show), actor(INES), actor(ODILE))
    run_jobs()
    asks = "Bonjour, la représentation a été annulée, je souhaite être remboursée de mes billets."
    ticket_id = a_ticket(email=LEA, body=asks, type="refund").ticket_id
    run_jobs()
    assert session.query(Ticket.state).filter_by(id=ticket_id).scalar() == "waiting"
    withdrawing.withdraw(campaign_id, by=actor(ODILE))
    run_jobs()
    session.expire_all()
    assert session.query(Ticket.state).filter_by(id=ticket_id).scalar() == "open"


def test_only_an_open_campaign_is_taken_back_and_only_by_who_approves(actor: Acting) -> None:
    show = cancelled()
    bought(a_household(), show)
    row = a_campaign(show)
    session.commit()
    with pytest.raises(Forbidden):
        withdrawing.withdraw(row.id, by=actor(KARIM))
    with pytest.raises(NotFound):
        withdrawing.withdraw(999, by=actor(ODILE))
    for state in ("draft", "approved", "processing", "settled", "abandoned"):
        session.query(Campaign).update({"state": state})
        session.commit()
        with pytest.raises(Conflict, match="campaign_not_withdrawable"):
            withdrawing.withdraw(row.id, by=actor(ODILE))


def test_who_gets_the_letter_back_is_told_otherwise(actor: Acting, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = run(a_plan(show), actor(INES), actor(ODILE))
    run_jobs()
    withdrawing.withdraw(campaign_id, by=actor(ODILE))
    run_jobs()
    session.rollback()
    (letter_id,) = session.query(LetterOut.id).filter_by(kind="choice_void").one()
    for _ in range(2):
        inviting.note_bounces([letter_id])
    (by_hand,) = listing.by_hand(campaign_id, by=actor(INES))
    assert (by_hand.reach, by_hand.why) == ("bounced", "void")


def test_a_campaign_taken_back_reminds_nobody(actor: Acting, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = run(a_plan(show), actor(INES), actor(ODILE))
    run_jobs()
    withdrawing.withdraw(campaign_id, by=actor(ODILE))
    with pytest.raises(Conflict, match="campaign_not_open"):
        inviting.remind(campaign_id, by=actor(INES))
    assert inviting.remind_due() == 0
