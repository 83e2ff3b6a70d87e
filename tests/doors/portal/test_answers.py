"""What people type into a type's own fields, and files that travel with a form."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from app.catalogue.answers import AnswerFault, read
from app.catalogue.service import FieldCard
from app.tickets.files import FILES, MEGABYTE, StoredFile, accept
from app.web.carried import carried, file_of, word_of
from tests.doors.portal.scenery import PDF

OPTIONS = (("paper", "Papier", "Paper"), ("electronic", "Électronique", "Electronic"))


def _field(kind: str) -> FieldCard:
    return FieldCard("one", kind, False, "Un", "One", OPTIONS)


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        ("money", "20", 2_000),
        ("money", "1\u202f204,5\u00a0€", 120_450),
        ("money", "20.05", 2_005),
        ("date", "2026-02-28", "2026-02-28"),
        ("number", "12", 12),
        ("yesno", "no", False),
        ("select", "paper", "paper"),
        ("text", "Corbeille B 14", "Corbeille B 14"),
    ],
)
def test_an_answer_is_read_as_its_field_means_it(kind: str, typed: str, answer: object):
    assert read(_field(kind), typed) == answer


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("money", "-5", "amount"),
        ("money", "5,001", "amount"),
        ("money", "1e9", "amount"),
        ("date", "30/02/2026", "date"),
        ("date", "2026-02-30", "date"),
        ("number", "2.5", "number"),
        ("number", "٣x", "number"),
        ("yesno", "maybe", "unknown_choice"),
        ("select", "gold", "unknown_choice"),
        ("text", "x" * 201, "too_long"),
        ("textarea", "x" * 2_001, "too_long"),
    ],
)
def test_what_cannot_be_an_answer_says_why(kind: str, typed: str, code: str):
    with pytest.raises(AnswerFault, match=f"^{code}$"):
        read(_field(kind), typed)


def test_a_carried_file_comes_back_as_it_was(app: Flask):
    file = accept("reçu.pdf", PDF)
    assert file_of(word_of(file)) == file


def a_stored(number: int, size: int = 10) -> str:
    return word_of(StoredFile(f"{number}.pdf", "application/pdf", size, f"{number:064x}"))


def test_files_kept_count_as_much_as_new_ones(app: Flask):
    words = [a_stored(number) for number in range(FILES + 5)]
    found = carried(words, ())
    assert (len(found.files), found.refused) == (FILES, "files_too_many")
    found = carried(words[:FILES], [FileStorage(BytesIO(PDF), "un.pdf")])
    assert (len(found.files), found.refused) == (FILES, "files_too_many")


def test_files_kept_are_not_larger_together_than_new_ones(app: Flask):
    words = [a_stored(number, 9 * MEGABYTE) for number in range(3)]
    found = carried(words, [FileStorage(BytesIO(PDF), "un.pdf")])
    assert [file.name for file in found.files] == ["0.pdf", "1.pdf", "un.pdf"]
    assert found.refused == "files_too_large"


@pytest.mark.parametrize(("before", "after"), [("", "x"), ("W", "V"), (".", ""), (".", ".é")])
def test_a_carried_file_somebody_changed_is_none(app: Flask, before: str, after: str):
    assert file_of(word_of(accept("reçu.pdf", PDF)).replace(before, after, 1)) is None


@pytest.mark.parametrize(
    "address",
    ["/demandes/nouvelle", "/demandes/verification", "/demandes/envoi", "/demandes/commande", "/demandes/reponses",
     "/en/requests/send", "/retrouver", "/d/abc/messages", "/d/abc/fin", "/d/abc/lien", "/avis/abc"],
)  # fmt: skip
def test_no_form_of_another_site_is_taken(client: FlaskClient, address: str):
    assert client.post(address, headers={"Origin": "https://ailleurs.example"}).status_code == 403
    assert client.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
