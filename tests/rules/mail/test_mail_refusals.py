"""Which refusals mark an address: one table for what is said at once and for what comes back."""

from __future__ import annotations

import smtplib

import pytest

from app.mail import refusals
from app.mail.parcels import Refused, Stopped
from app.mail.refusals import LETTER, RECIPIENT, REPORT


@pytest.mark.parametrize(
    ("words", "at_recipient", "at_letter", "in_report"),
    [
        ("550 5.1.1 no such user", True, True, True), ("550 unknown user", True, False, True),
        ("550 5.1.2 bad host", True, True, True), ("550 5.1.10 null MX", True, True, True),
        ("552 5.2.2 over quota", True, True, True), ("550 5.2.1 disabled", True, True, True),
        ("552 5.3.4 too big", True, False, True), ("554 5.4.4 no route", True, False, True),
        ("554 5.6.0 cannot be read", True, False, True),
        ("550 5.7.1 relaying denied", False, False, True), ("554 5.7.1 spam", False, False, True),
        ("530 5.7.0 sign in first", False, False, False), ("535 5.7.8 wrong password", False, False, False),
        ("538 encrypt first", False, False, False),
        ("550 5.1.8 bad sender's domain", False, False, False), ("550 5.1.7 bad sender", False, False, False),
        ("450 4.2.0 greylisted", False, False, False), ("452 4.2.2 full", False, False, False),
        ("451 try later", False, False, False), ("550 4.2.1 of two minds", False, False, False),
        ("timed out", False, False, False), ("", False, False, False),
    ],
)  # fmt: skip
def test_what_marks_an_address(words: str, at_recipient: bool, at_letter: bool, in_report: bool) -> None:
    told = [refusals.marks(words, when) for when in (RECIPIENT, LETTER, REPORT)]
    assert told == [at_recipient, at_letter, in_report]


@pytest.mark.parametrize(
    ("status", "marked"), [("5.1.1", True), ("5.2.2", True), ("5.7.1", True), ("5.0.0", True), ("4.4.7", False)]
)
def test_a_bare_status_of_a_report_is_judged_by_the_same_rule(status: str, marked: bool) -> None:
    assert refusals.marks(status, REPORT) is marked


def refused(words: str) -> Refused | Stopped:
    code, _, text = words.partition(" ")
    trouble = smtplib.SMTPRecipientsRefused({"a@exemple.fr": (int(code), text.encode())})
    return refusals.of_letter(trouble, cut=False)


@pytest.mark.parametrize(
    ("words", "unknown"),
    [("550 5.1.1 no", True), ("552 5.2.2 full", True), ("550 5.7.1 relaying denied", False), ("450 4.1.1 no", False)],
)
def test_a_recipient_refused_at_once_is_judged_by_it(words: str, unknown: bool) -> None:
    found = refused(words)
    assert isinstance(found, Refused)
    assert found.unknown is unknown


@pytest.mark.parametrize(
    ("words", "status"), [("550 5.1.1 no", "5.1.1"), ("550 no", "550"), ("timed out", ""), ("5.2.2", "5.2.2")]
)
def test_the_status_is_the_enhanced_code_where_there_is_one(words: str, status: str) -> None:
    assert refusals.status_of(words) == status
