"""Mailboxes in words: how one fares, what stands in its way, what a person must know; no decision is made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.mail.mailboxes import MailboxCard
from app.mail.probing import Outcome

#: Failures in a row after which a mailbox that is on is said to be in trouble.
_MANY = 3

_TROUBLES: Mapping[str, Callable[[], str]] = {
    "host": lambda: _("This server cannot be found, or may not be called."),
    "tls": lambda: _("The connection could not be encrypted: look at port, encryption and certificate of the server."),
    "no_answer": lambda: _("The server does not answer."),
    "sign_in": lambda: _("The server refuses the user name or the password."),
    "later": lambda: _("The server cannot sign anybody in at the moment."),
    "folder": lambda: _("There is no folder of this name."),
    "broken": lambda: _("The connection broke off, or the server answered something nobody understands."),
    "refused": lambda: _("The server did not let us mark e-mails as read."),
    "move": lambda: _("E-mails cannot be moved to the other folder: does it exist?"),
    "no_secret": lambda: _("There is nothing to sign in with yet."),
    "key": lambda: _("What was kept to sign in cannot be opened with the present key: give it again."),
    "provider": lambda: _("The provider of this consent is not set up any more."),
    "consent": lambda: _("The provider gave no consent. Connect again."),
    "access": lambda: _("The folder, or a file in it, cannot be read or taken away: look at its rights."),
    "stranger": lambda: _("A file lies in the folder that is no e-mail: its name does not end in .eml."),
}  # fmt: skip


def trouble(code: str) -> str:
    """What stands in the way of a mailbox."""
    found = _TROUBLES.get(code)
    return found() if found else code


def state(card: MailboxCard) -> tuple[str, str, str]:
    """How a mailbox fares. Shape: (word, kind of chip, icon)."""
    if card.state == "on" and not card.error:
        return (
            (pgettext("mailbox", "On"), "ok", "check")
            if card.contact_at
            else (_("First contact to come"), "info", "clock")
        )
    if card.state == "on":
        return (_("In trouble"), "bad", "alert") if card.failures >= _MANY else (_("Trying again"), "warn", "clock")
    known = {
        "off": (pgettext("mailbox", "Off"), "pause", "pause"),
        "stopped": (pgettext("mailbox", "Stopped"), "bad", "alert"),
        "retired": (pgettext("mailbox", "Retired"), "line", "x"),
    }  # fmt: skip
    return known[card.state]


def alarm(card: MailboxCard) -> tuple[str, str]:
    """What a person must know. Shape: (title, sentence), both empty when all is well."""
    known = {
        "sign_in": (
            _("%(name)s is stopped: its server refuses the sign-in", name=card.draft.name),
            _("Nobody tries again until you have given the right password, or connected it again, and switched it on."),
        ),
        "renumbered": (
            _("The server of %(name)s gave its e-mails new numbers", name=card.draft.name),
            _("Each was looked at again; those already here were recognised and make no second request."),
        ),
    }
    return known.get(card.alarm, ("", ""))


def outcome(told: Outcome, *, folder: bool = False) -> str:
    """How a test went, in one sentence."""
    if told.code != "ok":
        return trouble(told.code)
    if folder:
        return ngettext(
            "The folder can be used; %(num)s e-mail lies in it.", "The folder can be used; %(num)s e-mails lie in it.",
            told.count,
        )  # fmt: skip
    return ngettext(
        "The connection works; %(num)s e-mail lies in the folder.",
        "The connection works; %(num)s e-mails lie in the folder.", told.count,
    )  # fmt: skip


def securities() -> list[tuple[str, str]]:
    """Ways to encrypt, as choices."""
    return [
        ("tls", _("TLS from the first byte (port 993)")), ("starttls", _("STARTTLS (port 143)")),
        ("plain", _("None (only on this machine)")),
    ]  # fmt: skip


def sign_ins(offered: list[str], present: str) -> list[tuple[str, str]]:
    """Ways to sign in, as choices: a password, and the consents that are set up."""
    names = {
        "password": _("Password"), "google": _("Consent at Google"), "microsoft": _("Consent at Microsoft"),
        "custom": _("Consent at another provider"),
    }  # fmt: skip
    return [(code, name) for code, name in names.items() if code in {"password", present, *offered}]


def afters(*, folder: bool = False) -> list[tuple[str, str]]:
    """What befalls an e-mail that is safe here, as choices."""
    if folder:
        return [("remove", _("removed from there")), ("move", _("moved to its folder “taken”"))]
    return [("seen", _("marked as read")), ("move", _("moved to another folder"))]


def fields() -> dict[str, str]:
    """What a mailbox consists of, for the history of changes."""
    return {
        "kind": _("Kind"), "host": _("Server"), "port": _("Port"), "security": _("Encryption"), "user": _("User name"),
        "auth": _("Signing in by"), "secret": _("Password or consent"), "folder": _("Folder"),
        "after": _("Once safe here, an e-mail is"), "move_to": _("Other folder"), "language": _("Language"),
        "take_old": _("E-mails already there"), "state": _("State"),
    }  # fmt: skip
