"""What plain text becomes on a page: typographic spaces, safe paragraphs, initials; pure, no dates and no numbers."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

NBSP: Final = "\N{NO-BREAK SPACE}"
NARROW: Final = "\N{NARROW NO-BREAK SPACE}"

# Only a space that is already there is changed, so that addresses such as https: stay whole.
_WIDE_BEFORE: Final = re.compile(r"[ \u00a0]+(?=[:»€%](?!\w))")
_WIDE_AFTER: Final = re.compile(r"(?<=«)[ \u00a0]+|(?<=\bn[ºo°])[ ]+(?=\d)")
_NARROW_BEFORE: Final = re.compile(r"[ \u00a0\u202f]+(?=[;!?](?!\w))")
_UNIT: Final = re.compile(r"(?<=\d)[ ](?=(?:h|min|ko|Mo)\b)")
_HOUR: Final = re.compile(r"\b(\d{1,2})[ \u00a0]h[ \u00a0](\d{2})\b")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"«»]+", re.IGNORECASE)
_TRAILING: Final = ".,;:!?)]}'’\""
_BLANK_LINES: Final = re.compile(r"\n[ \t]*\n\s*")


def french_spaces(text: str) -> str:
    """The same text with the no-break spaces French asks for; nothing is added where there is no space."""
    text = _WIDE_AFTER.sub(NBSP, _WIDE_BEFORE.sub(NBSP, text))
    text = _UNIT.sub(NBSP, _NARROW_BEFORE.sub(NARROW, text))
    return _HOUR.sub(rf"\1{NBSP}h{NBSP}\2", text)


def spaces(text: str, language: str) -> str:
    """Typographic spaces of the language; English needs none."""
    return french_spaces(text) if language == "fr" else text


def initials(name: str) -> str:
    """One or two capitals that stand for a person; an address gives those of its local part."""
    words = re.split(r"[\s._+-]+", name.split("@")[0].strip())
    letters = [word[0].upper() for word in words if word and word[0].isalnum()]
    if not letters:
        return "?"
    return letters[0] + (letters[-1] if len(letters) > 1 else "")


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs: everything escaped, web addresses made links that tell nobody and lead no robot."""
    blocks = _BLANK_LINES.split(text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return Markup("\n").join(_paragraph(block) for block in blocks if block.strip())


def _paragraph(block: str) -> Markup:
    lines = (_linked(line.rstrip()) for line in block.split("\n"))
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(lines))


def _linked(line: str) -> Markup:
    parts: list[Markup] = []
    done = 0
    for found in _ADDRESS.finditer(line):
        address = _address_only(found.group())
        parts.append(escape(line[done : found.start()]))
        parts.append(Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>').format(address))
        done = found.start() + len(address)
    parts.append(escape(line[done:]))
    return Markup("").join(parts)


def _address_only(found: str) -> str:
    address = found.rstrip(_TRAILING)
    # A closing bracket belongs to the address when the address opened it.
    if found[len(address) : len(address) + 1] == ")" and address.count("(") > address.count(")"):
        address += ")"
    return address
