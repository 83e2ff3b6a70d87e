"""Questions about the kinds of request and canned answers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from app.catalogue.models import CannedAnswer, Category, RequestType
from app.kernel.db import session


def categories() -> Sequence[Category]:
    """All categories in the order of the house."""
    return session.scalars(select(Category).order_by(Category.position)).all()


def category(slug: str) -> Category | None:
    """One category, in use or not."""
    return session.get(Category, slug)


def request_types() -> Sequence[RequestType]:
    """All types in the order of the house."""
    return session.scalars(select(RequestType).order_by(RequestType.position)).all()


def canned_answers(*, with_retired: bool = False) -> Sequence[CannedAnswer]:
    """Canned answers, most used first."""
    query = select(CannedAnswer).order_by(CannedAnswer.uses.desc(), CannedAnswer.id)
    if not with_retired:
        query = query.where(CannedAnswer.active.is_(True))
    return session.scalars(query).all()


def canned_answer(answer_id: int) -> CannedAnswer | None:
    """One canned answer."""
    return session.get(CannedAnswer, answer_id)


def count_use(answer_id: int) -> None:
    """Count one more use of a canned answer."""
    session.execute(update(CannedAnswer).where(CannedAnswer.id == answer_id).values(uses=CannedAnswer.uses + 1))
