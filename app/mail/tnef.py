"""Files and text packed by Outlook into one winmail.dat (TNEF), read within the bounds of the bytes at hand.

Source: [MS-OXTNEF], the stream's attributes and the properties inside them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.mail.charsets import decode

_SIGNATURE = b"\x78\x9f\x3e\x22"
_MAX_ATTRIBUTES = 5_000
_MAX_PROPERTIES = 2_000

_BODY = 0x800C
_CODEPAGE = 0x9007
_MESSAGE_PROPERTIES = 0x9003
_ATTACHMENT_STARTS = 0x9002
_ATTACHMENT_TITLE = 0x8010
_ATTACHMENT_DATA = 0x800F
_ATTACHMENT_PROPERTIES = 0x9005

_P_BODY, _P_HTML = 0x1000, 0x1013
_P_DATA, _P_LONG_NAME, _P_NAME, _P_MIME, _P_CONTENT_ID = 0x3701, 0x3707, 0x3704, 0x370E, 0x3712
_WIDTH = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = frozenset({0x1E, 0x1F, 0x0D, 0x102})
_UNICODE, _OBJECT, _SEVERAL = 0x1F, 0x0D, 0x1000
#: An embedded object begins with the 16 bytes of its interface's name.
_INTERFACE = 16


@dataclass(slots=True)
class PackedFile:
    """A file out of the pack; name and type may be empty."""

    name: str = ""
    type: str = ""
    content_id: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Pack:
    """What a winmail.dat held."""

    text: str = ""
    html: str = ""
    files: list[PackedFile] = field(default_factory=list)


def unpack(data: bytes) -> Pack | None:
    """The content of a TNEF stream; None when the bytes are none, and what was readable when they break off."""
    if not data.startswith(_SIGNATURE):
        return None
    pack = Pack()
    codepage = ""
    for attribute, value in _attributes(data):
        if attribute == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _BODY:
            pack.text = pack.text or decode(value, codepage).rstrip("\0")
        elif attribute == _MESSAGE_PROPERTIES:
            _body(pack, _properties(value), codepage)
        else:
            _file(pack, attribute, value, codepage)
    pack.files = [file for file in pack.files if file.content]
    return pack


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    for _ in range(_MAX_ATTRIBUTES):
        if at + 9 > len(data):
            return
        _level, attribute, _kind, length = struct.unpack_from("<BHHI", data, at)
        yield attribute, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _body(pack: Pack, properties: dict[int, str | bytes], codepage: str) -> None:
    pack.text = _text(properties.get(_P_BODY, ""), codepage) or pack.text
    pack.html = _text(properties.get(_P_HTML, ""), codepage) or pack.html


def _file(pack: Pack, attribute: int, value: bytes, codepage: str) -> None:
    if attribute == _ATTACHMENT_STARTS:
        pack.files.append(PackedFile())
    if not pack.files:
        return
    file = pack.files[-1]
    if attribute == _ATTACHMENT_TITLE:
        file.name = file.name or decode(value, codepage).rstrip("\0")
    elif attribute == _ATTACHMENT_DATA:
        file.content = value
    elif attribute == _ATTACHMENT_PROPERTIES:
        known = _properties(value)
        file.name = _text(known.get(_P_LONG_NAME) or known.get(_P_NAME) or file.name, codepage)
        file.type = _text(known.get(_P_MIME, ""), codepage).lower()
        file.content_id = _text(known.get(_P_CONTENT_ID, ""), codepage)
        packed = known.get(_P_DATA, b"")
        file.content = file.content or (packed if isinstance(packed, bytes) else b"")


def _text(value: str | bytes, codepage: str) -> str:
    return (decode(value, codepage) if isinstance(value, bytes) else value).rstrip("\0")


def _properties(data: bytes) -> dict[int, str | bytes]:
    """Texts and bytes by property number; numbers, dates and several-valued properties are stepped over."""
    reader = _Reader(data)
    found: dict[int, str | bytes] = {}
    try:
        for _ in range(min(reader.number(), _MAX_PROPERTIES)):
            kind, known = reader.short(), reader.short()
            if known >= 0x8000:
                _skip_name(reader)
            value = _value(reader, kind)
            if value is not None:
                found.setdefault(known, value)
    except (struct.error, EOFError):
        return found
    return found


def _skip_name(reader: _Reader) -> None:
    reader.take(16)
    if reader.number():
        reader.padded(reader.number())
    else:
        reader.take(4)


def _value(reader: _Reader, kind: int) -> str | bytes | None:
    several, kind = bool(kind & _SEVERAL), kind & ~_SEVERAL
    if kind not in _VARIABLE:
        width = _WIDTH.get(kind)
        if width is None:
            raise EOFError
        reader.take(width * (reader.number() if several else 1))
        return None
    values = [reader.padded(reader.number()) for _ in range(min(reader.number(), _MAX_PROPERTIES))]
    if several or not values:
        return None
    if kind == _OBJECT:
        return values[0][_INTERFACE:]
    return values[0].decode("utf-16-le", "ignore") if kind == _UNICODE else values[0]


class _Reader:
    """Little-endian reading that ends with EOFError, never with a large allocation."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        if self._at + count > len(self._data):
            raise EOFError
        self._at += count
        return self._data[self._at - count : self._at]

    def padded(self, count: int) -> bytes:
        value = self.take(count)
        self._at += -count % 4
        return value

    def number(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def short(self) -> int:
        return int.from_bytes(self.take(2), "little")
