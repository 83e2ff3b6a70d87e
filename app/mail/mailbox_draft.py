"""A mailbox as a form brings it, and what it must hold; pure but for the departments there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from app.kernel.errors import Invalid
from app.mail import destinations, drops, mailbox_queries, oauth
from app.people import service as people

SECURITIES = ("tls", "starttls", "plain")
IMAP, FOLDER = "imap", "folder"
#: What befalls a letter that is safe, by kind.
AFTERS = {IMAP: ("seen", "move"), FOLDER: ("remove", "move")}
PASSWORD = "password"  # noqa: S105 - the name of a way to sign in
_LONGEST = {"name": 120, "host": 253, "user": 320, "folder": 200, "move_to": 200}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxDraft:
    """A mailbox as a form brings it."""

    name: str
    department_id: int
    language: str
    host: str
    port: int
    security: str
    user: str
    auth: str
    folder: str
    after: str
    move_to: str = ""
    take_old: bool = False
    kind: str = IMAP


def of_folder(name: str, *, department_id: int, language: str, folder: str, after: str) -> MailboxDraft:
    """A folder of this machine as a mailbox: nobody is called, nobody signs in, and all that lies there is taken in."""
    return MailboxDraft(
        name=name, department_id=department_id, language=language, folder=folder, after=after, kind=FOLDER, host="",
        port=0, security="", user="", auth="", take_old=True,
    )  # fmt: skip


def check(draft: MailboxDraft, secret: str, *, needs_secret: bool, mailbox_id: int | None = None) -> None:
    """Refuse what no mailbox can be; `mailbox_id` is the one that becomes so, if there is one.

    Raises:
        Invalid: by field, in the order of the form.
    """
    wrong = {name: "too_long" for name, most in _LONGEST.items() if len(getattr(draft, name)) > most}
    wrong |= {name: "required" for name in _needed(draft) if not getattr(draft, name)}
    texts: Mapping[str, str] = {**{name: getattr(draft, name) for name in _LONGEST}, "secret": secret}
    wrong |= {name: "not_one_line" for name, value in texts.items() if not value.isprintable()}
    wrong |= _choices(draft)
    if draft.auth == PASSWORD and needs_secret and not secret:
        wrong["secret"] = "required"  # noqa: S105 - a code
    if draft.kind == FOLDER:
        wrong |= {} if "folder" in wrong else _drop(draft, mailbox_id)
    else:
        wrong |= {} if {"host", "port"} & set(wrong) else _server(draft)
    if wrong:
        raise Invalid({name: wrong[name] for name in (*asdict(draft), "secret") if name in wrong})


def _needed(draft: MailboxDraft) -> tuple[str, ...]:
    if draft.kind == FOLDER:
        return ("name", "folder")
    return ("name", "host", "user", "folder", *(("move_to",) if draft.after == "move" else ()))


def _choices(draft: MailboxDraft) -> dict[str, str]:
    known = {
        "department_id": draft.department_id in {one.id for one in people.departments()},
        "language": draft.language in {"fr", "en"},
        "security": draft.kind == FOLDER or draft.security in SECURITIES,
        "auth": draft.kind == FOLDER or draft.auth in {PASSWORD, *oauth.PROVIDERS},
        "after": draft.after in AFTERS[draft.kind],
    }
    wrong = {name: "unknown_choice" for name, fits in known.items() if not fits}
    if draft.after == "move" and draft.move_to and draft.move_to == draft.folder:
        wrong["move_to"] = "same_folder"
    return wrong


def _drop(draft: MailboxDraft, mailbox_id: int | None) -> dict[str, str]:
    if not drops.may_be_named(draft.folder):
        return {"folder": "drop_name"}
    if mailbox_queries.folder_taken(draft.folder, but=mailbox_id):
        return {"folder": "drop_taken"}
    return {}


def _server(draft: MailboxDraft) -> dict[str, str]:
    if not 0 < draft.port < 65536:
        return {"port": "number"}
    if not destinations.may_be_named(draft.host, draft.port):
        return {"host": "mail_server"}
    if draft.security == "plain" and not destinations.is_own_machine(draft.host):
        return {"security": "plain_elsewhere"}
    return {}
