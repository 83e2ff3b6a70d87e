"""A raw letter cut into headers and parts, in bounded depth, number and time.

The standard parser recurses and checks every line against every open boundary, so that a small nested letter stops it;
here offsets into one buffer are searched, and what lies deeper than the cap stays one opaque part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.mail.parameters import parameters

MAX_DEPTH = 24
MAX_PARTS = 2_000
_MAX_HEAD = 1_000_000
#: Look-alikes of a boundary in the middle of lines that are skipped before the rest is taken as one part.
_MAX_LOOKALIKES = 20_000

_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*+:[ \t]*+([^\n]*+(?:\n[ \t][^\n]*+)*+)", re.MULTILINE)
_KNOWN_FIELD = re.compile(
    rb"\s*(?:received|return-path|delivered-to|from|to|subject|date|message-id|mime-version)[ \t]*:", re.IGNORECASE
)
_BLANK_LINE = re.compile(rb"\n\r?\n")
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*\r?(?:\n|\Z)")
_GUESSED_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,100}?)[ \t]*\r?\ncontent-", re.MULTILINE | re.IGNORECASE)
_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)")
_GLUED_ENCODING = re.compile(r"content-transfer-encoding:\s*([\w-]+)", re.IGNORECASE)
_NO_SEMICOLON = re.compile(r"(?<=[\w.+-])[ \t\r\n]++(?=(?:charset|boundary|name)\s*=)", re.IGNORECASE)
_TOKEN = re.compile(r"[\s\"']*([^\s;\"']+)")
_JUNK_START = b" \t\r\n\x00\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Headers:
    """Raw values by lower-case name, in their order; folds and surrogate escapes are still in them."""

    fields: dict[str, list[str]]

    def first(self, name: str) -> str:
        """The first value of a field; an empty string when there is none."""
        return self.fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        return self.fields.get(name, [])

    def __contains__(self, name: str) -> bool:
        return name in self.fields


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a letter: a leaf with its still encoded body, or a multipart with children and no body."""

    headers: Headers
    type: str
    parameters: dict[str, str]
    body: bytes = b""
    children: list[Part] = field(default_factory=list)

    @property
    def encoding(self) -> str:
        """The transfer encoding as a lower-case word, also when it was glued to the Content-Type line."""
        value = self.headers.first("content-transfer-encoding")
        found = _TOKEN.match(value) or _GLUED_ENCODING.search(self.headers.first("content-type"))
        return found[1].lower() if found else ""

    @property
    def charset(self) -> str:
        """The charset label as written, not yet believed."""
        found = _TOKEN.match(self.parameters.get("charset", ""))
        return found[1] if found else ""

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Letter:
    """The tree of a letter, and whether a cap left something of it unread."""

    root: Part
    truncated: bool


def cut(raw: bytes) -> Letter:
    """Cut a raw letter into its parts; any bytes make a letter."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    start = len(raw) - len(raw.lstrip(_JUNK_START))
    cutter = _Cutter(raw)
    root = cutter.part(_first_field(raw, start), len(raw), "text/plain", MAX_DEPTH)
    return Letter(root, cutter.truncated)


def head_of(raw: bytes) -> tuple[Headers, bytes]:
    """The headers of a nested message and the rest, without cutting it further."""
    start = len(raw) - len(raw.lstrip(b"\r\n"))
    headers, at = _head(raw, start, len(raw))
    return headers, raw[at:]


def _first_field(raw: bytes, start: int) -> int:
    """Skip one block of junk that stands before the headers and has no field in it."""
    end, after = _blank_line(raw, start, min(len(raw), start + _MAX_HEAD))
    if after < len(raw) and not _FIELD.search(raw[start:end].decode("latin-1")) and _KNOWN_FIELD.match(raw, after):
        return after
    return start


def _blank_line(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the head ends and where the body begins; both at the end when no blank line is found."""
    for opening in (b"\n", b"\r\n"):
        if raw.startswith(opening, start, end):
            return start, start + len(opening)
    found = _BLANK_LINE.search(raw, start, end)
    return (found.start() + 1, found.end()) if found else (end, end)


def _head(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers, and where the body begins: lines after the last field are body although no blank line came."""
    stop, after = _blank_line(raw, start, min(end, start + _MAX_HEAD))
    block = raw[start:stop].decode("ascii", "surrogateescape")
    fields: dict[str, list[str]] = {}
    last = 0
    for found in _FIELD.finditer(block):
        fields.setdefault(found[1].lower(), []).append(found[2].rstrip("\r"))
        last = found.end()
    if block[last:].strip():
        return Headers(fields), start + last + (1 if block.startswith("\n", last) else 0)
    return Headers(fields), after


class _Cutter:
    """The recursion over one buffer, counting what it has made."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._parts = 0
        self.truncated = False

    def part(self, start: int, end: int, default: str, depth: int) -> Part:
        self._parts += 1
        headers, body = _head(self._raw, start, end)
        value = headers.first("content-type")
        kind = _kind(value, default)
        known = parameters(_NO_SEMICOLON.sub(";", value)) if "=" in value else {}
        if not kind.startswith("multipart/"):
            return Part(headers, kind, known, self._raw[body:end])
        if depth == 0:
            self.truncated = True
            return Part(headers, "application/octet-stream", known, self._raw[body:end])
        spans = self._spans(body, end, known.get("boundary", "").strip())
        if not spans:
            return Part(headers, "text/plain", known, self._raw[body:end])
        below = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        children = []
        for first, last in spans:
            if self._parts >= MAX_PARTS:
                self.truncated = True
                break
            children.append(self.part(first, last, below, depth - 1))
        return Part(headers, kind, known, children=children)

    def _spans(self, start: int, end: int, boundary: str) -> list[tuple[int, int]]:
        """From and to of each child, found by the boundary as told, or by the one that is plainly in use."""
        told = boundary.encode("utf-8", "surrogateescape")[:200]
        spans = self._between(start, end, told) if told else []
        if spans:
            return spans
        guess = _GUESSED_BOUNDARY.search(self._raw, start, min(end, start + 100_000))
        return self._between(start, end, guess[1]) if guess and guess[1] != told else []

    def _between(self, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
        raw, marker = self._raw, b"--" + boundary
        spans: list[tuple[int, int]] = []
        opened = -1
        at = raw.find(marker, start, end)
        for _ in range(_MAX_LOOKALIKES):
            if at < 0:
                break
            after = _AFTER_BOUNDARY.match(raw, at + len(marker), end) if at == start or raw[at - 1] == 10 else None
            if after:
                if opened >= 0:
                    spans.append((opened, _without_line_end(raw, opened, at)))
                opened = after.end()
                if after[1] or len(spans) > MAX_PARTS:
                    return spans
            at = raw.find(marker, at + len(marker), end)
        if opened >= 0:
            spans.append((opened, end))
        return spans


def _without_line_end(raw: bytes, start: int, at: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if at > start and raw[at - 1] == 10:
        at -= 1
        if at > start and raw[at - 1] == 13:
            at -= 1
    return at


def _kind(value: str, default: str) -> str:
    found = _TYPE.match(value)
    if found:
        return found[1].lower()
    word = value.partition(";")[0].strip().lower()
    if word in {"multipart", "mixed"}:
        return "multipart/mixed"
    return "text/html" if word == "html" else default
