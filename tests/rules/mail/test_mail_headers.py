"""Headers: what is decoded, what is refused, and what may be written again."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from app.mail.addresses import addresses, mailboxes
from app.mail.charsets import codec_of, decode
from app.mail.headers import date_of, decode_words, header_safe, message_ids, text_of
from app.mail.parameters import parameters


@pytest.mark.parametrize(
    "raw",
    [
        "a\r\nBcc: x@exemple.fr",
        "a\nb",
        "a\x00b\x1b[2J",
        "a\u2028b\u0085c",
        "a\ud800b",
        "=?utf-8?q?a=0D=0ABcc:_x?=",
        "=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3D0D=3D0ABcc=3A=5Fx=3F=3D?=",
    ],
)
def test_no_header_of_ours_can_grow_a_second_line(raw: str) -> None:
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = header_safe(raw)
    assert letter.as_bytes().count(b"\r\n") == 2


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("=?utf-8?b?w4k=?= =?utf-8?b?w6k=?=", "Éé"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A9t=C3=A9?=", "été"),
        ("=?UTF-8*fr?Q?caf=C3=A9?= noir", "café noir"),
        ("Re: =?utf-8?b?YQ=?=", "Re: a"),
        ("=?x-inconnu?q?caf=E9?=", "café"),
        ("=?utf-8?b?ab=cd?= fin", "iq fin"),
        ("=?utf-8?q?deux?= =?iso-8859-1?q?_=E9?=", "deux é"),
        ("=?nope", "=?nope"),
    ],
)
def test_encoded_words_are_read(raw: str, read: str) -> None:
    assert decode_words(raw) == read


def test_raw_bytes_of_a_header_follow_the_charset_of_the_body() -> None:
    raw = "Билет".encode("koi8-r").decode("ascii", "surrogateescape")
    assert text_of(raw, "koi8-r") == "Билет"


@pytest.mark.parametrize(
    ("header", "boxes"),
    [
        ('"Doe, Jane" <j@exemple.fr>', [("Doe, Jane", "j@exemple.fr")]),
        ("j@exemple.fr (Jane (la caisse) Doe)", [("Jane (la caisse) Doe", "j@exemple.fr")]),
        ("'Jane' <'J@Exemple.fr'>", [("Jane", "j@exemple.fr")]),
        ("Jane <j @ exemple.fr>", [("Jane", "j@exemple.fr")]),
        ("a@exemple.fr <b@exemple.fr>", [("a@exemple.fr", "b@exemple.fr")]),
        ('"jane doe"@exemple.fr', [("", '"jane doe"@exemple.fr')]),
        ("=?utf-8?q?Jane,_Opéra_<j=40exemple.fr>?=", [("Jane, Opéra", "j@exemple.fr")]),
        ("=?utf-8?Q?Doe,_Jane?= <j@exemple.fr>", [("Doe, Jane", "j@exemple.fr")]),
        ("Jane <>", [("Jane", "")]),
        ("MAILER-DAEMON (Mail Delivery Subsystem)", [("MAILER-DAEMON", "")]),
        ("<@relais.example:j@exemple.fr>", [("", "j@exemple.fr")]),
        ('"Jane <j@exemple.fr>', [("Jane", "j@exemple.fr")]),
        ("zoé@exemple.fr", [("", "zoé@exemple.fr")]),
    ],
)
def test_mailboxes_are_read_with_tolerance(header: str, boxes: list[tuple[str, str]]) -> None:
    assert [(box.name, box.address) for box in mailboxes(header)] == boxes


@pytest.mark.parametrize(
    "header",
    [
        "alice@example.org)bob@mechant.example",
        "a@b@exemple.fr",
        "a b@exemple.fr c@exemple.fr",
        "a@",
        "@exemple.fr",
        "x",
    ],
)
def test_what_reads_as_two_addresses_gives_none(header: str) -> None:
    assert addresses([header]) == []


def test_five_thousand_recipients_are_all_read() -> None:
    header = ",\n ".join(f'"Nom {number}" <p{number}@exemple.fr>' for number in range(5_000))
    assert len(addresses([header])) == 5_000


@pytest.mark.parametrize(
    "value", ["", "Thu, 99 Mar 2026 10:00:00", "12 Mar 2026 24:00:00 +0000", "x" * 5_000, "0 0 0 0:0"]
)
def test_an_unreadable_date_is_no_date(value: str) -> None:
    assert date_of(value) is None


def test_a_date_far_from_any_zone_is_no_date() -> None:
    assert date_of("Thu, 12 Mar 2026 10:12:00 +9999") is None


def test_an_iso_date_is_read() -> None:
    moment = date_of("2026-03-12T10:12:00+01:00")
    assert moment is not None
    assert moment.isoformat() == "2026-03-12T10:12:00+01:00"


def test_references_without_brackets_are_read() -> None:
    assert message_ids("a@exemple.fr mot b@exemple.fr") == ["a@exemple.fr", "b@exemple.fr"]


def test_only_the_newest_references_are_kept() -> None:
    ids = message_ids(" ".join(f"<{number}@exemple.fr>" for number in range(3_000)))
    assert len(ids) == 500
    assert ids[-1] == "2999@exemple.fr"


def test_parameters_survive_bad_writing() -> None:
    value = 'text/plain; charset="utf-8\n ; name*1=b.txt; name*0=a; format=flowed;; =x; delsp'
    assert parameters(value)["name"] == "ab.txt"
    assert parameters(value)["format"] == "flowed"


@pytest.mark.parametrize("label", ["idna", "punycode", "base64", "rot13", "hex", "unicode_escape", "a\0b", "", "?"])
def test_labels_that_are_no_charset_are_not_believed(label: str) -> None:
    assert codec_of(label) == ""
    assert decode("été".encode(), label) == "été"


def test_half_a_character_never_gets_through() -> None:
    assert decode(b"a+2AA-b", "utf-7").encode("utf-8") == b"ab"
