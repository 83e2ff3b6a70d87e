"""Days that a page of a choice may promise: until when money arrives, until when a voucher is good; no route."""

from __future__ import annotations

from datetime import date

from app.cancellations.choosing import ChoicePage
from app.cancellations.validity import valid_until
from app.kernel import clock
from app.settlements.files.target import next_day
from app.venue import service as venue
from app.venue.moments import day
from app.web.tongue import language

#: The fact of the house that says how many working days money is on its way.
ARRIVES = {"refund_card": "refund_card_days", "refund_transfer": "refund_transfer_days"}
#: The fact that says within how many days of the day asked for an answer what is refunded leaves the house.
LEAVES = "refund_sent_days"
_MOST = 366


def arrives_in(code: str) -> int | None:
    """Working days until a refund arrives once it was sent; None where the house does not say."""
    return _days(ARRIVES[code]) if code in ARRIVES else None


def arrives_by(code: str, page: ChoicePage) -> date | None:
    """The day before which a refund arrives, as the house promises it.

    None where it promises none, where it is carried out already, or where the day asked for an answer has passed:
    what is claimed then leaves with the next batch, of which nobody can tell the day.
    """
    sent_in, on_its_way = _days(LEAVES), arrives_in(code)
    if sent_in is None or on_its_way is None or not page.changeable or is_late(page):
        return None
    found = next_day(_deadline(page), sent_in)
    for _working_day in range(on_its_way):
        found = next_day(found, 1)
    return found


def good_until(months: int, page: ChoicePage) -> date | None:
    """The day until which a voucher is good at least: it is made once no more answers are awaited; None once it was."""
    if not page.changeable:
        return None
    return valid_until(max(_deadline(page), clock.now().astimezone(venue.house().tz).date()), months)


def is_late(page: ChoicePage) -> bool:
    """Whether the moment until which an answer was asked for has passed."""
    return page.deadline_at <= clock.now()


def words_of(on: date) -> str:
    """A day in the language of the page."""
    return day(on, language(), venue.house().tz)


def _deadline(page: ChoicePage) -> date:
    return page.deadline_at.astimezone(venue.house().tz).date()


def _days(name: str) -> int | None:
    said = venue.house().fact(name, language()) or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 and int(said) <= _MOST else None
