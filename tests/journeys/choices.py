"""A cancelled evening in an open house: what each household is owed, and the link of its choice; no story is here."""

from __future__ import annotations

from app.boxoffice.models import Admission, Order
from app.cancellations import choosing
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit, CreditItem
from app.kernel import clock
from app.kernel.db import session
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened, token_of
from tests.journeys.house import House

OPTIONS = ("refund_card", "refund_transfer", "refund_cheque", "donation", "voucher", "carryover")
IBAN = "FR76 3000 6000 0112 3456 7890 189"


def a_cancelled_evening(
    house: House, *emails: str, title: str = "La Traviata", language: str = "fr", paid: dict[str, int] | None = None,
    options: tuple[str, ...] = OPTIONS, **campaign: object,
) -> list[int]:  # fmt: skip
    """Credits of 120 euros for some households, in the order of their addresses."""
    with house.app.app_context():
        show = cancelled(title)
        for email in emails:
            bought(a_household(email=email, language=language), show, paid=paid)
        said = {"default_option": "refund_card", "receipts_mode": "waiver", **campaign}
        return opened(a_campaign(show, options=options, **said))


def path_of(house: House, credit_id: int) -> str:
    """Where a household chooses."""
    with house.app.app_context():
        return f"/c/{token_of(credit_id)}"


def choose(house: House, credit_id: int, **lines: int) -> None:
    """A household has chosen, on another telephone."""
    with house.app.app_context():
        choosing.choose(token_of(credit_id), Wish(lines=lines, form=f"{clock.now():%f}-{len(lines)}"))


def change(house: House, credit_id: int, **values: object) -> None:
    """What happens to a credit elsewhere than in the story."""
    with house.app.app_context():
        session.query(Credit).filter_by(id=credit_id).update(values)
        session.commit()


def ticket_of(house: House, credit_id: int) -> tuple[str, str]:
    """What stands on a ticket of a credit. Shape: (code of the order, number of the ticket)."""
    with house.app.app_context():
        query = session.query(Order.code, Admission.external_id).join(Admission, Admission.order_id == Order.id)
        query = query.join(CreditItem, CreditItem.admission_id == Admission.id)
        row = query.filter(CreditItem.credit_id == credit_id).order_by(Admission.id).first()
    assert row is not None
    return row[0], row[1]
