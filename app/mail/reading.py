"""What one raw letter says: the pure reading on which threading, sorting and answering build.

Any bytes can be read; time and memory are bounded by the caps of the modules below, and nothing is looked up outside.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from app.mail import html, own_lists
from app.mail.addresses import Mailbox, addresses, mailboxes
from app.mail.automatic import Bounce, Evidence, Sender, bounce_of, evidence_of, is_auto_reply, list_alone, machine_sign
from app.mail.bodies import MAX_TEXT, Attachment, charset_hint, content_of
from app.mail.charsets import decode
from app.mail.flowed import plain
from app.mail.headers import clean_id, date_of, message_ids, text_of, without_bidi
from app.mail.mime import Headers, cut
from app.mail.quotation import own_words

#: Written where a letter brings no Message-ID of its own; no host answers to it.
GENERATED_HOST = "generated.invalid"
_HEADS = frozenset({"from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "mime-version"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One letter, read.

    Addresses are lower-cased, ids stand without angle brackets, texts have LF line ends and no NUL. ``return_path`` is
    None without such a field and empty for the null sender. ``machine`` is the sign by which no person wrote it
    (``machine_sign``) and ``list_id`` the list that alone makes it a machine's; ``writers`` are the addresses that may
    be its author's, the likeliest first, and ``authors`` those of them that From itself names. ``headed`` tells whether
    it begins as letters do, with fields that say who, when or about what. ``carried`` tells that a list of ours brought
    it, whose own the envelope is then, and ``rewritten`` that the list wrote itself into From, so that nothing proves
    its author. ``raw_html`` is as sent: show only ``safe_html(reading)``. ``truncated`` tells that a cap left something
    of the letter unread.
    """

    from_email: str
    from_name: str
    subject: str
    text: str
    reply_text: str
    raw_html: str
    message_id: str
    in_reply_to: str
    is_auto_reply: bool
    date: datetime | None
    return_path: str | None
    bounce: Bounce | None
    truncated: bool
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    auth_results: tuple[str, ...] = field(default=(), repr=False)
    evidence: Evidence | None = None
    machine: str = ""
    writers: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    headed: bool = True
    list_id: str = ""
    carried: bool = False
    rewritten: bool = False

    @property
    def is_bounce(self) -> bool:
        """Whether the letter reports a failed or delayed delivery."""
        return self.bounce is not None

    @property
    def is_delayed(self) -> bool:
        """Whether the report only warns that the delivery takes long, and goes on being tried."""
        return self.bounce is not None and self.bounce.action == "delayed"

    @property
    def bounced_mid(self) -> str:
        """The id of the letter that came back, where the report tells it."""
        return self.bounce.original_message_id if self.bounce else ""

    @property
    def bounce_status(self) -> str:
        """The status of the report, such as ``5.1.1``; empty when it tells none or there is no report."""
        return self.bounce.status if self.bounce else ""


def read(raw: bytes) -> Reading:
    """Read one raw letter.

    Args:
        raw: the bytes as they came, line ends of any kind.
    """
    letter = cut(raw)
    headers = letter.root.headers
    hint = charset_hint(letter) if not raw[:100_000].isascii() else ""
    content = content_of(letter)
    subject = without_bidi(text_of(headers.first("subject"), hint))
    carried = own_lists.carried(headers)
    sender, rewritten = _sender(headers, hint), False
    if carried and own_lists.wrote_itself(headers, sender.email):
        sender, rewritten = _behind_list(headers, sender, hint), True
    machine = machine_sign(headers, sender)
    bounce = bounce_of(letter, sender, subject, content.text)
    answered = message_ids(headers.first("in-reply-to"))
    return Reading(
        from_email=sender.email,
        from_name=sender.name,
        subject=subject,
        text=content.text,
        reply_text=own_words(content.text),
        raw_html=content.html,
        message_id=_message_id(headers, raw),
        in_reply_to=answered[0] if answered else "",
        is_auto_reply=bounce is not None or is_auto_reply(headers, sender, subject),
        date=date_of(headers.first("date")),
        return_path=sender.return_path,
        bounce=bounce,
        truncated=content.truncated,
        to=tuple(addresses(headers.all("to"))),
        cc=tuple(addresses(headers.all("cc"))),
        reply_to=tuple(addresses(headers.all("reply-to"))),
        delivered_to=_delivered_to(headers),
        references=tuple(message_ids(" ".join(headers.all("references")))),
        attachments=content.attachments,
        auth_results=tuple(text_of(value) for value in headers.all("authentication-results")),
        evidence=evidence_of(letter, sender, content.text) if bounce else None,
        machine=machine,
        writers=_writers(headers, sender, carried=carried, rewritten=rewritten),
        authors=tuple(addresses(headers.all("from"))),
        headed=not _HEADS.isdisjoint(headers.fields),
        list_id=list_alone(headers, sender) if machine and "list-id" in headers else "",
        carried=carried,
        rewritten=rewritten,
    )


def safe_html(reading: Reading) -> str:
    """The letter's HTML made safe for the agent's page; an empty string when it has none.

    Separate from ``read`` because taking a letter in does not need it.
    """
    return html.safe(reading.raw_html)


def parse(raw: bytes) -> dict[str, object]:
    """The reading as plain values, as the terminal prints it.

    Shape: the keys of the parse contract; ``attachments`` are ``{name, type, size}`` and ``date`` is ISO 8601 or None.
    Raises nothing: a letter that a fault of ours stops is told by its bytes alone.
    """
    try:
        reading = read(raw)
    except Exception:
        reading = _unread(raw)
    return {
        "from_email": reading.from_email,
        "from_name": reading.from_name,
        "to": list(reading.to),
        "cc": list(reading.cc),
        "reply_to": list(reading.reply_to),
        "subject": reading.subject,
        "text": reading.text,
        "reply_text": reading.reply_text,
        "html": safe_html(reading),
        "attachments": [{"name": file.name, "type": file.type, "size": file.size} for file in reading.attachments],
        "message_id": reading.message_id,
        "in_reply_to": reading.in_reply_to,
        "references": list(reading.references),
        "is_auto_reply": reading.is_auto_reply,
        "is_bounce": reading.is_bounce,
        "date": reading.date.isoformat() if reading.date else None,
    }


def _unread(raw: bytes) -> Reading:
    """A reading that knows nothing but the words that stand in the bytes."""
    return Reading(
        from_email="",
        from_name="",
        subject="",
        text=plain(decode(raw[:MAX_TEXT])),
        reply_text="",
        raw_html="",
        message_id=_made_of(raw),
        in_reply_to="",
        is_auto_reply=True,
        date=None,
        return_path=None,
        bounce=None,
        truncated=True,
    )


def _sender(headers: Headers, hint: str) -> Sender:
    """The first author with a usable address; failing that whoever is to be answered, returned to, or sent it."""
    boxes = [box for value in headers.all("from") for box in mailboxes(value, hint)]
    author = next((box for box in boxes if box.address), None)
    return_path = _return_path(headers)
    if author:
        return Sender(author.address, author.name, return_path)
    name = boxes[0].name if boxes else ""
    answered = [box for value in headers.all("reply-to") for box in mailboxes(value, hint)]
    sent = [box for value in headers.all("sender") for box in mailboxes(value, hint)]
    others = [*answered, Mailbox("", return_path or ""), *sent]
    known = next((box for box in others if box.address), Mailbox("", ""))
    return Sender(known.address, name or known.name, return_path)


def _behind_list(headers: Headers, sender: Sender, hint: str) -> Sender:
    """Whoever wrote a letter into whose From a list wrote itself; without an address where nothing tells."""
    author = next(iter(own_lists.authors(headers, hint)), Mailbox("", ""))
    return Sender(author.address, author.name or own_lists.bare(sender.name), sender.return_path)


def _writers(headers: Headers, sender: Sender, *, carried: bool, rewritten: bool) -> tuple[str, ...]:
    if rewritten:
        return tuple(dict.fromkeys(box.address for box in own_lists.authors(headers)))
    fields = ("from", "reply-to") if carried else ("from", "reply-to", "return-path", "sender")
    named = [addresses(headers.all(name)) for name in fields]
    return tuple(dict.fromkeys(filter(None, (sender.email, *(address for group in named for address in group)))))


def _return_path(headers: Headers) -> str | None:
    if "return-path" not in headers:
        return None
    found = addresses([headers.first("return-path")])
    return found[0] if found else ""


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    """The addresses the letter was really delivered to, where the receiving server wrote them down."""
    names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
    return tuple(dict.fromkeys(addresses([value for name in names for value in headers.all(name)])))


def _message_id(headers: Headers, raw: bytes) -> str:
    """The letter's own id, else one made of its bytes, so that a second delivery is recognised."""
    told = message_ids(headers.first("message-id"))
    own = told[0] if told else clean_id(headers.first("message-id"))
    return own or _made_of(raw)


def _made_of(raw: bytes) -> str:
    return f"{hashlib.sha256(raw).hexdigest()[:40]}@{GENERATED_HOST}"
