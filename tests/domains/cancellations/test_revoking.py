"""A link that went astray is taken back; where its address was a stranger's, nothing they said counts any more."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.boxoffice import merging
from app.boxoffice.models import Household
from app.cancellations import accounts, board, choosing, claiming, joining, listing, lost_links, revoking
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit, CreditCode, CreditLetter, Payee
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.mail import outgoing
from app.people.models import Address
from tests.cast import INES, KARIM, LEA, ODILE, SAMI, Character
from tests.domains.cancellations.world import (
    a_campaign,
    a_household,
    a_plan,
    bought,
    cancelled,
    opened,
    run,
    token_of,
)
from tests.makers import a_ticket

Acting = Callable[[Character], Actor]
IBAN = "FR76 3000 6000 0112 3456 7890 189"


@pytest.fixture
def credit(actor: Acting, run_jobs: Callable[[], int]) -> int:
    """A credit of 120 euros whose household was told of it."""
    show = cancelled()
    bought(a_household(email=LEA), show, code="VAL-77001")
    run(a_plan(show, options=("refund_card", "refund_transfer", "donation", "voucher")), actor(INES), actor(ODILE))
    run_jobs()
    return int(session.query(Credit.id).scalar() or 0)


def letters() -> list[str]:
    session.rollback()
    return [row.occasion for row in session.query(CreditLetter).order_by(CreditLetter.id)]


def test_a_forwarded_link_leads_nowhere_and_the_household_gets_a_new_one(credit: int, actor: Acting) -> None:
    old = token_of(credit)
    choosing.choose(old, Wish(lines={"voucher": 12_000}, form="a"))
    revoking.revoke(credit, by=actor(KARIM))
    with pytest.raises(NotFound):
        choosing.page_of(old)
    assert letters() == ["invite", "again-2"]
    page = choosing.page_of(token_of(credit))
    assert page.chosen is not None  # the household's own choice stands: only its link was passed on
    assert lost_links.fate(old) == "replaced"


def test_what_a_stranger_gave_and_chose_counts_no_more_and_nothing_is_sent_there(
    credit: int, actor: Acting, run_jobs: Callable[[], int]
) -> None:
    old = token_of(credit)
    card = accounts.give(old, IBAN, "Somebody Else")
    session.rollback()
    code = next(one for one in outgoing.latest(by=SYSTEM, limit=9) if one.kind == "choice_code")
    accounts.prove(old, card.id, re.findall(r"^\d{6}$", code.text, re.MULTILINE)[0])
    choosing.choose(old, Wish(lines={"refund_transfer": 12_000}, form="a", account_id=card.id))
    run_jobs()
    before = letters()
    revoking.revoke(credit, stranger=True, by=actor(KARIM))
    session.rollback()
    row = session.get_one(Credit, credit, populate_existing=True)
    campaign_id = row.campaign_id
    assert (row.state, row.person_id, row.reach, row.choice_version) == ("opened", None, "post", 1)
    assert session.query(Payee.proven_at).all() == [(None,)]
    lost_links.send_again(old)
    claiming.claim("VAL-77001", "-0", LEA)
    a_ticket(email=LEA, body="La représentation a été annulée, je veux être remboursée.", type="refund")
    run_jobs()
    assert letters() == before
    (by_hand,) = listing.by_hand(campaign_id, by=actor(INES))
    assert (by_hand.why, by_hand.reach, by_hand.link.rsplit("/", 1)[1]) == ("invite", "post", token_of(credit))
    with pytest.raises(Conflict, match="account_unproven"):
        choosing.choose(
            token_of(credit), Wish(lines={"refund_transfer": 12_000}, form="b", account_id=card.id, version_seen=1)
        )


def test_only_who_answers_for_others_takes_a_link_back_and_not_their_own(credit: int, actor: Acting) -> None:
    with pytest.raises(Forbidden, match="not_allowed"):
        revoking.revoke(credit, by=actor(SAMI))
    with pytest.raises(NotFound):
        revoking.revoke(999, by=actor(KARIM))
    karim = actor(KARIM)
    session.query(Address).filter_by(email=LEA).delete()
    session.add(Address(person_id=karim.person_id, email=LEA))
    session.commit()
    for act in (
        lambda: revoking.revoke(credit, by=karim),
        lambda: choosing.choose_for(credit, Wish(lines={"voucher": 12_000}, form="a"), channel="phone", by=karim),
        lambda: accounts.give_for(credit, IBAN, "Karim Oulmane", by=karim),
    ):
        with pytest.raises(Forbidden, match="own_household"):
            act()  # theirs by a second address


def test_a_gift_of_another_amount_needs_an_express_word_again(credit: int, actor: Acting) -> None:
    token = token_of(credit)
    choosing.choose(token, Wish(lines={"donation": 5_000, "voucher": 7_000}, form="a", consent="I give"))
    more = {"donation": 6_000, "voucher": 6_000}
    for choose in (
        lambda wish: choosing.choose(token, wish),
        lambda wish: choosing.choose_for(credit, wish, channel="phone", by=actor(KARIM)),
    ):
        with pytest.raises(Invalid) as refused:
            choose(Wish(lines=more, form="b"))
        assert refused.value.fields == {"consent": "consent_gift"}
    choosing.choose(token, Wish(lines={"donation": 5_000, "refund_card": 7_000}, form="c"))  # the gift is the same
    assert choosing.choose(token, Wish(lines=more, form="d", consent="I give more")).version == 3


def test_codes_of_one_credit_are_not_guessed_day_after_day(credit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    card = accounts.give(token_of(credit), IBAN, "Léa")
    monkeypatch.setattr(accounts, "MISTYPED", 3)
    session.query(CreditCode).update({"tries": 3})
    session.commit()
    with pytest.raises(Conflict, match="code_often"):
        accounts.send_again(token_of(credit), card.id)


def test_a_record_that_was_merged_keeps_its_credit_its_letters_and_its_place_in_lists(
    actor: Acting, run_jobs: Callable[[], int]
) -> None:
    show = cancelled()
    one, two = a_household("Fontanel", email=LEA), a_household("Roux", preferred_channel="post")
    bought(one, show)
    bought(two, show)
    kept, gone = one.id, two.id
    row = a_campaign(show)
    campaign_id = row.id
    keys = opened(row)
    merging.merge(gone, kept, by=actor(KARIM))
    ticket = a_ticket(email=LEA, body="Spectacle annulé : je veux être remboursée de mes billets.", type="refund")
    run_jobs()
    session.rollback()
    owed = joining.queries.living_credits([kept])
    assert [(found.id, found.household_id) for found in owed] == [(keys[1], kept), (keys[0], kept)]
    assert joining.joined([ticket.ticket_id]) == {ticket.ticket_id}
    (by_hand,) = [one for one in listing.by_hand(campaign_id, by=actor(INES)) if one.reach == "post"]
    assert by_hand.name  # reached as the household that stands for it
    assert {one.id for one in board.listing(campaign_id, by=actor(KARIM)) if one.email} == set(keys)
    assert session.query(Household).filter_by(merged_into_id=kept).count() == 1


def test_a_void_credit_has_no_link_to_take_back(credit: int, actor: Acting) -> None:
    session.query(Credit).update({"state": "void"})
    session.commit()
    with pytest.raises(Conflict, match="credit_void"):
        revoking.revoke(credit, by=actor(KARIM))
