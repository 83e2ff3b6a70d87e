"""What colleagues are told of the safety of their own account: always, at once, and once each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transactional
from app.mail import outgoing
from app.mail.outgoing import Letter, address
from app.notices import lines, queries
from app.notices.models import Notice
from app.people import colleagues, entry_queries
from app.people.colleagues import Told
from app.venue import service as venue
from app.venue.moments import moment

MATTER = "security"
_NBSP = "\N{NO-BREAK SPACE}"
_WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "signed_in": f"Connexion depuis un nouvel endroit{_NBSP}: {{what}}", "password": "Votre mot de passe a changé",
        "export": f"Export fait avec votre compte{_NBSP}: {{what}}",
        "signed_in_head": "Connexion depuis un nouvel endroit",
        "password_head": "Votre mot de passe a changé", "export_head": "Un export a été fait avec votre compte",
        "browser": "navigateur inconnu",
    },
    "en": {
        "signed_in": "Sign-in from a new place: {what}", "password": "Your password has changed",
        "export": "Export made with your account: {what}", "signed_in_head": "Sign-in from a new place",
        "password_head": "Your password has changed", "export_head": "An export was made with your account",
        "browser": "unknown browser",
    },
}  # fmt: skip


def signed_in(pairs: Sequence[tuple[int, int]]) -> None:
    """Colleagues signed in from new places. Shape: (person, session)."""
    rows = entry_queries.session_rows(session_id for _, session_id in pairs)
    for person_id, session_id in pairs:
        browser = (rows[session_id].browser or "") if session_id in rows else ""
        _tell(person_id, "signed_in", f"signed_in:{session_id}", browser)


def password_changed(pairs: Sequence[tuple[int, int]]) -> None:
    """Passwords were changed. Shape: (person, generation of the account)."""
    for person_id, generation in pairs:
        _tell(person_id, "password", f"password:{generation}", "")


def exported(rows: Sequence[tuple[int, str, str]]) -> None:
    """Colleagues took figures out. Shape: (person, what, mark of this time)."""
    for person_id, what, mark in rows:
        _tell(person_id, "export", f"export:{mark}", f"{what}.csv")


@transactional
def _tell(person_id: int, how: str, key: str, what: str) -> None:
    person, now = colleagues.told(person_id), clock.now()
    if person is None or (person_id, key) in queries.there([key]):
        return
    written = outgoing.write([_letter(person_id, person, how, what)])
    session.add(Notice(
        person_id=person_id, matter=MATTER, key=key, ticket_id=None, by_id=None, at=now, due_at=now, daily=False,
        told_at=now, letter_id=next(iter(written), None),
    ))  # fmt: skip


def _letter(person_id: int, person: Told, how: str, what: str) -> Letter:
    language = lines.reading(person.language)
    words, now = _WORDS[language], clock.now()
    said = " ".join(what.replace("|", " ").split())[:150] or words["browser"]
    values = {
        "name": person.name, "headline": words[f"{how}_head"], "lines": words[how].format(what=said),
        "when": moment(now, now, language, venue.house().tz), "desk": address("/regie/moi"),
    }  # fmt: skip
    return Letter(kind=MATTER, to_person=person_id, language=language, values=values)
