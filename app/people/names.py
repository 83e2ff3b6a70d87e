"""How addresses and names are normalised; pure."""

from __future__ import annotations

import re
import unicodedata

from app.kernel.flattening import flattened

#: Characters of the name of a colleague or of a department.
LONGEST_NAME = 120
#: What we accept as an address: one at sign, a dotted domain, nothing that could break a header.
_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}@[A-Za-z0-9\u00a1-\uffff](?:[A-Za-z0-9.\-\u00a1-\uffff]{0,250})"
)


def normalised(email: str) -> str:
    """The address as stored: trimmed, lower case, its domain in ASCII; empty when it cannot be one."""
    text = unicodedata.normalize("NFKC", email.strip()).lower()
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        return ""
    local, _, domain = text.rpartition("@")
    if "." not in domain or ".." in domain or domain.endswith((".", "-")):
        return ""
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return ""


def in_ascii(email: str) -> str:
    """Any address as it may be shown: nothing in its domain looks like a letter that it is not."""
    if "@" not in email:
        return email
    local, _, domain = email.rpartition("@")
    return normalised(email) or f"{local}@{domain.encode('ascii', 'backslashreplace').decode()}"


def folded(text: str) -> str:
    """Lower case without accents or doubled blanks, for look-ups."""
    return " ".join(flattened(text).split())[:255]


def presentable(name: str, email: str) -> str:
    """A display name without control or direction characters; the local part of the address when there is none."""
    clean = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp"})
    clean = " ".join(clean.split())[:255]
    return clean or email.partition("@")[0][:255]


def initials(name: str) -> str:
    """One or two capitals for the round sign of a person."""
    words = [word for word in re.split(r"[\s\-]+", name) if word and word[0].isalpha()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [w[0] for w in words[:1]]
    return "".join(letters).upper() or "?"
