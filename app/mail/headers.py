"""Header values: unfolded, decoded, dated; message ids; and what may be written into a header of ours.

Values come in as raw items, their 8-bit bytes kept as surrogate escapes, so that nothing is lost before it is decoded.
"""

from __future__ import annotations

import binascii
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from app.mail.charsets import codec_of, decode
from app.mail.transfer import lenient_base64

#: Subjects and names longer than this are cut (8 kB, as everywhere in the house).
MAX_VALUE = 8_000
#: The newest of a thread's ids are the useful ones, and no client writes more than a few hundred.
MAX_REFERENCES = 500
MAX_ID = 998

_FOLD = re.compile(r"[ \t]*\r?\n[ \t]*|\r")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_BLANKS = re.compile(r"[\t\v\f\x85\u2028\u2029 ]+")
_BIDI = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WORD = re.compile(r"=\?([^?\s=]{0,60})\?([bBqQ])\?([^?]*)\?=")
#: How ISO-2022-JP, which is all ASCII, begins its characters.
_JAPANESE = "\x1b$"
_ID = re.compile(r"<([^<>]{1,2000})>")
_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")
_ISO_START = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_BEFORE_ZONE = re.compile(r" +(?=(?:[+-]\d\d:?\d\d|Z)$)")
_COMMENT = re.compile(r"\s*\([^()]*\)\s*$")
_OFFSET = re.compile(r"\s*(?:GMT|UTC)?([+-]\d\d):?(\d\d)$")
_FRENCH_MONTH = re.compile(
    r"\b(f[ée]vr?|avr|mai|juin|juil|ao[ûu]t|d[ée]c|janv|mars|sept)[a-zéû]*+\.?(?= )", re.IGNORECASE
)
_MONTHS = {
    "janv": "Jan", "fév": "Feb", "févr": "Feb", "fev": "Feb", "fevr": "Feb", "mars": "Mar", "avr": "Apr", "mai": "May",
    "juin": "Jun", "juil": "Jul", "août": "Aug", "aout": "Aug", "sept": "Sep", "déc": "Dec", "dec": "Dec",
}  # fmt: skip
#: European zones by name, which the library reads as UTC.
_ZONES = {
    "CET": "+0100", "CEST": "+0200", "MET": "+0100", "MEST": "+0200", "WEST": "+0100", "BST": "+0100", "EET": "+0200",
    "EEST": "+0300",
}  # fmt: skip


class _Run(NamedTuple):
    """Encoded words that stand together and share a charset; their bytes are read as one."""

    charset: str
    data: bytes
    unfinished: bytes


def text_of(value: str, hint: str = "") -> str:
    """A raw header value as one readable line: unfolded, decoded, without control characters.

    Args:
        value: the raw value, folds and surrogate escapes included.
        hint: the charset of the letter's body, tried for raw 8-bit bytes that are no UTF-8.
    """
    return one_line(decode_words(_FOLD.sub(" ", value[: 4 * MAX_VALUE]), hint))[:MAX_VALUE]


def one_line(text: str) -> str:
    """Decoded text made a single line: control characters dropped, blanks collapsed."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _BLANKS.sub(" ", _CONTROL.sub("", _FOLD.sub(" ", text))).strip()


def without_bidi(text: str) -> str:
    """Text without the marks that turn the reading direction, by which a file name can lie about its ending."""
    return text if text.isascii() else _BIDI.sub("", text)


def header_safe(text: str) -> str:
    """Text that may stand in a header we write: one line, no control character, so that no second header can begin.

    The library decodes words that look encoded in what it is given, and older releases then write their newline as it
    is; so no such word is left.

    Source: CVE-2024-6923.
    """
    return one_line(decode_words(one_line(text)[:MAX_VALUE])).replace("=?", "= ?")


def decode_words(value: str, hint: str = "") -> str:
    """RFC 2047 words decoded wherever they stand, inside quotes too; a character cut between two words is healed."""
    if not value.isascii() or _JAPANESE in value:
        value = _raw_eight_bit(value, hint)
    if "=?" not in value:
        return value
    out: list[str] = []
    run: _Run | None = None
    last = 0
    for word in _WORD.finditer(value):
        between = value[last : word.start()]
        if between.strip(" \t\r\n") or run is None:
            out.append(_closed(run) + between)
            run = None
        run = _joined(run, word, out)
        last = word.end()
    out.append(_closed(run) + value[last:])
    return "".join(out)


def _joined(run: _Run | None, word: re.Match[str], out: list[str]) -> _Run:
    charset = word[1].partition("*")[0]
    if run and codec_of(run.charset) != codec_of(charset):
        out.append(_closed(run))
        run = None
    before = run or _Run(charset, b"", b"")
    if word[2] in "qQ":
        spelled = binascii.a2b_qp(word[3].encode("utf-8", "surrogateescape"), header=True)
        return _Run(charset, before.data + lenient_base64(before.unfinished) + spelled, b"")
    # Some mailers cut base64 anywhere: an unpadded rest is carried into the next word.
    packed = before.unfinished + _BASE64.sub("", word[3]).encode("ascii")
    if len(packed) % 4 and not packed.endswith(b"="):
        return _Run(charset, before.data, packed)
    return _Run(charset, before.data + lenient_base64(packed), b"")


def _closed(run: _Run | None) -> str:
    return decode(run.data + lenient_base64(run.unfinished), run.charset) if run else ""


def _raw_eight_bit(value: str, hint: str) -> str:
    data = value.encode("utf-8", "surrogateescape")
    if _JAPANESE in value:
        return decode(data, "iso-2022-jp")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return decode(data, hint)


def percent_decoded(value: str) -> bytes:
    """Bytes of an RFC 2231 value; raw 8-bit bytes pass."""
    return unquote_to_bytes(value.encode("utf-8", "surrogateescape"))


def message_ids(value: str) -> list[str]:
    """The ids of a References or In-Reply-To header, in order, without their angle brackets."""
    if "=?" in value or not value.isascii():
        value = decode_words(value)
    found = _ID.findall(value) or [word for word in value.split() if "@" in word]
    ids = (clean_id(raw) for raw in found[-MAX_REFERENCES:])
    return [known for known in ids if known]


def clean_id(raw: str) -> str:
    """One message id without brackets, blanks or control characters; an empty string when nothing is left."""
    bare = _CONTROL.sub("", "".join(raw.split())).strip("<>")
    return bare[:MAX_ID]


def date_of(value: str) -> datetime | None:
    """The moment a Date header speaks of, with its own offset; None when absent or unreadable.

    A missing zone is read as UTC. Raises nothing, whatever the hour or zone claimed.
    """
    value = text_of(value[:200])
    if not value:
        return None
    try:
        if _ISO_START.match(value):
            moment = datetime.fromisoformat(_BEFORE_ZONE.sub("", value))
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        parts = parsedate_tz(_with_offset(value))
        if parts is None:
            return None
        zone = timezone(timedelta(seconds=parts[9] or 0))
        return datetime(*parts[:6], tzinfo=zone)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _with_offset(value: str) -> str:
    """A date whose zone and month stand as the library knows them."""
    value = _OFFSET.sub(r" \1\2", _COMMENT.sub("", value))
    rest, _blank, zone = value.rpartition(" ")
    value = f"{rest} {_ZONES[zone]}" if zone in _ZONES else value
    return _FRENCH_MONTH.sub(lambda month: _MONTHS[month[1].lower()], value)
