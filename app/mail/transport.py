"""The only home of Flask-Mail: letters leave by SMTP with a checked certificate, a time-out and short lines."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from flask_mail import Connection, Mail, Message

from app.kernel import clock
from app.mail.headers import header_safe
from app.mail.outgoing import Parcel, Refused

TIMEOUT_SECONDS = 15
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


class CheckedConnection(Connection):
    """Flask-Mail's connection with a time-out and a certificate that is looked at."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt, sign in; Flask-Mail itself would neither check the certificate nor ever give up."""
        server: Server = self.mail.server
        context = ssl.create_default_context()
        host: smtplib.SMTP
        if server.tls:
            host = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            host = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        if server.starttls:
            host.starttls(context=context)
        if server.user:
            host.login(server.user, server.password or "")
        return host


class StrictMessage(Message):
    """Flask-Mail's message in a form that strict servers take: no line over 998 bytes, headers folded."""

    parcel: Parcel

    def _message(self) -> EmailMessage:  # type: ignore[override]
        parcel = self.parcel
        built = EmailMessage(policy=SMTP)
        built["Subject"] = header_safe(parcel.subject)
        built["From"] = _address(parcel.sender_name, parcel.sender)
        built["To"] = _address(parcel.to_name, parcel.to)
        built["Reply-To"] = _address(parcel.sender_name, parcel.reply_to)
        built["Date"] = format_datetime(clock.now())
        built["Message-ID"] = f"<{parcel.mid}>"
        if parcel.references:
            built["In-Reply-To"] = f"<{parcel.references}>"
            built["References"] = f"<{parcel.references}>"
        for name, value in parcel.headers.items():
            built[name] = value
        built.set_content(parcel.text, cte="quoted-printable")
        built.add_alternative(parcel.html, subtype="html", cte="quoted-printable")
        return built


class CheckedMail(Mail):
    """Flask-Mail whose connections are checked ones."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server

    def connect(self) -> CheckedConnection:
        """A connection that has not been opened yet."""
        return CheckedConnection(self)


class SmtpTransport:
    """Letters leave by SMTP."""

    shows = False

    def __init__(self, mail: CheckedMail) -> None:
        self._mail = mail

    def send(self, parcel: Parcel) -> str:
        """Hand one letter over.

        Raises:
            Refused: the server, or the way to it, said no.
        """
        message = StrictMessage(subject=parcel.subject, recipients=[parcel.to], sender=parcel.sender)
        message.parcel = parcel
        try:
            with self._mail.connect() as connection:
                return _handed_over(connection.host, message, parcel)
        except smtplib.SMTPRecipientsRefused as refusal:
            code, text = next(iter(refusal.recipients.values()))
            raise Refused(_said(code, text), permanent=code >= 500) from refusal
        except smtplib.SMTPAuthenticationError as refusal:
            raise Refused(_said(refusal.smtp_code, refusal.smtp_error), permanent=False) from refusal
        except smtplib.SMTPResponseException as refusal:
            raise Refused(_said(refusal.smtp_code, refusal.smtp_error), permanent=refusal.smtp_code >= 500) from refusal
        except (OSError, smtplib.SMTPException) as trouble:
            raise Refused(f"{type(trouble).__name__}: {trouble}"[:300], permanent=False) from trouble


def _handed_over(host: Any, message: StrictMessage, parcel: Parcel) -> str:  # noqa: ANN401 - smtplib behind an untyped library
    host.send_message(message._message(), parcel.sender, [parcel.to])
    return "250"


class LettersPage:
    """Development: nothing leaves; the letters page shows what would have."""

    shows = True

    def send(self, parcel: Parcel) -> str:
        """Build the letter as it would have left, so that a letter that cannot be built is noticed here too."""
        message = StrictMessage(subject=parcel.subject, recipients=[parcel.to], sender=parcel.sender)
        message.parcel = parcel
        message._message().as_bytes()
        return "shown"


def _address(name: str, email: str) -> Address:
    local, _, domain = email.rpartition("@")
    return Address(header_safe(name), local, domain)


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:300]
