"""Letters about credits: what each says, and that each occasion of a credit is written once; inside verbs only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from app.cancellations import campaign_queries, links, queries
from app.cancellations.amounts import said
from app.cancellations.models import Campaign
from app.cancellations.occasions import occasion
from app.cancellations.page import ChosenCard
from app.cancellations.queries import Columns
from app.kernel import clock
from app.mail import outgoing
from app.mail.outgoing import Letter
from app.people import service as people
from app.tickets.models import Ticket
from app.venue import service as venue
from app.venue.moments import day

#: What an option is called where the house has no words of its own.
OPTION_WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "refund_card": "Remboursement sur la carte", "refund_transfer": "Virement", "refund_cheque": "Chèque",
        "refund_cash": "Espèces au guichet", "refund_local": "Monnaie locale", "donation": "Don",
        "voucher": "Bon d’achat", "carryover": "Report sur la saison suivante", "keep_ticket": "Billets gardés",
        "exchange": "Échange",
    },
    "en": {
        "refund_card": "Refund to the card", "refund_transfer": "Bank transfer", "refund_cheque": "Cheque",
        "refund_cash": "Cash at the counter", "refund_local": "Local currency", "donation": "Gift",
        "voucher": "Voucher", "carryover": "Carried over to next season", "keep_ticket": "Tickets kept",
        "exchange": "Exchange",
    },
}  # fmt: skip


_INVITE = "choice_invite"


class Addressed(NamedTuple):
    """A credit as far as a letter needs it."""

    id: int
    number: str
    person_id: int
    language: str
    amount_cents: int
    link_nonce: str
    link_generation: int


def date_words(at: datetime, language: str) -> str:
    """A date as letters tell it."""
    return day(at, language, venue.house().tz)


def basics(row: Columns | Addressed, campaign: Campaign | Columns) -> dict[str, str]:
    """What every letter about a credit may say."""
    french = row.language == "fr"
    return {
        "title": campaign.title_fr if french else campaign.title_en,
        "told": campaign.text_fr if french else campaign.text_en, "credit": row.number,
        "amount": said(row.amount_cents, row.language), "until": date_words(until(campaign), row.language),
        "choice": links.link_of(row.link_nonce, row.link_generation),
    }  # fmt: skip


def _invited(
    row: Columns | Addressed, campaign: Campaign | Columns, kind: str, offered: Collection[str]
) -> dict[str, str]:
    values = basics(row, campaign)
    return values | {"occasion": occasion(values, row.language, kind, offered)}


def _offered(campaign_id: int) -> frozenset[str]:
    return frozenset(one.code for one in queries.options(campaign_id))


def until(campaign: Campaign | Columns) -> datetime:
    """By when a household had better choose: once the date of service has passed, while it can be claimed."""
    at: datetime = campaign.deadline_at
    return at if at > clock.now() else campaign.claim_until


def write_to(campaign: Campaign, rows: Sequence[Addressed], kind: str, occasion: str) -> list[int]:
    """Write one letter to each of some households, and note the occasion; returns the credits it was written about.

    Those whose letters came back are noted as bounced instead: a colleague calls or writes to them.
    """
    reached = people.reached({row.person_id for row in rows})
    some = [row for row in rows if row.person_id in reached]
    campaign_queries.set_reach([row.id for row in rows if row.person_id not in reached], "bounced")
    offered = _offered(campaign.id)
    ids = outgoing.write([
        Letter(
            kind=kind, to_person=row.person_id, language=row.language,
            values=_invited(row, campaign, campaign.kind, offered), together=True,
        )
        for row in some
    ])  # fmt: skip
    moment = clock.now()
    campaign_queries.note_letters([
        {"credit_id": row.id, "occasion": occasion, "letter_id": letter, "at": moment}
        for row, letter in zip(some, ids, strict=True)
    ])  # fmt: skip
    return [row.id for row in some]


def write_one(row: Columns, kind: str, occasion: str, more: Mapping[str, str]) -> bool:
    """Write one letter about a credit, unless that occasion was written of already. Returns whether it was written."""
    if row.person_id is None or row.person_id not in people.reached([row.person_id]):
        return False
    if campaign_queries.was_told(row.id, occasion):
        return False
    known = _invited(row, row, row.campaign_kind, _offered(row.campaign_id)) if kind == _INVITE else basics(row, row)
    values = {**known, **more}
    (letter_id,) = outgoing.write([
        Letter(kind=kind, to_person=row.person_id, language=row.language, values=values)
    ])  # fmt: skip
    note = {"credit_id": row.id, "occasion": occasion, "letter_id": letter_id, "at": clock.now()}
    campaign_queries.note_letters([note])
    return True


def write_about(ticket: Ticket, row: Columns, state: str) -> None:
    """Answer a request by how its household's credit stands; to whoever wrote, whose address the box office knows."""
    if ticket.requester_id not in people.reached([ticket.requester_id]):
        return
    told = {name: getattr(row, name) for name in Addressed._fields}
    one = Addressed(**{**told, "language": ticket.language})
    letter = Letter(
        kind="choice_status", to_person=ticket.requester_id, language=ticket.language, ticket_id=ticket.id,
        values={**basics(one, row), "state": state},
    )  # fmt: skip
    (letter_id,) = outgoing.write([letter])
    note = {"credit_id": row.id, "occasion": f"status-{ticket.id}", "letter_id": letter_id, "at": clock.now()}
    campaign_queries.note_letters([note])


def write_code(row: Columns, code: str, number: int) -> None:
    """Send the code that proves an account to the household's known mailbox."""
    write_one(row, "choice_code", f"code-{number}", {"code": code})


def recap(chosen: ChosenCard, labels: Mapping[str, str], language: str) -> str:
    """A choice in words, a line for each part; an account only masked."""
    usual = OPTION_WORDS["fr" if language == "fr" else "en"]
    colon = "\N{NO-BREAK SPACE}: " if language == "fr" else ": "
    return "\n".join(
        f"{labels.get(line.option) or usual[line.option]}{colon}{said(line.cents, language)}"
        + (f" ({line.masked})" if line.masked else "")
        for line in chosen.lines
    )
