"""A household reads its credit and chooses; whatever is pressed twice, changed meanwhile or forged, money stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.cancellations import choosing, looking
from app.cancellations.choosing import Wish
from app.cancellations.details import Donor, Postal
from app.cancellations.models import Campaign, Choice, ChoiceLine, Credit, Payee
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from tests.cast import KARIM, SAMI, Character
from tests.conftest import counted
from tests.domains.cancellations.world import MONTH, a_campaign, a_household, bought, cancelled, opened, token_of

EVERYTHING = ("refund_card", "refund_transfer", "refund_cheque", "donation", "voucher", "carryover")
HOME = Postal(name="Léa Fontanel", line1="3, rue des Arts", postcode="33000", city="Valmorin")


def owed(**bought_with: object) -> int:
    """A credit of 120 euros."""
    show = cancelled()
    bought(a_household(), show, **bought_with)  # type: ignore[arg-type]
    (credit_id,) = opened(a_campaign(show, options=EVERYTHING))
    return credit_id


def lines_of(credit_id: int) -> list[tuple[int, str, int]]:
    query = session.query(Choice.version, ChoiceLine.option, ChoiceLine.amount_cents)
    query = query.join(ChoiceLine, ChoiceLine.choice_id == Choice.id).filter(Choice.credit_id == credit_id)
    return [tuple(row) for row in query.order_by(Choice.version, ChoiceLine.id)]


def credit(credit_id: int) -> Credit:
    session.expire_all()
    row = session.get(Credit, credit_id)
    assert row is not None
    return row


def test_the_page_tells_what_is_owed_for_which_seats_and_what_may_be_chosen() -> None:
    show, reseller = cancelled(), cancelled("Carmen")
    home = a_household()
    bought(home, show, paid={"card": 7_000, "ancv": 5_000})
    bought(home, reseller, channel="reseller")
    (credit_id,) = opened(a_campaign(show, reseller, options=EVERYTHING, default_option="refund_card"))
    page = choosing.page_of(token_of(credit_id))
    assert (page.number, page.amount_cents, page.version, page.changeable) == ("AV-2026-000001", 12_000, 0, True)
    assert [(one.cents, one.seat.label, one.seat.performance.title("fr")) for one in page.admissions] == [
        (6_000, "Parterre F 21", "La Traviata"), (6_000, "Parterre F 23", "La Traviata"),
    ]  # fmt: skip
    assert [(one.why, one.seat.performance.title("en")) for one in page.left_out] == [("reseller", "Carmen")] * 2
    assert {one.code: (one.most, one.why, one.needs) for one in page.options} == {
        "refund_card": (7_000, "card", ""), "refund_transfer": (7_000, "money", "account"),
        "refund_cheque": (7_000, "money", "address"), "donation": (7_000, "gift", ""), "voucher": (12_000, "", ""),
        "carryover": (12_000, "", ""),
    }  # fmt: skip
    assert page.silence == ""  # the card cannot hold all of it: silence leaves it owed


def test_silence_gives_back_to_the_card_where_the_card_can_hold_everything() -> None:
    show = cancelled()
    bought(a_household(), show)
    (credit_id,) = opened(a_campaign(show, default_option="refund_card"))
    assert choosing.page_of(token_of(credit_id)).silence == "refund_card"


def test_a_choice_is_kept_and_shown() -> None:
    credit_id = owed()
    made = choosing.choose(token_of(credit_id), Wish(lines={"refund_card": 8_000, "donation": 4_000}, form="a"))
    assert (made.version, made.again) == (1, False)
    assert lines_of(credit_id) == [(1, "refund_card", 8_000), (1, "donation", 4_000)]
    page = choosing.page_of(token_of(credit_id))
    assert page.chosen is not None
    assert (page.state, page.version, page.chosen.author) == ("answered", 1, "holder")
    assert [(line.option, line.cents) for line in page.chosen.lines] == [("refund_card", 8_000), ("donation", 4_000)]


def test_the_same_form_twice_chooses_once() -> None:
    credit_id = owed()
    wish = Wish(lines={"refund_card": 12_000}, form="a", version_seen=0)
    assert not choosing.choose(token_of(credit_id), wish).again
    assert choosing.choose(token_of(credit_id), wish).again
    assert lines_of(credit_id) == [(1, "refund_card", 12_000)]


def test_a_change_of_mind_adds_a_version_and_keeps_the_first() -> None:
    credit_id = owed()
    choosing.choose(token_of(credit_id), Wish(lines={"refund_card": 12_000}, form="a", version_seen=0))
    choosing.choose(token_of(credit_id), Wish(lines={"voucher": 12_000}, form="a", version_seen=1))
    choosing.choose(token_of(credit_id), Wish(lines={"donation": 12_000}, form="b", version_seen=2))
    assert [row[:2] for row in lines_of(credit_id)] == [(1, "refund_card"), (2, "voucher"), (3, "donation")]
    page = choosing.page_of(token_of(credit_id))
    assert page.chosen is not None
    assert [page.chosen.version, *(one.version for one in page.earlier)] == [3, 2, 1]


def test_a_page_that_grew_old_changes_nothing() -> None:
    credit_id = owed()
    choosing.choose(token_of(credit_id), Wish(lines={"refund_card": 12_000}, form="a", version_seen=0))
    with pytest.raises(Conflict, match="choice_changed"):
        choosing.choose(token_of(credit_id), Wish(lines={"donation": 12_000}, form="b", version_seen=0))
    assert len(lines_of(credit_id)) == 1


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ({"refund_card": 11_999}, {"sum": "choice_short"}), ({"refund_card": 12_001}, {"refund_card": "choice_above"}),
        ({}, {"sum": "choice_nothing"}), ({"refund_cash": 12_000}, {"refund_cash": "choice_unknown"}),
        ({"refund_card": -1, "donation": 12_001}, {"refund_card": "choice_below", "donation": "choice_above"}),
        ({"refund_transfer": 12_000}, {"iban": "iban_empty"}), ({"refund_cheque": 12_000}, {"line1": "empty"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(lines: dict[str, int], fields: dict[str, str]) -> None:
    credit_id = owed()
    with pytest.raises(Invalid) as refused:
        choosing.choose(token_of(credit_id), Wish(lines=lines, form="a"))
    assert refused.value.fields == fields
    assert lines_of(credit_id) == []
    assert credit(credit_id).state == "issued"


def test_a_cheque_goes_to_the_address_given_and_the_same_address_is_one_row() -> None:
    credit_id = owed()
    for form in ("a", "b"):
        choosing.choose(token_of(credit_id), Wish(lines={"refund_cheque": 12_000}, form=form, address=HOME))
    assert session.query(Payee.kind, Payee.name).all() == [("address", "Léa Fontanel")]
    page = choosing.page_of(token_of(credit_id))
    assert page.chosen is not None
    assert page.chosen.lines[0].details["city"] == "Valmorin"


def test_a_receipt_is_for_whom_it_names_only_where_the_house_gives_receipts() -> None:
    donor = Donor(name="Arts SA", line1="1, quai", postcode="33000", city="Valmorin", company=True, siren="732829321")
    show = cancelled()
    bought(a_household(), show)
    (credit_id,) = opened(a_campaign(show, receipts_mode="waiver"))
    with pytest.raises(Invalid) as refused:
        choosing.choose(token_of(credit_id), Wish(lines={"donation": 12_000}, form="a", donor=donor))
    assert refused.value.fields == {"donor_siren": "siren"}
    right = Donor(name="Arts SA", line1="1, quai", postcode="33000", city="Valmorin", company=True, siren="732829320")
    choosing.choose(token_of(credit_id), Wish(lines={"donation": 12_000}, form="a", donor=right))
    assert session.query(Payee.kind).all() == [("identity",)]
    other = owed()
    choosing.choose(token_of(other), Wish(lines={"donation": 12_000}, form="a", donor=right))
    assert session.query(Payee.id).filter_by(credit_id=other).all() == []


def test_what_is_locked_is_no_longer_changed() -> None:
    credit_id = owed()
    choosing.choose(token_of(credit_id), Wish(lines={"refund_card": 12_000}, form="a"))
    session.execute(update(Credit).values(state="locked"))
    session.commit()
    with pytest.raises(Conflict, match="choice_locked"):
        choosing.choose(token_of(credit_id), Wish(lines={"donation": 12_000}, form="b"))
    assert not choosing.page_of(token_of(credit_id)).changeable
    assert len(lines_of(credit_id)) == 1


def test_after_the_deadline_what_nobody_chose_is_still_owed() -> None:
    credit_id = owed()
    clock.advance(2 * MONTH)
    session.execute(update(Credit).values(state="unclaimed"))
    session.execute(update(Campaign).values(state="closed"))
    session.commit()
    choosing.choose(token_of(credit_id), Wish(lines={"refund_card": 12_000}, form="a"))
    assert credit(credit_id).state == "answered"


def test_forged_revoked_and_expired_links_open_nothing() -> None:
    credit_id = owed()
    token = token_of(credit_id)
    for wrong in ("", "x", token[:-1], token[:-1] + ("a" if token[-1] != "a" else "b"), "é" * 42, "a" * 42):
        with pytest.raises(NotFound):
            choosing.page_of(wrong)
    session.execute(update(Credit).values(link_generation=2))
    session.commit()
    with pytest.raises(NotFound):
        choosing.choose(token, Wish(lines={"refund_card": 12_000}, form="a"))
    session.expire_all()
    clock.advance(61 * MONTH)
    with pytest.raises(Gone):
        choosing.page_of(token_of(credit_id))


def test_a_card_that_can_no_longer_be_credited_is_paid_back_otherwise() -> None:
    credit_id = owed()
    from app.cancellations.models import CreditBucket

    session.execute(update(CreditBucket).values(refundable_until=clock.now() + timedelta(days=1)))
    session.commit()
    assert choosing.page_of(token_of(credit_id)).options[0].most == 12_000
    clock.advance(timedelta(days=1))
    late = {one.code: one.most for one in choosing.page_of(token_of(credit_id)).options}
    assert (late["refund_card"], late["refund_transfer"]) == (0, 12_000)


def test_looking_is_noted_once_and_changes_no_choice() -> None:
    credit_id = owed()
    looking.look(credit_id)
    first = credit(credit_id).opened_at
    clock.advance(timedelta(hours=1))
    looking.look(credit_id)
    assert (credit(credit_id).state, credit(credit_id).opened_at) == ("opened", first)


def test_a_colleague_chooses_for_somebody_at_the_counter(actor: Callable[[Character], Actor]) -> None:
    credit_id = owed()
    wish = Wish(lines={"refund_card": 12_000}, form="a", consent="Lu et approuvé")
    choosing.choose_for(credit_id, wish, channel="counter", by=actor(KARIM))
    row = session.query(Choice).one()
    assert (row.author, row.channel, row.agent_id) == ("agent", "counter", actor(KARIM).person_id)
    assert len(row.consent) == 64


def test_nobody_chooses_for_their_own_household_nor_without_the_right(actor: Callable[[Character], Actor]) -> None:
    show = cancelled()
    bought(a_household("Oulmane", email=KARIM.email), show)
    (credit_id,) = opened(a_campaign(show))
    wish = Wish(lines={"refund_card": 12_000}, form="a")
    with pytest.raises(Forbidden, match="own_household"):
        choosing.choose_for(credit_id, wish, channel="counter", by=actor(KARIM))
    with pytest.raises(Forbidden, match="not_allowed"):
        choosing.choose_for(credit_id, wish, channel="counter", by=actor(SAMI))
    assert lines_of(credit_id) == []


def test_reading_and_choosing_take_few_statements() -> None:
    credit_id = owed()
    token = token_of(credit_id)
    choosing.page_of(token)
    session.rollback()
    with counted() as asked:
        choosing.page_of(token)
    assert len(asked) <= 8
    session.rollback()
    with counted() as told:
        choosing.choose(token, Wish(lines={"refund_card": 8_000, "donation": 4_000}, form="a", version_seen=0))
    assert len(told) <= 12
