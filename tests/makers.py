"""Plain functions that make things with good defaults; unknown names are refused by their signatures."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from app.kernel.access import Actor, spectator
from app.tickets.opening import Draft, Opened, open_ticket
from app.tickets.states import Channel
from tests.cast import LEA


def a_draft(
    *, email: str = LEA, body: str = "Bonjour, je souhaite être remboursée de mes deux places.", subject: str = "",
    name: str = "Léa Fontanel", type: str | None = None, channel: Channel = Channel.WEB, language: str = "fr",
    order_code: str | None = None, submission: str | None = None, department: str | None = None,
) -> Draft:  # fmt: skip
    """A request as a door would bring it."""
    return Draft(
        email=email, body=body, subject=subject, name=name, type=type, channel=channel, language=language,
        order_code=order_code, submission=submission, department=department,
    )  # fmt: skip


def a_ticket(*, by: Actor | None = None, **draft: object) -> Opened:
    """A request opened by a spectator."""
    return open_ticket(a_draft(**draft), by=by or spectator(None, door="portal"))  # type: ignore[arg-type]


def a_letter(
    *,
    sender: str = LEA,
    name: str = "Léa Fontanel",
    to: str = "billetterie@valmorin.example",
    subject: str = "Remboursement",
    body: str = "Bonjour,\n\nJe souhaite un remboursement.\n\nLéa",
    mid: str = "<un@exemple.fr>",
    in_reply_to: str = "",
    headers: dict[str, str] | None = None,
) -> bytes:
    """A letter as it stands on the wire."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = f'"{name}" <{sender}>'
    letter["To"] = to
    letter["Subject"] = subject
    letter["Date"] = "Tue, 10 Nov 2026 14:00:00 +0100"
    if mid:
        letter["Message-ID"] = mid
    if in_reply_to:
        letter["In-Reply-To"] = in_reply_to
        letter["References"] = in_reply_to
    for key, value in (headers or {}).items():
        letter[key] = value
    letter.set_content(body, cte="quoted-printable")
    return letter.as_bytes()
