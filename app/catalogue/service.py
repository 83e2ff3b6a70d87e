"""The catalogue as plain values, remembered by each process, and the verbs that change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalogue import queries
from app.catalogue.models import CannedAnswer, Category, RequestType
from app.catalogue.variables import fill, needed
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.remembered import Remembered
from app.kernel.transaction import transactional


@dataclass(frozen=True, slots=True)
class FieldCard:
    """One field of a type's own form."""

    name: str
    kind: str
    required: bool
    label_fr: str
    label_en: str
    options: tuple[tuple[str, str, str], ...] = ()

    def label(self, language: str) -> str:
        """Its label in one of the two languages."""
        return self.label_fr if language == "fr" else self.label_en

    def choices(self, language: str) -> list[tuple[str, str]]:
        """Its options in one of the two languages. Shape: pairs (value, words)."""
        return [(value, fr if language == "fr" else en) for value, fr, en in self.options]


@dataclass(frozen=True, slots=True)
class TypeCard:
    """A type of request as plain values."""

    code: str
    category: str
    reason: str
    name_fr: str
    name_en: str
    sla_class: str
    article: str | None
    fields: tuple[FieldCard, ...]
    internal: bool

    def name(self, language: str) -> str:
        """Its name in one of the two languages."""
        return self.name_fr if language == "fr" else self.name_en


@dataclass(frozen=True, slots=True)
class CategoryCard:
    """A category as plain values."""

    slug: str
    name_fr: str
    name_en: str
    description_fr: str
    description_en: str
    department_id: int

    def name(self, language: str) -> str:
        """Its name in one of the two languages."""
        return self.name_fr if language == "fr" else self.name_en


def _read_categories() -> dict[str, CategoryCard]:
    return {
        c.slug: CategoryCard(c.slug, c.name_fr, c.name_en, c.description_fr, c.description_en, c.department_id)
        for c in queries.categories()
        if c.active
    }


def _read_types() -> dict[str, TypeCard]:
    return {
        t.code: TypeCard(
            t.code, t.category_slug, t.reason, t.name_fr, t.name_en, t.sla_class, t.article_slug,
            tuple(_field(f) for f in t.fields), t.internal,
        )
        for t in queries.request_types()
        if t.active
    }  # fmt: skip


def _field(raw: Mapping[str, Any]) -> FieldCard:
    options = tuple((o["value"], o["label_fr"], o["label_en"]) for o in raw.get("options", ()))
    return FieldCard(raw["name"], raw["kind"], bool(raw.get("required")), raw["label_fr"], raw["label_en"], options)


categories = Remembered(_read_categories)
types = Remembered(_read_types)


def category(slug: str | None) -> CategoryCard | None:
    """One category, or None."""
    return categories().get(slug) if slug else None


def request_type(code: str | None) -> TypeCard | None:
    """One type, or None."""
    return types().get(code) if code else None


def types_under(category_slug: str) -> list[TypeCard]:
    """Types of one category, in the order of the house."""
    return [card for card in types().values() if card.category == category_slug]


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedDraft:
    """A canned answer as written at the desk; validates itself."""

    title_fr: str
    title_en: str
    body_fr: str
    body_en: str
    categories: tuple[str, ...] = ()
    then_state: str | None = None

    def __post_init__(self) -> None:
        """Refuse empty or overlong parts.

        Raises:
            Invalid: per field.
        """
        wrong = {n: "empty" for n in ("title_fr", "title_en", "body_fr", "body_en") if not getattr(self, n).strip()}
        wrong |= {n: "too_long" for n in ("title_fr", "title_en") if len(getattr(self, n)) > 200}
        wrong |= {n: "too_long" for n in ("body_fr", "body_en") if len(getattr(self, n)) > 20_000}
        if self.then_state not in {None, "open", "waiting", "solved"}:
            wrong["then_state"] = "unknown_choice"
        if wrong:
            raise Invalid(wrong)


@transactional
def save_canned(
    draft: CannedDraft, *, answer_id: int | None = None, seen_revision: int | None = None, by: Actor
) -> int:
    """Write a canned answer, new or changed; returns its id.

    Raises:
        Conflict: somebody changed it since `seen_revision`.
    """
    by.must(Permission.CANNED_EDIT)
    row = queries.canned_answer(answer_id) if answer_id else CannedAnswer(uses=0, revision=0, active=True)
    if row is None:
        raise NotFound("canned_answer")
    if seen_revision is not None and seen_revision != row.revision:
        raise Conflict("canned_changed")
    row.title_fr, row.title_en = draft.title_fr.strip(), draft.title_en.strip()
    row.body_fr, row.body_en = draft.body_fr, draft.body_en
    row.categories, row.then_state = list(draft.categories), draft.then_state
    row.revision, row.updated_at, row.updated_by = row.revision + 1, clock.now(), by.person_id
    session.add(row)
    session.flush()
    canned.forget()
    return row.id


@transactional
def retire_canned(answer_id: int, *, by: Actor, active: bool = False) -> None:
    """Take a canned answer out of use, or put it back."""
    by.must(Permission.CANNED_EDIT)
    row = queries.canned_answer(answer_id)
    if row is None:
        raise NotFound("canned_answer")
    row.active = active
    canned.forget()


@transactional
def used_canned(answer_id: int) -> None:
    """Count one more use."""
    queries.count_use(answer_id)


@dataclass(frozen=True, slots=True)
class CannedCard:
    """A canned answer in use, as plain values."""

    id: int
    title_fr: str
    title_en: str
    body_fr: str
    body_en: str
    categories: tuple[str, ...]
    then: str | None

    def title(self, language: str) -> str:
        """Its title in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en

    def lacks(self, language: str, values: Mapping[str, str]) -> bool:
        """Whether something of it would stay to be filled in by hand."""
        return not needed(self.body_fr if language == "fr" else self.body_en) <= values.keys()

    def filled(self, language: str, values: Mapping[str, str]) -> str:
        """Its text for one request; a variable nobody can fill stays as written."""
        return fill(self.body_fr if language == "fr" else self.body_en, values)


def _read_canned() -> tuple[CannedCard, ...]:
    return tuple(
        CannedCard(a.id, a.title_fr, a.title_en, a.body_fr, a.body_en, tuple(a.categories), a.then_state)
        for a in queries.canned_answers()
    )


#: Canned answers in use, most used first.
canned = Remembered(_read_canned)


def canned_for(category_slug: str | None) -> list[CannedCard]:
    """Canned answers, those of a category first."""
    return sorted(canned(), key=lambda card: category_slug not in card.categories)


def canned_answer(answer_id: int) -> CannedCard:
    """One canned answer in use.

    Raises:
        NotFound: there is none, or it was retired.
    """
    found = next((card for card in canned() if card.id == answer_id), None)
    if found is None:
        raise NotFound("canned_answer")
    return found


def offered(category_slug: str | None, language: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Canned answers filled for one ticket, those of its category first."""
    return [
        {
            "id": card.id, "title": card.title(language), "body": card.filled(language, values), "then": card.then,
            "likely": category_slug in card.categories,
        }
        for card in canned_for(category_slug)
    ]  # fmt: skip


@transactional
def write_catalogue(
    category_rows: Iterable[Mapping[str, Any]], type_rows: Iterable[Mapping[str, Any]], *, by: Actor = SYSTEM
) -> None:
    """Write the kinds of request a house begins with; existing ones are replaced."""
    by.must(Permission.SETTINGS_EDIT)
    for values in category_rows:
        session.merge(Category(**values))
    session.flush()
    for values in type_rows:
        session.merge(RequestType(**values))
    session.flush()
    categories.forget()
    types.forget()
