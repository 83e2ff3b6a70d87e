"""Files joined to messages: checked, stored by hash under DATA_DIR, never under a name somebody chose."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import puremagic

from app.kernel import room
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.tickets.models import Attachment

MEGABYTE = 1024 * 1024
FILE_BYTES, REQUEST_BYTES, FILES = 10 * MEGABYTE, 25 * MEGABYTE, 20
#: What may be joined on the form, by what the bytes really are; letters may carry anything, served as a download.
ALLOWED = {
    ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp", ".heic": "image/heic", ".txt": "text/plain",
}  # fmt: skip
#: Types a browser may show by itself.
SHOWN = {"image/png", "image/jpeg", "image/gif", "image/webp"}


class _Store:
    """The folder of attachments, once the factory has named it."""

    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file already lying in the store, not yet joined to a message."""

    name: str
    type: str
    size: int
    sha256: str


class FileRefused(ValueError):
    """A file that may not be joined; the text is the code of the reason."""


def keep_in(folder: Path) -> None:
    """Name the folder of attachments."""
    _Store.folder = folder


def accept(name: str, content: bytes) -> StoredFile:
    """Check and store a file from a form.

    Raises:
        FileRefused: too large, empty, or not what its name says; the code tells which.
    """
    if not content:
        raise FileRefused("file_empty")
    if len(content) > FILE_BYTES:
        raise FileRefused("file_too_large")
    clean = clean_name(name)
    declared = ALLOWED.get(Path(clean).suffix.lower())
    if declared is None:
        raise FileRefused("file_type")
    if sniffed(content) != declared:
        raise FileRefused("file_mislabelled")
    return store(clean, declared, content)


def store(name: str, kind: str, content: bytes) -> StoredFile:
    """Write bytes under their hash; the same bytes are kept once, and a half-written file never carries the name."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not _taken_up(path):
        room.keep_folder(path.parent)
        room.keep(path, content)
    return StoredFile(clean_name(name), kind, len(content), digest)


def _taken_up(path: Path) -> bool:
    """Whether the bytes lie there already; touched, so that nobody clears them away before a row names them."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def folder_of_files() -> Path:
    """Where all of them lie."""
    return _Store.folder


def path_of(digest: str) -> Path:
    """Where the bytes of a hash lie."""
    return _Store.folder / digest[:2] / digest


def content_of(digest: str) -> bytes:
    """The bytes of a hash.

    Raises:
        NotFound: they are missing or damaged.
    """
    try:
        content = path_of(digest).read_bytes()
    except OSError:
        raise NotFound("file") from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise NotFound("file")
    return content


def attach(message_id: int, files: Iterable[StoredFile]) -> None:
    """Join stored files to a message."""
    session.add_all(
        Attachment(message_id=message_id, name=f.name, type=f.type, size=f.size, sha256=f.sha256) for f in files
    )


def clean_name(name: str) -> str:
    """A file name without folders, control or direction characters, at most 150 long."""
    base = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C")
    kept = kept.strip(" .") or "fichier"
    stem, dot, suffix = kept.rpartition(".")
    return kept if len(kept) <= 150 else f"{(stem or suffix)[:140]}{dot}{suffix[:8]}"


def sniffed(content: bytes) -> str:
    """What the bytes are, by their own account; application/octet-stream when they do not say."""
    head = content[:4096]
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    if found in ALLOWED.values() and found != "text/plain":
        return str(found)
    return "text/plain" if _is_text(head) else "application/octet-stream"


def _is_text(head: bytes) -> bool:
    if b"\x00" in head or head.lstrip()[:1] == b"<":
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as problem:
        return problem.start > len(head) - 4
    return True
