"""What this person wrote now: the text without quoted history and signatures, line by line and in linear time.

Words are rather kept than lost: a letter that is only a forward keeps it, answers between quoted lines all stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.mail.armour import without_armour
from app.mail.attribution import (
    Strength,
    attribution,
    ends_like_attribution,
    header_block,
    is_forward,
    is_reply_marker,
    is_ruler,
    leads_to_block,
    opens_header_block,
    runs_on,
)
from app.mail.signatures import is_excuse, is_phone_signature, names_device

#: What is looked at; a longer letter is cut, its full text is kept beside.
MAX_CHARS = 100_000
MAX_LINES = 5_000
_SHORT_SIGNATURE = 12
_FARTHEST_END = 40

_SPACES = re.compile(r"[\xa0\u202f\u2007\u2009]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BLANK_RUN = re.compile(r"\n{3,}")
_QUOTE_MARKS = re.compile(r"^[ \t]{0,3}>[> ]*", re.MULTILINE)
_LONG_RULE = re.compile(r"\s*[_-]{10,}\s*$")
_SPEECH = ("«", "“", '"', "„")
_ENDED = (".", "!", "?", ":", ";", "…")


@dataclass(slots=True)
class _Cut:
    """The lines as written and as compared, what introduces history where, and what has been kept so far."""

    lines: list[str]
    seen: list[str]
    attributions: dict[int, tuple[int, Strength]]
    kept: list[str] = field(default_factory=list)
    history_at: int | None = None
    attributed: bool = False
    quoted: bool = False

    def filled(self, at: int) -> int:
        """The next line with words, from ``at`` on."""
        while at < len(self.seen) and not self.seen[at].strip():
            at += 1
        return at

    def is_quoted(self, at: int) -> bool:
        """Whether a quoted line stands there."""
        return at < len(self.seen) and self.seen[at].lstrip().startswith(">")


def own_words(text: str) -> str:
    """The words of this letter alone.

    Quoted lines, their attributions, copied header blocks and what follows them, signatures after ``-- ``, phone
    signatures and PGP armour are left out. Answers between quotations stay, and so do forwarded words when nothing
    was written above them.
    """
    text = without_armour(text[:MAX_CHARS])
    cut = _prepared(text)
    at = 0
    while at < len(cut.lines):
        at = _step(cut, at)
    words = _tidy(cut.kept)
    if words:
        return words
    if cut.history_at is not None:
        forwarded = range(cut.history_at, len(cut.lines))
        return _unquoted(_tidy([cut.lines[at] for at in forwarded if not is_phone_signature(cut.seen[at])]))
    return _unquoted(_tidy(cut.lines)) if cut.quoted and not cut.attributed else ""


def _prepared(text: str) -> _Cut:
    folded = text if text.isascii() else _INVISIBLE.sub("", _SPACES.sub(" ", text))
    seen = folded.split("\n")[:MAX_LINES]
    attributions = {}
    for last, line in enumerate(seen):
        if ends_like_attribution(line) and not line.lstrip().startswith(">"):
            first, strength = attribution(seen, last)
            if strength:
                attributions[first] = (last + 1, Strength.WEAK if _is_speech(seen, first, last) else strength)
        elif runs_on(line):
            attributions[last] = (last + 1, Strength.STRONG)
    return _Cut(text.split("\n")[:MAX_LINES], seen, attributions)


def _is_speech(seen: list[str], first: int, last: int) -> bool:
    """Words in quotation marks below somebody without an address: told by the writer, not quoted by a program."""
    below = seen[last + 1].lstrip() if last + 1 < len(seen) else ""
    return below.startswith(_SPEECH) and not any("@" in line for line in seen[first : last + 1])


def _step(cut: _Cut, at: int) -> int:
    """Decide about one line and answer where to go on."""
    line = cut.seen[at]
    first = line.lstrip()[:1]
    if not first:
        cut.kept.append("")
        return at + 1
    if first == ">":
        cut.quoted = True
        cut.attributed = cut.attributed or _quotes_attribution(line)
        return at + 2 if _is_torn_off(cut, at + 1) else at + 1
    if first == "`" and line.startswith("```"):
        return _fenced(cut, at)
    if first == "-" and _is_signature(cut, at):
        return _after_signature(cut, at + 1)
    end, strength = _introduces(cut, at)
    if end:
        return _history(cut, at, end, strength)
    below = _below_phone_signature(cut, at)
    if below:
        return below
    cut.kept.append(cut.lines[at])
    return at + 1


def _below_phone_signature(cut: _Cut, at: int) -> int:
    """The line after a phone's signature that ends a block; one that names no device must end the letter's words."""
    line = cut.seen[at]
    if not is_phone_signature(line):
        return 0
    below = at + 2 if at + 1 < len(cut.seen) and is_excuse(cut.seen[at + 1]) else at + 1
    return below if _ends_a_block(cut, below if names_device(line) else cut.filled(below)) else 0


def _introduces(cut: _Cut, at: int) -> tuple[int, Strength]:
    """The line after what introduces history here, and how sure that is; (0, NONE) for an ordinary line."""
    line = cut.seen[at]
    first = line.lstrip()[:1]
    if at in cut.attributions:
        return cut.attributions[at]
    if not first.isalnum() and (is_ruler(line) or is_forward(line)):
        return header_block(cut.seen, cut.filled(at + 1)) or at + 1, Strength.STRONG
    if (first and first in "_-" and _LONG_RULE.match(line)) or leads_to_block(line):
        block = header_block(cut.seen, cut.filled(at + 1))
        return (block, Strength.STRONG) if block else (0, Strength.NONE)
    if is_reply_marker(line):
        return at + 1, Strength.STRONG
    if ":" in line or "：" in line:
        block = header_block(cut.seen, at) if opens_header_block(line) else 0
        if block or is_forward(line):
            return block or at + 1, Strength.STRONG
    return 0, Strength.NONE


def _history(cut: _Cut, at: int, end: int, strength: Strength) -> int:
    """Skip an introduction before quoted lines; end the letter at a sure one that is followed by unquoted history."""
    following = cut.filled(end)
    if cut.is_quoted(following):
        if not is_forward(cut.seen[at]):
            cut.attributed = True
        elif cut.history_at is None:
            cut.history_at = at
        return following
    if strength is Strength.STRONG:
        if following < len(cut.lines) and cut.history_at is None:
            cut.history_at = at
        return len(cut.lines)
    cut.kept.extend(cut.lines[at:end])
    return end


def _quotes_attribution(line: str) -> bool:
    """Apple Mail puts the attribution behind the quotation mark, too."""
    return ends_like_attribution(line) and attribution([line.strip("> ")], 0)[1] is not Strength.NONE


def _is_torn_off(cut: _Cut, at: int) -> bool:
    """The end of a quoted line that a mail program wrapped without marking it."""
    if at >= len(cut.seen) or not cut.is_quoted(at + 1):
        return False
    before, line = cut.seen[at - 1].rstrip(), cut.seen[at].strip()
    return len(before) >= 60 and 0 < len(line) <= 40 and line[0].islower() and not before.endswith(_ENDED)


def _fenced(cut: _Cut, at: int) -> int:
    """Code between fences stays as it is, whatever it looks like; a fence that is never closed is an ordinary line."""
    for last in range(at + 1, min(len(cut.seen), at + 500)):
        if cut.seen[last].startswith("```"):
            cut.kept.extend(cut.lines[at : last + 1])
            return last + 1
        if cut.is_quoted(last) and last in cut.attributions:
            break
    cut.kept.append(cut.lines[at])
    return at + 1


def _is_signature(cut: _Cut, at: int) -> bool:
    """The signature mark with its blank is one anywhere; without it, only before a few lines at the end."""
    line = cut.seen[at]
    if line in {"-- ", "--  "}:
        return True
    if line.rstrip() != "--" or not any(kept.strip() for kept in cut.kept):
        return False
    filled = 0
    for below in range(at + 1, min(len(cut.seen), at + _FARTHEST_END)):
        if filled > _SHORT_SIGNATURE or cut.is_quoted(below) or _introduces(cut, below)[0]:
            break
        filled += bool(cut.seen[below].strip())
    return filled <= _SHORT_SIGNATURE


def _after_signature(cut: _Cut, at: int) -> int:
    """A signature reaches to the next quotation or to the end."""
    while at < len(cut.seen) and not cut.is_quoted(at) and not _introduces(cut, at)[0]:
        at += 1
    return at


def _ends_a_block(cut: _Cut, at: int) -> bool:
    return at >= len(cut.seen) or not cut.seen[at].strip() or cut.is_quoted(at) or bool(_introduces(cut, at)[0])


def _tidy(lines: list[str]) -> str:
    """Lines as one text, without blank runs and without a rule left hanging at the end."""
    last = len(lines)
    while last and (not lines[last - 1].strip() or _LONG_RULE.match(lines[last - 1])):
        last -= 1
    return _BLANK_RUN.sub("\n\n", "\n".join(lines[:last])).strip("\n").rstrip()


def _unquoted(text: str) -> str:
    return _QUOTE_MARKS.sub("", text)
