"""Addresses read with tolerance: names with commas, empty brackets, comments, groups, and what no grammar accepts.

Text that could be read as two different addresses gives none, so that nobody is taken for somebody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.mail.headers import decode_words, one_line, without_bidi

#: Longer recipient lists are read so far; 5,000 ordinary addresses fit.
_MAX_CHARS = 600_000
_MAX_ADDRESS = 320
_ESCAPED = re.compile(r"\\(.)")
_PLAIN = re.compile(r"[^\",;:<>()\\]+")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*+)\"", re.DOTALL)
_ANGLE = re.compile(r"<([^<>]*+)>")
_COMMENT = re.compile(r"\\.|[()]", re.DOTALL)
#: An encoded word in Q, whose raw commas and brackets are part of the name.
_Q_WORD = re.compile(r"(=\?[^?\s=]{1,60}\?[qQ]\?)([^?]*)(\?=)")
_SPECIAL = re.compile(r"[\",;:<>()\\]")
_INVISIBLE = re.compile(r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\]\\\x00-\x1f\x7f]+|\"(?:[^\"\\\x00-\x1f]|\\.)+\"")
_DOMAIN = re.compile(r"[^\s\"(),:;<>@\\\x00-\x1f\x7f]+")
_BARE = re.compile(r"\S+@\S+")
_AROUND_AT = re.compile(r"\s*@\s*")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A decoded display name and a lower-cased address; either may be empty, not both."""

    name: str
    address: str


@dataclass(slots=True)
class _Entry:
    """What stands between two commas, taken apart."""

    words: list[str]
    angles: list[str]
    comments: list[str]
    broken: bool = False

    @property
    def filled(self) -> bool:
        return bool(self.words or self.angles or self.comments or self.broken)


def mailboxes(value: str, hint: str = "") -> list[Mailbox]:
    """The mailboxes of a raw address header, in order; entries without any address keep their name only."""
    entries = _Scanner(value[:_MAX_CHARS]).entries()
    found: list[Mailbox] = []
    pending: list[str] = []
    for entry in entries:
        address = _address(entry)
        name = _name(entry, address, hint)
        if not address and not entry.angles and not entry.broken:
            pending.append(name)
            continue
        # "Doe, John <john@…>" without quotes: the part before the comma belongs to the name.
        name = ", ".join([*filter(None, pending), name]) if entry.angles else name
        pending = []
        if address or name:
            found.append(Mailbox(name, address))
    if not found and any(pending):
        return _encoded_whole(value, hint) or [Mailbox(", ".join(filter(None, pending)), "")]
    return found


def addresses(values: list[str]) -> list[str]:
    """All usable addresses of several headers of one kind, in order."""
    return [box.address for value in values for box in mailboxes(value) if box.address]


def _encoded_whole(value: str, hint: str) -> list[Mailbox]:
    """Some mailers encode name and address together; decoded once, the header may read well."""
    decoded = decode_words(value[:_MAX_CHARS], hint) if "=?" in value else value
    return mailboxes(decoded, hint) if decoded != value and "@" in decoded and "=?" not in decoded else []


def _name(entry: _Entry, address: str, hint: str) -> str:
    raw = _spoken(entry, address) or " ".join(entry.comments)
    name = without_bidi(one_line(decode_words(raw, hint)))[:500]
    while len(name) >= 2 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return name


def _spoken(entry: _Entry, address: str) -> str:
    """The words of an entry that are not its address: all of them where that stands in angle brackets."""
    told = " ".join(entry.words)
    if entry.angles or not address:
        return told
    return "" if " " not in told or _usable(told) else _BARE.sub("", _AROUND_AT.sub("@", told)).strip()


def _address(entry: _Entry) -> str:
    if entry.broken:
        return ""
    for angle in entry.angles:
        usable = _usable(angle)
        if usable:
            return usable
    if entry.angles and any(angle.strip() for angle in entry.angles):
        return ""
    text = " ".join(entry.words)
    whole = _usable(text)
    bare = _BARE.findall(_AROUND_AT.sub("@", text)) if not whole else []
    return whole or (_usable(bare[0]) if len(bare) == 1 else "")


def _usable(text: str) -> str:
    """The address in canonical form, or an empty string when it cannot be written to."""
    if "@" not in text:
        return ""
    text = decode_words(text).strip(" \t\r\n'<>,;")
    text = _AROUND_AT.sub("@", text if '"@' in text else text.strip("\"'"))
    text = text if text.isascii() else _INVISIBLE.sub("", text)
    text = text[7:] if text.lower().startswith("mailto:") else text
    if text.startswith("@") and ":" in text:
        text = text.partition(":")[2]
    local, at, domain = text.rpartition("@")
    domain = domain.rstrip(".")
    if not at or len(text) > _MAX_ADDRESS or not _DOMAIN.fullmatch(domain):
        return ""
    if not _LOCAL.fullmatch(local):
        return ""
    address = f"{local}@{domain}".lower()
    return address if address.isprintable() else ""


def _armoured(word: re.Match[str]) -> str:
    return word[1] + _SPECIAL.sub(lambda char: f"={ord(char[0]):02X}", word[2]) + word[3]


class _Scanner:
    """One pass over the value; an unclosed quote or comment is taken literally from there on, so time is linear."""

    def __init__(self, value: str) -> None:
        value = value.replace("\r", "").replace("\n", " ")
        self._value = _Q_WORD.sub(_armoured, value) if "=?" in value else value
        self._has_groups = self._value.rstrip().endswith(";")
        self._at = 0
        self._quotes = self._comments = True

    def entries(self) -> list[_Entry]:
        entries = [_Entry([], [], [])]
        while self._at < len(self._value):
            char = self._value[self._at]
            if char in ",;":
                self._at += 1
                if entries[-1].filled:
                    entries.append(_Entry([], [], []))
            elif char == ":" and self._opens_group(entries[-1]):
                self._at += 1
                entries[-1] = _Entry([], [], [])
            else:
                self._take(char, entries[-1])
        return [entry for entry in entries if entry.filled]

    def _opens_group(self, entry: _Entry) -> bool:
        """A group's list ends with a semicolon; without one, a colon is a part of the name."""
        return self._has_groups and not entry.angles and "@" not in "".join(entry.words)

    def _take(self, char: str, entry: _Entry) -> None:
        if char == '"' and self._quotes:
            self._quoted(entry)
        elif char == "(" and self._comments:
            self._comment(entry)
        elif char == "<":
            self._angle(entry)
        elif char == ")":
            entry.broken = True
            self._at += 1
        else:
            self._word(entry)

    def _quoted(self, entry: _Entry) -> None:
        found = _QUOTED.match(self._value, self._at)
        if not found:
            self._quotes = False
            self._at += 1
            return
        self._at = found.end()
        if self._value.startswith("@", self._at):
            entry.words.append(found[0] + self._rest_of_word())
        else:
            entry.words.append(_ESCAPED.sub(r"\1", found[1]))

    def _rest_of_word(self) -> str:
        found = _PLAIN.match(self._value, self._at)
        self._at = found.end() if found else self._at
        return found[0].strip() if found else ""

    def _angle(self, entry: _Entry) -> None:
        found = _ANGLE.match(self._value, self._at)
        if found:
            entry.angles.append(found[1])
            self._at = found.end()
        else:
            self._at += 1

    def _comment(self, entry: _Entry) -> None:
        depth = 0
        for mark in _COMMENT.finditer(self._value, self._at):
            depth += {"(": 1, ")": -1}.get(mark[0], 0)
            if depth == 0:
                entry.comments.append(self._value[self._at + 1 : mark.start()])
                self._at = mark.end()
                return
        self._comments = False
        self._at += 1

    def _word(self, entry: _Entry) -> None:
        found = _PLAIN.match(self._value, self._at)
        self._at = found.end() if found else self._at + 1
        if found and found[0].strip():
            entry.words.append(found[0].strip())
