"""What the mail room does when others speak."""

from __future__ import annotations

from collections.abc import Sequence

from app.knowledge.events import CorrectionAccepted
from app.mail import intake, outgoing, refiling, telling
from app.mail.events import FailedLettersDue, LetterStored
from app.people.events import SignInLinkAsked
from app.tickets.events import MessageBrought, MessageDecided, TicketAnswered


def file_letters(events: Sequence[LetterStored]) -> None:
    """Letters were stored: read them and give each its fate."""
    intake.file_letters([e.letter_id for e in events])


def go_on_again(events: Sequence[FailedLettersDue]) -> None:
    """All letters that failed are sent again: the next ones."""
    for e in events:
        outgoing.go_on_again(e.after_id, e.last_id)


def forward_answer(events: Sequence[TicketAnswered]) -> None:
    """An agent answered: write it to the spectator."""
    telling.answers(
        [(e.ticket_id, e.message_id) for e in events], together={e.message_id for e in events if e.together}
    )


def send_sign_in_link(events: Sequence[SignInLinkAsked]) -> None:
    """A colleague asked for a sign-in link."""
    telling.sign_in_links([(e.link_id, e.person_id) for e in events])


def thank_reader(events: Sequence[CorrectionAccepted]) -> None:
    """An editor took up what a reader proposed: thank them, where they left an address."""
    from app.mail import thanking  # noqa: PLC0415 - docs/decisions/0018: the mail room never reads articles

    thanking.thanks([e.correction_id for e in events])


def follow_moved(events: Sequence[MessageBrought]) -> None:
    """A letter was moved to another request: answers to it go there."""
    refiling.follow([(e.letter_id, e.from_id, e.ticket_id) for e in events if e.letter_id is not None])


def settle_held(events: Sequence[MessageDecided]) -> None:
    """A held letter was decided about."""
    refiling.settle([(e.letter_id, e.ticket_id, e.how) for e in events if e.letter_id is not None])
