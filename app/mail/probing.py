"""Testing a mailbox before it is trusted with letters: call, sign in, look, and say in one word how it went."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from app.kernel.access import Actor
from app.mail import collecting, mailboxes
from app.mail.calling import Call, Cord, Trouble
from app.mail.drops import Drop
from app.mail.imap import Line
from app.mail.mailbox_draft import FOLDER
from app.mail.mailboxes import Duty

#: Seconds that a test may take in all.
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a test went: `ok`, or the code of the trouble with the server's words; `count` letters lie in the folder."""

    code: str
    words: str = ""
    count: int = 0


def probe(mailbox_id: int, *, by: Actor) -> Outcome:
    """Test a mailbox as it is kept; nothing is taken in, marked or remembered.

    Raises:
        Forbidden: the settings are not yours.
        NotFound: there is no such mailbox.
    """
    duty = mailboxes.duty(mailbox_id, by=by)
    if duty.kind == FOLDER:
        return _folder(duty)
    try:
        call = collecting.call_of(duty)
    except Trouble as trouble:
        return Outcome(trouble.code, trouble.words)
    cord, said = Cord(), list[Outcome]()
    asking = threading.Thread(target=lambda: said.append(_asked(duty, call, cord)), daemon=True)
    asking.start()
    asking.join(SECONDS)
    cord.pull()  # a server that sends a byte now and then never times out by itself
    return said[0] if said else Outcome("no_answer")


def _folder(duty: Duty) -> Outcome:
    try:
        return Outcome("ok", count=Drop(duty.folder).count())
    except Trouble as trouble:
        return Outcome(trouble.code, trouble.words)


def _asked(duty: Duty, call: Call, cord: Cord) -> Outcome:
    try:
        line = Line(call, timeout=SECONDS / 2, cord=cord)
        try:
            return _looked(duty, line)
        finally:
            line.close()
    except Trouble as trouble:
        return Outcome(trouble.code, trouble.words)


def _looked(duty: Duty, line: Line) -> Outcome:
    if duty.after == "move":
        try:
            line.open(duty.move_to, looking=True)
        except Trouble as trouble:
            raise Trouble("move" if trouble.code == "folder" else trouble.code, trouble.words) from None
    return Outcome("ok", count=line.open(duty.folder, looking=True).count)
