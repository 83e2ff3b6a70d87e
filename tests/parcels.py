"""Archives as editors hand them in, good and bad."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile

from PIL import Image

BAR = "# Le bar du foyer\n\nIl ouvre à 19 h, une heure avant le spectacle.\n"
CLOAK = "# Le vestiaire\n\nIl est au sous-sol.\n\n![Le comptoir](images/comptoir.png)\n"
HTML = (
    '<html lang="fr"><head><title>Les zibelines</title></head><body><h1>Les zibelines au vestiaire</h1>'
    "<p>Une zibeline est gardée à part.</p></body></html>"
)
ZAMMAD = json.dumps({
    "KnowledgeBaseLocale": {"1": {"id": 1, "system_locale_id": 9}}, "Locale": {"9": {"locale": "fr-fr"}},
    "KnowledgeBaseAnswer": {"4": {"published_at": "2026-01-01T00:00:00Z"}, "5": {"published_at": None}},
    "KnowledgeBaseAnswerTranslation": {
        "7": {"answer_id": 4, "title": "Où garer un vélo ?", "kb_locale_id": 1, "content_id": 2},
        "8": {"answer_id": 5, "title": "Brouillon", "kb_locale_id": 1, "content_id": 3},
    },
    "KnowledgeBaseAnswerTranslationContent": {"2": {"body": "<p>Dans la cour.</p>"}, "3": {"body": "<p>x</p>"}},
})  # fmt: skip


def a_png() -> bytes:
    """A small picture."""
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "purple").save(written, "PNG")
    return written.getvalue()


def an_archive(*files: tuple[str, str | bytes]) -> bytes:
    """A zip of pairs (name, content)."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return written.getvalue()


def a_shelf() -> bytes:
    """Two articles of Markdown, one with its picture, and what systems add without being asked."""
    return an_archive(
        ("aide/le-bar.md", BAR), ("aide/vestiaire.md", CLOAK), ("aide/images/comptoir.png", a_png()),
        ("__MACOSX/aide/._le-bar.md", b"\x00\x05"), ("aide/.DS_Store", b"\x00"),
    )  # fmt: skip


def a_bomb() -> bytes:
    """Thirty million zeros that weigh thirty kilobytes."""
    return an_archive(("a.md", "# A\n\n" + "0" * 30_000_000))


def a_lying_bomb() -> bytes:
    """The same, which says of itself that it is small, at both places."""
    content = a_bomb()
    size = struct.pack("<L", 5 + 30_000_000)
    assert content.count(size) == 2
    return content.replace(size, struct.pack("<L", 1_000))


def a_link() -> bytes:
    """A file that is a symbolic link to one of the machine's."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        one = zipfile.ZipInfo("lien.md")
        one.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(one, "/etc/passwd")
    return written.getvalue()


def a_locked() -> bytes:
    """An archive that says that its file is encrypted."""
    content = bytearray(an_archive(("a.md", BAR)))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    return bytes(content)


def empty_folders() -> bytes:
    """Folders, and no file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("aide/", "")
    return written.getvalue()
