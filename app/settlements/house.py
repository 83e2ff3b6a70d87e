"""What the house says of its money, and the accounts it writes to: read, changed with a trace, marked as validated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.cancellations.choices import OPTIONS
from app.cancellations.ibans import BadIban, canonical, masked
from app.kernel import audit, clock, sealing
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.transaction import transactional
from app.settlements import charts, house_queries
from app.settlements.charts import USUAL, Chart, Named
from app.settlements.details import HouseDetails
from app.settlements.files.pain001 import Debtor, Place
from app.settlements.models import AccountCode, AccountWord, MoneyHouse

#: Where the account of the house is sealed.
PLACE = "money_house:1:iban"


@dataclass(frozen=True, slots=True)
class HouseCard:
    """What the house says of its money, as it may be shown; `changed_at` is None before anything was said."""

    details: HouseDetails
    iban_masked: str
    version: int
    changed_at: datetime | None

    @property
    def can_transfer(self) -> bool:
        """Whether an order to a bank can be written."""
        return bool(self.iban_masked and self.details.bic and self.details.name)


@dataclass(frozen=True, slots=True)
class CodeCard:
    """One account or journal; `own` is False for a usual one, `validated_at` None until the accountant agrees."""

    purpose: str
    key: str
    code: str
    label: str
    own: bool
    validated_at: datetime | None
    validated_by: int | None


def card(*, by: Actor) -> HouseCard:
    """What the house says of its money."""
    by.must(Permission.MONEY_READ)
    return known()


def known() -> HouseCard:
    """The same for verbs; a house that said nothing has the usual settings and no account."""
    row = house_queries.house()
    if row is None:
        return HouseCard(HouseDetails(name=""), "", 0, None)
    return HouseCard(_details(row), row.iban_masked, row.version, row.changed_at)


def debtor() -> Debtor:
    """Whose account is debited, its number opened; for the writing of an order only.

    Raises:
        Conflict: `house_account`: name, IBAN or BIC is missing.
    """
    row = house_queries.house()
    if row is None or not known().can_transfer:
        raise Conflict("house_account")
    place = Place(
        street=row.street, number=row.street_number, postcode=row.postcode, city=row.city, country=row.country
    )
    return Debtor(name=row.name, iban=sealing.opened(row.iban_sealed, bound=PLACE), bic=row.bic, place=place)


@transactional
def set_up(details: HouseDetails, *, iban: str = "", seen_version: int, by: Actor) -> None:
    """Say or change what banks and accountants must know; an empty IBAN keeps the one that is there.

    Raises:
        Invalid: fields of `HouseDetails.faults`, or `iban`.
        Conflict: it was changed since it was looked at.
    """
    by.must(Permission.MONEY_SET_UP)
    wrong = details.faults()
    number = ""
    if iban.strip():
        try:
            number = canonical(iban)
        except BadIban as problem:
            wrong["iban"] = problem.code
    if wrong:
        raise Invalid(wrong)
    row = house_queries.house_to_change() or MoneyHouse(id=1, version=0)
    if row.version != seen_version:
        raise Conflict("changed_since")
    for name, value in details.values().items():
        setattr(row, name, value)
    if number:
        row.iban_sealed, row.iban_masked = sealing.seal(number, bound=PLACE), masked(number)
    row.version, row.changed_by, row.changed_at = row.version + 1, by.person_id, clock.now()
    session.add(row)
    audit.note("house_set_up", "house:1", {"version": row.version, "account": row.iban_masked}, by=by)


def chart() -> Chart:
    """The accounts of the house as rules read them."""
    own = {(row.purpose, row.key): Named(row.code, row.label) for row in house_queries.codes()}
    return Chart(own, vat_at_credit=known().details.vat_at_credit)


def codes(*, by: Actor) -> list[CodeCard]:
    """Every account and journal: the usual ones, those of the house in their place, and those of its own beside."""
    by.must(Permission.MONEY_READ)
    own = {(row.purpose, row.key): row for row in house_queries.codes()}
    keys = [*USUAL, *sorted(key for key in own if key not in USUAL)]
    return [_code(*key, own.get(key)) for key in keys]


def missing(*, by: Actor) -> list[tuple[str, str]]:
    """What no account is known for, of what is owed to anybody. Shape: (purpose, key)."""
    by.must(Permission.MONEY_READ)
    return list(charts.missing(chart(), house_queries.rates(), OPTIONS))


@transactional
def set_code(purpose: str, key: str, code: str, label: str, *, source: str = "", by: Actor) -> None:
    """Name an account of the house's own; what was entered already stays as it was, and what was said before is kept.

    Raises:
        Invalid: fields `key`, `code`, `label` or `source`.
    """
    by.must(Permission.MONEY_SET_UP)
    named, source = Named(code.strip(), label.strip()), " ".join(source.split())
    wrong = charts.fault(purpose, key, named) | ({"source": "too_long"} if len(source) > 255 else {})
    if wrong:
        raise Invalid(wrong)
    row = house_queries.code(purpose, key) or AccountCode(purpose=purpose, key=key)
    row.code, row.label, row.validated_at, row.validated_by = named.code, named.label, None, None
    session.add(row)
    _say(row, source, by)
    audit.note("account_named", f"account:{purpose}:{key}", {"code": named.code}, by=by)


@transactional
def validate_code(purpose: str, key: str, *, by: Actor) -> None:
    """Say that the accountant agrees to an account as it stands.

    Raises:
        Invalid: field `key`: there is no such account.
    """
    by.must(Permission.MONEY_SET_UP)
    usual = USUAL.get((purpose, key))
    row = house_queries.code(purpose, key)
    if row is None and usual is None:
        raise Invalid({"key": "unknown_choice"})
    if row is None and usual is not None:
        row = AccountCode(purpose=purpose, key=key, code=usual.code, label=usual.label)
    if row is not None:
        row.validated_at, row.validated_by = clock.now(), by.person_id
        session.add(row)
        _say(row, "", by)
        audit.note("account_validated", f"account:{purpose}:{key}", {"code": row.code}, by=by)


@transactional
def withdraw_code(purpose: str, key: str, *, by: Actor) -> None:
    """Take an account out: until another one is named, nothing that needs it is locked, exported or noted as paid.

    Raises:
        Invalid: field `key`: there is no such account.
    """
    by.must(Permission.MONEY_SET_UP)
    row, usual = house_queries.code(purpose, key), USUAL.get((purpose, key))
    if row is None and usual is None:
        raise Invalid({"key": "unknown_choice"})
    row = row or AccountCode(purpose=purpose, key=key, code="", label=usual.label if usual else "")
    row.code, row.validated_at, row.validated_by = "", None, None
    session.add(row)
    _say(row, "", by)
    audit.note("account_withdrawn", f"account:{purpose}:{key}", {}, by=by)


@dataclass(frozen=True, slots=True)
class WordCard:
    """What was said of an account; an empty code where it was taken out."""

    code: str
    label: str
    source: str
    validated: bool
    by_id: int
    at: datetime


def words(purpose: str, key: str, *, by: Actor) -> list[WordCard]:
    """What was said of an account, the newest first."""
    by.must(Permission.MONEY_READ)
    return [
        WordCard(row.code, row.label, row.source, row.validated, row.by_id, row.at)
        for row in house_queries.words(purpose, key)
    ]


def _say(row: AccountCode, source: str, by: Actor) -> None:
    if by.person_id is None:
        raise Forbidden("nobody")
    session.add(AccountWord(
        purpose=row.purpose, key=row.key, code=row.code, label=row.label, source=source,
        validated=row.validated_at is not None, by_id=by.person_id, at=clock.now(),
    ))  # fmt: skip


def _code(purpose: str, key: str, row: AccountCode | None) -> CodeCard:
    if row is not None:
        return CodeCard(
            purpose, key, row.code, row.label, own=True, validated_at=row.validated_at, validated_by=row.validated_by
        )
    usual = USUAL[purpose, key]
    return CodeCard(purpose, key, usual.code, usual.label, own=False, validated_at=None, validated_by=None)


def _details(row: MoneyHouse) -> HouseDetails:
    return HouseDetails(
        name=row.name, legal_form=row.legal_form, siren=row.siren, street=row.street, street_number=row.street_number,
        postcode=row.postcode, city=row.city, country=row.country, bic=row.bic, sepa_version=row.sepa_version,
        execution_days=row.execution_days, vat_at_credit=row.vat_at_credit, voucher_prefix=row.voucher_prefix,
        limit_line_cents=row.limit_line_cents, limit_batch_cents=row.limit_batch_cents,
    )  # fmt: skip
