"""What can be seen of a letter that cannot be read: its first header lines and its bytes as text; pure and bounded."""

from __future__ import annotations

from dataclasses import dataclass

from app.mail.addresses import mailboxes
from app.mail.charsets import decode
from app.mail.flowed import plain
from app.mail.headers import text_of

_HEAD_BYTES, _VALUE_CHARS = 32_000, 2_000
#: So much of the bytes is shown as text.
SHOWN_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Glimpse:
    """Who seems to write, about what, and the beginning of the raw letter as text."""

    email: str
    name: str
    subject: str
    text: str


def glimpse(raw: bytes) -> Glimpse:
    """Look at a letter without reading it; raises nothing."""
    fields = _fields(raw[:_HEAD_BYTES])
    boxes = mailboxes(fields.get("from", "")) or mailboxes(fields.get("reply-to", ""))
    box = next((box for box in boxes if box.address), boxes[0] if boxes else None)
    return Glimpse(
        email=box.address if box else "", name=box.name[:200] if box else "",
        subject=text_of(fields.get("subject", ""))[:255], text=plain(decode(raw[:SHOWN_BYTES])),
    )  # fmt: skip


def _fields(head: bytes) -> dict[str, str]:
    """The first value of each field before the first empty line, unfolded."""
    found: dict[str, str] = {}
    name = ""
    for line in head.decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n"):
        if not line:
            break
        if line[0] in " \t" and name:
            found[name] = f"{found[name]} {line.strip()}"[:_VALUE_CHARS]
            continue
        label, colon, value = line.partition(":")
        name = label.strip().lower() if colon else ""
        if name:
            found.setdefault(name, value.strip()[:_VALUE_CHARS])
    return found
