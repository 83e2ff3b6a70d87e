"""Connecting a mailbox by consent: to the provider and back, with what was agreed kept in the session meanwhile."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from flask import session as flask_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.frame import tell
from app.desk.mailbox_words import trouble
from app.kernel import keys
from app.kernel.access import Permission
from app.mail import mailboxes, oauth
from app.mail.calling import Trouble
from app.web.doors import me, needs

consent = Blueprint("desk_consent", __name__, url_prefix="/regie/reglages/boites")

_ASKED = "consent"


@consent.get("/<int(max=999999999):mailbox_id>/connexion")
@needs(Permission.SETTINGS_EDIT)
def ask(mailbox_id: int) -> ResponseReturnValue:
    """Go to the provider; nothing has changed until one comes back."""
    card = mailboxes.card(mailbox_id, by=me())
    try:
        asking = oauth.asked(card.draft.auth, _back_to(), user=card.draft.user)
    except Trouble as problem:
        return _told(mailbox_id, trouble(problem.code))
    flask_session[_ASKED] = {"mailbox": mailbox_id, "state": asking.state, "verifier": asking.verifier}
    return redirect(asking.url, 303)


@consent.get("/retour")
@needs(Permission.SETTINGS_EDIT)
def back() -> ResponseReturnValue:
    """Come back from the provider; only who left from here with this word may."""
    asked: dict[str, Any] = flask_session.pop(_ASKED, None) or {}
    if not asked or not keys.same(request.args.get("state", ""), str(asked["state"])):
        tell(_("This answer belongs to no question of yours. Connect again."))
        return redirect(url_for("desk_mailboxes.listed"), 303)
    card = mailboxes.card(int(asked["mailbox"]), by=me())
    try:
        code = request.args.get("code", "")
        if not code:
            raise Trouble("consent")
        token = oauth.consented(card.draft.auth, _back_to(), code=code, verifier=str(asked["verifier"]))
    except Trouble as problem:
        return _told(card.id, trouble(problem.code))
    mailboxes.consent(card.id, token, by=me())
    return _told(card.id, _("The mailbox is connected. Test it, then switch it on."))


def _told(mailbox_id: int, sentence: str) -> ResponseReturnValue:
    tell(sentence)
    return redirect(url_for("desk_mailboxes.one", mailbox_id=mailbox_id), 303)


def _back_to() -> str:
    return f"{current_app.config['PUBLIC_URL'].rstrip('/')}{url_for('desk_consent.back')}"
