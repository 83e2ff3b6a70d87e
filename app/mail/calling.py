"""Calling an IMAP server at the addresses that were looked at; every mishap becomes a word of ours, nothing is kept."""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    MailboxLoginError,
    MailboxStarttlsError,
    UnexpectedCommandStatusError,
)
from imap_tools.mailbox import BaseMailBox

from app.mail.destinations import NotAllowed, Place, found, is_own_machine

#: A server that announces more than this at once is not believed.
_LITERAL_BYTES = 26 * 1024 * 1024
#: Addresses of one server that are tried.
_ADDRESSES = 3
#: Refusals that say nothing against the password: RFC 5530, and Gmail in its own words.
_TEMPORARY = ("[UNAVAILABLE]", "[SERVERBUG]", "[LIMIT]", "[INUSE]", "TOO MANY SIMULTANEOUS")


class Trouble(Exception):
    """The mailbox could not be served; `code` is a word of ours, `words` are the server's."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call and how to sign in; `token` takes the place of the password where consent was given."""

    host: str
    port: int
    security: str
    user: str
    password: str = ""
    token: str = ""


class Cord:
    """Holds a line from outside: pulled, it breaks the line, whoever waits on it and whatever they wait for."""

    def __init__(self) -> None:
        self._end: socket.socket | None = None
        self.pulled = False

    def tie(self, line: socket.socket) -> None:
        """Hold this line; a second handle, so that encryption may be put around the first."""
        self._end = line.dup()
        if self.pulled:
            self.pull()

    def pull(self) -> None:
        """Break the line, now or as soon as there is one."""
        self.pulled = True
        if self._end is not None:
            with suppress(OSError):
                self._end.shutdown(socket.SHUT_RDWR)

    def loose(self) -> None:
        """Hold it no longer."""
        if self._end is not None:
            self._end.close()


class _Client(imaplib.IMAP4):
    """Connects to the addresses that were looked at, and to nothing else."""

    def __init__(self, place: Place, timeout: float, context: ssl.SSLContext | None, cord: Cord) -> None:
        self._place, self._context, self._cord = place, context, cord
        super().__init__(place.host, place.port, timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = self._reached(timeout)
        self._cord.tie(plain)
        if self._context is None:
            return plain
        try:
            return self._context.wrap_socket(plain, server_hostname=self._place.host)
        except BaseException:
            plain.close()
            raise

    def _reached(self, timeout: float | None) -> socket.socket:
        problem: OSError = ConnectionError("no address")
        for address in self._place.addresses[:_ADDRESSES]:
            if self._cord.pulled:
                break
            try:
                return socket.create_connection((address, self._place.port), timeout)
            except OSError as why:
                problem = why
        raise problem

    def read(self, size: int) -> bytes:
        """So many bytes of what a server announced."""
        if size > _LITERAL_BYTES:
            raise self.abort(f"{size} bytes were announced")
        return super().read(size)


class _Box(BaseMailBox):
    """imap-tools on a line of ours."""

    def __init__(self, call: Call, place: Place, timeout: float, cord: Cord) -> None:
        self._call, self._place, self._timeout, self._cord = call, place, timeout, cord
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        context = ssl.create_default_context()
        if self._call.security == "tls":
            return _Client(self._place, self._timeout, context, self._cord)
        client = _Client(self._place, self._timeout, None, self._cord)
        if self._call.security == "starttls":
            with _closed_on_trouble(client):
                client.starttls(context)
        return client


def connected(call: Call, timeout: float, cord: Cord) -> BaseMailBox:
    """A line that is signed in.

    Raises:
        Trouble: host, tls, no_answer, sign_in, later or broken.
    """
    with told():
        place = found(call.host, call.port)
        if call.security == "plain" and not all(is_own_machine(one) for one in place.addresses):
            raise NotAllowed(call.host)
        box = _Box(call, place, timeout, cord)
        with _closed_on_trouble(box.client):
            _sign_in(box, call)
        return box


def _sign_in(box: BaseMailBox, call: Call) -> None:
    try:
        if call.token:
            box.xoauth2(call.user, call.token, initial_folder=None)
        elif (call.user + call.password).isascii():
            box.login(call.user, call.password, initial_folder=None)
        else:
            box.login_utf8(call.user, call.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error) as refusal:
        words = words_of(refusal)
        raise Trouble("later" if any(code in words.upper() for code in _TEMPORARY) else "sign_in", words) from None


@contextmanager
def _closed_on_trouble(client: imaplib.IMAP4) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(Exception):  # the trouble that led here is the one to tell
            client.shutdown()
        raise


@contextmanager
def told(*, refusal: str = "refused") -> Iterator[None]:
    """Whatever a server, a library or the network does wrong becomes a trouble of ours.

    Raises:
        Trouble: with `refusal` as its code when the server said no.
    """
    try:
        yield
    except _MISHAPS as problem:
        if isinstance(problem, Trouble):
            raise
        code = next(code for kinds, code in _CODES if isinstance(problem, kinds))
        words = "" if code == "host" else words_of(problem)
        raise Trouble(refusal if code == "refused" else code, words) from None


class Refused(Exception):
    """The server said NO."""


def must(kind: str, data: Iterable[Any]) -> None:
    """Go on only when the server said yes."""
    if kind != "OK":
        raise Refused(" ".join(_text(part) for part in data if part))


def _text(part: object) -> str:
    return part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part)


def words_of(problem: BaseException) -> str:
    """What a server or the network said, as one line."""
    said = problem.command_result[1] if isinstance(problem, UnexpectedCommandStatusError) else problem.args
    words = " ".join(_text(part) for part in said if part) or type(problem).__name__
    return "".join(sign for sign in " ".join(words.split()) if sign.isprintable())[:500]


#: What a mishap means, the first that fits. imaplib trips over answers that no grammar knows in ways of its own.
_CODES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((NotAllowed,), "host"), ((ssl.SSLError, MailboxStarttlsError), "tls"), ((OSError,), "no_answer"),
    ((MailboxFolderSelectError,), "folder"), ((Refused,), "refused"),
    ((ImapToolsError, imaplib.IMAP4.error, ValueError, LookupError, TypeError, AttributeError), "broken"),
)  # fmt: skip
_MISHAPS: tuple[type[Exception], ...] = (Trouble, *(kind for kinds, _code in _CODES for kind in kinds))
