"""Every letter in `tests/letters` reads as the page beside it says; the pages name only the keys that matter there."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from app.mail.reading import GENERATED_HOST, parse, read

LETTERS = sorted((Path(__file__).resolve().parents[2] / "letters").glob("*.eml"))


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_a_letter_reads_as_its_page_says(path: Path) -> None:
    raw = path.read_bytes()
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    unwelcome = wanted.pop("html_lacks", [])
    bounce = read(raw).bounce
    got = parse(raw) | {"bounce": dataclasses.asdict(bounce) if bounce else None}
    assert {key: got[key] for key in wanted} == wanted
    html = str(got["html"]).lower()
    assert [word for word in unwelcome if word in html] == []


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_the_line_ends_of_the_wire_change_nothing(path: Path) -> None:
    raw = path.read_bytes().replace(b"\r", b"").replace(b"\0", b"")
    assert said(raw.replace(b"\n", b"\r\n")) == said(raw)


def said(raw: bytes) -> dict[str, object]:
    """The reading without what the line ends are a part of: sizes of texts attached, an id made of the bytes."""
    got = parse(raw)
    got["attachments"] = [(file.name, file.type) for file in read(raw).attachments]
    return got | {"message_id": str(got["message_id"]) * (not str(got["message_id"]).endswith(GENERATED_HOST))}


def test_there_are_letters_of_every_kind() -> None:
    kinds = {path.stem.partition("-")[0] for path in LETTERS}
    assert kinds == {"auto", "body", "bounce", "charset", "file", "header", "hostile", "reply"}
    assert len(LETTERS) >= 400


def test_every_letter_has_its_page() -> None:
    assert [path.stem for path in LETTERS if not path.with_suffix(".json").exists()] == []


def test_every_letter_makes_one_line_of_json() -> None:
    for path in LETTERS:
        line = json.dumps(parse(path.read_bytes()), ensure_ascii=False)
        assert "\n" not in line
        assert line.encode("utf-8")
