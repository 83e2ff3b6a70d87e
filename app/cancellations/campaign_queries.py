"""Questions about campaigns, and what their credits are made from and written to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Select, Table, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from app.boxoffice.models import Admission, Payment, PaymentDispute
from app.cancellations.models import (
    Campaign,
    CampaignOption,
    CampaignPerformance,
    CampaignSpare,
    Choice,
    ChoiceLine,
    Credit,
    CreditBucket,
    CreditItem,
    CreditLeftOut,
    CreditLetter,
    CreditSerial,
    LegalRegime,
)
from app.kernel.db import session
from app.kernel.queries import read, write, write_numbered

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_credits = cast(Table, Credit.__table__)
_items = cast(Table, CreditItem.__table__)
_serials = cast(Table, CreditSerial.__table__)
#: Whether a performance of a campaign takes place after all.
_spared = (
    exists()
    .where(
        CampaignSpare.campaign_id == CampaignPerformance.campaign_id,
        CampaignSpare.performance_id == CampaignPerformance.performance_id,
    )
    .correlate(CampaignPerformance)
)
#: States of a credit that still holds what it was paid with; what was settled, the box office tells of itself.
_HOLDING = ("issued", "invited", "opened", "answered", "unclaimed", "locked")


def campaign(campaign_id: int) -> Campaign | None:
    """One campaign, to look at."""
    return session.get(Campaign, campaign_id)


def campaign_to_change(campaign_id: int) -> Campaign | None:
    """One campaign as it stands now, held until the verb ends."""
    return session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)


def campaigns(states: Iterable[str] = ()) -> Sequence[Campaign]:
    """Campaigns, the newest first; all, or those in some states."""
    query = select(Campaign).order_by(Campaign.id.desc())
    wanted = list(states)
    return session.scalars(query.where(Campaign.state.in_(wanted)) if wanted else query).all()


def performances(campaign_id: int) -> dict[int, int | None]:
    """Performances of a campaign but those that take place after all. Shape: performance to its own ratio, if any."""
    one = CampaignPerformance
    query = select(one.performance_id, one.ratio_bp).where(one.campaign_id == campaign_id, ~_spared)
    return {row[0]: row[1] for row in read(query)}


def performances_of_all() -> set[int]:
    """Performances of every campaign, but those that take place after all."""
    return {row[0] for row in read(select(CampaignPerformance.performance_id).where(~_spared).distinct())}


def campaigns_about(performance_ids: Iterable[int]) -> list[int]:
    """Campaigns that are about any of some performances and were not given up."""
    one = CampaignPerformance
    query = select(one.campaign_id).join(Campaign, Campaign.id == one.campaign_id)
    query = query.where(one.performance_id.in_(list(performance_ids)), Campaign.state != "abandoned", ~_spared)
    return [row[0] for row in read(query.distinct())]


def option_rows(campaign_id: int) -> Sequence[CampaignOption]:
    """What may be chosen in a campaign."""
    query = select(CampaignOption).where(CampaignOption.campaign_id == campaign_id)
    return session.scalars(query.order_by(CampaignOption.position, CampaignOption.code)).all()


def performance_rows(campaign_id: int) -> Sequence[CampaignPerformance]:
    """Performances of a campaign as rows."""
    query = select(CampaignPerformance).where(CampaignPerformance.campaign_id == campaign_id)
    return session.scalars(query).all()


def regime(code: str) -> LegalRegime | None:
    """One legal regime by its code."""
    return session.scalar(select(LegalRegime).where(LegalRegime.code == code))


def regime_at(regime_id: int) -> LegalRegime | None:
    """One legal regime."""
    return session.get(LegalRegime, regime_id)


def regimes() -> Sequence[LegalRegime]:
    """Every legal regime, the latest first."""
    return session.scalars(select(LegalRegime).order_by(LegalRegime.from_on.desc(), LegalRegime.id)).all()


def rests_on(regime_id: int) -> bool:
    """Whether a campaign that has reached households names a legal regime."""
    before = ("draft", "simulated", "approved", "abandoned")
    query = select(Campaign.id).where(Campaign.regime_id == regime_id, Campaign.state.not_in(before))
    return read(query.limit(1)).first() is not None


def credited(admission_ids: Iterable[int] | None = None) -> set[int]:
    """Admissions that are part of a living credit, among all or among some."""
    query = select(CreditItem.admission_id).where(CreditItem.live.is_(True))
    if admission_ids is not None:
        query = query.where(CreditItem.admission_id.in_(list(admission_ids)))
    return {row[0] for row in read(query)}


def reserved(payment_ids: Iterable[int] | None = None) -> dict[int, int]:
    """What living credits hold of each payment already. Units: cents."""
    query = (
        select(CreditBucket.payment_id, func.sum(CreditBucket.amount_cents))
        .join(Credit, Credit.id == CreditBucket.credit_id)
        .where(Credit.state.in_(_HOLDING), CreditBucket.payment_id.is_not(None))
        .group_by(CreditBucket.payment_id)
    )
    if payment_ids is not None:
        query = query.where(CreditBucket.payment_id.in_(list(payment_ids)))
    return {row[0]: int(row[1]) for row in read(query)}


def credited_households(campaign_id: int, household_ids: Iterable[int], supplement: int = 0) -> set[int]:
    """Which of some households have a living credit in a campaign, made when it was opened or by one addition."""
    query = select(Credit.household_id).where(
        Credit.campaign_id == campaign_id, Credit.supplement == supplement, Credit.state != "void"
    )
    return {row[0] for row in read(query.where(Credit.household_id.in_(list(household_ids))))}


def take_serials(year: int, count: int) -> int:
    """Take the next numbers of a year, without gaps; returns the first. Held until the verb ends."""
    more = update(_serials).where(_serials.c.year == year).values(last=_serials.c.last + count)
    taken = session.connection().execute(more.returning(_serials.c.last)).scalar_one_or_none()
    if taken is None:
        write(CreditSerial, [{"year": year, "last": count}])
        taken = count
    return int(taken) - count + 1


def write_credits(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write credits; returns their ids in the order given."""
    return write_numbered(Credit, rows, by=("household_id",))


def write_parts(
    items: Sequence[Mapping[str, Any]], buckets: Sequence[Mapping[str, Any]], left_out: Sequence[Mapping[str, Any]]
) -> None:
    """Write what credits are made of, and what is no part of them."""
    write(CreditItem, items)
    write(CreditBucket, buckets)
    write(CreditLeftOut, left_out)


def to_write_to(
    campaign_id: int, occasion: str, states: Iterable[str], *, after: int, limit: int, untold_since: datetime | None
) -> Sequence[Columns]:  # fmt: skip
    """The next credits whose households are to be written to on an occasion and were not yet, nor lately of another.

    Shape: rows (id, number, person_id, language, amount_cents, link_nonce, link_generation), held until the verb ends.
    """
    query = _to_write_to(campaign_id, occasion, states, untold_since).where(Credit.id > after)
    return read(query.order_by(Credit.id).limit(limit).with_for_update(of=_credits)).all()


def any_to_write_to(campaign_id: int, occasion: str, states: Iterable[str], *, untold_since: datetime) -> bool:
    """Whether there is any such credit."""
    return read(_to_write_to(campaign_id, occasion, states, untold_since).limit(1)).first() is not None


def to_invite(campaign_id: int, occasion: str, states: Iterable[str]) -> int:
    """How many such credits there are, whatever was written of them otherwise."""
    some = _to_write_to(campaign_id, occasion, states, None).subquery()
    return int(read(select(func.count()).select_from(some)).scalar_one())


def written_lately(campaign_ids: Iterable[int], household_ids: Iterable[int], since: datetime) -> set[int]:
    """Households of living credits of some campaigns about which a letter was written since a moment."""
    query = select(Credit.household_id).join(CreditLetter, CreditLetter.credit_id == Credit.id)
    query = query.where(Credit.campaign_id.in_(list(campaign_ids)), Credit.household_id.in_(list(household_ids)))
    query = query.where(Credit.state != "void", CreditLetter.letter_id.is_not(None), CreditLetter.at > since)
    return {row[0] for row in read(query.distinct())}


def _to_write_to(
    campaign_id: int, occasion: str, states: Iterable[str], untold_since: datetime | None
) -> Select[*tuple[Any, ...]]:  # fmt: skip
    told = and_(CreditLetter.credit_id == Credit.id, CreditLetter.occasion == occasion)
    query = (
        select(
            Credit.id, Credit.number, Credit.person_id, Credit.language, Credit.amount_cents, Credit.link_nonce,
            Credit.link_generation,
        )
        .outerjoin(CreditLetter, told)
        .where(
            Credit.campaign_id == campaign_id, Credit.state.in_(list(states)), Credit.reach == "email",
            Credit.person_id.is_not(None), CreditLetter.id.is_(None),
        )
    )  # fmt: skip
    if untold_since is None:
        return query
    other = aliased(CreditLetter)
    lately = exists().where(other.credit_id == Credit.id, other.at > untold_since)
    return query.where(~lately.correlate(Credit))


def was_told(credit_id: int, occasion: str) -> bool:
    """Whether a letter was written on an occasion of a credit."""
    query = select(CreditLetter.id).where(CreditLetter.credit_id == credit_id, CreditLetter.occasion == occasion)
    return read(query).first() is not None


def occasions_of_letters(letter_ids: Iterable[int]) -> list[tuple[int, str]]:
    """Which credits some letters were about, and on which occasions."""
    query = select(CreditLetter.credit_id, CreditLetter.occasion)
    return [(row[0], row[1]) for row in read(query.where(CreditLetter.letter_id.in_(list(letter_ids))))]


def silent(campaign_id: int, states: Iterable[str], *, after: int, limit: int) -> list[int]:
    """The next credits nobody has answered for."""
    query = select(Credit.id).where(Credit.campaign_id == campaign_id, Credit.state.in_(list(states)))
    return [row[0] for row in read(query.where(Credit.id > after).order_by(Credit.id).limit(limit))]


def voidable(campaign_id: int, *, after: int, limit: int) -> Sequence[Columns]:
    """The next credits of which nothing is locked or paid, held until the verb ends.

    Shape: rows as of `to_write_to`, then reach.
    """
    query = (
        select(
            Credit.id, Credit.number, Credit.person_id, Credit.language, Credit.amount_cents, Credit.link_nonce,
            Credit.link_generation, Credit.reach,
        )
        .where(
            Credit.campaign_id == campaign_id, Credit.id > after, Credit.state.not_in(("locked", "settled", "void"))
        )
        .order_by(Credit.id).limit(limit).with_for_update(of=_credits)
    )  # fmt: skip
    return read(query).all()


def written_about(credit_ids: Iterable[int]) -> set[int]:
    """Those of some credits about which a letter was written."""
    query = select(CreditLetter.credit_id).where(CreditLetter.credit_id.in_(list(credit_ids)))
    return {row[0] for row in read(query)}


def void(credit_ids: Iterable[int]) -> None:
    """Make credits void, and their admissions free for others."""
    ids = list(credit_ids)
    connection = session.connection()
    connection.execute(update(_credits).where(_credits.c.id.in_(ids)).values(state="void"))
    connection.execute(update(_items).where(_items.c.credit_id.in_(ids)).values(live=False))


def unreached(campaign_id: int, states: Iterable[str]) -> Sequence[Columns]:
    """Credits nobody has answered for and whose households no e-mail reaches, by number."""
    query = select(
        Credit.id, Credit.number, Credit.household_id, Credit.reach, Credit.language, Credit.amount_cents,
        Credit.link_nonce, Credit.link_generation,
    ).where(Credit.campaign_id == campaign_id, Credit.state.in_(list(states)), Credit.reach != "email")  # fmt: skip
    return read(query.order_by(Credit.id)).all()


def refunded_meanwhile(campaign_id: int) -> set[int]:
    """Answered credits of payments of which living credits together hold more than the box office has left."""
    held = (
        select(CreditBucket.payment_id, func.sum(CreditBucket.amount_cents).label("cents"))
        .join(Credit, Credit.id == CreditBucket.credit_id)
        .where(Credit.state.in_(_HOLDING)).group_by(CreditBucket.payment_id).subquery()
    )  # fmt: skip
    query = (
        select(CreditBucket.credit_id)
        .join(Credit, Credit.id == CreditBucket.credit_id)
        .join(Payment, Payment.id == CreditBucket.payment_id)
        .join(held, held.c.payment_id == Payment.id)
        .where(
            Credit.campaign_id == campaign_id, Credit.state == "answered",
            held.c.cents > Payment.amount_cents - Payment.refunded_cents,
        )
    )  # fmt: skip
    return {row[0] for row in read(query)}


def exchanged_meanwhile(campaign_id: int) -> set[int]:
    """Answered credits with seats that the box office has exchanged or resold since: those are paid already."""
    query = (
        select(CreditItem.credit_id)
        .join(Credit, Credit.id == CreditItem.credit_id)
        .join(Admission, Admission.id == CreditItem.admission_id)
        .where(
            Credit.campaign_id == campaign_id, Credit.state == "answered", CreditItem.live.is_(True),
            Admission.status.in_(("exchanged", "resold")),
        )
    )  # fmt: skip
    return {row[0] for row in read(query)}


def cards_short(campaign_id: int, moment: datetime, *, disputed: bool) -> set[int]:
    """Answered credits that are to go back to a card, more than what cards can still be credited with.

    `disputed` counts what banks take back as what cannot be.
    """
    card = func.coalesce(func.sum(CreditBucket.amount_cents), 0)
    taken_back = exists().where(
        PaymentDispute.payment_id == CreditBucket.payment_id, PaymentDispute.ended_at.is_(None)
    )  # fmt: skip
    usable = and_(
        CreditBucket.credit_id == Credit.id, CreditBucket.kind == "card",
        or_(CreditBucket.refundable_until.is_(None), CreditBucket.refundable_until > moment),
        *([~taken_back] if disputed else []),
    )  # fmt: skip
    query = (
        select(Credit.id)
        .join(Choice, and_(Choice.credit_id == Credit.id, Choice.version == Credit.choice_version))
        .join(ChoiceLine, and_(ChoiceLine.choice_id == Choice.id, ChoiceLine.option == "refund_card"))
        .outerjoin(CreditBucket, usable)
        .where(Credit.campaign_id == campaign_id, Credit.state == "answered")
        .group_by(Credit.id, ChoiceLine.amount_cents).having(card < ChoiceLine.amount_cents)
    )  # fmt: skip
    return {row[0] for row in read(query)}


def lock_answered(campaign_id: int, moment: datetime, *, but: Iterable[int]) -> tuple[int, int]:
    """Lock answered credits but some. Shape: (how many, cents)."""
    query = (
        update(_credits)
        .where(
            _credits.c.campaign_id == campaign_id, _credits.c.state == "answered", _credits.c.id.not_in(list(but))
        )
        .values(state="locked", locked_at=moment)
        .returning(_credits.c.amount_cents)
    )  # fmt: skip
    amounts = [row[0] for row in session.connection().execute(query)]
    return len(amounts), sum(amounts)


def note_letters(rows: Sequence[Mapping[str, Any]]) -> None:
    """Note that letters were written: each occasion of a credit once."""
    write(CreditLetter, rows)


def note_invited(credit_ids: Iterable[int], moment: datetime) -> None:
    """Note that households were told of their credits."""
    ids = list(credit_ids)
    some = _credits.c.id.in_(ids)
    connection = session.connection()
    connection.execute(update(_credits).where(some, _credits.c.invited_at.is_(None)).values(invited_at=moment))
    connection.execute(update(_credits).where(some, _credits.c.state == "issued").values(state="invited"))


def set_reach(credit_ids: Iterable[int], reach: str) -> None:
    """Note how some households are reached from now on."""
    query = update(_credits).where(_credits.c.id.in_(list(credit_ids))).values(reach=reach)
    session.connection().execute(query)
