"""What a person does with letters: read their text, follow their link, write back; no story is here."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP

_LINK = re.compile(r"https?://\S+")


def text_of(letter: EmailMessage) -> str:
    """What a mail program shows of a letter, hard spaces as plain ones."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").replace("\u00a0", " ")


def link_in(letter: EmailMessage, place: str) -> str:
    """The first address of a letter that holds `place`, such as `/d/`."""
    return next(link for link in _LINK.findall(text_of(letter)) if place in link)


def quoted(letter: EmailMessage) -> str:
    """A letter's text as a French mail program quotes it below an answer."""
    lines = "\n".join(f"> {line}".rstrip() for line in text_of(letter).splitlines())
    return f"Le mar. 10 nov. 2026 à 14:31, {letter['From']} a écrit :\n\n{lines}\n"


def reply_to(letter: EmailMessage, words: str, *, sender: str) -> EmailMessage:
    """What a mail program sends when somebody presses Reply."""
    answer = EmailMessage(policy=SMTP)
    answer["From"] = sender
    answer["To"] = letter["Reply-To"]
    answer["Subject"] = f"Re: {letter['Subject']}"
    answer["Date"] = "Tue, 10 Nov 2026 15:02:11 +0100"
    answer["Message-ID"] = "<reponse-1@exemple.fr>"
    answer["In-Reply-To"] = letter["Message-ID"]
    answer["References"] = letter["Message-ID"]
    answer.set_content(f"{words}\n\n{quoted(letter)}", cte="quoted-printable")
    return answer
