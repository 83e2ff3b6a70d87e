"""A letter of a request as its author sent it: all its words, and its HTML with the pictures it brought itself.

Nothing is fetched from anywhere: whoever wrote would learn who reads it, when and where.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.mail import bounds, html, queries
from app.mail.bodies import Attachment
from app.mail.fates import raw_of
from app.mail.reading import Reading, safe_html
from app.tickets.files import sniffed

#: Pictures of one letter beyond so many bytes are left to the files it brought.
PICTURE_BYTES = 6 * 1024 * 1024
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_SOURCE = re.compile(r'src="cid:([^"]*)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AsSent:
    """One letter; `html` may stand in a frame that can do nothing, `elsewhere` counts pictures on other servers."""

    sender: str
    name: str
    subject: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    text: str
    html: str
    elsewhere: int


def letter_as_sent(letter_id: int, *, by: Actor) -> AsSent:
    """One stored letter; whoever asks has seen that it belongs to a request of theirs.

    Raises:
        NotFound: there is none, or it cannot be read.
    """
    by.must(Permission.TICKET_READ)
    row = queries.letter(letter_id)
    if row is None:
        raise NotFound("letter")
    try:
        reading = bounds.read_within(raw_of(row))
    except bounds.Unreadable:
        raise NotFound("letter") from None
    return AsSent(
        reading.from_email, reading.from_name, reading.subject, reading.to, reading.cc, reading.text,
        _with_pictures(reading), _elsewhere(reading.raw_html),
    )  # fmt: skip


def _with_pictures(reading: Reading) -> str:
    mine = _pictures(reading.attachments)

    def shown(found: re.Match[str]) -> str:
        source = mine.get(unquote(unescape(found[1])).strip("<> ").lower())
        return f'src="{source}"' if source else ""

    return _SOURCE.sub(shown, safe_html(reading))


def _pictures(files: tuple[Attachment, ...]) -> dict[str, str]:
    """Pictures by content id, written out so that no other address is asked for them."""
    found, left = dict[str, str](), PICTURE_BYTES
    for file in files:
        kind = sniffed(file.content) if file.content_id and file.size <= left else ""
        if kind in _PICTURES:
            left -= file.size
            found[file.content_id.lower()] = f"data:{kind};base64,{base64.b64encode(file.content).decode()}"
    return found


def _elsewhere(source: str) -> int:
    """How many pictures lie on other servers."""
    tags = (attributes.lower() for kind, name, attributes in html.tokens(source) if (kind, name) == (html.TAG, "img"))
    return sum("http://" in attributes or "https://" in attributes for attributes in tags)
