"""`flask mail`: a folder through the real intake, and letters read without a house."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.kernel import keys
from app.kernel.access import Actor
from app.mail import identity
from app.mail import queries as letters
from app.tickets import conversation, links
from app.tickets.conversation import Word
from tests.cast import KARIM, LEA, STRANGER, Character
from tests.doors.cli.conftest import Terminal, given, lines_of
from tests.makers import a_letter, a_ticket

LETTERS = Path(__file__).resolve().parents[2] / "letters"


@pytest.fixture
def post(tmp_path: Path) -> Path:
    folder = tmp_path / "post"
    folder.mkdir()
    return folder


def put(folder: Path, **files: bytes) -> None:
    for name, content in files.items():
        (folder / f"{name}.eml").write_bytes(content)


def received(terminal: Terminal, folder: Path, *options: str) -> list[dict[str, Any]]:
    done = terminal("mail", "receive", str(folder), "--json", *options)
    assert done.exit_code == 0, done.stderr
    rows = lines_of(done.stdout)
    assert all(list(row) == ["file", "fate", "ticket", "message", "reason"] for row in rows)
    return rows


def test_every_letter_meets_its_fate(terminal: Terminal, post: Path, actor: Callable[[Character], Actor]) -> None:
    opened = a_ticket(subject="Changer de date")
    conversation.answer(opened.ticket_id, Word(body="C'est fait."), by=actor(KARIM))
    answer = f"Re: Changer de date [#{opened.number}]"
    put(
        post,
        a_new=a_letter(),
        b_again=a_letter(),
        c_reply=a_letter(subject=answer, mid="<deux@exemple.fr>", body="Merci !"),
        d_robot=a_letter(mid="<trois@exemple.fr>", headers={"Auto-Submitted": "auto-replied"}),
        e_bounce=(LETTERS / "bounce-report-failed.eml").read_bytes(),
        f_noise=b"\x00\xff\x00\xff",
        g_empty=b"",
    )
    rows = {row["file"]: row for row in received(terminal, post)}
    assert {name: row["fate"] for name, row in rows.items()} == {
        "a_new.eml": "ticket", "b_again.eml": "duplicate", "c_reply.eml": "reply", "d_robot.eml": "automatic",
        "e_bounce.eml": "bounce", "f_noise.eml": "unparsed", "g_empty.eml": "unparsed",
    }  # fmt: skip
    assert rows["c_reply.eml"]["ticket"] == opened.number
    assert isinstance(rows["a_new.eml"]["ticket"], int)
    assert isinstance(rows["a_new.eml"]["message"], int)
    assert rows["d_robot.eml"]["ticket"] is None


def test_a_stranger_with_a_token_is_held(terminal: Terminal, post: Path, app: Flask) -> None:
    opened = a_ticket()
    address = identity.reply_address(keys.link_token(links.ADDRESS, opened.nonce, 1))
    put(post, one=a_letter(sender=STRANGER, name="Inconnu", to=address))
    (row,) = received(terminal, post)
    assert (row["fate"], row["ticket"]) == ("held", opened.number)


def test_files_in_folders_below_are_taken_too_sorted_by_name(terminal: Terminal, post: Path) -> None:
    (post / "b" / "deep").mkdir(parents=True)
    (post / "empty").mkdir()
    put(post, z=a_letter(mid="<z@x.fr>", body="Bonjour z"), a=a_letter(mid="<a@x.fr>", body="Bonjour a"))
    put(post / "b", two=a_letter(mid="<b2@x.fr>", body="Bonjour b2"))
    put(post / "b" / "deep", one=a_letter(mid="<b1@x.fr>", body="Bonjour b1"))
    (post / "c").write_bytes(a_letter(mid="<c@x.fr>", body="Bonjour c"))
    rows = received(terminal, post)
    assert [row["file"] for row in rows] == ["a.eml", "b/deep/one.eml", "b/two.eml", "c", "z.eml"]
    assert {row["fate"] for row in rows} == {"ticket"}


def test_a_folder_taken_twice_opens_nothing_new(terminal: Terminal, post: Path) -> None:
    put(post, one=a_letter(), two=a_letter(mid="<deux@exemple.fr>", body="Autre chose"))
    first, second = received(terminal, post), received(terminal, post)
    assert [row["fate"] for row in first] == ["ticket", "ticket"]
    assert [row["fate"] for row in second] == ["duplicate", "duplicate"]
    assert [row["ticket"] for row in second] == [row["ticket"] for row in first]


def test_the_envelope_is_kept_and_decides(terminal: Terminal, post: Path) -> None:
    opened = a_ticket()
    address = identity.reply_address(keys.link_token(links.ADDRESS, opened.nonce, 1))
    put(post, one=a_letter(subject="Bonjour", mid="<enveloppe@x.fr>"))
    (row,) = received(terminal, post, "--from", LEA, "--to", "other@valmorin.example", "--to", address)
    stored = letters.letters([1])[0]
    assert (row["fate"], row["ticket"]) == ("reply", opened.number)
    assert (stored.envelope_from, stored.envelope_to) == (LEA, f"other@valmorin.example {address}")


def test_without_jobs_letters_are_safe_and_wait(terminal: Terminal, post: Path) -> None:
    put(post, one=a_letter())
    (row,) = received(terminal, post, "--no-jobs")
    assert (row["fate"], row["ticket"]) == ("waiting", None)


def test_an_empty_folder_says_nothing(terminal: Terminal, post: Path) -> None:
    assert received(terminal, post) == []


@pytest.mark.parametrize("words", [("receive",), ("receive", "/no/such/folder"), ("nonsense",)])
def test_bad_usage_is_told_on_stderr(terminal: Terminal, words: tuple[str, ...]) -> None:
    done = terminal("mail", *words)
    assert (done.exit_code, done.stdout) == (2, "")


def test_the_fates_of_all_letters_can_be_asked_again(terminal: Terminal, post: Path) -> None:
    put(post, one=a_letter(), two=b"")
    rows = received(terminal, post)
    again = lines_of(terminal("mail", "fates", "--json").stdout)
    assert [{**row, "letter": 0} for row in again] == [
        {"letter": 0, **{key: value for key, value in row.items() if key != "file"}} for row in rows
    ]


@pytest.mark.parametrize("name", ["reply-gmail-fr", "charset-windows-1251", "hostile-script-and-handlers"])
def test_a_letter_is_read_as_its_twin_says(terminal: Terminal, name: str) -> None:
    raw = (LETTERS / f"{name}.eml").read_bytes()
    done = terminal("mail", "parse", stdin=raw)
    (said,) = lines_of(done.stdout)
    batch = {"id": 1, "raw_b64": base64.b64encode(raw).decode()}
    (row,) = lines_of(terminal("mail", "parse", "--batch", stdin=given(batch)).stdout)
    assert row == {"id": 1, "result": said}
    expected = json.loads((LETTERS / f"{name}.json").read_text("utf-8"))
    assert {key: said[key] for key in expected if key in said} == {
        key: expected[key] for key in expected if key in said
    }


@pytest.mark.parametrize(
    ("line", "key"),
    [("{", None), ({"id": 1}, 1), ({"id": 1, "raw_b64": None}, 1), ({"id": 1, "raw_b64": 7}, 1),
     ({"id": 1, "raw_b64": "é"}, 1), ({"id": 1, "raw_b64": "abc"}, 1), ({"id": 1, "raw_b64": "a!b?"}, 1)],
)  # fmt: skip
def test_a_bad_line_of_a_batch_says_so_and_the_others_are_read(terminal: Terminal, line: object, key: object) -> None:
    done = terminal("mail", "parse", "--batch", stdin=given(line, {"id": 2, "raw_b64": ""}))
    bad, good = lines_of(done.stdout)
    assert (done.exit_code, list(bad), bad["id"]) == (0, ["id", "error"], key)
    assert (good["id"], good["result"]["from_email"]) == (2, "")
