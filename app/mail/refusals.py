"""What trouble with a mail server means: for this letter alone, or for all of them; pure."""

from __future__ import annotations

import smtplib
import ssl

from app.mail.parcels import Refused, Stopped

#: The server does not know us, or not any more. Source: RFC 4954, 6; RFC 3207, 4.
AUTH = frozenset({530, 534, 535, 538})
_TOO_BIG = 552


def of_opening(trouble: Exception) -> Stopped:
    """What it means that the way to the server could not be opened."""
    if isinstance(trouble, ssl.SSLError):
        return Stopped("tls", _named(trouble))
    if isinstance(trouble, smtplib.SMTPNotSupportedError):
        return Stopped("tls" if "STARTTLS" in str(trouble) else "auth", str(trouble)[:300])
    if isinstance(trouble, smtplib.SMTPResponseException):
        words = said(trouble.smtp_code, trouble.smtp_error)
        return Stopped("auth" if trouble.smtp_code in AUTH else "down", words)
    return Stopped("down", _named(trouble))


def of_letter(trouble: Exception, *, cut: bool) -> Refused | Stopped:
    """What it means that a letter could not be handed over; `cut` when we had to end the conversation ourselves."""
    if cut:  # what was read last may be half a line
        return Refused("timed out", permanent=False, hung=True)
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return _recipient(*next(iter(trouble.recipients.values())))
    if isinstance(trouble, smtplib.SMTPResponseException):
        return _response(trouble)
    if isinstance(trouble, smtplib.SMTPNotSupportedError):
        return Refused("553 5.6.7 " + str(trouble)[:200], permanent=True)
    # Whether it took the letter before it went silent, nobody knows: it is tried again, under the same Message-ID.
    slow = isinstance(trouble, TimeoutError) or isinstance(trouble.__context__, TimeoutError)
    return Refused("timed out" if slow else _named(trouble), permanent=False, hung=True)


def _recipient(code: int, text: bytes) -> Refused | Stopped:
    words = said(code, text)
    if code in AUTH:
        return Stopped("auth", words)
    # 5.7.x judges what we are and 5.2.x how full the mailbox is: neither says that nobody lives there.
    unknown = code >= 500 and not any(f" 5.{digit}." in words for digit in "27")
    return Refused(words, permanent=code >= 500, unknown=unknown)


def _response(trouble: smtplib.SMTPResponseException) -> Refused | Stopped:
    code, words = trouble.smtp_code, said(trouble.smtp_code, trouble.smtp_error)
    if code in AUTH:
        return Stopped("auth", words)
    if isinstance(trouble, smtplib.SMTPSenderRefused) and code != _TOO_BIG:
        # Our own address was refused before the letter was looked at: the next one would meet the same.
        return Stopped("sender" if code >= 500 else "down", words)
    return Refused(words, permanent=code >= 500)


def said(code: int, text: bytes | str) -> str:
    """The server's words on one line."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:300]


def _named(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"[:300]


#: What is noted of a letter whose sender was lost while it held it.
LOST = "sender lost"
_AND_THEN = " · "


def perhaps_taken(answer: str) -> bool:
    """Whether a server may have taken a letter of which this was noted.

    A server that refuses answers with a code. Where ours are the first words, nobody knows what became of the letter.
    """
    return bool(answer) and not answer[0].isdigit()


def noted(before: str, answer: str) -> str:
    """What to note of a letter after another try: that it may have been taken is never forgotten."""
    first = before.partition(_AND_THEN)[0]
    return answer if not perhaps_taken(before) or first == answer else f"{first}{_AND_THEN}{answer}"
