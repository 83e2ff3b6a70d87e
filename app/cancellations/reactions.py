"""What cancellations do when others speak, and when their own long work goes on."""

from __future__ import annotations

from collections.abc import Sequence

from app.cancellations import closing, inviting, making
from app.cancellations.events import CampaignClosed, CampaignOpened, ChoiceMade, CreditsDue, InvitationsDue
from app.mail.events import LetterBounced


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


def decide_silent(events: Sequence[CampaignClosed]) -> None:
    """A deadline has passed: decide about the next who stayed silent."""
    for e in events:
        closing.decide_silent(e.campaign_id, e.after_id)


def note_bounces(events: Sequence[LetterBounced]) -> None:
    """Letters came back for good: who was told of a credit by them must be told otherwise."""
    inviting.note_bounces([e.letter_out_id for e in events if e.status.startswith("5")])
