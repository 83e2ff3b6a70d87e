"""Traces: which settings changed, which letters met which fate, which work failed and may be tried again."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk import arrival_words, article_page, change_words, letter_words
from app.desk.frame import tell
from app.desk.sections import show_section
from app.health import waiting
from app.kernel import changes
from app.kernel.access import Permission
from app.kernel.changes import ROWS
from app.kernel.errors import NotFound
from app.mail import balance, outgoing, stoppage
from app.web.doors import me, needs

journal = Blueprint("desk_journal", __name__, template_folder="templates", url_prefix="/regie/reglages")

#: What may become of a letter that arrived, the ones to look at first.
FATES = ("unparsed", "held", "waiting", "bounce", "automatic", "duplicate", "reply", "ticket", "slow")


@journal.get("/journal")
@needs(Permission.SETTINGS_EDIT)
def settings() -> ResponseReturnValue:
    """Who changed which setting, from what to what."""
    given = request.args.get("avant", "")
    before = int(given) if given.isdecimal() and len(given) < 10 else None
    found = changes.changes(by=me(), before=before)
    rows, more = found[:ROWS], len(found) > ROWS
    names = article_page.names_of(change_words.people_in(rows))
    return show_section(
        "desk/settings/journal.html",
        rows=[(row, change_words.subject(row.subject, names), change_words.lines(row)) for row in rows],
        names=names,
        next_url=url_for("desk_journal.settings", avant=rows[-1].id) if more else "",
        first_url=url_for("desk_journal.settings") if before else "",
    )


@journal.get("/courrier")
@needs(Permission.LETTER_READ)
def letters() -> ResponseReturnValue:
    """Letters by what became of them, and work that failed."""
    fate = request.args.get("sort", FATES[0])
    if fate not in FATES:
        raise NotFound("fate")
    return show_section(
        "desk/settings/letters.html",
        tallies=waiting.tallies(by=me()),
        failed=waiting.failed(by=me()),
        fate=fate,
        fates=[(one, change_words.fate(one)) for one in FATES],
        letters=waiting.letters(fate, by=me()),
        reasons=_reasons(fate),
        counted=waiting.COUNTED,
        arrival=arrival_words.why,
        state_name=change_words.letter_state,
        alarm=stoppage.alarm(),
        troubled=outgoing.troubled(by=me()),
        why=letter_words,
        days=balance.last_days(by=me()),
    )


def _reasons(fate: str) -> list[tuple[str, int]]:
    """In words, of which several codes may share one."""
    told = Counter[str]()
    for code, count in waiting.reasons(fate, by=me()):
        told[arrival_words.why(fate, code)] += count
    return told.most_common()


@journal.post("/courrier/essai")
@needs(Permission.LETTER_READ)
def try_now() -> ResponseReturnValue:
    """Let e-mails try to leave at once: the cause is mended."""
    stoppage.try_now(by=me())
    tell(_("The mail server is tried in a moment."))
    return redirect(url_for("desk_journal.letters"), 303)


@journal.post("/courrier/renvoi")
@needs(Permission.LETTER_READ)
def send_failed_again() -> ResponseReturnValue:
    """Send every e-mail that could not be delivered once more."""
    count = outgoing.send_failed_again(by=me())
    many = _("They are made ready %(step)s at a time; this page counts those left.", step=outgoing.AT_ONCE)
    tell(ngettext("%(num)s e-mail leaves again.", "%(num)s e-mails leave again.", count),
         more=many if count > outgoing.AT_ONCE else "")  # fmt: skip
    return redirect(url_for("desk_journal.letters"), 303)


@journal.post("/courrier/travaux/<int(max=999999999999):job_id>")
@needs(Permission.LETTER_READ)
def try_again(job_id: int) -> ResponseReturnValue:
    """Let failed work run once more."""
    waiting.try_again(job_id, by=me())
    tell(_("The work is tried again in a moment."))
    return redirect(url_for("desk_journal.letters"), 303)
