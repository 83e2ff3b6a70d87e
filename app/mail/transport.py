"""The only home of Flask-Mail: letters leave by SMTP over one checked connection, each within a minute or not."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flask_mail import Connection, Mail

from app.mail import identity
from app.mail.building import built
from app.mail.parcels import Parcel
from app.mail.refusals import of_letter, of_opening

#: Seconds: for one word of the server; for connecting, encrypting and signing in; for one letter.
TIMEOUT_SECONDS, OPENING_SECONDS, LETTER_SECONDS = 15.0, 20.0, 40.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed over, read from SMTP_URL."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool  # from the first byte
    starttls: bool


def server_from(url: str) -> Server:
    """Read smtp:// or smtps://; plain smtp must use STARTTLS unless the server is this machine."""
    parts = urlsplit(url)
    tls = parts.scheme == "smtps"
    host = parts.hostname or "localhost"
    return Server(
        host, parts.port or (465 if tls else 587), unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None, tls, not tls and host not in _LOOPBACK,
    )  # fmt: skip


class _Cutting(smtplib.SMTP):
    """A connection that can be cut from outside, whatever it is doing: a handle of its own on the same socket."""

    handle: socket.socket | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        raw = socket.create_connection((host, port), timeout, self.source_address)
        self.handle = raw.dup()
        return raw

    def cut(self) -> None:
        """End the conversation; whoever waits for a word of it is told at once."""
        if self.handle is not None:
            with suppress(OSError):
                self.handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of both handles."""
        super().close()
        if self.handle is not None:
            self.handle.close()


class _CuttingTls(_Cutting, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.context.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)


class CheckedConnection(Connection):
    """Flask-Mail's connection with a time-out and a certificate that is looked at."""

    def configure_host(self) -> _Cutting:
        """Connect, encrypt, sign in; Flask-Mail itself would neither check the certificate nor ever give up."""
        server: Server = self.mail.server
        context = ssl.create_default_context()
        # Named after the house's mail domain: what this machine is called inside is nobody's business.
        name = identity.own_domain()
        host = (
            _CuttingTls(local_hostname=name, timeout=TIMEOUT_SECONDS, context=context)
            if server.tls
            else _Cutting(local_hostname=name, timeout=TIMEOUT_SECONDS)
        )
        try:
            with _within(OPENING_SECONDS, host):
                _open(host, server, context)
        except BaseException:
            host.close()
            raise
        return host


def _open(host: _Cutting, server: Server, context: ssl.SSLContext) -> None:
    host._host = server.host  # type: ignore[attr-defined]  # the name that certificates are checked against
    code, words = host.connect(server.host, server.port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, words)
    if server.starttls:
        host.starttls(context=context)
    if server.user:
        host.login(server.user, server.password or "")


class _Watch:
    """Whether a conversation had to be cut."""

    cut = False


@contextmanager
def _within(seconds: float, host: _Cutting) -> Iterator[_Watch]:
    """Cut the conversation after so many seconds: a time-out alone never ends one that drips."""
    watch = _Watch()

    def cut() -> None:
        watch.cut = True
        host.cut()

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()


class CheckedMail(Mail):
    """Flask-Mail whose connections are checked ones."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server

    def connect(self) -> CheckedConnection:
        """A connection that has not been opened yet."""
        return CheckedConnection(self)


class SmtpTransport:
    """Letters leave by SMTP, many over one connection; each thread has its own."""

    shows = False

    def __init__(self, mail: CheckedMail) -> None:
        self._mail = mail
        self._kept = threading.local()

    def send(self, parcel: Parcel) -> str:
        """Hand one letter over.

        Raises:
            Refused: the server said no to it, or did not answer.
            Stopped: there is no way to the server, or it takes nothing from us.
        """
        raw = built(parcel)
        host = self._alive() or self._opened()
        options = () if parcel.to.isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        with _within(LETTER_SECONDS, host) as watch:
            try:
                host.sendmail(parcel.envelope, [parcel.to], raw, mail_options=options)
            except (OSError, smtplib.SMTPException) as trouble:
                self._drop()
                raise of_letter(trouble, cut=watch.cut) from trouble
        return "250"

    def rest(self) -> None:
        """Say goodbye to the server."""
        host = self._host()
        if host is not None:
            with suppress(OSError, smtplib.SMTPException), _within(OPENING_SECONDS, host):
                host.quit()
            self._drop()

    def _host(self) -> _Cutting | None:
        host: _Cutting | None = getattr(self._kept, "host", None)
        return host

    def _alive(self) -> _Cutting | None:
        """The connection of the letter before, if the server still listens."""
        host = self._host()
        if host is None:
            return None
        try:
            with _within(OPENING_SECONDS, host):
                if host.rset()[0] == 250:
                    return host
        except (OSError, smtplib.SMTPException):
            pass
        self._drop()
        return None

    def _opened(self) -> _Cutting:
        try:
            host: _Cutting = self._mail.connect().configure_host()
        except (OSError, smtplib.SMTPException) as trouble:
            raise of_opening(trouble) from trouble
        self._kept.host = host
        return host

    def _drop(self) -> None:
        host = self._host()
        if host is not None:
            host.close()
        self._kept.host = None


class LettersPage:
    """Development: nothing leaves; the letters page shows what would have."""

    shows = True

    def send(self, parcel: Parcel) -> str:
        """Build the letter as it would have left, so that a letter that cannot be built is noticed here too."""
        built(parcel)
        return "shown"

    def rest(self) -> None:
        """There is nobody to let go of."""
