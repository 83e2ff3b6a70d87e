"""What is remembered of a mailbox: a place is taken in once, a server that counts anew doubles nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.catalogue import service as catalogue
from app.health import service as health
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.journal import JournalEntry
from app.mail import fetching, mailbox_queries, mailboxes
from app.mail.fetching import Fetched
from app.mail.mailbox_draft import MailboxDraft
from app.mail.models import LetterIn, Mailbox
from app.people import departments
from app.people import service as people
from app.tickets.models import Ticket
from tests.cast import ADELE, KARIM, SAMI, Character
from tests.makers import a_letter

GetActor = Callable[[Character], object]


def a_draft(**more: object) -> MailboxDraft:
    given: dict[str, object] = {
        "name": "Groupes", "department_id": people.department("billetterie").id, "language": "fr",
        "host": "imap.example.org", "port": 993, "security": "tls", "user": "groupes@valmorin.example",
        "auth": "password", "folder": "INBOX", "after": "seen", "move_to": "", "take_old": True,
    }  # fmt: skip
    return MailboxDraft(**{**given, **more})  # type: ignore[arg-type]


def a_mailbox(**more: object) -> int:
    made = mailboxes.add(a_draft(**more), secret="rideau-pourpre", by=SYSTEM)
    mailboxes.switch(made, on=True, by=SYSTEM)
    return made


def letters(
    *numbers: int, sender: str = "lea@exemple.fr", body: str = "Bonjour, je voudrais un remboursement."
) -> list[Fetched]:
    return [
        Fetched(n, a_letter(sender=sender, subject=f"Demande {n}", mid=f"<m{n}@exemple.fr>", body=f"{body}\n{n}"))
        for n in numbers
    ]


def stored() -> int:
    session.rollback()
    return session.query(LetterIn).count()


def told(name: str) -> int:
    session.rollback()
    return session.query(JournalEntry).filter_by(name=name).count()


def mailbox_row(mailbox_id: int) -> Mailbox:
    session.rollback()
    row = mailbox_queries.mailbox(mailbox_id)
    assert row is not None
    return row


def test_a_group_and_how_far_one_has_come_are_one(app: Flask) -> None:
    box = a_mailbox()
    assert fetching.met(box, 7, 3).last_uid == 0
    assert fetching.take_in(box, 7, letters(1, 2, 3), up_to=3) == 3
    assert fetching.take_in(box, 7, letters(1, 2, 3), up_to=3) == 0
    assert stored() == 3
    assert fetching.met(box, 7, 3).last_uid == 3


def test_a_group_fetched_under_old_numbers_is_not_taken_in(app: Flask) -> None:
    box = a_mailbox()
    fetching.met(box, 7, 3)
    fetching.met(box, 8, 3)
    assert fetching.take_in(box, 7, letters(1), up_to=1) == 0
    assert stored() == 0


def test_the_first_contact_leaves_old_letters_where_they_are(app: Flask) -> None:
    box = a_mailbox(take_old=False)
    progress = fetching.met(box, 7, 40)
    assert (progress.last_uid, progress.settled_uid) == (40, 40)


@pytest.mark.parametrize(("uidvalidity", "last"), [(8, 3), (7, 1)], ids=["new validity", "numbers begin anew"])
def test_a_server_that_counts_anew_is_told_of_once_and_doubles_nothing(
    app: Flask, uidvalidity: int, last: int, run_jobs: Callable[[], int]
) -> None:
    box = a_mailbox()
    fetching.met(box, 7, 3)
    first = letters(1, 2, 3)
    fetching.take_in(box, 7, first, up_to=3)
    run_jobs()
    again = [Fetched(place, letter.raw) for place, letter in enumerate(first[:2], start=1)] + letters(4)
    assert fetching.met(box, uidvalidity, last).last_uid == 0
    assert fetching.take_in(box, uidvalidity, again, up_to=4) == 1
    fetching.met(box, uidvalidity, 4)
    run_jobs()
    assert (stored(), session.query(Ticket).count(), told("MailboxRenumbered")) == (4, 4, 1)
    assert mailbox_row(box).alarm == "renumbered"
    assert mailbox_queries.unsettled(box, uidvalidity, 0, 4) == [1, 2, 4]


def test_a_true_copy_in_the_folder_is_noted_as_a_copy(app: Flask, run_jobs: Callable[[], int]) -> None:
    box = a_mailbox()
    fetching.met(box, 7, 2)
    raw = letters(1)[0].raw
    assert fetching.take_in(box, 7, [Fetched(1, raw), Fetched(2, raw)], up_to=2) == 2
    run_jobs()
    assert [row.fate for row in session.query(LetterIn).order_by(LetterIn.id)] == ["ticket", "duplicate"]
    assert next(check for check in health.examine() if check.id == "mailboxes").ok


def test_the_doctor_sees_a_content_that_made_two_messages(app: Flask, run_jobs: Callable[[], int]) -> None:
    box = a_mailbox()
    fetching.met(box, 7, 2)
    fetching.take_in(box, 7, letters(1, 2), up_to=2)
    run_jobs()
    one, two = session.query(LetterIn).order_by(LetterIn.id)
    two.sha256 = one.sha256
    session.flush()
    found = next(check for check in health.examine() if check.id == "mailboxes")
    assert (found.ok, found.found) == (False, 1)


def test_a_letter_left_on_its_server_is_seen_once(app: Flask) -> None:
    box = a_mailbox()
    fetching.met(box, 7, 1)
    header = Fetched(1, b"Subject: gros\r\n\r\n")
    for _ in range(2):
        fetching.refuse(box, 7, header, size=99_000_000, reason="too_large")
    session.rollback()
    (row,) = session.query(LetterIn)
    assert (row.fate, row.reason, row.size) == ("unparsed", "too_large", 99_000_000)
    assert fetching.unsettled(box) == []


def test_a_refused_sign_in_stops_the_mailbox_with_one_alarm(app: Flask) -> None:
    box = a_mailbox()
    for _ in range(3):
        fetching.failed(box, "sign_in", "NO")
    assert (mailbox_row(box).state, mailbox_row(box).alarm, told("MailboxStopped")) == ("stopped", "sign_in", 1)
    assert mailboxes.duties() == []
    mailboxes.switch(box, on=True, by=SYSTEM)
    assert mailbox_row(box).alarm == ""


def test_other_troubles_are_counted_until_it_goes_well(app: Flask) -> None:
    box = a_mailbox()
    assert [fetching.failed(box, "no_answer", "silence") for _ in range(3)] == [1, 2, 3]
    assert [duty.failures for duty in mailboxes.duties()] == [3]
    fetching.went_well(box)
    assert (mailbox_row(box).failures, mailbox_row(box).error) == (0, "")


def test_a_letter_at_which_fetching_always_breaks_off_is_passed_over(app: Flask) -> None:
    box = a_mailbox()
    fetching.met(box, 7, 9)
    for times in range(1, fetching.STUMBLES + 1):
        fetching.stumbled(box, 4)
        progress = fetching.met(box, 7, 9)
        assert (progress.singly, progress.hopeless) == (True, 4 if times == fetching.STUMBLES else 0)
    fetching.refuse(box, 7, Fetched(4, b""), size=0, reason="unreadable")
    assert fetching.met(box, 7, 9).hopeless == 0


REFUND = "Bonjour, je souhaite le remboursement de mes billets, spectacle annulé."
BROKEN = "Bonjour, mon ordinateur ne démarre plus et l'imprimante du bureau est en panne."


@pytest.mark.parametrize(
    ("department", "sender", "words"),
    [
        ("it", "fournisseur@exemple.fr", REFUND), ("it", "fournisseur@exemple.fr", BROKEN),
        ("billetterie", SAMI.email, BROKEN), ("groupes", "classe@exemple.fr", REFUND),
    ],
    ids=["a stranger inside", "a stranger who asks inside", "a colleague outside", "another public department"],
)  # fmt: skip
def test_triage_leaves_a_request_in_the_department_of_its_mailbox(
    app: Flask, department: str, sender: str, words: str, run_jobs: Callable[[], int]
) -> None:
    departments.add("groupes", name_fr="Groupes", name_en="Groups", internal=False, by=SYSTEM)
    home = people.department(department)
    box = a_mailbox(department_id=home.id)
    fetching.met(box, 7, 1)
    fetching.take_in(box, 7, letters(1, sender=sender, body=words), up_to=1)
    run_jobs()
    (ticket,) = session.query(Ticket)
    assert ticket.department_id == home.id
    inside = {one.id for one in people.departments() if one.internal}
    belongs = catalogue.categories()[ticket.category or ""].department_id
    assert belongs in inside if home.internal and words == BROKEN else belongs not in inside


@pytest.mark.parametrize(
    ("words", "language"), [("ok 12345", "en"), ("Bonjour, je voudrais savoir à quelle heure ça commence.", "fr")]
)
def test_the_language_of_a_mailbox_helps_where_words_leave_a_doubt(
    app: Flask, words: str, language: str, run_jobs: Callable[[], int]
) -> None:
    box = a_mailbox(language="en")
    fetching.met(box, 7, 1)
    raw = a_letter(sender="someone@exemple.fr", name="", subject="12345", body=words)
    fetching.take_in(box, 7, [Fetched(1, raw)], up_to=1)
    run_jobs()
    assert session.query(Ticket).one().language == language


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"), ({"host": ""}, "host"), ({"port": 22}, "host"), ({"port": 0}, "port"),
        ({"security": "plain", "port": 143}, "security"), ({"security": "none"}, "security"),
        ({"user": "a\r\nb"}, "user"), ({"folder": "x" * 201}, "folder"), ({"department_id": 0}, "department_id"),
        ({"after": "move"}, "move_to"), ({"after": "move", "move_to": "INBOX"}, "move_to"), ({"auth": "key"}, "auth"),
        ({"language": "de"}, "language"),
    ],
)  # fmt: skip
def test_what_no_mailbox_can_be_is_refused_by_field(app: Flask, change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        mailboxes.add(a_draft(**change), secret="rideau", by=SYSTEM)
    assert set(refusal.value.fields) == {field}
    with pytest.raises(Invalid) as refusal:
        mailboxes.add(a_draft(), secret="", by=SYSTEM)
    assert set(refusal.value.fields) == {"secret"}


def test_a_secret_is_sealed_and_kept_but_never_sent_to_another_server(app: Flask) -> None:
    box = a_mailbox()
    sealed = mailbox_row(box).secret
    assert "rideau" not in sealed
    mailboxes.change(box, a_draft(name="Groupes et scolaires"), secret="", by=SYSTEM)
    assert mailbox_row(box).secret == sealed
    for elsewhere in ({"host": "imap.evil.example"}, {"user": "x@y.example"}, {"security": "starttls", "port": 143}):
        with pytest.raises(Invalid) as refusal:
            mailboxes.change(box, a_draft(**elsewhere), secret="", by=SYSTEM)
        assert set(refusal.value.fields) == {"secret"}
    assert "rideau" not in repr(mailboxes.card(box, by=SYSTEM)) + repr(mailbox_row(box).__dict__)


def test_a_mailbox_that_brought_letters_is_retired_and_another_deleted(app: Flask) -> None:
    used, unused = a_mailbox(), a_mailbox(name="Vide")
    fetching.met(used, 7, 1)
    fetching.take_in(used, 7, letters(1), up_to=1)
    assert (mailboxes.remove(used, by=SYSTEM), mailboxes.remove(unused, by=SYSTEM)) == (False, True)
    assert [(row.name, row.state, row.secret) for row in mailbox_queries.mailboxes()] == [("Groupes", "retired", "")]
    with pytest.raises(Conflict):
        mailboxes.switch(used, on=True, by=SYSTEM)


def test_only_who_edits_settings_may_touch_mailboxes(app: Flask, actor: GetActor) -> None:
    box = a_mailbox()
    karim, adele = actor(KARIM), actor(ADELE)
    for verb in (
        lambda by: mailboxes.card(box, by=by), lambda by: mailboxes.add(a_draft(), secret="x", by=by),
        lambda by: mailboxes.change(box, a_draft(), secret="x", by=by), lambda by: mailboxes.duty(box, by=by),
        lambda by: mailboxes.switch(box, on=False, by=by), lambda by: mailboxes.seen(box, by=by),
        lambda by: mailboxes.consent(box, "x", by=by), lambda by: mailboxes.remove(box, by=by),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            verb(karim)
        verb(adele)
