"""What people type into a type's own fields, read into plain values; pure.

Shape of an answer by kind: text and textarea a text, date an ISO date, number a whole number, money integer cents,
yesno a boolean, select the value of an option.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from app.catalogue.service import FieldCard, TypeCard

LINE, TEXT = 200, 2_000
_AMOUNT = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,2})?")
_BLANKS = re.compile(r"[\s\u00a0\u202f€]+")
Answer = str | int | bool


class AnswerFault(ValueError):
    """A text that cannot be an answer; its text is the code of what is wrong."""


def read_all(kind: TypeCard, typed: Mapping[str, str]) -> tuple[dict[str, Answer], dict[str, str]]:
    """Read every field of a type. Shape: (answers by field name, codes of what is wrong by field name)."""
    answers: dict[str, Answer] = {}
    wrong: dict[str, str] = {}
    for field in kind.fields:
        text = typed.get(field.name, "").strip()
        try:
            if text:
                answers[field.name] = read(field, text)
            elif field.required:
                wrong[field.name] = "required"
        except AnswerFault as fault:
            wrong[field.name] = str(fault)
    return answers, wrong


def read(field: FieldCard, text: str) -> Answer:
    """One answer from what was typed.

    Raises:
        AnswerFault: it cannot be one; an unknown kind of field is read as a line of text.
    """
    if field.kind == "select":
        return _chosen(text, {value for value, _, _ in field.options})
    return _READERS.get(field.kind, _line)(text)


def _chosen(text: str, values: set[str]) -> str:
    if text not in values:
        raise AnswerFault("unknown_choice")
    return text


def _line(text: str) -> str:
    return _short(text, LINE)


def _text(text: str) -> str:
    return _short(text, TEXT)


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise AnswerFault("too_long")
    return text.replace("\x00", "")


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise AnswerFault("date") from None


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise AnswerFault("number")
    return int(text)


def _money(text: str) -> int:
    flat = _BLANKS.sub("", text)
    if not _AMOUNT.fullmatch(flat):
        raise AnswerFault("amount")
    return int(Decimal(flat.replace(",", ".")).scaleb(2))


def _yesno(text: str) -> bool:
    return _chosen(text, {"yes", "no"}) == "yes"


_READERS: Mapping[str, Callable[[str], Answer]] = {
    "text": _line, "textarea": _text, "date": _date, "number": _number, "money": _money, "yesno": _yesno,
}  # fmt: skip
