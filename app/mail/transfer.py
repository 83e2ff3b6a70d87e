"""Content-Transfer-Encoding undone, and uuencoded files lifted out of plain text; wrong encodings lose nothing."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_SPACE = b" \t\r\n"
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_ALPHABET = bytes(set(range(256)) - set(_ALPHABET + b"="))
#: Blanks that a server added behind a soft line break.
_SOFT_BREAK = re.compile(rb"=[ \t]++(?=\r?\n)")
_GROUP = re.compile(rb"[^=]+")
_PURE_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}\s*$")
_BEGIN = re.compile(rb"begin [0-7]{3,4} +([^\r\n]{1,200}?)[ \t\r]*$")
#: A first line shorter than this, followed by prose, is a word that happens to look like base64.
_SHORTEST_RUN = 40
#: More paddings than any list of joined pieces has: the bytes are noise and are read as one group.
_MOST_PADDINGS = 20_000


@dataclass(frozen=True, slots=True)
class UuFile:
    """A file found between ``begin`` and ``end`` lines; the name is as written, bytes of an unknown charset."""

    name: bytes
    content: bytes


def undo(data: bytes, encoding: str) -> bytes:
    """The bytes as they were before they were encoded for travelling; unknown encodings are taken as none."""
    if encoding == "base64":
        return _base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(_SOFT_BREAK.sub(b"=", data) if b"= " in data or b"=\t" in data else data)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        _rest, files = lift_uuencoded(data)
        return files[0].content if files else data
    return data


def lift_uuencoded(data: bytes) -> tuple[bytes, list[UuFile]]:
    """The text without its uuencoded files, and the files; each line is looked at once, so time is linear."""
    if b"begin " not in data:
        return data, []
    kept: list[bytes] = []
    files: list[UuFile] = []
    lines = data.split(b"\n")
    at = 0
    while at < len(lines):
        begin = _BEGIN.match(lines[at])
        after, content = _uu_block(lines, at + 1) if begin else (at + 1, b"")
        if begin and content:
            files.append(UuFile(begin[1], content))
        else:
            kept.extend(lines[at:after])
        at = after
    return b"\n".join(kept), files


def _uu_block(lines: list[bytes], start: int) -> tuple[int, bytes]:
    """Index after the block and its bytes; no bytes when the lines turn out not to be uuencoded."""
    content: list[bytes] = []
    for at in range(start, len(lines)):
        line = lines[at].rstrip(b"\r")
        if line.rstrip() == b"end":
            return at + 1, b"".join(content)
        piece = _uu_line(line)
        if piece is None:
            return at, b""
        content.append(piece)
    return len(lines), b"".join(content)


def _uu_line(line: bytes) -> bytes | None:
    if line in {b"", b"`", b" "}:
        return b""
    length = (line[0] - 32) & 63
    needed = 1 + (length * 4 + 2) // 3
    # Trailing blanks may be lost on the way and a checksum may be added; anything else is prose.
    if not 0x20 <= line[0] <= 0x60 or not needed // 2 <= len(line) <= needed + 4:
        return None
    try:
        return binascii.a2b_uu(line[:needed])
    except binascii.Error:
        return None


def _base64(data: bytes) -> bytes:
    packed = data.translate(None, _SPACE)
    whole = _strict(packed)
    if whole is not None:
        return whole
    foreign = len(packed) - len(packed.translate(None, _NOT_ALPHABET))
    if foreign * 50 < len(packed) and not _has_prose(data):
        return lenient_base64(packed)
    return _leading_base64(data)


def _strict(packed: bytes) -> bytes | None:
    try:
        return binascii.a2b_base64(packed, strict_mode=True)
    except binascii.Error:
        return None


def _has_prose(data: bytes) -> bool:
    """Several words on one line: base64 never has that, a footer glued on by a list server has."""
    return any(line.strip().count(b" ") >= 2 for line in data[-4_000:].split(b"\n"))


def _leading_base64(data: bytes) -> bytes:
    """Base64 lines first, then prose as it stands; all prose when the label was simply wrong."""
    lines = data.split(b"\n")
    count = 0
    while count < len(lines) and (not lines[count].strip() or _PURE_LINE.match(lines[count])):
        count += 1
    head = b"".join(lines[:count]).translate(None, _SPACE)
    if len(head) < _SHORTEST_RUN:
        return data
    return lenient_base64(head) + b"\n" + b"\n".join(lines[count:])


def lenient_base64(data: bytes) -> bytes:
    """Every group of base64, also after a padding in the middle; foreign bytes and a torn last group are dropped."""
    packed = data.translate(None, _NOT_ALPHABET)
    if packed.count(b"=") > _MOST_PADDINGS:
        return _group(packed.replace(b"=", b""))
    return b"".join(_group(run) for run in _GROUP.findall(packed))


def _group(run: bytes) -> bytes:
    if len(run) % 4 == 1:
        run = run[:-1]
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))
