"""A campaign from its draft to its lock: two people, a typed amount, every household once, silence never a gift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, update

from app.boxoffice.models import Admission, Payment, Performance
from app.cancellations import choosing, closing, inviting, listing, making, managing, planning, withdrawing
from app.cancellations.choosing import Wish
from app.cancellations.models import (
    Campaign,
    Choice,
    ChoiceLine,
    Credit,
    CreditBucket,
    CreditItem,
    CreditLetter,
    LegalRegime,
)
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.mail import outgoing
from app.mail.models import LetterOut
from app.people import service as people
from tests.cast import KARIM, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of

Jobs = Callable[[], int]


def state(campaign_id: int) -> str:
    session.rollback()
    row = session.get(Campaign, campaign_id, populate_existing=True)
    assert row is not None
    return row.state


def credits_of(campaign_id: int) -> list[Credit]:
    session.rollback()
    query = session.query(Credit).filter_by(campaign_id=campaign_id).order_by(Credit.serial)
    return query.populate_existing().all()


def letters_of(kind: str) -> list[outgoing.Shown]:
    session.rollback()
    return [one for one in outgoing.latest(by=SYSTEM, limit=500) if one.kind == kind]


def test_a_campaign_goes_from_draft_to_letters(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    for name in ("Fontanel", "Roux", "Sorel"):
        bought(a_household(name), show)
    campaign_id = run(a_plan(show), ines, odile)
    assert state(campaign_id) == "opening"
    run_jobs()
    assert state(campaign_id) == "open"
    rows = credits_of(campaign_id)
    assert [(row.number, row.amount_cents, row.state) for row in rows] == [
        (f"AV-2026-{number:06}", 12_000, "invited") for number in (1, 2, 3)
    ]
    invited = letters_of("choice_invite")
    assert len(invited) == 3
    assert "120,00\u00a0€" in invited[0].text
    assert f"/c/{token_of(rows[2].id)}" in invited[0].text


def test_simulation_tells_everything_before_anything_is_sent(ines: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(), show, paid={"card": 7_000, "ancv": 5_000})
    bought(a_household("Roux"), show)
    bought(a_household("Fnac"), show, channel="reseller")
    bought(a_household("Sorel"), show, seats=1, scanned_at=clock.now())
    campaign_id = managing.create(a_plan(show, options=("refund_card", "voucher")), by=ines)
    found = managing.simulate(campaign_id, by=ines)
    assert (found["credits"], found["cents"], found["admissions"]) == (2, 24_000, 4)
    assert found["left_out"] == {"reseller": 2, "scanned": 1}
    assert found["funding"] == {"card": 19_000, "titre": 5_000}
    assert found["options"] == {
        "refund_card": {"whole": 1, "cents": 19_000}, "voucher": {"whole": 2, "cents": 24_000},
    }  # fmt: skip
    assert found["performances"] == {str(show.id): 24_000}
    assert found["obstacles"] == []
    run_jobs()
    assert (state(campaign_id), credits_of(campaign_id), letters_of("choice_invite")) == ("simulated", [], [])


def test_whoever_wrote_it_cannot_approve_it_nor_who_changed_it(ines: Actor, odile: Actor) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = managing.create(a_plan(show), by=ines)
    managing.simulate(campaign_id, by=ines)
    with pytest.raises(Forbidden, match="campaign_second_person"):
        managing.approve(campaign_id, "120", seen_version=1, by=ines)
    with pytest.raises(Forbidden):
        managing.approve(campaign_id, "120", seen_version=1, by=SYSTEM)
    with pytest.raises(Conflict, match="campaign_unapproved"):
        managing.start(campaign_id, seen_version=1, by=ines)
    managing.approve(campaign_id, "120", seen_version=1, by=odile)
    assert state(campaign_id) == "approved"


@pytest.mark.parametrize(
    ("typed", "code"), [("119,99", "campaign_amount"), ("", "amount_empty"), ("1e2", "amount_form")]
)
def test_the_amount_is_typed_to_the_cent(ines: Actor, odile: Actor, typed: str, code: str) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = managing.create(a_plan(show), by=ines)
    managing.simulate(campaign_id, by=ines)
    with pytest.raises(Invalid) as refused:
        managing.approve(campaign_id, typed, seen_version=1, by=odile)
    assert refused.value.fields == {"amount": code}
    assert state(campaign_id) == "simulated"


def test_an_edit_voids_what_was_approved(ines: Actor, odile: Actor) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = managing.create(a_plan(show), by=ines)
    managing.simulate(campaign_id, by=ines)
    managing.approve(campaign_id, "120", seen_version=1, by=odile)
    managing.edit(campaign_id, a_plan(show, title_fr="Traviata"), seen_version=1, by=ines)
    assert state(campaign_id) == "draft"
    with pytest.raises(Conflict, match="campaign_changed"):
        managing.edit(campaign_id, a_plan(show), seen_version=1, by=ines)
    with pytest.raises(Conflict, match="campaign_unsimulated"):
        managing.approve(campaign_id, "120", seen_version=2, by=odile)
    assert planning.plan_of(campaign_id, by=ines).title_fr == "Traviata"


def test_what_is_owed_must_still_be_what_was_approved(ines: Actor, odile: Actor) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = managing.create(a_plan(show), by=ines)
    managing.simulate(campaign_id, by=ines)
    managing.approve(campaign_id, "120", seen_version=1, by=odile)
    bought(a_household("Roux"), show)
    with pytest.raises(Conflict, match="campaign_amount_changed"):
        managing.start(campaign_id, seen_version=1, by=ines)
    assert credits_of(campaign_id) == []


def test_without_money_a_campaign_opens_by_law_only(ines: Actor, odile: Actor) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = managing.create(a_plan(show, options=("donation", "voucher")), by=ines)
    assert managing.simulate(campaign_id, by=ines)["obstacles"] == ["campaign_no_money"]
    with pytest.raises(Conflict, match="campaign_no_money"):
        managing.approve(campaign_id, "120", seen_version=1, by=odile)
    today = clock.now().date()
    law = LegalRegime(
        code="2026-1", title_fr="Loi", title_en="Act", source="", scope="", from_on=today, to_on=today,
        max_validity_months=12,
    )  # fmt: skip
    session.add(law)
    session.commit()
    managing.edit(campaign_id, a_plan(show, options=("donation", "voucher"), regime="2026-1"), seen_version=1, by=ines)
    assert managing.simulate(campaign_id, by=ines)["obstacles"] == []
    managing.approve(campaign_id, "120", seen_version=2, by=odile)


def test_an_agent_reads_and_neither_writes_nor_approves(actor: Callable[[Character], Actor]) -> None:
    with pytest.raises(Forbidden, match="not_allowed"):
        managing.create(a_plan(cancelled()), by=actor(KARIM))
    assert planning.cards(by=actor(KARIM)) == []


def test_a_performance_that_does_not_exist_is_refused(ines: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        managing.create(a_plan(performances={999: None}, regime="nowhere"), by=ines)
    assert refused.value.fields == {"performances": "unknown_choice", "regime": "unknown_choice"}


def test_making_credits_again_makes_none_twice(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = run(a_plan(show), ines, odile)
    making.go(campaign_id)
    session.execute(update(Campaign).values(made_up_to=0))  # as if what was made had been forgotten
    session.commit()
    making.go(campaign_id)
    run_jobs()
    assert len(credits_of(campaign_id)) == 1
    assert session.query(func.count(CreditItem.id)).scalar() == 2
    assert len(letters_of("choice_invite")) == 1


def test_credits_add_up_to_the_cent_in_every_way(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show, other = cancelled(), cancelled("Carmen")
    bought(a_household(), show, other, seats=3, cents=3_333, paid={"card": 9_999, "ancv": 5_001, "passculture": 4_998})
    bought(a_household("Roux"), show, paid={"passculture": 12_000})
    campaign_id = run(a_plan(show, other), ines, odile)
    run_jobs()
    (credit,) = credits_of(campaign_id)
    items = session.query(func.sum(CreditItem.amount_cents)).scalar()
    inside = session.query(func.sum(CreditBucket.amount_cents)).filter(CreditBucket.kind != "external").scalar()
    assert credit.amount_cents == items == inside == 15_000
    assert credit.external_cents == 4_998


def test_a_merged_household_gets_one_credit_for_all(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    home = a_household()
    home_id = home.id
    twin = a_household(merged_into_id=home_id)
    bought(home, show)
    bought(twin, show)
    campaign_id = run(a_plan(show), ines, odile)
    run_jobs()
    assert [(row.household_id, row.amount_cents) for row in credits_of(campaign_id)] == [(home_id, 24_000)]


def test_another_campaign_about_the_same_seats_owes_nothing_more(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(), show)
    again = a_plan(show)
    run(a_plan(show), ines, odile)
    run_jobs()
    second = managing.create(again, by=ines)
    found = managing.simulate(second, by=ines)
    assert (found["credits"], found["left_out"]) == (0, {"elsewhere": 2})


def test_who_has_no_mailbox_is_told_otherwise(
    ines: Actor, odile: Actor, run_jobs: Jobs, actor: Callable[[Character], Actor]
) -> None:
    show = cancelled()
    bought(a_household(preferred_channel="post"), show)
    bought(a_household("Roux", preferred_channel="phone"), show)
    people.recognise([people.Writer("perdu@exemple.fr")])
    people.mark_undeliverable("perdu@exemple.fr", "5.1.1")
    bought(a_household("Sorel", email="perdu@exemple.fr"), show)
    campaign_id = run(a_plan(show), ines, odile)
    run_jobs()
    assert [row.reach for row in credits_of(campaign_id)] == ["post", "email", "bounced"]
    assert len(letters_of("choice_invite")) == 1
    found = listing.by_hand(campaign_id, by=ines)
    assert [(one.number[-1], one.reach, one.name, one.has_address) for one in found] == [
        ("1", "post", "Léa Fontanel", True), ("3", "bounced", "Léa Sorel", True),
    ]  # fmt: skip
    assert found[0].link.endswith(token_of(found[0].credit_id))
    with pytest.raises(Forbidden):
        listing.by_hand(campaign_id, by=actor(KARIM))


def test_a_letter_that_comes_back_puts_its_household_on_the_list(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = run(a_plan(show), ines, odile)
    run_jobs()
    (letter_id,) = session.query(CreditLetter.letter_id).one()
    inviting.note_bounces([letter_id])
    assert [row.reach for row in credits_of(campaign_id)] == ["bounced"]


def test_reminders_stop_on_the_answer_and_never_come_twice(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(), show)
    bought(a_household("Roux"), show)
    campaign_id = run(a_plan(show, reminders=(7, 1)), ines, odile)
    run_jobs()
    first, _second = credits_of(campaign_id)
    choosing.choose(token_of(first.id), Wish(lines={"refund_card": 12_000}, form="a"))
    clock.advance(timedelta(days=20))
    assert inviting.remind_due() == 0
    clock.advance(timedelta(days=3))
    for _ in range(3):
        inviting.remind_due()
        run_jobs()
    assert len(letters_of("choice_reminder")) == 1
    clock.advance(timedelta(days=6))
    inviting.remind_due()
    run_jobs()
    assert len(letters_of("choice_reminder")) == 2


def test_a_choice_is_recapped_once(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = run(a_plan(show), ines, odile)
    run_jobs()
    (credit,) = credits_of(campaign_id)
    wish = Wish(lines={"refund_card": 8_000, "donation": 4_000}, form="a")
    choosing.choose(token_of(credit.id), wish)
    choosing.choose(token_of(credit.id), wish)
    run_jobs()
    (recap,) = letters_of("choice_made")
    assert "Remboursement sur la carte\u00a0: 80,00\u00a0€" in recap.text
    assert "Don\u00a0: 40,00\u00a0€" in recap.text


def test_silence_goes_back_to_the_card_where_it_can_and_is_owed_where_it_cannot(
    ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    show = cancelled()
    bought(a_household(), show)
    bought(a_household("Roux"), show, paid={"ancv": 12_000})
    bought(a_household("Sorel"), show)
    campaign_id = run(a_plan(show, default_option="refund_card", options=("refund_card", "voucher")), ines, odile)
    run_jobs()
    answered = credits_of(campaign_id)[2]
    choosing.choose(token_of(answered.id), Wish(lines={"voucher": 12_000}, form="a"))
    assert closing.close_due() == 0
    clock.advance(timedelta(days=31))
    assert (closing.close_due(), closing.close_due()) == (1, 0)
    run_jobs()
    assert [(row.state, row.choice_version) for row in credits_of(campaign_id)] == [
        ("answered", 1), ("unclaimed", 0), ("answered", 1),
    ]  # fmt: skip
    query = session.query(Choice.author, ChoiceLine.option).join(ChoiceLine, ChoiceLine.choice_id == Choice.id)
    assert sorted(query.all()) == [("default", "refund_card"), ("holder", "voucher")]


def test_what_was_chosen_is_locked_and_what_was_refunded_meanwhile_stays_behind(
    ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    show = cancelled()
    orders = [bought(a_household(name), show).id for name in ("Fontanel", "Roux")]
    campaign_id = run(a_plan(show), ines, odile)
    run_jobs()
    for credit in credits_of(campaign_id):
        choosing.choose(token_of(credit.id), Wish(lines={"refund_card": 12_000}, form="a"))
    with pytest.raises(Conflict, match="campaign_not_closed"):
        closing.lock(campaign_id, by=odile)
    session.execute(update(Payment).where(Payment.order_id == orders[1]).values(refunded_cents=6_000))
    session.commit()
    clock.advance(timedelta(days=31))
    closing.close_due()
    run_jobs()
    assert closing.lock(campaign_id, by=odile) == (1, 12_000, 1)
    assert closing.lock(campaign_id, by=odile) == (0, 0, 1)
    assert [row.state for row in credits_of(campaign_id)] == ["locked", "answered"]


def test_who_stayed_silent_claims_while_others_are_paid_and_is_locked_later(
    ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    show = cancelled()
    for name in ("Fontanel", "Roux"):
        bought(a_household(name), show)
    campaign_id = run(a_plan(show), ines, odile)
    run_jobs()
    early, late = (token_of(row.id) for row in credits_of(campaign_id))
    choosing.choose(early, Wish(lines={"refund_card": 12_000}, form="a"))
    clock.advance(timedelta(days=31))
    closing.close_due()
    run_jobs()
    assert closing.lock(campaign_id, by=odile).credits == 1
    choosing.choose(late, Wish(lines={"donation": 12_000}, form="a"))
    assert closing.lock(campaign_id, by=odile) == (1, 12_000, 0)
    assert [row.state for row in credits_of(campaign_id)] == ["locked", "locked"]


def test_a_seat_refunded_before_opening_is_worth_less(ines: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    order = bought(a_household(), show)
    session.execute(update(Admission).where(Admission.order_id == order.id).values(already_refunded_cents=6_000))
    session.commit()
    campaign_id = managing.create(a_plan(show), by=ines)
    assert managing.simulate(campaign_id, by=ines)["left_out"] == {"refunded": 2}


def test_a_campaign_given_up_reaches_nobody(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(), show)
    campaign_id = managing.create(a_plan(show), by=ines)
    managing.abandon(campaign_id, seen_version=1, by=ines)
    for verb in (managing.simulate, lambda key, by: managing.start(key, seen_version=1, by=by)):
        with pytest.raises(Conflict):
            verb(campaign_id, by=ines)
    run_jobs()
    assert credits_of(campaign_id) == []


def test_credits_that_come_to_another_amount_than_was_approved_reach_nobody_before_a_second_person_agrees(
    ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    show = cancelled()
    bought(a_household(), show)
    show_id, campaign_id = show.id, run(a_plan(show), ines, odile)
    bought(a_household(), session.get_one(Performance, show_id), cents=3_000)
    run_jobs()
    card = planning.card(campaign_id, by=ines)
    assert (card.state, card.approved_cents, card.made_cents) == ("opening", 12_000, 18_000)
    assert session.query(LetterOut).filter_by(kind="choice_invite").count() == 0
    for by, typed, refused in ((ines, "180", Forbidden), (odile, "120", Invalid)):
        with pytest.raises(refused):
            managing.accept(campaign_id, typed, by=by)
    managing.accept(campaign_id, "180", by=odile)
    with pytest.raises(Conflict):
        managing.accept(campaign_id, "180", by=odile)
    run_jobs()
    card = planning.card(campaign_id, by=ines)
    assert (card.state, card.approved_cents, card.made_cents) == ("open", 18_000, None)
    assert session.query(LetterOut).filter_by(kind="choice_invite").count() == 2


def test_an_opening_that_came_to_another_amount_is_taken_back_and_nobody_hears_of_it(
    ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    show = cancelled()
    order = bought(a_household(), show)
    campaign_id = run(a_plan(show), ines, odile)
    session.execute(update(Payment).where(Payment.order_id == order.id).values(refunded_cents=5_000))
    session.commit()
    run_jobs()
    assert planning.card(campaign_id, by=ines).made_cents == 7_000
    withdrawing.withdraw(campaign_id, by=odile)
    run_jobs()
    assert session.query(LetterOut).count() == 0
    assert [row.state for row in session.query(Credit)] == ["void"]
