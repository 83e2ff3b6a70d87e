"""Letters that strict servers take: short lines, both parts, identifiers left as they are."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.mail.building import built
from app.mail.headers import header_safe
from app.mail.parcels import Parcel, Refused
from app.mail.refusals import of_opening

LONG = "x" * 4_000


def parcel(**given: str) -> Parcel:
    plain = {
        "envelope": "billetterie+retour-a@valmorin.example", "sender": "billetterie@valmorin.example",
        "sender_name": "Opéra de Valmorin", "to": "lea@exemple.fr", "to_name": "Léa", "subject": "Re: Échange [#418207]",
        "text": "Bonjour,\nc’est fait.\n", "html": "<p>Bonjour</p>", "mid": "g.a.b.c@valmorin.example",
        "reply_to": "billetterie+t@valmorin.example", "references": "",
    }  # fmt: skip
    return Parcel(**{**plain, **given}, headers={"X-Auto-Response-Suppress": "All"})  # type: ignore[arg-type]


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize(
    "given",
    [
        {"to_name": LONG}, {"to_name": "é" * 4_000}, {"sender_name": "Théâtre " * 500}, {"subject": LONG},
        {"subject": "Échange " * 900 + "[#418207]"}, {"text": LONG + "\n" + "é" * 4_000}, {"html": f"<p>{LONG}</p>"},
        {"references": " ".join(f"{n}.{'r' * 200}@exemple.fr" for n in range(60))},
        {"to": "jean..dupont@exemple.fr"}, {"to": f"{'l' * 64}@{'d' * 60}.{'e' * 60}.fr"},
        {"text": ".\n.\r\n..\nFrom moi\n"}, {"to_name": "a, b; <c@d.fr>"}, {"subject": "\x00\r\n\x1b[31m"},
    ],
)  # fmt: skip
def test_no_line_is_too_long_and_every_line_ends_as_it_must(given: dict[str, str]) -> None:
    raw = built(parcel(**given))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()
    assert len(read(raw).get_all("To", [])) == 1


@given(name=st.text(max_size=120), subject=st.text(max_size=120), words=st.text(max_size=400))
@example(name="a, b; <c@d.fr>", subject="Échange " * 15, words=".\n.\r\n..\nFrom moi\x85x\x0by\rz")
@example(name="Théâtre " * 12, subject="=?utf-8?q?x?= [#418207]", words="é" * 400)
@example(name="Jo \"le\\ O'Brien", subject="", words="")
def test_what_is_written_is_what_is_read(name: str, subject: str, words: str) -> None:
    raw = built(parcel(to_name=name, sender_name=name, subject=subject, text=words))
    letter = read(raw)
    assert letter["To"].addresses[0].addr_spec == "lea@exemple.fr"
    assert letter["Reply-To"].addresses[0].addr_spec == "billetterie+t@valmorin.example"
    # The library that reads keeps a blank between two encoded words of a name, which RFC 2047 takes out.
    assert "".join(letter["From"].addresses[0].display_name.split()) == "".join(header_safe(name).split())
    assert letter["Subject"].split() == header_safe(subject).split()
    assert not [flaw for field in ("To", "From", "Reply-To", "Subject", "Date") for flaw in letter[field].defects]
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert re.split(r"\r\n|\r|\n", plain.get_content().rstrip("\r\n")) == re.split(r"\r\n|\r|\n", words.rstrip("\r\n"))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 120


def test_a_long_identifier_is_left_as_it_is() -> None:
    name = "g." + "a" * 60 + ".b.c@billetterie.opera-national-de-quelque-part.example"
    letter = read(built(parcel(mid=name, references=f"un@exemple.fr {name}")))
    assert letter["Message-ID"].strip() == f"<{name}>"
    assert letter["In-Reply-To"].strip() == f"<{name}>"
    assert letter["References"].split() == ["<un@exemple.fr>", f"<{name}>"]


def test_both_parts_say_every_word() -> None:
    letter = read(built(parcel(text="Ligne " * 300 + "fin.\n", html="<p>" + "mot" * 900 + " fin.</p>")))
    plain, rich = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert plain.get_content().rstrip() == "Ligne " * 300 + "fin."
    assert "mot" * 900 in rich.get_content()


def test_a_ticket_is_no_mailing_list_and_nobodys_machine_is_asked_to_answer() -> None:
    letter = read(built(parcel()))
    assert letter["X-Auto-Response-Suppress"] == "All"
    assert not [name for name in letter if name.lower().startswith(("list-", "precedence"))]


@pytest.mark.parametrize("to", ["a\r\nBcc: b@exemple.fr", "a@b\nc.fr"])
def test_what_cannot_be_a_letter_is_refused_for_good(to: str) -> None:
    with pytest.raises(Refused) as refused:
        built(parcel(to=to))
    assert refused.value.permanent


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(ConnectionRefusedError(), "down"), (TimeoutError(), "down"), (OSError("no route"), "down")],
)
def test_a_server_that_cannot_be_reached_is_down(trouble: Exception, kind: str) -> None:
    assert of_opening(trouble).kind == kind
