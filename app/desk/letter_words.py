"""What a mail server's answer means, in words an agent can act on; and why no e-mail leaves at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from app.mail.stoppage import Alarm

Sentence = Callable[[], str]

#: States of an e-mail of which nothing bad is known.
LEFT = frozenset({"waiting", "sending", "sent", "shown"})

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_PLAIN = re.compile(r"([45]\d\d)\b")


def _unknown() -> str:
    return _("This address does not exist. Ask for the right one, or correct it.")


def _full() -> str:
    return _("The mailbox is full.")


def _too_big() -> str:
    return _("The e-mail is too big for the other server.")


def _unwanted() -> str:
    return _("The other server takes our e-mails for unwanted ones.")


def _no_domain() -> str:
    return _("What follows the @ does not exist, or takes no e-mail. Look for a slip of the pen.")


def _later() -> str:
    return _("The other server asks us to come back later.")


#: By enhanced status code (RFC 3463), class left out, the whole code before its middle alone.
_BY_STATUS: Mapping[str, Sentence] = {
    "1.2": _no_domain, "1.8": _unwanted, "1.10": _no_domain, "1": _unknown, "2.1": lambda: _("This mailbox is closed."),
    "2.2": _full, "2.3": _too_big, "2": _full, "3.4": _too_big, "4.4": _no_domain, "4.7": _later, "4": _later,
    "6.7": lambda: _("The mail server cannot write to an address with accents."),
    "6": lambda: _("The e-mail could not be written in a form servers take."), "7.1": _unwanted, "7": _unwanted,
}  # fmt: skip
#: By plain code (RFC 5321), where nothing better is said.
_BY_CODE: Mapping[str, Sentence] = {
    "421": _later, "450": _later, "451": _later, "452": _full, "550": _unknown, "551": _unknown, "552": _too_big,
    "553": _unknown, "554": _unwanted,
}  # fmt: skip


def cause(answer: str) -> str:
    """Why a letter was not delivered, from the server's last word; empty when that says nothing known."""
    status = _ENHANCED.search(answer)
    if status is not None:
        kind, middle, last = status.groups()
        if kind == "4" and middle not in {"2"}:
            return _later()
        found = _BY_STATUS.get(f"{middle}.{last}") or _BY_STATUS.get(middle)
        return found() if found else _("The other server refused it.") if kind == "5" else ""
    plain = _PLAIN.match(answer.rpartition(" · ")[2])
    if plain is not None:
        return _BY_CODE.get(plain[1], lambda: _("The other server refused it."))()
    return _("The mail server did not answer in time.") if "timed out" in answer else ""


def alarm_title(alarm: Alarm) -> str:
    """Why no e-mail leaves."""
    titles: Mapping[str, Sentence] = {
        "auth": lambda: _("No e-mail leaves: the mail server does not know us"),
        "tls": lambda: _("No e-mail leaves: the mail server cannot be trusted"),
        "sender": lambda: _("No e-mail leaves: the mail server refuses our address"),
        "down": lambda: _("No e-mail leaves: the mail server does not answer"),
    }
    return titles[alarm.kind]()


def alarm_advice(alarm: Alarm) -> str:
    """What to do about it."""
    advice: Mapping[str, Sentence] = {
        "auth": lambda: _("Mend the name or password in SMTP_URL, then restart the worker."),
        "tls": lambda: _("It offers no encryption, or shows a certificate that is not its own."),
        "sender": lambda: _("It takes nothing from MAIL_ADDRESS: allow that address there."),
        "down": lambda: _("It is tried again by itself, soon at first, then every quarter of an hour."),
    }
    return advice[alarm.kind]()
