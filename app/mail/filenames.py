"""What an attached file is called: found wherever mailers put it, and made harmless to show and to store."""

from __future__ import annotations

import re
from urllib.parse import unquote

from app.mail.headers import one_line, text_of, without_bidi
from app.mail.mime import Part, head_of
from app.mail.parameters import parameters

MAX_NAME = 200

_PATH = re.compile(r"[\\/]+")
_HAS_ENDING = re.compile(r"[^\s./\\]\.[A-Za-z0-9]{1,8}$")
_ID_WITH_ENDING = re.compile(r"<?([^<>@\s]{1,120}\.[A-Za-z0-9]{2,5})(?:@|>|$)")
#: Made-up names for parts that have none.
_NAMELESS = {
    "text/calendar": "invite.ics", "application/ics": "invite.ics", "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "version.asc", "application/pgp-keys": "key.asc",
    "application/pkcs7-signature": "smime.p7s", "application/x-pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m", "application/x-pkcs7-mime": "smime.p7m",
    "message/delivery-status": "delivery-status.txt", "message/disposition-notification": "receipt.txt",
    "text/rfc822-headers": "message-headers.txt", "text/vcard": "contact.vcf", "text/x-vcard": "contact.vcf",
    "application/ms-tnef": "winmail.dat",
}  # fmt: skip
_ENDINGS = {
    "text/plain": "txt", "text/html": "html", "text/csv": "csv", "text/xml": "xml", "application/xml": "xml",
    "application/json": "json", "application/pdf": "pdf", "application/zip": "zip", "application/rtf": "rtf",
    "application/msword": "doc", "application/vnd.ms-excel": "xls", "image/jpeg": "jpg", "image/jpg": "jpg",
    "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/heic": "heic", "image/tiff": "tif",
    "image/bmp": "bmp", "image/svg+xml": "svg", "audio/mpeg": "mp3", "video/mp4": "mp4",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}  # fmt: skip


def told_name(part: Part) -> str:
    """The cleaned name that the part itself tells; an empty string when it tells none."""
    disposition = part.headers.first("content-disposition")
    wanted = parameters(disposition) if "=" in disposition else {}
    candidates = (wanted.get("filename", ""), part.parameters.get("name", ""), wanted.get("name", ""))
    for candidate in (*candidates, *_elsewhere(part)):
        name = clean_name(candidate) if candidate else ""
        if name:
            return name
    return ""


def name_of(part: Part, content: bytes, position: int) -> str:
    """A name for every attachment: a nested message after its subject, others as told, else made up.

    Args:
        part: the part that carries the file.
        content: its decoded bytes.
        position: its place among the letter's attachments, from 1.
    """
    if part.type in {"message/rfc822", "message/global"}:
        inner, _body = head_of(content)
        subject = clean_name(_PATH.sub("-", text_of(inner.first("subject"))))
        stem = subject or (told_name(part) or "message").removesuffix(".eml")
        return _shortened(f"{stem}.eml")
    return told_name(part) or _made_up(part.type, position)


def clean_name(name: str) -> str:
    """A name without path, control or direction marks, at most 200 characters, its ending kept."""
    last = _PATH.split(without_bidi(one_line(name)).rstrip("\\/ "))[-1]
    return _shortened(last.strip()) if last.strip(" .") else ""


def _elsewhere(part: Part) -> list[str]:
    """Names that only stand in Content-Location, Content-Description or Content-ID, where they look like a name."""
    headers = part.headers
    if not {"content-location", "content-description", "content-id"} & headers.fields.keys():
        return []
    location = unquote(text_of(headers.first("content-location"))).partition("?")[0]
    described = text_of(headers.first("content-description"))
    identified = _ID_WITH_ENDING.search(text_of(headers.first("content-id")))
    found = [text for text in (location, described) if _HAS_ENDING.search(text)]
    return [*found, identified[1]] if identified else found


def _shortened(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"


def _made_up(kind: str, position: int) -> str:
    if kind in _NAMELESS:
        return _NAMELESS[kind]
    stem = "image" if kind.startswith("image/") else "file"
    return f"{stem}-{position}.{_ENDINGS.get(kind, 'bin')}"
