"""A letter of a request as its author sent it: all its words, and its HTML with the pictures it brought itself.

Nothing is fetched from anywhere unless its reader asks, once: whoever wrote would learn who reads it, when and where.
What is asked for is fetched by the reader's browser, never by the house (decision 25).
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
from app.people.names import in_ascii
from app.tickets.files import sniffed

#: Pictures of one letter beyond so many bytes are left to the files it brought.
PICTURE_BYTES = 6 * 1024 * 1024
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_SOURCE = re.compile(r'src="cid:([^"]*)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AsSent:
    """One letter; `html` may stand in a frame that can do nothing.

    `elsewhere` counts pictures on other servers, `askable` those of them that a reader may ask for.
    """

    sender: str
    name: str
    subject: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    text: str
    html: str
    elsewhere: int
    askable: int


def letter_as_sent(letter_id: int, *, by: Actor, asked: bool = False) -> AsSent:
    """One stored letter; whoever asks has seen that it belongs to a request of theirs.

    Args:
        letter_id: the letter.
        by: who reads it.
        asked: whether they ask for the pictures on other servers, knowing what that tells.

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
    asking, askable = html.asking_elsewhere(reading.raw_html)
    return AsSent(
        in_ascii(reading.from_email), reading.from_name, reading.subject, tuple(map(in_ascii, reading.to)),
        tuple(map(in_ascii, reading.cc)), reading.text,
        _with_pictures(reading, asking if asked else safe_html(reading)), _elsewhere(reading.raw_html), askable,
    )  # fmt: skip


def _with_pictures(reading: Reading, shown_html: str) -> str:
    mine = _pictures(reading.attachments)

    def shown(found: re.Match[str]) -> str:
        source = mine.get(unquote(unescape(found[1])).strip("<> ").lower())
        return f'src="{source}"' if source else ""

    return _SOURCE.sub(shown, shown_html)


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
