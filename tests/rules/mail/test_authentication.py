"""What our mail server's word about an author is worth: only of the author it looked at, and only its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.mail import authentication
from app.mail.authentication import FAIL, NONE, PASS

SERVER, LEA = "mx.valmorin.example", "lea@exemple.fr"
IDN = f"lea@{'théâtre.example'.encode('idna').decode()}"


@pytest.fixture(autouse=True)
def _trusted() -> Iterator[None]:
    authentication.trust(SERVER)
    yield
    authentication.trust("")


@pytest.mark.parametrize(
    ("findings", "author", "worth"),
    [
        ("dmarc=pass header.from=exemple.fr", LEA, PASS), ("dmarc=pass header.from=EXEMPLE.FR.", LEA, PASS),
        ('dmarc=pass header.from="lea@exemple.fr"', LEA, PASS), ("dmarc=pass", LEA, PASS),
        ("dmarc=pass (p=reject) header.from=courrier.exemple.fr", LEA, PASS),
        ("dmarc=pass header.from=exemple.fr", "lea@courrier.exemple.fr", PASS),
        ("dmarc=pass header.from=théâtre.example", IDN, PASS), ("dmarc=pass header.from=autre.example", IDN, FAIL),
        ("dmarc=pass header.from=evil.example", LEA, FAIL), ("dmarc=none header.from=evil.example", LEA, FAIL),
        ("dmarc=pass header.from=pasexemple.fr", LEA, FAIL), ("dmarc=pass header.from=exemple.fr", "", FAIL),
        ("dmarc=fail header.from=exemple.fr", LEA, FAIL), ("dmarc=none header.from=exemple.fr", LEA, NONE),
        ("dmarc=none header.from=exemple.fr; dkim=pass header.d=exemple.fr", LEA, PASS),
        ("dkim=pass header.i=lea@exemple.fr header.s=a", LEA, PASS), ("dkim=fail header.d=exemple.fr", LEA, NONE),
        ("dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example", LEA, NONE),
        ("dmarc=bestguesspass header.from=exemple.fr", LEA, NONE), ("none", LEA, NONE),
    ],
)  # fmt: skip
def test_a_finding_is_worth_what_it_says_of_this_author(findings: str, author: str, worth: str) -> None:
    assert authentication.result([f"{SERVER}; {findings}"], author) == worth


@pytest.mark.parametrize(
    "said", ["mx.evil.example; dmarc=pass", f"{SERVER}.evil.example; dmarc=pass", "dmarc=pass", ""]
)
def test_nobody_elses_word_counts(said: str) -> None:
    assert authentication.result([said], LEA) == ""
