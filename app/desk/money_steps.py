"""How the desk says the steps of the chain that auditors read, and what is wrong with it; no question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.kernel.audit import AuditEntry, Verdict
from app.web.presentation import money
from app.web.tongue import language

#: By verb. Given: what it was about, without its kind; what the entry holds; the amount in words.
_STEPS: Mapping[str, Callable[[str, Mapping[str, Any], str], str]] = {
    "money_locked": lambda _about, data, cash: ngettext(
        "Locked: %(amount)s, %(num)s line, to look at: %(held)s",
        "Locked: %(amount)s, %(num)s lines, to look at: %(held)s",
        int(data.get("lines", 0)), amount=cash, held=data.get("held", 0),
    ),
    "batches_made": lambda _about, data, _cash: _("Put into batches: %(batches)s", batches=", ".join(data)),
    "batch_approved": lambda about, _data, cash: _("Approved %(what)s: %(amount)s", what=about, amount=cash),
    "batch_discarded": lambda about, _data, cash: _("Took %(what)s apart: %(amount)s", what=about, amount=cash),
    "batch_exported": lambda about, data, cash: _(
        "Made the file of %(what)s: %(file)s, %(amount)s", what=about, file=data.get("name", ""), amount=cash
    ),
    "entries_exported": lambda about, _data, _cash: _("Made the file of entries %(what)s", what=about),
    "file_read": lambda about, _data, _cash: _("Took the file %(what)s out", what=about),
    "batch_paid": lambda about, data, cash: _(
        "Noted %(what)s as settled on %(day)s: %(amount)s", what=about, day=data.get("on", ""), amount=cash
    ),
    "batch_marked": lambda about, data, _cash: ngettext(
        "Told the ticketing system of %(what)s: it took %(num)s line, refused %(refused)s, %(left)s are left",
        "Told the ticketing system of %(what)s: it took %(num)s lines, refused %(refused)s, %(left)s are left",
        int(data.get("taken", 0)), what=about, refused=data.get("refused", 0), left=data.get("left", 0),
    ),
    "rejects_taken": lambda _about, data, cash: ngettext(
        "Took a file of the bank: %(num)s line came back, %(amount)s",
        "Took a file of the bank: %(num)s lines came back, %(amount)s", int(data.get("lines", 0)), amount=cash,
    ),
    "line_doubted": lambda about, _data, _cash: _(
        "Line %(what)s waits for a look: a bank takes a payment back", what=about
    ),
    "companion_apart": lambda about, _data, cash: _(
        "%(amount)s of the credit %(what)s became a companion’s", what=about, amount=cash
    ),
    "companion_back": lambda about, _data, cash: _(
        "%(amount)s of a companion are the credit %(what)s’s again", what=about, amount=cash
    ),
    "payment_disputed": lambda about, _data, _cash: _("Noted that a bank takes back payment %(what)s", what=about),
    "payment_undisputed": lambda about, _data, _cash: _(
        "Noted that no bank takes back payment %(what)s", what=about
    ),
    "line_corrected": lambda about, data, _cash: _(
        "Another account was given: %(what)s follows %(before)s", what=about, before=data.get("after", "")
    ),
}  # fmt: skip
_BROKEN: Mapping[str, Callable[[int], str]] = {
    "changed": lambda serial: _("Entry %(serial)s was changed after it was written.", serial=serial),
    "missing": lambda serial: _("Entry %(serial)s is missing, or stands in the wrong place.", serial=serial),
    "end": lambda serial: _("The last entries were taken away, from %(serial)s on.", serial=serial),
    "anchor": lambda serial: _(
        "Entry %(serial)s is not what the anchor outside the database says: the chain was written anew.", serial=serial
    ),
    "anchor_form": lambda _serial: _("The file of anchors holds lines that the house did not sign."),
}  # fmt: skip


def step(entry: AuditEntry) -> str:
    """One step in words."""
    about = entry.subject.partition(":")[2]
    if entry.verb == "line_reviewed":
        released = entry.data.get("decision") == "released"
        return _("Released the line %(what)s", what=about) if released else _("Refused the line %(what)s", what=about)
    found = _STEPS.get(entry.verb)
    return found(about, entry.data, money(int(entry.data.get("cents", 0)), "EUR", language())) if found else entry.verb


def broken(verdict: Verdict) -> str:
    """What is wrong with the chain; empty where nothing is."""
    return "" if verdict.ok else _BROKEN[verdict.why](verdict.broken or 0)
