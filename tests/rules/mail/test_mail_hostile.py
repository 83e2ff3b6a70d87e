"""Hostile letters are read within the budget, in processor time, and leave nothing dangerous behind."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from app.mail.reading import parse, read

BUDGET_SECONDS = 10.0


def letter(body: str, kind: str = "text/plain; charset=utf-8", **headers: str) -> bytes:
    extra = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"From: a@exemple.fr\nSubject: x\n{extra}Content-Type: {kind}\n\n{body}".encode()


def nested(depth: int) -> bytes:
    levels = (f'--b{n}\nContent-Type: multipart/mixed; boundary="b{n + 1}"\n\n' for n in range(depth))
    return letter("".join(levels) + f"--b{depth}\n\nau fond\n", 'multipart/mixed; boundary="b0"')


HOSTILE: dict[str, Callable[[], bytes]] = {
    "100,000 nested divs": lambda: letter("<div>" * 100_000 + "x" + "</div>" * 100_000, "text/html"),
    "unclosed fonts": lambda: letter("<p><font color=1>" * 45 + "<p>x" * 200_000, "text/html"),
    "tables in tables": lambda: letter("<table><tr><td>x" * 60_000, "text/html"),
    "text in tables": lambda: letter("<table>x" * 100_000, "text/html"),
    "ampersands": lambda: letter("&" * 1_000_000, "text/html"),
    "attributes": lambda: letter("<a " + " ".join(f"a{n}" for n in range(150_000)) + ">x", "text/html"),
    "unclosed quotes in tags": lambda: letter('<a b="' * 160_001, "text/html"),
    "brackets": lambda: letter("<" * 1_000_000, "text/html"),
    "dropped elements": lambda: letter("<svg>" * 200_000, "text/html"),
    "150 kB of quote lines": lambda: letter("> une ligne citée\n" * 9_000),
    "quote marks": lambda: letter(">" * 150_000),
    "signature marks": lambda: letter("--\n" * 50_000),
    "attributions": lambda: letter("Le 12 mars 2026 à 10:10, x a écrit :\n" * 4_000),
    "half attributions": lambda: letter("Le 12 mars 2026 à 10:10,\n" * 6_000),
    "colons": lambda: letter(":\n" * 75_000),
    "header blocks": lambda: letter("De : x@exemple.fr\nÀ : b\n" * 9_000),
    "stars": lambda: letter("*" * 150_000),
    "blanks": lambda: letter(" " * 150_000 + "x"),
    "fences": lambda: letter("```x\n" * 30_000),
    "beginnings of files": lambda: letter("begin 644 x\n" * 100_000),
    "3,000 parts": lambda: letter("--b\n\nx\n" * 3_000 + "--b--", "multipart/mixed; boundary=b"),
    "2,000 nested parts": lambda: nested(2_000),
    "50,000 nested parts": lambda: nested(50_000),
    "one boundary nested in itself": lambda: letter(
        "--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 50_000, "multipart/mixed; boundary=b"
    ),
    "nested messages": lambda: letter("Content-Type: message/rfc822\n\n" * 100_000, "message/rfc822"),
    "5,000 recipients": lambda: letter("x", To=", ".join(f'"N {n}" <n{n}@exemple.fr>' for n in range(5_000))),
    "commas": lambda: letter("x", To="," * 900_000),
    "open brackets": lambda: letter("x", To="(" * 400_000 + "<" * 400_000),
    "escapes in quotes": lambda: letter("x", To='"\\' * 400_000),
    "encoded words": lambda: letter("x", To="=?utf-8?q?a?= " * 50_000),
    "parameters": lambda: letter("x", "text/plain" + "; a*0*=b" * 50_000),
    "paddings": lambda: letter("QQ==\n" * 2_000_000, "application/pdf", Content_Transfer_Encoding="base64"),
    "header lines": lambda: b"X: y\n" + b" z\n" * 3_000_000,
    "no line end": lambda: b"x" * 10_000_000,
    "wrong Japanese": lambda: letter("\x1b$B" + "-!" * 1_000_000, "text/plain; charset=iso-2022-jp"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_letter_is_read_in_time(name: str) -> None:
    raw = HOSTILE[name]()
    started = time.process_time()
    parse(raw)
    assert time.process_time() - started < BUDGET_SECONDS


def test_parts_beyond_the_cap_are_said_to_be_missing() -> None:
    assert read(HOSTILE["3,000 parts"]()).truncated
    assert read(nested(2_000)).truncated
