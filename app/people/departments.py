"""Departments named at the desk: one more, or other names; each leaves a line in the history of changes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.kernel import changes
from app.kernel.access import Actor, Permission
from app.kernel.errors import Invalid
from app.kernel.transaction import transactional
from app.people import queries, service
from app.people.names import LONGEST_NAME

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@transactional
def add(code: str, *, name_fr: str, name_en: str, internal: bool, by: Actor) -> int:
    """Add a department; returns its id.

    Raises:
        Invalid: the code cannot be one or is taken, or a name is missing.
    """
    by.must(Permission.SETTINGS_EDIT)
    wrong = {} if _CODE.fullmatch(code) else {"code": "bad_code"}
    if code in {card.code for card in service.departments()}:
        wrong = {"code": "taken"}
    for field, name in (("name_fr", name_fr), ("name_en", name_en)):
        if not 0 < len(name.strip()) <= LONGEST_NAME:
            wrong[field] = "too_long" if name.strip() else "required"
    if wrong:
        raise Invalid(wrong)
    names = {"name_fr": name_fr.strip(), "name_en": name_en.strip()}
    changes.note(f"department {code}", {}, names, by=by)
    return service.add_department(code, **names, internal=internal, by=by)


@transactional
def rename(names: Mapping[int, tuple[str, str]], *, by: Actor) -> None:
    """Give departments other names. Shape of `names`: id to pair (French, English).

    Raises:
        Invalid: fields `id-fr` and `id-en`; nothing is changed then.
    """
    by.must(Permission.SETTINGS_EDIT)
    wrong = {
        f"{key}-{lang}": "too_long" if name.strip() else "required"
        for key, pair in names.items()
        for lang, name in zip(("fr", "en"), pair, strict=True)
        if not 0 < len(name.strip()) <= LONGEST_NAME
    }
    if wrong:
        raise Invalid(wrong)
    for row in queries.departments():
        if row.id in names:
            before = {"name_fr": row.name_fr, "name_en": row.name_en}
            row.name_fr, row.name_en = (name.strip() for name in names[row.id])
            changes.note(f"department {row.code}", before, {"name_fr": row.name_fr, "name_en": row.name_en}, by=by)
    service.departments.forget()
