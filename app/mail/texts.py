"""The words of the house's letters: shipped, or its own; how they are changed, checked, and fallen back from."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.catalogue.variables import unknown
from app.kernel import changes, clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.remembered import Remembered
from app.kernel.transaction import transactional
from app.mail import composing, text_queries
from app.mail.composing import LANGUAGES, Unfillable, Words
from app.mail.letter_kinds import KINDS
from app.mail.models import LetterText
from app.venue import service as venue

log = logging.getLogger(__name__)

#: Characters of a subject and of a text.
LONGEST_SUBJECT, LONGEST_TEXT = 150, 4_000
_NAME = re.compile(r"\{\{\s*([^{}\n]{1,40}?)\s*\}\}")
_TAG = re.compile(r"<[a-zA-Z/!]")
_FOOT = re.compile(r"^--[ \t]*$", re.MULTILINE)
#: Signs that steer a terminal or a mail server, line ends apart.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u0085\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class TextCard:
    """The words of one kind of letter in one language; `own` when they are not the shipped ones."""

    words: Words
    own: bool
    revision: int
    updated_at: datetime | None = None
    updated_by: int | None = None


def _read() -> dict[tuple[str, str], TextCard]:
    return {
        (row.kind, row.language): TextCard(
            Words(row.subject, row.text) if row.text else composing.shipped(row.kind, row.language), bool(row.text),
            row.revision, row.updated_at, row.updated_by,
        )
        for row in text_queries.texts() if row.kind in KINDS
    }  # fmt: skip


#: What the house has ever changed.
_changed = Remembered(_read)


def worded(kind: str, language: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text of a letter, in the house's words where it has its own; a bad text loses no letter."""
    language = language if language in LANGUAGES else "fr"
    known = {name: values.get(name, "") for name in KINDS[kind].variables}
    card = _changed().get((kind, language))
    if card is not None and card.own:
        try:
            return composing.filled(card.words, of_house(language) | known, KINDS[kind].required)
        except Unfillable as problem:
            log.error("the house's words of letter %s in %s cannot be filled: %s", kind, language, problem)
    return composing.worded(kind, language, known)


def of_house(language: str) -> dict[str, str]:
    """What every letter may say of the house; `contact` is its name, and its telephone if it has one."""
    house = venue.house()
    facts = {name: house.fact(name, language) or "" for name in house.facts}
    phone = facts.get("phone", "")
    return {**facts, "house": house.name, "phone": phone, "contact": " · ".join(filter(None, (house.name, phone)))}


def variables(kind: str) -> list[str]:
    """What the words of a kind may name: its own first, then the facts of the house."""
    own = KINDS[kind].variables
    return [*own, *sorted(set(venue.house().facts) - set(own))]


def cards(*, by: Actor) -> dict[tuple[str, str], TextCard]:
    """The words of every kind in every language."""
    by.must(Permission.SETTINGS_EDIT)
    return {(kind, lang): _card(kind, lang) for kind in KINDS for lang in LANGUAGES}


def card(kind: str, language: str, *, by: Actor) -> TextCard:
    """The words of one kind in one language, as they are now.

    Raises:
        NotFound: there is no such kind or language.
    """
    by.must(Permission.SETTINGS_EDIT)
    if kind not in KINDS or language not in LANGUAGES:
        raise NotFound("letter_text")
    _changed.forget()
    return _card(kind, language)


def _card(kind: str, language: str) -> TextCard:
    return _changed().get((kind, language)) or TextCard(composing.shipped(kind, language), own=False, revision=0)


def checked(kind: str, given: Words) -> Words:
    """Words as they are kept.

    Raises:
        Invalid: fields `subject` and `text`.
    """
    words = Words(_tidy(given.subject), _FOOT.sub("-- ", _tidy(given.text)))
    wrong = {name: code for name, value in words._asdict().items() if (code := _wrong(kind, name, value))}
    if wrong:
        raise Invalid(wrong)
    return words


def _tidy(text: str) -> str:
    return _NAME.sub(r"{{\1}}", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _wrong(kind: str, field: str, value: str) -> str:
    """The code of the first thing wrong with a subject or text."""
    subject = field == "subject"
    names = _NAME.findall(value)
    checks = (
        ("empty", not value),
        ("too_long", len(value) > (LONGEST_SUBJECT if subject else LONGEST_TEXT)),
        ("letter_one_line", subject and "\n" in value),
        ("letter_signs", _CONTROL.search(value)),
        ("letter_html", _TAG.search(value)),
        ("letter_braces", "{{" in (bare := _NAME.sub("", value)) or "}}" in bare),
        ("letter_variable", unknown(value, set(variables(kind)))),
        ("letter_required", not subject and not set(KINDS[kind].required) <= set(names)),
    )
    return next((code for code, found in checks if found), "")


@transactional
def save(kind: str, given: Mapping[str, Words], *, seen: Mapping[str, int], by: Actor) -> None:
    """Give one kind of letter other words; those that say what is shipped are the shipped ones again.

    Args:
        kind: the kind.
        given: words by language; a language left out stays as it is.
        seen: the revision each was when the writer began.
        by: somebody who may change settings.

    Raises:
        Invalid: fields such as `text_fr`.
        Conflict: somebody changed one of them since.
    """
    by.must(Permission.SETTINGS_EDIT)
    if kind not in KINDS or not set(given) <= set(LANGUAGES):
        raise NotFound("letter_text")
    kept = _all_checked(kind, given)
    for language, words in kept.items():
        _write(kind, language, words, seen.get(language, -1), by)
    _changed.forget()


def _all_checked(kind: str, given: Mapping[str, Words]) -> dict[str, Words]:
    kept, wrong = dict[str, Words](), dict[str, str]()
    for language, words in given.items():
        try:
            kept[language] = checked(kind, words)
        except Invalid as problem:
            wrong |= {f"{field}_{language}": code for field, code in problem.fields.items()}
    if wrong:
        raise Invalid(wrong)
    return kept


def _write(kind: str, language: str, words: Words, seen: int, by: Actor) -> None:
    first = composing.shipped(kind, language)
    shipped = Words(first.subject, first.text.strip())
    row = text_queries.text_to_change(kind, language)
    stored = Words(row.subject, row.text) if row is not None and row.text else shipped
    if words == stored:
        return
    if seen != (row.revision if row is not None else 0):
        raise Conflict("letter_text_changed")
    row = row or LetterText(kind=kind, language=language, revision=0)
    row.subject, row.text = words if words != shipped else ("", "")
    row.revision, row.updated_at, row.updated_by = row.revision + 1, clock.now(), by.person_id
    session.add(row)
    changes.note(f"letter {kind} {language}", stored._asdict(), words._asdict(), by=by)


@transactional
def reset(kind: str, language: str, *, by: Actor) -> None:
    """Give one kind of letter its shipped words back in one language."""
    now = card(kind, language, by=by)
    first = composing.shipped(kind, language)
    _write(kind, language, Words(first.subject, first.text.strip()), now.revision, by)
    _changed.forget()
