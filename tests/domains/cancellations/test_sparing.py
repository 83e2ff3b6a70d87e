"""One performance takes place after all: its seats leave the credits to the cent, and each household is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.boxoffice.models import Performance
from app.cancellations import board, choosing, closing, managing, sparing, supplementing
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit, CreditErrand, CreditItem, CreditLeftOut
from app.health import credit_queries
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.journal import JournalEntry
from app.mail.models import LetterOut
from tests.cast import KARIM, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of

Jobs = Callable[[], int]
OPTIONS = ("refund_card", "donation", "voucher", "carryover")


def credits() -> list[tuple[int, str, int]]:
    session.rollback()
    query = session.query(Credit.amount_cents, Credit.state, Credit.choice_version).order_by(Credit.serial)
    return [tuple(row) for row in query]


def letters(kind: str) -> Counter[str]:
    session.rollback()
    return Counter(row[0] for row in session.query(LetterOut.to_email).filter_by(kind=kind))


def sound() -> bool:
    checks = (
        credit_queries.other_than_items, credit_queries.other_than_funds, credit_queries.payments_overdrawn,
        credit_queries.other_than_chosen, credit_queries.without_choice, credit_queries.credited_twice,
    )  # fmt: skip
    return [check() for check in checks] == [0] * len(checks)


def test_silent_credits_shrink_and_chosen_ones_are_asked_for_again(
    ines: Actor, odile: Actor, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sparing, "GROUP", 2)
    off, on = cancelled(), cancelled("Carmen", days=25)
    homes = [a_household(name, email=f"{name.lower()}@exemple.fr") for name in ("Silent", "Chosen", "Apart", "Whole")]
    for home in homes[:2]:
        bought(home, off, on, paid={"card": 15_000, "ancv": 9_000})
    bought(homes[2], off)
    bought(homes[3], on)
    bought(a_household("Post", email="post@exemple.fr", preferred_channel="post"), off, on)
    show_id = on.id
    campaign_id = run(a_plan(off, on, options=OPTIONS), ines, odile)
    run_jobs()
    keys = [row[0] for row in session.query(Credit.id).order_by(Credit.serial)]
    token = token_of(keys[1])
    wish = Wish(lines={"donation": 10_000, "voucher": 14_000}, form="a", version_seen=0)
    choosing.choose(token, wish)
    run_jobs()
    sparing.spare(campaign_id, show_id, "plays", by=odile)
    run_jobs()
    sparing.spare(campaign_id, show_id, "plays", by=odile)
    sparing.go(campaign_id, show_id, 0)
    run_jobs()
    assert credits() == [
        (12_000, "invited", 0), (12_000, "opened", 1), (12_000, "invited", 0), (12_000, "void", 0),
        (12_000, "issued", 0),
    ]  # fmt: skip
    assert sound()
    assert letters("choice_less") == Counter({"silent@exemple.fr": 1, "chosen@exemple.fr": 1})
    assert letters("choice_void") == Counter({"whole@exemple.fr": 1})
    assert [row[0] for row in session.query(CreditErrand.credit_id)] == [keys[4]]
    texts = dict(session.query(LetterOut.to_email, LetterOut.text).filter_by(kind="choice_less").all())
    assert "Carmen" in texts["silent@exemple.fr"]
    assert "240,00\u00a0€ à 120,00\u00a0€" in texts["silent@exemple.fr"]
    assert "ne vaut donc plus" in texts["chosen@exemple.fr"]
    assert "ne vaut donc plus" not in texts["silent@exemple.fr"]
    page = choosing.page_of(token)
    assert (page.amount_cents, len(page.admissions), page.chosen, len(page.earlier)) == (12_000, 2, None, 1)
    assert {one.why for one in page.left_out} == {"spared"}
    # Of what was paid by card and in vouchers each gives up its share.
    assert {one.code: one.most for one in page.options} == {
        "refund_card": 7_500, "donation": 7_500, "voucher": 12_000, "carryover": 12_000,
    }  # fmt: skip
    with pytest.raises(Conflict, match="choice_changed"):  # the form of before, sent again, is not what was decided
        choosing.choose(token, wish)
    figures = board.board(campaign_id, by=ines)
    assert (figures.cents, figures.answered, figures.by_option, figures.left_out) == (48_000, 0, (), {"spared": 6})
    choosing.choose(token, Wish(lines={"voucher": 12_000}, form="b", version_seen=1))
    assert credits()[1] == (12_000, "answered", 2)
    assert sound()
    told = session.query(JournalEntry).filter_by(name="PerformanceSpared").one()
    assert (told.actor_id, told.data["why"]) == (odile.person_id, "plays")


def test_seats_that_left_are_owed_by_no_addition_and_free_for_another_campaign(
    ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    off, on = cancelled(), cancelled("Carmen", days=25)
    bought(a_household(), off, on)
    show_id = on.id
    campaign_id = run(a_plan(off, on), ines, odile)
    run_jobs()
    sparing.spare(campaign_id, show_id, "mistake", by=odile)
    run_jobs()
    assert supplementing.simulate(campaign_id, by=ines).number == 0
    again = managing.create(a_plan(session.get_one(Performance, show_id)), by=ines)
    assert managing.simulate(again, by=ines)["cents"] == 12_000
    assert session.query(CreditItem).filter_by(live=True).count() == 2
    assert session.query(CreditLeftOut).count() == 2


def test_what_is_locked_stays_and_is_listed_and_what_waits_for_the_worker_is_not_locked(
    ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    off, on = cancelled(), cancelled("Carmen", days=25)
    for name in ("Early", "Late"):
        bought(a_household(name), off, on)
    show_id = on.id
    campaign_id = run(a_plan(off, on), ines, odile)
    run_jobs()
    early, late = (token_of(row[0]) for row in session.query(Credit.id).order_by(Credit.serial))
    choosing.choose(early, Wish(lines={"refund_card": 24_000}, form="a"))
    clock.advance(timedelta(days=31))
    closing.close_due()
    run_jobs()
    assert closing.lock(campaign_id, by=odile).credits == 1
    choosing.choose(late, Wish(lines={"donation": 24_000}, form="a"))
    sparing.spare(campaign_id, show_id, "moved", by=odile)
    assert closing.lock(campaign_id, by=odile) == (0, 0, 1)  # the worker has not come by
    run_jobs()
    assert credits() == [(24_000, "locked", 1), (12_000, "unclaimed", 1)]
    (kept,) = sparing.kept(campaign_id, by=ines)
    assert (kept.number, kept.seats, kept.cents, kept.state) == ("AV-2026-000001", 2, 12_000, "locked")
    assert sound()


def test_what_silence_had_become_is_decided_anew_for_what_is_left(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    off, on = cancelled(), cancelled("Carmen", days=25)
    bought(a_household(), off, on)
    show_id = on.id
    campaign_id = run(a_plan(off, on, default_option="refund_card"), ines, odile)
    run_jobs()
    clock.advance(timedelta(days=31))
    closing.close_due()
    run_jobs()
    assert credits() == [(24_000, "answered", 1)]
    sparing.spare(campaign_id, show_id, "plays", by=odile)
    run_jobs()
    assert credits() == [(12_000, "answered", 2)]
    assert (letters("choice_less").total(), letters("choice_made").total()) == (1, 1)
    assert sound()


def test_who_chose_and_is_asked_again_is_owed_it_whatever_silence_means_for_others(
    ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    off, on = cancelled(), cancelled("Carmen", days=25)
    for name in ("Chose", "Silent"):
        bought(a_household(name), off, on)
    show_id = on.id
    campaign_id = run(a_plan(off, on, options=OPTIONS, default_option="carryover"), ines, odile)
    run_jobs()
    token = token_of(session.query(Credit.id).order_by(Credit.serial).limit(1).scalar() or 0)
    choosing.choose(token, Wish(lines={"refund_card": 24_000}, form="a"))
    sparing.spare(campaign_id, show_id, "plays", by=odile)
    run_jobs()
    assert choosing.page_of(token).silence == ""
    clock.advance(timedelta(days=31))
    closing.close_due()
    run_jobs()
    assert credits() == [(12_000, "unclaimed", 1), (12_000, "answered", 1)]


def test_only_who_approves_takes_a_performance_out_and_only_one_that_is_in(
    ines: Actor, odile: Actor, actor: Callable[[Character], Actor]
) -> None:
    show, other = cancelled(), cancelled("Carmen", days=25)
    show_id, other_id = show.id, other.id
    draft = managing.create(a_plan(show), by=ines)
    with pytest.raises(Conflict):
        sparing.spare(draft, show_id, "plays", by=odile)
    bought(a_household(), show)
    campaign_id = run(a_plan(show), ines, odile)
    with pytest.raises(Forbidden):
        sparing.spare(campaign_id, show_id, "plays", by=actor(KARIM))
    with pytest.raises(NotFound):
        sparing.spare(campaign_id, other_id, "plays", by=odile)
    with pytest.raises(Invalid):
        sparing.spare(campaign_id, show_id, "because", by=odile)
