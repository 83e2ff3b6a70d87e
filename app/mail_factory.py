"""Puts the mail room together by itself: it takes letters and writes them down, and loads no page and no reader."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from app import ground
from app.kernel import events
from app.kernel.events import Event, Reactions
from app.mail import reactions as mail
from app.mail.events import LetterFiled, LetterStored, MailboxRenumbered, MailboxStopped
from app.mailroom.command import mailroom
from config import Settings

#: All that a mail room tells, and who reacts to it, as the page of the whole house has it.
TABLE: Mapping[type[Event], Reactions] = {
    LetterStored: Reactions(later=(mail.file_letters,), gathers=True),
    LetterFiled: Reactions(),
    MailboxRenumbered: Reactions(),
    MailboxStopped: Reactions(),
}


def create_mail_room(settings: Settings | None = None) -> Flask:
    """Build what `flask mailroom` runs; whatever else it told would be refused rather than lost on those who react."""
    app = ground.laid(settings or Settings.from_environment())
    events.connect(TABLE, whole=False)
    app.cli.add_command(mailroom)
    return app
