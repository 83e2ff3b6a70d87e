"""Pictures of articles are written anew, small and bare; bombs are refused; folders round-trip with them."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from app.kernel.access import Actor
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.knowledge import checks, loading, pictures
from app.knowledge.editing import DraftInput
from app.knowledge.library import parse
from app.knowledge.publishing import publish_text
from tests.domains.knowledge.texts import a_text, put


def a_picture(size: tuple[int, int] = (40, 20), form: str = "PNG", **more: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, form, **more)
    return written.getvalue()


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it holds many points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    points = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")


def test_a_photograph_is_made_small_upright_and_bare(kb: Path, paul: Actor) -> None:
    hidden = Image.Exif()
    hidden[0x0112] = 6  # lies on its side
    hidden[0x010F] = "Phone of Paul"
    kept = pictures.add(a_picture((3_000, 1_000), "JPEG", exif=hidden, comment=b"at home"), by=paul)
    path, kind = pictures.content_of(kept.name)
    content = path.read_bytes()
    assert kind == "image/webp"
    assert path.parent == kb / "media"
    with Image.open(path) as found:
        assert found.size == (533, 1_600)
        assert not found.getexif()
    assert b"Phone of Paul" not in content
    assert b"at home" not in content
    assert pictures.add(a_picture((3_000, 1_000), "JPEG", exif=hidden, comment=b"at home"), by=paul) == kept
    assert [one.name for one in pictures.kept(by=paul)] == [kept.name]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_picture"), (b"%PDF-1.4", "no_picture"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_picture"),
        (a_picture()[:60], "no_picture"), (b"x" * (10 * 1024 * 1024 + 1), "large_picture"),
        (a_bomb(20_000, 20_000), "vast_picture"), (a_bomb(60_000, 60_000), "vast_picture"),
        (a_bomb(5_000, 5_000), "no_picture"), (b"GIF89a" + b"\xff" * 40, "no_picture"),
    ],
)  # fmt: skip
def test_what_is_no_picture_or_would_fill_the_memory_is_refused(
    kb: Path, paul: Actor, content: bytes, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        pictures.add(content, by=paul)
    assert refused.value.fields == {"file": code}
    assert not (kb / "media").exists()


def test_a_film_is_kept_as_it_is(kb: Path, paul: Actor) -> None:
    content = b"\0\0\0\x20ftypisom" + b"\0" * 200
    kept = pictures.add(content, by=paul)
    path, kind = pictures.content_of(kept.name)
    assert (kind, kept.film, path.read_bytes()) == ("video/mp4", True, content)


def test_only_editors_add(kb: Path, staff: Actor) -> None:
    with pytest.raises(Forbidden):
        pictures.add(a_picture(), by=staff)


@pytest.mark.parametrize("name", ["../show.fr.md", "x.svg", "a/b.png", ".hidden.png", "gone.png", "x.png\x00"])
def test_no_other_file_is_reached(kb: Path, name: str) -> None:
    put(kb, a_text())
    with pytest.raises(NotFound):
        pictures.content_of(name)


def test_a_picture_needs_words_and_a_file(kb: Path, paul: Actor) -> None:
    name = pictures.add(a_picture(), by=paul).name
    body = f"![](media/{name})\n\n![Le plan](media/gone.webp)\n\n![x](https://a.example/a.png)\n\n![Le plan](media/{name})\n"
    found = checks.findings(parse(a_text(body=body)))
    assert [(one.code, one.detail, one.fatal) for one in found] == [
        ("picture_without_text", name, True), ("no_picture", "gone.webp", True),
        ("foreign_picture", "https://a.example/a.png", True),
    ]  # fmt: skip
    with pytest.raises(Invalid):
        publish_text(DraftInput(slug="lost-scarf", lang="fr", source=a_text(body=body)), by=paul)


def test_a_picture_knows_who_shows_it(kb: Path, paul: Actor) -> None:
    name = pictures.add(a_picture(), by=paul).name
    assert pictures.shown_in(by=paul) == {}
    publish_text(DraftInput(slug="lost-scarf", lang="fr", source=a_text(body=f"![Plan](media/{name})\n")), by=paul)
    assert pictures.shown_in(by=paul) == {name: {"lost-scarf"}}


def test_folders_round_trip_with_their_pictures_byte_for_byte(kb: Path, paul: Actor, tmp_path: Path) -> None:
    other, out = tmp_path / "other", tmp_path / "out"
    put(other, a_text(slug="with-plan", body="![Le plan](media/plan.png)\n"))
    (other / "media").mkdir()
    content = a_picture()
    (other / "media" / "plan.png").write_bytes(content)
    (other / "media" / "notes.txt").write_text("no picture")
    assert loading.import_folder(other, dry_run=True).pictures == ("plan.png",)
    assert not pictures.there("plan.png")
    assert loading.import_folder(other).pictures == ("plan.png",)
    assert loading.import_folder(other).pictures == ()
    loading.export_folder(out)
    assert {path.name: path.read_bytes() for path in (out / "media").iterdir()} == {"plan.png": content}
    (other / "media" / "plan.png").write_bytes(a_picture((9, 9)))
    (left,) = loading.import_folder(other).broken
    assert (left.file, left.code) == ("media/plan.png", "picture_differs")
    assert (kb / "media" / "plan.png").read_bytes() == content
