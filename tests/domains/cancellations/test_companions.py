"""Seats become a companion's own: two credits, to the cent what the one was; undone, it is as if it had never been."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.boxoffice.models import Household
from app.cancellations import campaign_queries, choosing, companions, sparing
from app.cancellations.choosing import Wish
from app.cancellations.companions import Named
from app.cancellations.models import Campaign, Credit, CreditBucket, CreditCompanion, CreditItem
from app.health import credit_queries
from app.kernel import audit, clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from app.mail.models import LetterOut
from app.people import service as people
from app.people.service import Writer
from tests.cast import KARIM, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of

Jobs = Callable[[], int]
ADA = "ada@exemple.fr"


@pytest.fixture
def credit(ines: Actor, odile: Actor, run_jobs: Jobs) -> int:
    """240 euros of Léa's for four seats at two performances, paid by card and holiday vouchers."""
    one, two = cancelled(), cancelled("Carmen", days=25)
    bought(a_household(email="lea@exemple.fr"), one, two, paid={"card": 15_001, "ancv": 8_999})
    run(a_plan(one, two, options=("refund_card", "donation", "voucher", "carryover")), ines, odile)
    run_jobs()
    return int(session.query(Credit.id).scalar())


def seats_of(credit_id: int) -> list[int]:
    session.rollback()
    query = session.query(CreditItem.admission_id).filter_by(credit_id=credit_id, live=True)
    return [row[0] for row in query.order_by(CreditItem.admission_id)]


def named(credit_id: int, form: str = "a", *, seats: int = 1, name: str = "Ada Roux", email: str = ADA) -> Named:
    return Named(seats=frozenset(seats_of(credit_id)[:seats]), name=name, email=email, form=form)


def code() -> str:
    session.rollback()
    query = session.query(LetterOut.text).filter_by(kind="companion_code").order_by(LetterOut.id.desc())
    (found,) = re.findall(r"^(\d{6})$", query.first()[0], re.MULTILINE)
    return str(found)


def handed(credit_id: int, **values: Any) -> int:
    """Seats handed over by the web; the companion's credit."""
    asked = companions.ask(token_of(credit_id), named(credit_id, **values))
    companions.prove(token_of(credit_id), asked.id, code())
    session.rollback()
    row = session.get(CreditCompanion, asked.id, populate_existing=True)
    assert row is not None
    assert row.companion_id is not None
    return row.companion_id


def told(kind: str) -> list[str]:
    session.rollback()
    return [row[0] for row in session.query(LetterOut.to_email).filter_by(kind=kind)]


def state() -> list[tuple[str, int, int, int, dict[str, Any]]]:
    session.rollback()
    columns = (Credit.state, Credit.amount_cents, Credit.external_cents, Credit.supplement, Credit.vat)
    return [tuple(row) for row in session.query(*columns).order_by(Credit.id)]


def funds(credit_id: int) -> dict[str, int]:
    session.rollback()
    rows = session.query(CreditBucket.tender, CreditBucket.amount_cents).filter_by(credit_id=credit_id)
    return {row[0]: row[1] for row in rows}


def sound() -> bool:
    checks = (
        credit_queries.other_than_items, credit_queries.other_than_funds, credit_queries.payments_overdrawn,
        credit_queries.other_than_chosen, credit_queries.without_choice, credit_queries.credited_twice,
    )  # fmt: skip
    return {check.__name__: check() for check in checks} == {check.__name__: 0 for check in checks}


def test_a_companion_chooses_for_themselves_and_the_cents_are_what_they_were(credit: int, run_jobs: Jobs) -> None:
    before, tax = funds(credit), state()[0][4]
    asked = companions.ask(token_of(credit), named(credit))
    assert companions.ask(token_of(credit), named(credit)) == asked
    assert told("companion_code") == ["lea@exemple.fr"]
    assert len(state()) == 1
    companions.prove(token_of(credit), asked.id, code())
    companions.prove(token_of(credit), asked.id, "000000")
    (lea, ada) = state()
    assert [lea[:4], ada[:4]] == [("invited", 18_000, 0, 0), ("invited", 6_000, 0, 0)]
    assert {rate: lea[4][rate] + ada[4][rate] for rate in tax} == tax
    other = session.query(Credit).order_by(Credit.id.desc()).first()
    assert {tender: cents + funds(other.id)[tender] for tender, cents in funds(credit).items()} == before
    assert sound()
    run_jobs()
    assert (told("companion_invite"), told("companion_apart")) == ([ADA], ["lea@exemple.fr"])
    home = session.get(Household, session.get(Credit, other.id).household_id)
    assert (home.name, home.mother_id) == ("Ada Roux", None)
    (card,) = companions.companions_of(credit)
    assert (card.name, card.cents, card.silent) == ("Ada Roux", 6_000, True)
    kept = session.query(CreditCompanion).one()
    assert (kept.name, kept.email) == ("", "")
    choosing.choose(token_of(other.id), Wish(lines={"carryover": 6_000}, form="x"))
    choosing.choose(token_of(credit), Wish(lines={"carryover": 18_000}, form="x"))
    run_jobs()
    assert [row[0] for row in state()] == ["answered", "answered"]
    assert sound()
    assert "companion_apart" in {row.verb for row in session.query(audit.AuditEntry)}


def test_undone_while_nobody_chose_it_is_as_if_it_had_never_been(credit: int, run_jobs: Jobs) -> None:
    before, was, seats = funds(credit), state()[0], seats_of(credit)
    theirs = handed(credit)
    link, number = token_of(theirs), companions.companions_of(credit)[0].id
    for _twice in range(2):
        companions.undo(token_of(credit), number)
        assert (state()[0], state()[1][0], funds(credit), seats_of(credit)) == (was, "void", before, seats)
    assert sound()
    run_jobs()
    assert told("companion_back") == [ADA]
    with pytest.raises((NotFound, Gone)):
        choosing.page_of(link)
    assert companions.companions_of(credit) == []
    # And once more, to somebody else.
    again = handed(credit, form="c", seats=3, email="noor@exemple.fr")
    assert [(row[0], row[1]) for row in state()] == [("invited", 6_000), ("void", 6_000), ("invited", 18_000)]
    assert (len(seats_of(again)), sound()) == (3, True)


def test_a_wrong_code_hands_nothing_over_and_tries_are_few(credit: int) -> None:
    asked = companions.ask(token_of(credit), named(credit))
    right = code()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for said in [*["code_wrong"] * 5, "code_tries"]:
        with pytest.raises(Invalid) as found:
            companions.prove(token_of(credit), asked.id, right if said == "code_tries" else wrong)
        assert found.value.fields == {"code": said}
    later = companions.ask(token_of(credit), named(credit, form="b"))
    with clock.frozen_at(clock.now() + timedelta(minutes=16)), pytest.raises(Invalid) as old:
        companions.prove(token_of(credit), later.id, code())
    assert old.value.fields == {"code": "code_old"}
    with pytest.raises(Invalid):
        companions.prove(token_of(credit), asked.id, right)
    for form in "cde":
        companions.ask(token_of(credit), named(credit, form=form))
    with pytest.raises(Conflict, match="code_often"):
        companions.ask(token_of(credit), named(credit, form="f"))
    assert len(state()) == 1


def test_what_is_wrong_is_said_by_its_field(credit: int) -> None:
    cases: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"seats": 0}, {"seats": "companion_none"}),
        ({"seats": 4}, {"seats": "companion_all"}),
        ({"name": " "}, {"name": "empty"}),
        ({"name": "a" * 121}, {"name": "too_long"}),
        ({"email": ""}, {"email": "companion_email"}),
        ({"email": "ada"}, {"email": "email"}),
        ({"email": "Lea@Exemple.fr"}, {"email": "companion_self"}),
    ]
    for given, wrong in cases:
        with pytest.raises(Invalid) as found:
            companions.ask(token_of(credit), named(credit, **given))
        assert found.value.fields == wrong
    with pytest.raises(Invalid) as strange:
        companions.ask(token_of(credit), Named(seats=frozenset({987_654}), name="Ada", email=ADA, form="z"))
    assert strange.value.fields == {"seats": "companion_seats"}


def refused(credit_id: int, code_: str) -> None:
    with pytest.raises(Conflict) as found:
        companions.ask(token_of(credit_id), named(credit_id, form="late"))
    assert found.value.code == code_
    assert companions.refusal(credit_id) == code_


def test_after_an_answer_a_lock_or_the_deadline_nothing_is_handed_over(credit: int) -> None:
    theirs = handed(credit)
    number = companions.companions_of(credit)[0].id
    refused(theirs, "companion_theirs")
    choosing.choose(token_of(theirs), Wish(lines={"carryover": 6_000}, form="x"))
    with pytest.raises(Conflict, match="companion_chose"):
        companions.undo(token_of(credit), number)
    choosing.choose(token_of(credit), Wish(lines={"carryover": 18_000}, form="x"))
    refused(credit, "companion_answered")
    session.query(Credit).filter_by(id=credit).update({"state": "locked"})
    session.commit()
    refused(credit, "choice_locked")
    session.query(Credit).filter_by(id=credit).update({"state": "opened"})
    session.query(Campaign).update({"deadline_at": clock.now() - timedelta(hours=1)})
    session.commit()
    refused(credit, "companion_late")
    with pytest.raises(Conflict, match="companion_late"):
        companions.undo(token_of(credit), number)
    with pytest.raises(NotFound):
        companions.undo(token_of(theirs), number)


def test_an_answer_between_the_code_and_its_proof_stands(credit: int) -> None:
    asked = companions.ask(token_of(credit), named(credit))
    choosing.choose(token_of(credit), Wish(lines={"carryover": 24_000}, form="x"))
    with pytest.raises(Conflict, match="companion_answered"):
        companions.prove(token_of(credit), asked.id, code())
    assert [row[:2] for row in state()] == [("answered", 24_000)]


def test_a_colleague_does_it_for_others_and_never_for_themselves(
    credit: int, actor: Callable[[Character], Actor]
) -> None:
    karim = actor(KARIM)
    with pytest.raises(Forbidden):
        companions.part_for(credit, named(credit, email=KARIM.email), by=karim)
    theirs = companions.part_for(credit, named(credit), by=karim)
    row = session.query(CreditCompanion).one()
    again = Named(seats=frozenset(row.seats), name="Ada Roux", email=ADA, form="a")
    assert companions.part_for(credit, again, by=karim) == theirs
    assert (row.author, row.agent_id, told("companion_code")) == ("agent", karim.person_id, [])
    companions.undo_for(credit, row.id, by=karim)
    assert [one[0] for one in state()] == ["invited", "void"]
    own = people.recognise([Writer(KARIM.email)])[KARIM.email]
    session.query(Credit).filter_by(id=credit).update({"person_id": own})
    session.commit()
    with pytest.raises(Forbidden):
        companions.part_for(credit, named(credit, form="o"), by=karim)


def test_a_performance_that_plays_after_all_leaves_both_credits(credit: int, odile: Actor, run_jobs: Jobs) -> None:
    handed(credit, seats=3)
    campaign_id = session.query(Campaign.id).scalar()
    sparing.spare(campaign_id, min(campaign_queries.performances(campaign_id)), "plays", by=odile)
    run_jobs()
    assert sound()
    assert sum(row[1] for row in state() if row[0] != "void") == 12_000


def test_the_database_refuses_what_cannot_be(credit: int) -> None:
    theirs = handed(credit)
    for values in ({"companion_id": None}, {"state": "asked"}, {"companion_id": credit}, {"author": "somebody"}):
        with pytest.raises(IntegrityError):
            session.query(CreditCompanion).filter_by(companion_id=theirs).update(values)
        session.rollback()
