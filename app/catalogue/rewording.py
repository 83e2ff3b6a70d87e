"""How kinds of request are named, described and promised, changed at the desk; their codes never change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import chain, count
from typing import Any
from unicodedata import normalize

from app.catalogue import queries
from app.catalogue.models import Category, RequestType
from app.catalogue.service import categories, types
from app.kernel import changes
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import transactional
from app.people import service as people

#: Characters of a name and of a description.
NAME, DESCRIPTION = 120, 600


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryWords:
    """What a category says, and whose it is."""

    name_fr: str
    name_en: str
    description_fr: str
    description_en: str
    department_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWords:
    """What a type of request says, and its class of promise."""

    name_fr: str
    name_en: str
    sla_class: str


@transactional
def reword(
    slug: str,
    words: CategoryWords,
    kinds: Mapping[str, TypeWords],
    *,
    sla_classes: frozenset[str],
    by: Actor,
) -> None:
    """Change what a category and its types say; `sla_classes` are the classes a type may promise by.

    Raises:
        NotFound: there is no such category.
        Invalid: fields of the category by name, those of a type as `code-name`; nothing is changed then.
    """
    by.must(Permission.SETTINGS_EDIT)
    row = queries.category(slug)
    if row is None:
        raise NotFound("category")
    own = {kind.code: kind for kind in queries.request_types() if kind.category_slug == slug and kind.code in kinds}
    wrong = _faults_of_category(words) | _faults_of_types({code: kinds[code] for code in own}, sla_classes)
    if wrong:
        raise Invalid(wrong)
    _write(f"category {slug}", row, asdict(words), by)
    for code, kind in own.items():
        _write(f"type {code}", kind, asdict(kinds[code]), by)
    categories.forget()
    types.forget()


@transactional
def add(words: CategoryWords, *, by: Actor) -> str:
    """Add a category of the house; the sorting proposes it by what it says. Returns its slug.

    Raises:
        Invalid: per field.
    """
    by.must(Permission.SETTINGS_EDIT)
    wrong = _faults_of_category(words)
    if wrong:
        raise Invalid(wrong)
    slug = _free_slug(words.name_en)
    last = max((row.position for row in queries.categories()), default=0)
    session.add(Category(slug=slug, position=last + 1, active=True, **asdict(words)))
    changes.note(f"category {slug}", {}, asdict(words), by=by)
    session.flush()
    categories.forget()
    return slug


@transactional
def retire(slug: str, *, active: bool = False, by: Actor) -> None:
    """Take a category out of use, or put it back; requests that have it keep it.

    Raises:
        NotFound: there is no such category.
        Conflict: types belong to it, which the form offers.
    """
    by.must(Permission.SETTINGS_EDIT)
    row = queries.category(slug)
    if row is None:
        raise NotFound("category")
    if any(kind.category_slug == slug for kind in queries.request_types()) or slug == "other":
        raise Conflict("category_in_use")
    _write(f"category {slug}", row, {"active": active}, by)
    categories.forget()


@transactional
def describe(slug: str, french: str, english: str, *, by: Actor) -> None:
    """Change the two descriptions of a category, inside a verb of somebody who may.

    Raises:
        NotFound: there is no such category.
    """
    row = queries.category(slug)
    if row is None:
        raise NotFound("category")
    _write(f"category {slug}", row, {"description_fr": french, "description_en": english}, by)
    categories.forget()


def _free_slug(name: str) -> str:
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:30] or "reason"
    taken = {row.slug for row in queries.categories()}
    return next(slug for slug in chain([stem], (f"{stem}_{at}" for at in count(2))) if slug not in taken)


def _write(subject: str, row: Category | RequestType, values: Mapping[str, Any], by: Actor) -> None:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    changes.note(subject, {name: getattr(row, name) for name in changed}, changed, by=by)
    for name, value in changed.items():
        setattr(row, name, value)


def _faults_of_category(words: CategoryWords) -> dict[str, str]:
    wrong = _faults(asdict(words), {"name_fr": NAME, "name_en": NAME, "description_fr": DESCRIPTION,
                                    "description_en": DESCRIPTION})  # fmt: skip
    if words.department_id not in {card.id for card in people.departments()}:
        wrong["department_id"] = "unknown_choice"
    return wrong


def _faults_of_types(kinds: Mapping[str, TypeWords], sla_classes: frozenset[str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for code, kind in kinds.items():
        found = _faults(asdict(kind), {"name_fr": NAME, "name_en": NAME})
        if kind.sla_class not in sla_classes:
            found["sla_class"] = "unknown_choice"
        wrong |= {f"{code}-{name}": word for name, word in found.items()}
    return wrong


def _faults(values: Mapping[str, Any], limits: Mapping[str, int]) -> dict[str, str]:
    found = {name: "required" for name in limits if not str(values[name]).strip()}
    return found | {name: "too_long" for name, most in limits.items() if len(str(values[name])) > most}
