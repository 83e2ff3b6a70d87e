"""Lists of the house whose letters people write, and what such a list changed of a letter on its way; pure.

Source: RFC 2919 and RFC 2369; what Google Groups, Mailman and Sympa write where a sender's domain forbids others its
name: the list's own address into From, the author's elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.mail.addresses import Mailbox, mailboxes
from app.mail.headers import decode_words
from app.mail.mime import Headers

_MAX_NAME = 255
_BRACKETS = re.compile(r"<\s*([^<>\s]+)\s*>")
_POST = re.compile(r"<\s*mailto:([^<>\s?]+)", re.IGNORECASE)
_VIA = re.compile(r"\s+(?:via|par)\s+.*$", re.IGNORECASE | re.DOTALL)


class _Ours:
    """The lists that the operator named."""

    names: frozenset[str] = frozenset()


def be(names: Iterable[str]) -> None:
    """Name the lists whose letters are people's, by their List-Id."""
    _Ours.names = frozenset(name.lower() for name in names)


def ours() -> frozenset[str]:
    """The lists that the operator named."""
    return _Ours.names


def is_ours(name: str) -> bool:
    """Whether the operator named this list."""
    return name in _Ours.names


def named(headers: Headers) -> tuple[str, ...]:
    """The lists that a letter came through, by their List-Id, each once."""
    return tuple(dict.fromkeys(filter(None, map(_name, headers.all("list-id")))))


def carried(headers: Headers) -> bool:
    """Whether a letter came through lists of ours, and through no other."""
    if not _Ours.names or "list-id" not in headers:
        return False
    return bool(names := named(headers)) and _Ours.names.issuperset(names)


def wrote_itself(headers: Headers, address: str) -> bool:
    """Whether an address of a letter is that of a list which carried it."""
    posts = {found[1].lower() for value in headers.all("list-post") for found in _POST.finditer(value)}
    return address in posts or address.replace("@", ".") in named(headers)


def authors(headers: Headers, hint: str = "") -> list[Mailbox]:
    """Who wrote a letter into whose From the list wrote itself, the likeliest first; none where nothing tells."""
    fields = ("x-original-from", "reply-to", "x-original-sender")
    boxes = [box for field in fields for value in headers.all(field) for box in mailboxes(value, hint)]
    return [box for box in boxes if box.address and not wrote_itself(headers, box.address)]


def bare(name: str) -> str:
    """A person's name as it was before a list added its own: 'Léa Fontanel' via Billetterie."""
    return _VIA.sub("", name).strip("'\"’‘ ")


def _name(value: str) -> str:
    text = decode_words(value)
    found = _BRACKETS.search(text)
    words = text.split()
    told = found[1] if found else words[-1] if words else ""
    return told.lower().replace("@", ".")[:_MAX_NAME]
