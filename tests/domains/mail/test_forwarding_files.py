"""A forwarded letter carries the files chosen, leaves once however often it is pressed, and tells how it fares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor, spectator
from app.kernel.errors import Invalid
from app.mail import forwarding, outgoing, sending
from app.mail import queries as letters
from app.mail.building import built
from app.mail.sending import parcel_of
from app.mail.transport import CheckedMail, LettersPage, SmtpTransport, server_from
from app.tickets import cases, conversation, files, message_queries
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.files import StoredFile, store
from app.tickets.opening import Opened
from tests.cast import KARIM, Character
from tests.makers import a_ticket
from tests.sink import Sink, sinking

THIRD = "technique@exemple.fr"
PICTURE = bytes(range(256)) * 40


@pytest.fixture
def karim(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> Actor:
    return actor(KARIM)


@pytest.fixture
def asked(karim: Actor) -> Opened:
    """A request with two words, each with a file."""
    made = a_ticket()
    row = tickets.card(made.ticket_id)
    assert row is not None
    lea = spectator(row.requester_id, door="portal", ticket_id=row.id)
    for name in ("plan é.png", "facture.pdf"):
        kept = store(name, "image/png" if name.endswith("png") else "application/pdf", PICTURE + name.encode())
        conversation.write_again(made.ticket_id, Word(body=f"Voici {name}", files=(kept,)), by=lea)
    return made


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    with sinking() as one:
        mail = CheckedMail(server_from(one.url))
        mail.init_app(app)
        outgoing.use(SmtpTransport(mail), "http://localhost")
        yield one
        outgoing.use(LettersPage(), "http://localhost")


def joined(asked: Opened) -> list[tuple[int, int]]:
    """Pairs of message and file, oldest first."""
    return [(row.id, file.id) for row in message_queries.public_messages(asked.ticket_id) for file in row.attachments]


def forward(
    asked: Opened,
    by: Actor,
    messages: list[int],
    chosen: list[int],
    *,
    key: str | None = None,
    trace: str = "Transmis.",
) -> int:
    return forwarding.forward(
        asked.ticket_id, email=THIRD, note="", message_ids=messages, file_ids=chosen, trace=trace, submission=key, by=by
    )


def test_the_files_chosen_arrive_whole_and_no_others(asked: Opened, karim: Actor, sink: Sink) -> None:
    (message, file), (other, _left) = joined(asked)
    forward(asked, karim, [message, other], [file])
    sending.send_due()
    (letter,) = sink.taken
    (sent,) = letter.iter_attachments()
    assert (sent.get_filename(), sent.get_content_type()) == ("plan é.png", "image/png")
    assert sent.get_content() == PICTURE + "plan é.png".encode()
    assert letter.get_body(("plain",)) is not None


def test_a_file_goes_with_its_own_message_only(asked: Opened, karim: Actor) -> None:
    (message, _file), (_other, left) = joined(asked)
    for chosen in ([left], [10**9]):
        with pytest.raises(Invalid) as refused:
            forward(asked, karim, [message], chosen)
        assert refused.value.fields == {"files": "forward_files"}
    assert letters.last_out() == []


def test_more_than_servers_take_is_refused(asked: Opened, karim: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarding, "FILES_BYTES", len(PICTURE))
    (message, file), _ = joined(asked)
    with pytest.raises(Invalid) as refused:
        forward(asked, karim, [message], [file])
    assert refused.value.fields == {"files": "forward_large"}


def test_pressing_twice_sends_once(asked: Opened, karim: Actor) -> None:
    (message, file), _ = joined(asked)
    assert forward(asked, karim, [message], [file], key="k" * 32) == forward(
        asked, karim, [message], [file], key="k" * 32
    )
    assert len(letters.last_out()) == 1
    notes = [word for word in cases.case_for(karim, asked.number).said if word.kind == "note"]
    assert len(notes) == 1


def test_a_form_changed_and_pressed_again_is_another_forward(asked: Opened, karim: Actor) -> None:
    (message, file), (other, left) = joined(asked)
    given: list[dict[str, Any]] = [
        {"email": THIRD, "note": "", "message_ids": [message], "file_ids": [file]},
        {"email": "autre@exemple.fr", "note": "", "message_ids": [message], "file_ids": [file]},
        {"email": THIRD, "note": "Voici.", "message_ids": [message], "file_ids": [file]},
        {"email": THIRD, "note": "", "message_ids": [message, other], "file_ids": [file]},
        {"email": THIRD, "note": "", "message_ids": [message, other], "file_ids": [file, left]},
    ]
    for one in given * 2:
        forwarding.forward(asked.ticket_id, **one, trace="Transmis.", submission="k" * 32, by=karim)
    assert len(letters.last_out()) == len(given)


def test_how_it_fares_is_told_beside_its_note(asked: Opened, karim: Actor, sink: Sink) -> None:
    (message, _file), _ = joined(asked)
    letter = forward(asked, karim, [message], [])
    note = next(word for word in cases.case_for(karim, asked.number).said if word.kind == "note")
    assert outgoing.delivery([note.id])[note.id][:2] == (letter, "waiting")
    sending.send_due()
    assert outgoing.delivery([note.id])[note.id].state == "sent"


def test_a_file_that_is_lost_stops_this_letter_only(asked: Opened, karim: Actor, sink: Sink) -> None:
    (message, file), _ = joined(asked)
    letter = forward(asked, karim, [message], [file])
    row = letters.written(letter)
    assert row is not None
    files.path_of(parcel_of(row).files[0].sha256).unlink()
    other = forward(asked, karim, [message], [])
    sending.send_due()
    clock.advance(sending.LEASE)
    assert [letters.written(one).state for one in (letter, other)] == ["failed", "sent"]  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "nonsense", "", "text/plain; charset=x"])
def test_any_type_a_letter_brought_is_written_as_a_file(asked: Opened, karim: Actor, kind: str) -> None:
    row = letters.written(forward(asked, karim, [joined(asked)[0][0]], []))
    assert row is not None
    kept = store("pièce", kind, b"Subject: x\r\n\r\nx")
    row.values = {**row.values, "files": [{"name": kept.name, "type": kind, "size": kept.size, "sha256": kept.sha256}]}
    assert isinstance(parcel_of(row).files[0], StoredFile)
    assert b"application/octet-stream" in built(parcel_of(row))
