"""What a reading promises whoever builds on it, beyond the words of single letters."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

import app.mail.reading
from app.mail.reading import GENERATED_HOST, parse, read, safe_html

PICTURE = b"\x89PNG\r\n\x1a\n"
WITH_PICTURES = (
    b"From: lea@exemple.fr\nContent-Type: multipart/related; boundary=b\n\n"
    b"--b\nContent-Type: text/html\n\n<p>Plan <img src='cid:plan%401'></p>\n"
    b"--b\nContent-Type: image/png\nContent-ID: <plan@1>\nContent-Disposition: inline\n\n" + PICTURE + b"\n"
    b"--b\nContent-Type: image/png\nContent-ID: <autre@1>\nContent-Disposition: inline\n\n" + PICTURE + b"\n"
    b"--b\nContent-Type: image/png\nContent-ID: <plan@1>\nContent-Disposition: attachment\n\n" + PICTURE + b"\n--b--\n"
)


def test_a_letter_without_id_gets_the_same_one_each_time() -> None:
    first, again, other = read(b"From: a@exemple.fr\n\nx"), read(b"From: a@exemple.fr\n\nx"), read(b"From: a\n\ny")
    assert first.message_id == again.message_id != other.message_id
    assert first.message_id.endswith(f"@{GENERATED_HOST}")


@pytest.mark.parametrize("value", ["", "<>", "  ", "< >"])
def test_an_empty_message_id_counts_as_none(value: str) -> None:
    assert read(f"Message-ID: {value}\n\nx".encode()).message_id.endswith(GENERATED_HOST)


def test_attachments_carry_their_bytes() -> None:
    file = read(WITH_PICTURES).attachments[0]
    assert (file.content, file.size, file.content_id) == (PICTURE, 8, "plan@1")


def test_only_pictures_that_the_page_shows_are_inline() -> None:
    assert [file.inline for file in read(WITH_PICTURES).attachments] == [True, False, False]


def test_a_letter_tells_null_sender_from_no_return_path() -> None:
    assert read(b"From: a@exemple.fr\n\nx").return_path is None
    assert read(b"Return-Path: <>\nFrom: a@exemple.fr\n\nx").return_path == ""
    assert read(b"Return-Path: <Retour@exemple.fr>\n\nx").return_path == "retour@exemple.fr"


def test_authentication_results_stay_apart_and_in_order() -> None:
    raw = b"Authentication-Results: mx.example.org;\n dkim=pass\nAuthentication-Results: faux.example; spf=pass\n\nx"
    assert read(raw).auth_results == ("mx.example.org; dkim=pass", "faux.example; spf=pass")


def test_delivered_addresses_are_gathered_once() -> None:
    raw = b"Delivered-To: caisse+a1b2@example.org\nX-Original-To: Caisse+A1B2@example.org\nTo: autre@exemple.fr\n\nx"
    assert read(raw).delivered_to == ("caisse+a1b2@example.org",)


def test_the_moment_keeps_its_own_offset() -> None:
    moment = read(b"Date: Thu, 12 Mar 2026 10:12:00 -0530\n\nx").date
    assert moment is not None
    assert moment.utcoffset() == -timedelta(hours=5, minutes=30)


def test_html_is_made_safe_only_when_asked() -> None:
    reading = read(b"Content-Type: text/html\n\n<p onclick='x()'>Oui</p>")
    assert "onclick" in reading.raw_html
    assert safe_html(reading) == "<p>Oui</p>"


def test_a_reading_has_exactly_the_keys_of_the_contract() -> None:
    assert set(parse(b"")) == {
        "from_email",
        "from_name",
        "to",
        "cc",
        "reply_to",
        "subject",
        "text",
        "reply_text",
        "html",
        "attachments",
        "message_id",
        "in_reply_to",
        "references",
        "is_auto_reply",
        "is_bounce",
        "date",
    }


@pytest.mark.parametrize("raw", [b"", b"\n", b"\0", b"\xff\xfe", b":", b": x\n\n", b"Content-Type:\n\n", b"\r\r\r"])
def test_nearly_nothing_is_still_a_letter(raw: bytes) -> None:
    read_back = parse(raw)
    assert read_back["from_email"] == ""
    assert read_back["message_id"]


def test_a_fault_of_ours_never_costs_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_letter: object) -> object:
        raise RecursionError

    monkeypatch.setattr(app.mail.reading, "content_of", broken)
    got = parse("From: lea@exemple.fr\n\nDeux places à l'orchestre".encode())
    assert "Deux places à l'orchestre" in str(got["text"])
    assert got["is_auto_reply"] is True


def test_a_nested_message_keeps_its_subject_as_name() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: Re: a?\n\nx\n--b--"
    )
    assert read(raw).attachments[0].name == "Re: a?.eml"


def test_a_letter_that_is_cut_says_so() -> None:
    assert read(b"Subject: x\n\n" + b"mot \n" * 300_000).truncated
    assert not read(b"Subject: x\n\nmot").truncated


def test_reading_touches_no_database_and_no_web() -> None:
    folder = Path(app.mail.reading.__file__).parent
    seen, waiting = set(), {"reading"}
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            assert not {module.partition(".")[0], *(name.partition(".")[0] for name in names)} & {"flask", "sqlalchemy"}
            found = {module.removeprefix("app.mail.")} if module.startswith("app.mail.") else set()
            waiting |= (found | ({*names} if module == "app.mail" else set())) - seen
    assert {"headers", "bodies", "html", "quotation", "automatic"} <= seen
