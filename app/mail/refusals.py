"""What trouble with a mail server means: for this letter alone, for all of them, or for the address; pure."""

from __future__ import annotations

import re
import smtplib
import ssl

from app.mail.parcels import Refused, Stopped

#: The server does not know us, or not any more. Source: RFC 4954, 6; RFC 3207, 4.
AUTH = frozenset({530, 534, 535, 538})
_TOO_BIG = 552
#: Of what a refusal speaks, by when it came: named as recipient, after the letter was handed over, in a report.
RECIPIENT, LETTER, REPORT = "recipient", "letter", "report"
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
#: Said of whoever sends, whoever says it. Source: RFC 3463, 3.2.
_OF_SENDER = frozenset({"5.1.7", "5.1.8"})


def status_of(words: str) -> str:
    """The status a refusal carries: its enhanced code such as ``5.1.1``, or else its plain one, or else nothing."""
    found = _ENHANCED.search(words)
    return found[1] if found else words[:3] if words[:3].isdecimal() else ""


def marks(words: str, when: str) -> bool:
    """Whether a refusal marks the address as undeliverable: the one rule, for what is said at once and what comes back.

    Every status of class 5 marks, none of class 4 does. What is said of us marks nobody: an unknown password, a sender
    refused, and, by the server that we hand letters to, whatever it says of our rights (5.7.x) or, once it has the
    letter, of the letter itself. What a server further away says of its own recipient marks, 5.7.x too.

    Args:
        words: the server's words, or a bare status.
        when: `RECIPIENT` or `LETTER` for the server that we hand letters to, `REPORT` for a letter that came back.
    """
    status = status_of(words)
    if not status.startswith("5") or status in _OF_SENDER or any(words.startswith(str(code)) for code in AUTH):
        return False
    if when == REPORT:
        return True
    if status.startswith("5.7."):
        return False
    return when == RECIPIENT or status.startswith(("5.1.", "5.2."))


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
    return Refused(words, permanent=code >= 500, unknown=marks(words, RECIPIENT))


def _response(trouble: smtplib.SMTPResponseException) -> Refused | Stopped:
    code, words = trouble.smtp_code, said(trouble.smtp_code, trouble.smtp_error)
    if code in AUTH:
        return Stopped("auth", words)
    if isinstance(trouble, smtplib.SMTPSenderRefused) and code != _TOO_BIG:
        # Our own address was refused before the letter was looked at: the next one would meet the same.
        return Stopped("sender" if code >= 500 else "down", words)
    return Refused(words, permanent=code >= 500, unknown=marks(words, LETTER))


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
