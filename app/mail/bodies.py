"""What a letter says and what it carries: its readable text, its HTML as sent, and its attachments with their bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import unquote

from app.mail.charsets import codec_of, decode
from app.mail.filenames import clean_name, name_of, told_name
from app.mail.flowed import plain, unenriched, unflowed
from app.mail.headers import clean_id, text_of
from app.mail.html import MAX_CHARS
from app.mail.mime import Letter, Part
from app.mail.rendering import to_text
from app.mail.tnef import unpack
from app.mail.transfer import lift_uuencoded, undo

#: Bytes of plain text, and of HTML, that are read of one letter; the raw letter keeps the rest.
MAX_TEXT = 1_000_000

_READABLE = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
#: Twins of a body for other kinds of readers; they say nothing more and are no files.
_TWINS = frozenset({"text/x-amp-html", "text/watch-html"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
#: Exchange cuts a body around its attachments and calls the pieces so.
_BODY_PIECE = re.compile(r"ATT\d{3,6}\.(?:html?|txt)$", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\s\"']*([\w.:-]{1,40})", re.IGNORECASE)
#: Plain alternatives that only say that the letter is to be read elsewhere.
_STUB = re.compile(r"\bhtml\b|(?:view|voir|read|lire).{0,40}(?:browser|navigateur|online|en ligne)", re.IGNORECASE)
_STUB_LENGTH = 400
_CID = re.compile(r"cid:([^\"'\s>)]{1,500})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a letter; ``inline`` when the letter's HTML shows it by its content id."""

    name: str
    type: str
    content: bytes
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        """Decoded size in bytes."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Content:
    """The readable text, the HTML as it came (not safe to show), the files, and whether a cap cut something."""

    text: str
    html: str
    attachments: tuple[Attachment, ...]
    truncated: bool


@dataclass(slots=True)
class _Piece:
    """One stretch of body in document order; ``covered`` HTML has a plain twin that says the same."""

    text: str
    is_html: bool
    covered: bool = False


@dataclass(slots=True)
class _Harvest:
    """What has been gathered on the way through the tree."""

    attachments: list[Attachment] = field(default_factory=list)
    truncated: bool = False
    has_words: bool = False
    room: dict[bool, int] = field(default_factory=lambda: {False: MAX_TEXT, True: MAX_CHARS})

    def words_of(self, data: bytes, *, is_html: bool) -> bytes:
        """As much of the data as the letter's allowance for its kind leaves."""
        kept = data[: self.room[is_html]]
        self.room[is_html] -= len(kept)
        self.truncated = self.truncated or len(kept) < len(data)
        self.has_words = self.has_words or bool(kept.strip())
        return kept


def content_of(letter: Letter) -> Content:
    """Read the bodies and attachments of a letter that has been cut into parts."""
    harvest = _Harvest(truncated=letter.truncated)
    pieces = _visit(letter.root, harvest, alone=True)
    html = _html(pieces)
    return Content(
        text=_text(pieces),
        html=html,
        attachments=tuple(_with_inline(harvest.attachments, html)),
        truncated=harvest.truncated,
    )


def charset_hint(letter: Letter) -> str:
    """The charset of the first text, by which raw 8-bit headers are tried."""
    return next((part.charset for part in letter.root.walk() if part.type in _READABLE and part.charset), "")


def _visit(part: Part, harvest: _Harvest, *, alone: bool) -> list[_Piece]:
    if part.children:
        pieces = [piece for child in part.children for piece in _visit(child, harvest, alone=False)]
        return _alternative(pieces) if part.type == "multipart/alternative" else pieces
    if part.type in _READABLE and _is_body(part, harvest, alone=alone):
        return _body(part, harvest)
    if part.type in _TWINS and not told_name(part):
        return []
    return _file(part, harvest)


def _is_body(part: Part, harvest: _Harvest, *, alone: bool) -> bool:
    disposition = part.headers.first("content-disposition").strip().lower()
    if disposition.startswith("attachment"):
        return False
    if alone or not (disposition or "name" in part.parameters):
        return True
    name = told_name(part)
    return not name or bool(_BODY_PIECE.match(name)) or not (harvest.has_words or disposition)


def _alternative(pieces: list[_Piece]) -> list[_Piece]:
    """The plain twin for reading and the HTML for showing; the HTML alone when the plain twin says nothing."""
    words = [piece for piece in pieces if not piece.is_html and piece.text.strip()]
    pages = [piece for piece in pieces if piece.is_html]
    if not pages:
        return words
    if not words or _is_stub(words, pages):
        return pages
    return words + [replace(piece, covered=True) for piece in pages]


def _is_stub(words: list[_Piece], pages: list[_Piece]) -> bool:
    text = words[0].text
    return len(text) < _STUB_LENGTH and len(pages[0].text) > 4 * len(text) and bool(_STUB.search(text))


def _body(part: Part, harvest: _Harvest) -> list[_Piece]:
    data = undo(part.body, part.encoding)
    if part.type == "text/html":
        data = harvest.words_of(data, is_html=True)
        meta = None if codec_of(part.charset) not in {"", "ascii"} else _META_CHARSET.search(data[:2_000])
        text = plain(decode(data, meta[1].decode("ascii", "ignore") if meta else part.charset))
        return [_Piece(text, is_html=True)] if text.strip() else []
    data = harvest.words_of(_without_packed(data, harvest), is_html=False)
    text = plain(decode(data, part.charset))
    if part.parameters.get("format", "").lower().startswith("flowed"):
        text = unflowed(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    elif part.type != "text/plain":
        text = unenriched(text)
    return [_Piece(text, is_html=False)] if text.strip() else []


def _without_packed(data: bytes, harvest: _Harvest) -> bytes:
    """The text after its uuencoded files have been put with the attachments."""
    data, packed = lift_uuencoded(data)
    for file in packed:
        name = clean_name(decode(file.name)) or f"file-{len(harvest.attachments) + 1}.bin"
        harvest.attachments.append(Attachment(name, "application/octet-stream", file.content))
    return data


def _file(part: Part, harvest: _Harvest) -> list[_Piece]:
    content = undo(part.body, part.encoding)
    name = name_of(part, content, len(harvest.attachments) + 1)
    pack = unpack(content) if part.type in _TNEF or name.lower() == "winmail.dat" else None
    if pack is None:
        cid = clean_id(text_of(part.headers.first("content-id")))
        told = part.headers.first("content-disposition").strip().lower().startswith("attachment")
        harvest.attachments.append(Attachment(name, part.type, content, cid, inline=bool(cid) and not told))
        return []
    for file in pack.files:
        named = clean_name(file.name) or f"file-{len(harvest.attachments) + 1}.bin"
        kind = file.type or "application/octet-stream"
        harvest.attachments.append(Attachment(named, kind, file.content, clean_id(file.content_id)))
    # Outlook's pack repeats the body; it counts only where the letter has no other.
    packed = [_Piece(plain(pack.text), is_html=False), _Piece(plain(pack.html), is_html=True)]
    return [] if harvest.has_words else _alternative([piece for piece in packed if piece.text.strip()])


def _text(pieces: list[_Piece]) -> str:
    """Plain parts in order, and HTML that stands before them without a twin; else the HTML rendered."""
    first_plain = next((at for at, piece in enumerate(pieces) if not piece.is_html), len(pieces))
    has_plain = first_plain < len(pieces)
    read = []
    for at, piece in enumerate(pieces):
        if not piece.is_html:
            read.append(piece.text.strip("\n"))
        elif not piece.covered and not (has_plain and at > first_plain):
            read.append(to_text(piece.text))
    return "\n\n".join(text for text in read if text.strip())[:MAX_TEXT].rstrip()


def _html(pieces: list[_Piece]) -> str:
    """All HTML in order, with plain parts between that have no HTML twin; nothing when the letter has no HTML."""
    if not any(piece.is_html for piece in pieces):
        return ""
    twins = any(piece.covered for piece in pieces)
    shown = []
    for piece in pieces:
        if piece.is_html:
            shown.append(piece.text)
        elif not twins:
            shown.append(f"<p>{escape(piece.text.strip(), quote=False)}</p>".replace("\n", "<br>"))
    return "\n".join(shown)[:MAX_CHARS]


def _with_inline(attachments: list[Attachment], html: str) -> list[Attachment]:
    """Only what the HTML really shows stays inline; the others are ordinary files."""
    if not any(file.inline for file in attachments):
        return attachments
    shown = {unquote(cid).lower() for cid in _CID.findall(html)} if html else set()
    return [replace(file, inline=file.inline and file.content_id.lower() in shown) for file in attachments]
