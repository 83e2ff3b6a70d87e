"""Mailboxes of the house on a real Dovecot, and a round of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.kernel.access import SYSTEM
from app.mail import collecting, destinations, mailboxes
from app.mail.mailbox_draft import MailboxDraft
from app.people import service as people
from tests import dovecot
from tests.dovecot import Dovecot

MakeMailbox = Callable[..., int]


@pytest.fixture(scope="session")
def server() -> Iterator[Dovecot]:
    """A real IMAP server."""
    with dovecot.running() as found:
        yield found


@pytest.fixture
def user(server: Dovecot, request: pytest.FixtureRequest) -> str:
    """Somebody whose inbox nobody else touches."""
    return f"u{abs(hash(request.node.nodeid)) % 10**9}"


def a_mailbox(
    *, host: str = "127.0.0.1", port: int, user: str = "boite", secret: str = dovecot.PASSWORD, after: str = "seen",
    move_to: str = "", take_old: bool = True, security: str = "plain", department: str = "billetterie",
    language: str = "fr", folder: str = "INBOX", on: bool = True,
) -> int:  # fmt: skip
    """A mailbox that is looked into; its server is one that the operator allows."""
    destinations.allow([f"{host}:{port}"])
    draft = MailboxDraft(
        name=f"Boîte {user}", department_id=people.department(department).id, language=language, host=host, port=port,
        security=security, user=user, auth="password", folder=folder, after=after, move_to=move_to, take_old=take_old,
    )  # fmt: skip
    made = mailboxes.add(draft, secret=secret, by=SYSTEM)
    if on:
        mailboxes.switch(made, on=True, by=SYSTEM)
    return made


def look(mailbox_id: int) -> dict[str, object]:
    """One round of one mailbox, over a line of its own."""
    return collecting.visited(next(duty for duty in mailboxes.duties() if duty.id == mailbox_id))


@pytest.fixture(autouse=True)
def _public_servers_again(app: Flask) -> Iterator[None]:
    yield
    destinations.allow([])
