"""A parcel as the bytes that leave: headers folded, two parts quoted-printable, no line too long for strict servers."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.kernel import clock
from app.kernel.errors import NotFound
from app.mail.headers import header_safe
from app.mail.parcels import Parcel, Refused
from app.tickets.files import content_of

#: RFC 5322, 2.1.1, the line's end not counted.
LONGEST_LINE = 998
#: A name without a blank cannot be folded.
LONGEST_NAME = 255
_TYPE = re.compile(r"([a-z0-9.+-]+)/([a-z0-9.+-]+)")
_UTF8 = SMTP.clone(utf8=True)


def built(parcel: Parcel) -> bytes:
    """The whole letter.

    Raises:
        Refused: it cannot be written as mail; for good.
    """
    try:
        raw = _identifiers(parcel) + _message(parcel).as_bytes()
    except (ValueError, LookupError, AttributeError, TypeError, MessageError, NotFound) as problem:
        # The library's header parser fails in many ways on odd addresses; one letter must not hold up the others.
        raise Refused(f"5.6.0 {type(problem).__name__}", permanent=True) from problem
    if max(len(line) for line in raw.split(b"\r\n")) > LONGEST_LINE:
        raise Refused("5.6.0 a line is too long", permanent=True)
    return raw


def _identifiers(parcel: Parcel) -> bytes:
    # Written by hand: the library takes a long identifier for a long word and encodes it, and threads break.
    lines = [f"Message-ID: <{parcel.mid}>"]
    before = [f"<{one}>" for one in header_safe(parcel.references).split()]
    if before:
        lines += [f"In-Reply-To: {before[-1]}", "References: " + "\r\n ".join(before)]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii", "ignore")


def _message(parcel: Parcel) -> EmailMessage:
    message = EmailMessage(policy=SMTP if parcel.to.isascii() else _UTF8)
    message["Subject"] = header_safe(parcel.subject)
    message["From"] = _address(parcel.sender_name, parcel.sender)
    message["To"] = _address(parcel.to_name, parcel.to)
    message["Reply-To"] = _address(parcel.sender_name, parcel.reply_to)
    message["Date"] = format_datetime(clock.now())
    for name, value in parcel.headers.items():
        message[name] = value
    message.set_content(parcel.text, cte="quoted-printable")
    message.add_alternative(parcel.html, subtype="html", cte="quoted-printable")
    for file in parcel.files:
        maintype, subtype = _type(file.type)
        message.add_attachment(content_of(file.sha256), maintype=maintype, subtype=subtype, filename=file.name)
    return message


def _type(kind: str) -> tuple[str, str]:
    """A type that may be written as base64; letters within letters and what is no type go as plain bytes."""
    found = _TYPE.fullmatch(kind)
    if found is None or found[1] in {"message", "multipart"}:
        return "application", "octet-stream"
    return found[1], found[2]


def _address(name: str, email: str) -> Address:
    local, _, domain = email.rpartition("@")
    return Address(header_safe(name)[:LONGEST_NAME], local, domain)
