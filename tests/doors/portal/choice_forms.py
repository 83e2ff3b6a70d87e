"""A household's credit, its page, and the forms a browser would send from it."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient

from app.cancellations.models import Choice, ChoiceLine
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.mail import outgoing
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened, token_of

EVERYTHING = ("refund_card", "refund_transfer", "refund_cheque", "donation", "voucher", "carryover")
IBAN = "FR76 3000 6000 0112 3456 7890 189"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def owed(*, options: tuple[str, ...] = EVERYTHING, paid: dict[str, int] | None = None, **campaign: object) -> int:
    """A credit of 120 euros for two seats."""
    show = cancelled()
    bought(a_household(email="lea@exemple.fr"), show, paid=paid)
    (credit_id,) = opened(a_campaign(show, options=options, **campaign))
    return credit_id


def link_of(credit_id: int) -> str:
    """The address of a credit's page."""
    return f"/c/{token_of(credit_id)}"


def told(page: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def carried(page: str) -> dict[str, str]:
    """What the last form of a page carries on."""
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(page[page.rindex("<form ") :])}


def value_of(page: str, name: str) -> str:
    """What stands in a field."""
    found = re.search(rf'<input [^>]*id="f-{name}"[^>]*>', page)
    assert found, f"no field {name}"
    value = re.search(r'value="([^"]*)"', found[0])
    return html.unescape(value[1]) if value else ""


def begun(client: FlaskClient, link: str) -> dict[str, str]:
    """The form of the choice as it is first shown, in English."""
    return carried(client.get(f"{link}?lang=en").get_data(as_text=True))


def checked(client: FlaskClient, link: str, **fields: str) -> tuple[int, str]:
    """Press `Check my choice`, from a page just opened. Shape: (status, page)."""
    answer = client.post(f"{link}/verification?lang=en", data={**begun(client, link), **fields})
    return answer.status_code, answer.get_data(as_text=True)


def confirmed(client: FlaskClient, link: str, page: str) -> tuple[int, str]:
    """Press the button that decides. Shape: (status, where it leads or the page)."""
    answer = client.post(f"{link}/confirmation?lang=en", data=carried(page))
    return answer.status_code, answer.headers.get("Location") or answer.get_data(as_text=True)


def chosen(credit_id: int) -> list[tuple[int, str, int]]:
    """Every version of what was chosen. Shape: (version, option, cents)."""
    session.rollback()
    query = session.query(Choice.version, ChoiceLine.option, ChoiceLine.amount_cents)
    query = query.join(ChoiceLine, ChoiceLine.choice_id == Choice.id).filter(Choice.credit_id == credit_id)
    return [tuple(row) for row in query.order_by(Choice.version, ChoiceLine.id)]


def letters(kind: str) -> list[str]:
    """The texts of the letters of a kind, the newest first."""
    session.rollback()
    return [one.text for one in outgoing.latest(by=SYSTEM, limit=50) if one.kind == kind]


def code_sent() -> str:
    """The last code that was sent."""
    found = re.search(r"^\d{6}$", letters("choice_code")[0], re.MULTILINE)
    assert found
    return found[0]
