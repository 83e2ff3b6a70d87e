"""Answers brought as a file: each credit by itself, so that one that is refused stops no other."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.cancellations import accounts, queries
from app.cancellations.answer_files import Answered, BadFile, answers
from app.cancellations.choosing import Wish, choose_from_file
from app.kernel import faults
from app.kernel.access import Actor, Permission
from app.kernel.errors import Invalid, NotFound, Problem
from app.kernel.transaction import transactional


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one credit's rows: the version that holds them, or codes of what is wrong, by field."""

    number: str
    line: int
    version: int = 0
    again: bool = False
    wrong: dict[str, str] = field(default_factory=dict)


def bring(raw: bytes, *, by: Actor) -> list[Brought]:
    """Let households choose as a file says, each once, however often the file is brought.

    Raises:
        Invalid: field `file`: it is no table of answers.
    """
    by.must(Permission.CHOICE_FOR_OTHERS)
    try:
        found = answers(raw)
    except BadFile as problem:
        raise Invalid({"file": problem.code}) from None
    return [_brought(one, by) for one in found]


def _brought(one: Answered, by: Actor) -> Brought:
    if one.fault:
        return Brought(one.number, one.line, wrong={"row": one.fault})
    try:
        brought = _bring(one, by)
    except Invalid as problem:
        return Brought(one.number, one.line, wrong=problem.fields)
    except Problem as problem:
        return Brought(one.number, one.line, wrong={"row": problem.code})
    faults.point("answer kept")
    return brought


@transactional
def _bring(one: Answered, by: Actor) -> Brought:
    credit_id = queries.credit_numbered(one.number)
    if credit_id is None:
        raise NotFound("credit")
    account = accounts.give_for(credit_id, *one.iban, by=by).id if one.iban else None
    wish = Wish(lines=one.lines, form=one.form, account_id=account, address=one.address)
    made = choose_from_file(credit_id, wish, by=by)
    return Brought(one.number, one.line, made.version, made.again)
