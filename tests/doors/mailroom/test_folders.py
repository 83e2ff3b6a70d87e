"""Folders in which other programs leave letters: whole ones are taken in once and only then away, nothing else is touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.mail import collecting, dropping, drops, mailboxes, probing
from app.mail.calling import Trouble
from app.mail.drops import Drop
from app.mail.intake import LETTER_BYTES
from app.mail.mailbox_draft import MailboxDraft, of_folder
from app.mail.mailboxes import Duty
from app.mail.models import LetterIn
from app.people import service as people
from app.tickets.models import Ticket
from tests.cast import INES, Character
from tests.doors.mailroom.test_fetchers import fetchers as fetchers
from tests.doors.mailroom.test_fetchers import until
from tests.doors.mailroom.test_mailbox import letter, markers
from tests.makers import a_letter

Act = Callable[[Character], Actor]


def draft(folder: str = "scanner", *, after: str = "remove", department: str = "billetterie") -> MailboxDraft:
    home = people.department(department).id
    return of_folder("Numériseur", department_id=home, language="fr", folder=folder, after=after)


@pytest.fixture
def place(app: Flask) -> Path:
    """Where its letters are left."""
    made = drops.base() / "scanner"
    made.mkdir(parents=True)
    return made


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that lies there is one that lies still."""
    monkeypatch.setattr(drops, "QUIET", 0.0)


def a_folder(**more: str) -> Duty:
    made = mailboxes.add(draft(**more), secret="", by=SYSTEM)
    mailboxes.switch(made, on=True, by=SYSTEM)
    return next(duty for duty in mailboxes.duties() if duty.id == made)


def rows() -> list[tuple[str, str]]:
    session.rollback()
    return [(row.door, row.fate) for row in session.query(LetterIn).order_by(LetterIn.id)]


def error_of(duty: Duty) -> str:
    return mailboxes.card(duty.id, by=SYSTEM).error


@pytest.fixture
def files(place: Path) -> Callable[[], set[str]]:
    def there() -> set[str]:
        return {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}

    return there


@pytest.mark.usefixtures("quiet")
def test_a_letter_left_there_becomes_a_request_of_its_department(
    place: Path, files: Callable[[], set[str]], run_jobs: Callable[[], int]
) -> None:
    duty = a_folder(department="it")
    (place / "un.eml").write_bytes(letter(1))
    (place / "DEUX.EML").write_bytes(letter(2))
    assert collecting.visited(duty) == {
        "mailbox": duty.id, "name": "Numériseur", "letters": 2, "refused": 0, "error": "",
    }  # fmt: skip
    assert files() == set()
    run_jobs()
    assert markers() == ["1", "2"]
    assert {row.department_id for row in session.query(Ticket)} == {people.department("it").id}
    assert rows() == [("folder", "ticket")] * 2
    card = mailboxes.card(duty.id, by=SYSTEM)
    assert (card.error, card.contact_at is not None, card.letter_at is not None) == ("", True, True)


@pytest.mark.usefixtures("quiet")
def test_taken_letters_are_moved_where_the_house_wants_them_kept(place: Path, files: Callable[[], set[str]]) -> None:
    duty = a_folder(after="move")
    for number in (1, 2):
        (place / "scan.eml").write_bytes(letter(number))
        assert collecting.visited(duty)["letters"] == 1
    names = files()
    assert "taken/scan.eml" in names
    assert len(names) == 2
    assert all(name.startswith("taken/scan") for name in names)
    assert collecting.visited(duty)["letters"] == 0


def test_a_maildir_is_read_at_once_and_only_what_is_complete(place: Path, files: Callable[[], set[str]]) -> None:
    duty = a_folder()
    for name in ("tmp", "new", "cur"):
        (place / name).mkdir()
        (place / name / f"{name}.host").write_bytes(letter(1))
    assert dropping.collect(duty, Drop("scanner")) == (1, 0)
    assert files() == {"tmp/tmp.host", "cur/cur.host"}


def test_a_file_that_is_still_being_written_is_left_until_it_lies_still(place: Path) -> None:
    duty, drop, whole = a_folder(), Drop("scanner"), letter(1)
    path = place / "long.eml"
    with path.open("wb") as slow:
        slow.write(whole[:40])
        slow.flush()
        assert dropping.collect(duty, drop) == (0, 0)
        assert drop.waits
        slow.write(whole[40:])
    assert dropping.collect(duty, drop) == (0, 0)  # it has changed since
    assert rows() == []
    assert dropping.collect_once(duty) == (1, 0)
    assert [row.size for row in session.query(LetterIn)] == [len(whole)]


@pytest.mark.usefixtures("quiet")
def test_a_file_that_somebody_holds_open_for_writing_is_not_taken_however_long(place: Path) -> None:
    duty, drop = a_folder(), Drop("scanner")
    with (place / "ouvert.eml").open("wb") as slow:
        slow.write(letter(1))
        slow.flush()
        for _ in range(3):
            assert dropping.collect(duty, drop) == (0, 0)
    assert dropping.collect(duty, drop) == (1, 0)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("name", [".un.eml", "un.eml.part", "un.eml.tmp", "un.eml~"])
def test_what_programs_have_not_finished_is_left_alone(place: Path, files: Callable[[], set[str]], name: str) -> None:
    duty = a_folder()
    (place / name).write_bytes(letter(1))
    assert (collecting.visited(duty)["letters"], error_of(duty), files()) == (0, "", {name})


@pytest.mark.usefixtures("quiet")
def test_links_and_devices_are_not_followed(place: Path, tmp_path: Path) -> None:
    duty, secret = a_folder(), tmp_path / "secret.eml"
    secret.write_bytes(letter(1))
    (place / "lien.eml").symlink_to(secret)
    os.mkfifo(place / "tuyau.eml")
    (place / "dossier.eml").mkdir()
    assert collecting.visited(duty)["letters"] == 0
    assert secret.exists()


@pytest.mark.usefixtures("quiet")
def test_stored_and_not_yet_taken_away_it_is_known_again(place: Path) -> None:
    duty, path = a_folder(), place / "un.eml"
    path.write_bytes(letter(1))
    drop = Drop("scanner")
    (file,) = drop.look()
    raw = drop.read(file, LETTER_BYTES)
    assert raw is not None
    assert dropping.take_in(duty.id, [dropping.Read(file, raw, too_large=False)]) == 1
    os.rename(path, place / "autre.eml")  # its name tells nothing
    assert dropping.collect(duty, Drop("scanner")) == (0, 0)
    assert (len(rows()), list(place.iterdir())) == (1, [])


@pytest.mark.usefixtures("quiet")
def test_two_letters_that_get_one_number_and_one_moment_are_two(place: Path) -> None:
    """A file system gives the number of a file that is gone to the next one; its moment may be set by hand."""
    duty, found = a_folder(), set()
    for number in range(1, 6):
        path = place / "un.eml"
        path.write_bytes(letter(number))
        os.utime(path, ns=(1, 1))
        found.add(path.stat().st_ino)
        assert dropping.collect(duty, Drop("scanner")) == (1, 0)
    assert len(rows()) == 5


@pytest.mark.usefixtures("quiet")
def test_one_that_is_too_large_stays_in_sight_once(place: Path, files: Callable[[], set[str]]) -> None:
    duty = a_folder()
    (place / "gros.eml").write_bytes(a_letter(subject="Trop gros") + b"x" * LETTER_BYTES)
    (place / "petit.eml").write_bytes(letter(1))
    assert dropping.collect(duty, Drop("scanner")) == (1, 1)
    assert dropping.collect(duty, Drop("scanner")) == (0, 0)
    assert files() == {"gros.eml"}
    assert sorted((row.fate, row.reason) for row in session.query(LetterIn)) == [
        ("unparsed", "too_large"), ("waiting", ""),
    ]  # fmt: skip


def test_a_file_that_is_no_letter_is_told_of_and_holds_up_none(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drops, "QUIET", 0.0)
    monkeypatch.setattr(drops, "STRANGE", -1.0)
    duty = a_folder()
    (place / "facture.pdf").write_bytes(b"%PDF")
    (place / "un.eml").write_bytes(letter(1))
    assert collecting.visited(duty)["error"] == "stranger"
    assert (len(rows()), error_of(duty)) == (1, "stranger")
    (place / "facture.pdf").unlink()
    collecting.visited(duty)
    assert error_of(duty) == ""


def test_a_share_that_is_not_there_is_no_empty_folder(app: Flask, tmp_path: Path) -> None:
    duty = a_folder()
    drops.keep_in(tmp_path / "share", ours=False)
    assert collecting.visited(duty)["error"] == "folder"
    assert probing.probe(duty.id, by=SYSTEM).code == "folder"
    (tmp_path / "share").mkdir()
    assert collecting.visited(duty)["error"] == ""
    assert (tmp_path / "share" / "scanner").is_dir()


@pytest.mark.usefixtures("quiet")
def test_what_cannot_be_taken_away_is_stored_once_and_told_of(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duty = a_folder()
    (place / "un.eml").write_bytes(letter(1))

    def refuse(*_given: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as rights:
        rights.setattr(os, "unlink", refuse)  # whoever is root may remove anything
        for _ in range(2):
            with pytest.raises(Trouble, match="access"):
                dropping.collect(duty, Drop("scanner"))
    assert len(rows()) == 1
    assert dropping.collect(duty, Drop("scanner")) == (0, 0)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "code"),
    [("", "required"), ("../secret", "drop_name"), ("a/b", "drop_name"), (".caché", "drop_name"), ("..", "drop_name"),
     ("x" * 101, "drop_name"), ("fin.", "drop_name"), ("SCANNER", "drop_taken")],
)  # fmt: skip
def test_a_mailbox_names_one_folder_and_no_way_out(app: Flask, folder: str, code: str) -> None:
    a_folder()
    with pytest.raises(Invalid) as refusal:
        mailboxes.add(draft(folder), secret="", by=SYSTEM)
    assert refusal.value.fields == {"folder": code}


def test_a_folder_keeps_its_own_name_and_a_retired_ones_is_free(app: Flask) -> None:
    duty = a_folder()
    mailboxes.change(duty.id, draft(after="move"), secret="", by=SYSTEM)
    assert [one.after for one in mailboxes.duties()] == ["move"]
    mailboxes.remove(duty.id, by=SYSTEM)
    a_folder()


def test_who_does_not_work_in_its_department_gives_a_folder_to_no_other(app: Flask, actor: Act) -> None:
    duty, ines = a_folder(department="it"), actor(INES)
    assert people.department("it").id not in ines.departments
    with pytest.raises(Invalid) as refusal:
        mailboxes.change(duty.id, draft(department="billetterie"), secret="", by=ines)
    assert refusal.value.fields == {"department_id": "drop_department"}


def test_a_server_still_needs_a_password(app: Flask) -> None:
    imap = MailboxDraft(
        name="Boîte", department_id=people.department("billetterie").id, language="fr", host="imap.exemple.fr", port=993,
        security="tls", user="u", auth="google", folder="INBOX", after="seen",
    )  # fmt: skip
    made = mailboxes.add(imap, secret="", by=SYSTEM)
    with pytest.raises(Conflict, match="no_secret"):
        mailboxes.switch(made, on=True, by=SYSTEM)


def test_the_mail_room_watches_it_while_a_server_hangs(
    place: Path, files: Callable[[], set[str]], fetchers: Callable[..., object]
) -> None:
    duty = a_folder()
    fetchers()
    for number in (1, 2, 3):
        (place / "un.part").write_bytes(letter(number))
        os.rename(place / "un.part", place / f"{number}.eml")
        assert until(lambda number=number: len(rows()) == number)  # type: ignore[misc]
    assert until(lambda: files() == set())
    mailboxes.switch(duty.id, on=False, by=SYSTEM)
    card = mailboxes.card(duty.id, by=SYSTEM)
    assert (card.state, card.error) == ("off", "")
