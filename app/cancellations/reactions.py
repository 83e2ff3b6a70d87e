"""What cancellations do when others speak, and when their own long work goes on."""

from __future__ import annotations

from collections.abc import Sequence

from app.boxoffice.events import PerformanceChanged
from app.cancellations import (
    closing,
    differing,
    inviting,
    joining,
    making,
    proposing,
    sparing,
    supplementing,
    withdrawing,
)
from app.cancellations.events import (
    CampaignClosed,
    CampaignOpened,
    CampaignWithdrawn,
    ChoiceMade,
    CreditsDue,
    InvitationsDue,
    SpareDue,
    SupplementDue,
)
from app.incidents.events import IncidentDeclared
from app.mail.events import LetterBounced
from app.tickets.events import TicketSorted


def make_credits(events: Sequence[CreditsDue]) -> None:
    """A campaign is opening: make the credits of the next households."""
    for e in events:
        making.go(e.campaign_id)


def invite(events: Sequence[CampaignOpened]) -> None:
    """A campaign is open: its households are told."""
    inviting.invite([e.campaign_id for e in events])


def write_next(events: Sequence[InvitationsDue]) -> None:
    """Letters to households are due: write the next ones."""
    for e in events:
        inviting.write_next(e.campaign_id, e.occasion, e.after_id)


def tell_choice(events: Sequence[ChoiceMade]) -> None:
    """A household chose: it gets the recap."""
    for e in events:
        inviting.tell_choice(e.credit_id, e.version)


def make_supplements(events: Sequence[SupplementDue]) -> None:
    """Something was found after a campaign was opened: make the next of its credits and tell their households."""
    for e in events:
        supplementing.go(e.campaign_id, e.number)


def correct_next(events: Sequence[SpareDue]) -> None:
    """A performance takes place after all: correct the next credits that hold its seats."""
    for e in events:
        sparing.go(e.campaign_id, e.performance_id, e.after_id)


def decide_silent(events: Sequence[CampaignClosed]) -> None:
    """A deadline has passed: decide about the next who stayed silent."""
    for e in events:
        closing.decide_silent(e.campaign_id, e.after_id)


def void_next(events: Sequence[CampaignWithdrawn]) -> None:
    """A campaign was taken back: its next credits are void, and their households are told."""
    for e in events:
        withdrawing.void_next(e.campaign_id, e.after_id)


def note_bounces(events: Sequence[LetterBounced]) -> None:
    """Letters came back for good: who was told of a credit by them must be told otherwise."""
    inviting.note_bounces([e.letter_out_id for e in events if e.status.startswith("5")])


def join(events: Sequence[TicketSorted]) -> None:
    """Requests were sorted: those of households with a credit hear how it stands, and wait for the choice."""
    joining.join({e.ticket_id for e in events if not e.by_person and e.category == joining.CATEGORY})
    joining.join_news({e.ticket_id for e in events if not e.by_person and e.category in joining.NEWS})


def solve(events: Sequence[ChoiceMade]) -> None:
    """Households chose: requests that waited for that are ended."""
    joining.solve({e.credit_id for e in events})


def propose(events: Sequence[IncidentDeclared]) -> None:
    """A performance was said not to take place as planned: a draft of a campaign waits for somebody."""
    for e in events:
        proposing.propose(e.incident_id)


def note_changed(events: Sequence[PerformanceChanged]) -> None:
    """Something else is said of performances: campaigns that tell otherwise are marked."""
    for e in events:
        differing.note(e.performance_id)
