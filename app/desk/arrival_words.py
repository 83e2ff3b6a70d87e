"""Letters that arrived, in words: why one cannot be read, why one is held, why one was filed where it is."""

from __future__ import annotations

from flask_babel import gettext as _


def unread(reason: str) -> str:
    """Why a letter could not be read."""
    code, _blank, name = reason.partition(" ")
    if code == "fault":
        return _("The reader stumbled over it (%(name)s).", name=name or "?")
    words = {
        "time": _("Reading it took too long."), "memory": _("Reading it wanted too much memory."),
        "died": _("The program that read it ended each time."), "no_author": _("It says nobody one could answer."),
        "no_letter": _("It is no e-mail: nothing in it says who wrote it, when, or about what."),
        "too_large": _("It is larger than 25 MB and stays on its server; only its header is here."),
        "unreadable": _("Fetching it broke off five times; it stays on its server, and only its header is here."),
    }  # fmt: skip
    return words.get(code, _("It could not be read."))


def robot(reason: str) -> str:
    """Why a letter is taken for a machine's."""
    words = {
        "submitted": _("It says of itself that a machine sent it."),
        "returned": _("It says that nobody is to be answered (empty return address)."),
        "precedence": _("It says that it went to many, or is an automatic answer (Precedence)."),
        "suppressed": _("It asks for no automatic answer (X-Auto-Response-Suppress)."),
        "list": _("It comes from a mailing list or a newsletter."),
        "machine": _("It bears the sign of a program that answers by itself."),
        "report": _("It is a machine's report, such as a receipt."),
        "own_letter": _("It is one of our own e-mails, which came back to us."),
        "bounce": _("The other server could not deliver our e-mail."),
        "bounce_unproven": _("It speaks of an e-mail of ours but proves nothing: the address stays as it was."),
        "bounce_stray": _("It reports a failed delivery of which we know no e-mail."),
    }
    return words.get(reason, _("Its header says that a machine sent it."))


def held(reason: str) -> str:
    """Why a letter is held."""
    if not reason:
        return _("Its sender takes no part in this request.")
    words = {
        "stranger_with_token": _("Its sender takes no part in this request, but knows its private address."),
        "third_party": _("It comes from somebody this request was forwarded to."),
        "not_authentic": _("Our mail server doubts that it comes from the address it names."),
    }
    return words.get(reason, _("It was moved here, and its sender takes no part in this request."))


def why(fate: str, reason: str) -> str:
    """Why a letter met its fate, whichever it is; empty where there is nothing to say."""
    if fate == "waiting":
        return _("It waits for its turn.") if not reason else unread(reason)
    words = {"unparsed": unread, "held": held, "bounce": robot, "automatic": robot, "reply": filed, "ticket": filed}
    if fate in words:
        return words[fate](reason)
    return {"duplicate": _("The same e-mail is here already."), "slow": _("Its sender wrote very many.")}.get(fate, "")


def filed(reason: str) -> str:
    """Why a letter was filed where it is."""
    words = {
        "token": _("Filed here by the private address among its recipients."),
        "answer": _("Filed here because it answers one of our e-mails."),
        "reference": _("Filed here because it answers an e-mail of this request."),
        "number": _("Filed here by the number in its subject."),
        "new": _("It opened a request of its own: it answers nothing we know."),
        "perhaps_same": _("It opened a request of its own: its sender takes no part in the one it answers."),
        "too_late": _("It opened a request of its own: the one it answers had ended long before."),
        "by_hand": _("A colleague made a request of it by hand."),
    }
    return words.get(reason, _("A colleague decided that it belongs here."))
