"""Files that travel with a form from page to page: stored once, named in the page by a word only we can write."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from app.kernel import keys
from app.tickets.files import FILE_BYTES, FILES, REQUEST_BYTES, FileRefused, StoredFile, accept

PURPOSE = "carried-file"
#: A word longer than this is none of ours.
LONGEST_WORD = 2_000


@dataclass(frozen=True, slots=True)
class Carried:
    """The files of a form: those taken, and the code of what is wrong with the first one refused."""

    files: tuple[StoredFile, ...] = ()
    refused: str = ""


def word_of(file: StoredFile) -> str:
    """The word that stands for a stored file in a page."""
    payload = json.dumps([file.name, file.type, file.size, file.sha256]).encode()
    text = urlsafe_b64encode(payload).decode().rstrip("=")
    return f"{text}.{keys.short_proof(PURPOSE, text)}"


def file_of(word: str) -> StoredFile | None:
    """The stored file a word stands for, or None when we did not write it."""
    text, _, proof = word.partition(".")
    if len(word) > LONGEST_WORD or not proof.isascii() or not keys.same(proof, keys.short_proof(PURPOSE, text)):
        return None
    name, kind, size, digest = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return StoredFile(name, kind, size, digest)


def carried(words: Iterable[str], fresh: Sequence[FileStorage]) -> Carried:
    """The files kept from the page before, and the new ones; a refused file does not undo the others."""
    kept = {file.sha256: file for word in words if (file := file_of(word))}
    refused = ""
    for upload in fresh:
        if not upload.filename:
            continue
        try:
            file = _taken(upload, list(kept.values()))
        except FileRefused as refusal:
            refused = refused or str(refusal)
        else:
            kept[file.sha256] = file
    return Carried(tuple(kept.values()), refused)


def _taken(upload: FileStorage, before: Sequence[StoredFile]) -> StoredFile:
    if len(before) >= FILES:
        raise FileRefused("files_too_many")
    # One byte more than allowed is enough to refuse; a huge file is never held in memory.
    content = upload.stream.read(FILE_BYTES + 1)
    if sum(file.size for file in before) + len(content) > REQUEST_BYTES and len(content) <= FILE_BYTES:
        raise FileRefused("files_too_large")
    return accept(upload.filename or "", content)
