"""Laws of a time that let a house offer less than money: entered, changed and listed, with their text and for whom.

The laws shipped here have lapsed; no campaign names them unless somebody enters them first.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date

from app.cancellations import campaign_queries as queries
from app.cancellations.models import LegalRegime
from app.kernel import changes, clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import transactional
from app.venue import service as venue

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
#: Characters of a code and of a title.
LONGEST_CODE, LONGEST_TITLE = 40, 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One law. Shape: both dates are within it; `source` is where it stands written, `scope` whom it is for."""

    code: str
    title_fr: str
    title_en: str
    source: str
    scope: str
    from_on: date
    to_on: date
    max_validity_months: int
    refund_at_expiry: bool = True

    def faults(self) -> dict[str, str]:
        """What is wrong. Shape: field to code; empty when nothing is."""
        texts = {name: getattr(self, name) for name in ("code", "title_fr", "title_en", "source", "scope")}
        longest = {"code": LONGEST_CODE, "title_fr": LONGEST_TITLE, "title_en": LONGEST_TITLE}
        wrong = {name: "empty" for name, text in texts.items() if not text.strip()}
        wrong |= {name: "too_long" for name, most in longest.items() if len(texts[name]) > most}
        wrong |= {"code": "law_code"} if self.code and not _CODE.fullmatch(self.code) and "code" not in wrong else {}
        wrong |= {} if self.from_on <= self.to_on else {"to_on": "law_span"}
        return wrong | ({} if self.max_validity_months > 0 else {"max_validity_months": "number"})


_SCOPE = "Personnes morales de droit privé responsables de la billetterie (art. L. 7122-2 du code du travail)"
#: Lapsed. The end of the second is that of its own text, before it was prolonged.
LAPSED = (
    Regime(
        code="ord-2020-538", title_fr="Ordonnance n° 2020-538 du 7 mai 2020", title_en="French ordinance 2020-538",
        source="Ordonnance n° 2020-538 du 7 mai 2020", scope=_SCOPE, from_on=date(2020, 3, 12),
        to_on=date(2020, 9, 15), max_validity_months=12,
    ),
    Regime(
        code="ord-2020-1599", title_fr="Ordonnance n° 2020-1599 du 16 décembre 2020",
        title_en="French ordinance 2020-1599", source="Ordonnance n° 2020-1599 du 16 décembre 2020",
        scope=f"{_SCOPE}, abonnements compris", from_on=date(2020, 12, 17), to_on=date(2021, 2, 16),
        max_validity_months=12,
    ),
)  # fmt: skip


def listed(*, by: Actor) -> list[Regime]:
    """Every law that was entered, the latest first."""
    by.must(Permission.CAMPAIGN_READ)
    return [_told(row) for row in queries.regimes()]


@transactional
def enter(given: Regime, *, by: Actor) -> None:
    """Enter a law, or change the one of the same code; noted in the journal of settings.

    Raises:
        Invalid: fields of `Regime.faults`.
        Conflict: a campaign that has reached households rests on it as it is.
    """
    by.must(Permission.CAMPAIGN_APPROVE)
    if wrong := given.faults():
        raise Invalid(wrong)
    row = queries.regime(given.code)
    before = _told(row) if row is not None else None
    if before == given:
        return
    if row is not None and queries.rests_on(row.id):
        raise Conflict("campaign_started")
    if row is None:
        session.add(LegalRegime(**asdict(given)))
    else:
        for name, value in asdict(given).items():
            setattr(row, name, value)
    changes.note(f"law {given.code}", _plain(before), _plain(given), by=by)


@transactional
def end(code: str, last: date, *, by: Actor) -> None:
    """Let a law end earlier, even where a campaign that households know of rests on it: nothing opens by it any more.

    Raises:
        NotFound: there is no such law.
        Invalid: field `last`: it is not within the law's time.
    """
    by.must(Permission.CAMPAIGN_APPROVE)
    row = queries.regime(code)
    if row is None:
        raise NotFound("law")
    if not row.from_on <= last <= row.to_on:
        raise Invalid({"last": "law_span"})
    before = _told(row)
    row.to_on = last
    changes.note(f"law {code}", _plain(before), _plain(replace(before, to_on=last)), by=by)


def today() -> date:
    """The date at the house, by which laws hold or have lapsed."""
    return clock.now().astimezone(venue.house().tz).date()


def _told(row: LegalRegime) -> Regime:
    return Regime(
        code=row.code, title_fr=row.title_fr, title_en=row.title_en, source=row.source, scope=row.scope,
        from_on=row.from_on, to_on=row.to_on, max_validity_months=row.max_validity_months,
        refund_at_expiry=row.refund_at_expiry,
    )  # fmt: skip


def _plain(one: Regime | None) -> dict[str, object]:
    return {name: str(value) for name, value in asdict(one).items()} if one else {}
