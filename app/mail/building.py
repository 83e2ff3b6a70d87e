"""A parcel as the bytes that leave: headers folded, two parts quoted-printable, no line too long for strict servers."""

from __future__ import annotations

import re
from binascii import b2a_qp
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from functools import lru_cache

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
#: What the older classes of the library write as it must be: short, in ASCII, nothing quoted.
_SIMPLE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9.-]+")
#: So many characters fold as they must; a line is better no longer than the other (RFC 5322, 2.1.1).
_SHORT, _LINE = 100, 78
#: Parts stand between lines that quoted-printable text cannot contain (RFC 2045, 6.7).
_HEAD = b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="=_part"\r\n\r\n'
_PART = b'--=_part\r\nContent-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n%s'
_END = b"--=_part--\r\n"


def built(parcel: Parcel) -> bytes:
    """The whole letter.

    Raises:
        Refused: it cannot be written as mail; for good.
    """
    try:
        raw = _identifiers(parcel) + (_simple(parcel) if _is_simple(parcel) else _message(parcel).as_bytes())
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


def _is_simple(parcel: Parcel) -> bool:
    """Whether nothing about a letter is out of the way, as with nearly all of them."""
    boxes = (parcel.sender, parcel.to, parcel.reply_to)
    short = all(len(one) <= _SHORT for one in (*boxes, parcel.subject, parcel.sender_name, parcel.to_name))
    return short and not parcel.files and all(_SIMPLE.fullmatch(one) for one in boxes)


def _simple(parcel: Parcel) -> bytes:
    """The same in a tenth of the time: all that varies in such letters is words."""
    lines = [
        f"Subject: {_words('Subject', parcel.subject)}",
        _box("From", parcel.sender_name, parcel.sender), _box("To", parcel.to_name, parcel.to),
        _box("Reply-To", parcel.sender_name, parcel.reply_to), f"Date: {format_datetime(clock.now())}",
        *(f"{name}: {header_safe(value)}" for name, value in parcel.headers.items()),
    ]  # fmt: skip
    lead = "".join(f"{line}\r\n" for line in lines).encode("ascii")
    parts = ((b"plain", parcel.text), (b"html", parcel.html))
    return b"".join((lead, _HEAD, *(_PART % (subtype, _printable(words)) for subtype, words in parts), _END))


def _printable(text: str) -> bytes:
    """Words in quoted-printable, with the line ends of the wire (RFC 2045, 6.7), the last one too."""
    lines = re.split(r"\r\n|\r|\n", text.removesuffix("\n"))
    return b2a_qp("".join(f"{line}\r\n" for line in lines).encode())


@lru_cache(maxsize=1_000)  # the house's name stands in every letter
def _words(field: str, text: str) -> str:
    text = header_safe(text)
    return text if text.isascii() else Header(text, "utf-8", header_name=field).encode(linesep="\r\n")


def _box(field: str, name: str, email: str) -> str:
    words = _words(field, name)
    line = f"{field}: {formataddr((words, email)) if '=?' not in words else f'{words} <{email}>'}"
    start, _, end = line.rpartition(" ")
    return line if len(line) - line.rfind("\n") <= _LINE or not start else f"{start}\r\n {end}"


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
