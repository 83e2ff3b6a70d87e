"""Files that travel with a form from page to page: stored once, named in the page by a word only we can write."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from werkzeug.datastructures import FileStorage

from app.kernel import keys
from app.kernel.errors import Invalid
from app.tickets.files import FILE_BYTES, FILES, MEGABYTE, REQUEST_BYTES, FileRefused, StoredFile, accept

PURPOSE = "carried-file"
#: A word longer than this is none of ours.
LONGEST_WORD = 2_000
#: Bytes of a form with files that are still read, so that whoever joins too much is told so with every word kept.
READ_BYTES = 64 * MEGABYTE
#: Bytes of a form's texts that are still read where long texts are written.
TEXT_BYTES = 16 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Carried:
    """The files of a form: those taken, and the code of what is wrong with the first one refused."""

    files: tuple[StoredFile, ...] = ()
    refused: str = ""

    def words(self) -> list[tuple[str, StoredFile]]:
        """The files taken, each with the word that stands for it in a page."""
        return [(word_of(file), file) for file in self.files]

    def all(self) -> tuple[StoredFile, ...]:
        """The files, when none was refused.

        Raises:
            Invalid: field `files`.
        """
        if self.refused:
            raise Invalid({"files": self.refused})
        return self.files


def joined() -> Carried:
    """The files of the form at hand: those the page before kept, and those chosen now."""
    return carried(request.form.getlist("kept"), request.files.getlist("files"))


def reads_large_forms(blueprint: Blueprint) -> None:
    """Let a blueprint read more than it will take."""
    blueprint.url_value_preprocessor(_read_large_forms)


def _read_large_forms(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    request.max_content_length = READ_BYTES


def reads_long_texts(blueprint: Blueprint) -> None:
    """Let a blueprint read longer texts than it takes, so that whoever pastes too much is told so and keeps it."""
    blueprint.url_value_preprocessor(_read_long_texts)


def _read_long_texts(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    request.max_form_memory_size = TEXT_BYTES


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
    """The files kept from the page before and the new ones, counted together; a refused one undoes no other."""
    before = {file.sha256: file for word in words if (file := file_of(word))}
    taken: dict[str, StoredFile] = {}
    refused = ""
    together: list[StoredFile | FileStorage] = [*before.values(), *(upload for upload in fresh if upload.filename)]
    for given in together:
        try:
            file = _taken(given, list(taken.values()))
        except FileRefused as refusal:
            refused = refused or str(refusal)
        else:
            taken[file.sha256] = file
    return Carried(tuple(taken.values()), refused)


def _taken(given: StoredFile | FileStorage, before: Sequence[StoredFile]) -> StoredFile:
    if len(before) >= FILES:
        raise FileRefused("files_too_many")
    if isinstance(given, StoredFile):
        _fits(given.size, before)
        return given
    # One byte more than allowed is enough to refuse; a huge file is never held in memory.
    content = given.stream.read(FILE_BYTES + 1)
    if len(content) <= FILE_BYTES:
        _fits(len(content), before)
    return accept(given.filename or "", content)


def _fits(size: int, before: Sequence[StoredFile]) -> None:
    if sum(file.size for file in before) + size > REQUEST_BYTES:
        raise FileRefused("files_too_large")
