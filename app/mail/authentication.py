"""What our own mail server found out about a sender, from its Authentication-Results; anybody else's are ignored; pure.

Source: RFC 8601.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress

PASS, FAIL, NONE = "pass", "fail", "none"
_METHOD = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*([a-z]+)")
_DOMAIN = {
    "dkim": re.compile(r"\bheader\.(?:d|i)\s*=\s*[\"']?(?:[^\s;\"'@]*@)?([^\s;\"']+)"),
    "spf": re.compile(r"\bsmtp\.mailfrom\s*=\s*[\"']?(?:[^\s;\"'@]*@)?([^\s;\"']+)"),
}
#: Whom a finding of DMARC is about.
_JUDGED = re.compile(r"\bheader\.from\s*=\s*[\"']?(?:[^\s;\"'@]*@)?([^\s;\"']+)")
_COMMENT = re.compile(r"\([^()]*\)")


class _Trusted:
    """The name under which our mail server signs its findings, once the factory has named it."""

    server: str = ""


def trust(server: str) -> None:
    """Name the server whose findings count; none when empty."""
    _Trusted.server = server.strip().lower()


def is_trusting() -> bool:
    """Whether there is a server whose findings count; without one nobody proves who they are by letter."""
    return bool(_Trusted.server)


def result(headers: Sequence[str], from_email: str) -> str:
    """What the trusted server found: pass, fail or none; empty when no server is trusted or it said nothing.

    Args:
        headers: Authentication-Results as they stand, the topmost first; only the first of the trusted server counts,
            since every server writes above what it received.
        from_email: the author, with whose domain SPF and DKIM must agree, and whom DMARC must have judged.
    """
    if not _Trusted.server:
        return ""
    own = (rest for header in headers if (rest := _said(header[:8_000].lower())) is not None)
    found = next(own, None)
    return "" if found is None else _judged(found, from_email.rpartition("@")[2].lower())


def _said(header: str) -> list[str] | None:
    """The findings of a header by the trusted server, None when it is another's."""
    server, *findings = _COMMENT.sub(" ", header).split(";")
    name = server.split()
    return findings if name and name[0] == _Trusted.server else None


def _judged(findings: Iterable[str], domain: str) -> str:
    told = [(found[1], found[2], text) for text in findings if (found := _METHOD.search(text))]
    policy, about = next(((outcome, text) for method, outcome, text in told if method == "dmarc"), (NONE, ""))
    if policy != FAIL and (judged := _JUDGED.search(about)) and not _related(judged[1], domain):
        return FAIL  # of two authors it judged the other one
    if policy in {PASS, FAIL}:
        return policy
    return PASS if any(outcome == PASS and _agrees(method, text, domain) for method, outcome, text in told) else NONE


def _agrees(method: str, finding: str, domain: str) -> bool:
    """Whether a finding speaks of the author's domain, or of one above or below it."""
    found = _DOMAIN[method].search(finding) if method in _DOMAIN else None
    return found is not None and bool(domain) and _related(found[1], domain)


def _related(other: str, domain: str) -> bool:
    other = other.strip(".")
    with suppress(UnicodeError):
        other = other if other.isascii() else other.encode("idna").decode()  # as the author's is written
    return other == domain or domain.endswith(f".{other}") or other.endswith(f".{domain}")
