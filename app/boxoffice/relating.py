"""After an import: records hang under their mothers, sure ones become one household, doubtful ones are proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from app.boxoffice import household_queries as queries
from app.boxoffice.matching import Card, Pair, doubtful, sure
from app.boxoffice.merging import joined, undone
from app.boxoffice.models import Contact, ContactRef, Household, HouseholdPair
from app.boxoffice.naming import household_code
from app.kernel import clock
from app.kernel.queries import write, write_numbered
from app.kernel.transaction import transactional

#: Records of one transaction.
AT_ONCE = 500
T = TypeVar("T")


def relate(system: str, said: Mapping[str, str], language: str, *, alone: Collection[str] = ()) -> Counter[str]:
    """Join what belongs together; run again, it finds nothing left to do. Shape of `said`: record to its mother.

    `alone` are records of which it is said that they have no mother any more.
    """
    done: Counter[str] = Counter()
    for few in _batches(sorted(alone)):
        done["mothers_taken"] += release(system, few)
    for some in _batches(sorted(said.items())):
        done += hang(system, dict(some), language)
    apart = {pair for pair, state in queries.known_pairs().items() if state == "refused"}
    certain = [(one, other) for one, other in sure(cards()) if (min(one, other), max(one, other)) not in apart]
    for pairs in _batches(certain):
        done["merged_by_email"] += _join(pairs, "email")
    known = queries.known_pairs()
    fresh = [pair for pair in doubtful(cards()) if (pair.low_id, pair.high_id) not in known]
    for proposals in _batches(fresh):
        done["pairs_new"] += _propose(proposals)
    return done


def _batches(items: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some


@transactional
def hang(system: str, said: Mapping[str, str], language: str) -> Counter[str]:
    """Hang records under their mothers and make them one household; who was parted by a colleague stays so."""
    done: Counter[str] = Counter()
    ids = queries.numbered(system, set(said) | set(said.values()))
    missing = sorted({mother for one, mother in said.items() if mother not in ids and one in ids})
    done["mothers_new"] += len(missing)
    ids |= _bare(system, missing, {mother: ids[one] for one, mother in said.items() if one in ids}, language)
    wanted = _two_storeys({ids[one]: ids[mother] for one, mother in said.items() if one in ids})
    there = queries.mothers(wanted)
    changed = {one: mother for one, mother in wanted.items() if there[one] != mother}
    queries.hang(changed.items())
    for row in queries.live_merges(list(changed)):
        if row.reason == "mother":
            undone(row)
    done["mothers_given"] += len(changed)
    free = changed.keys() - queries.merged(changed)
    done["merged_by_mother"] += sum(joined(one, changed[one], reason="mother") is not None for one in sorted(free))
    return done


@transactional
def release(system: str, numbers: Sequence[str]) -> int:
    """Take records from under their mothers; a household that a colleague or an address made stays one."""
    mothers = queries.mothers(list(queries.numbered(system, numbers).values()))
    freed = [one for one, mother in mothers.items() if mother is not None]
    queries.hang((one, None) for one in freed)
    for row in queries.live_merges(freed):
        if row.reason == "mother":
            undone(row)
    return len(freed)


def _two_storeys(said: dict[int, int]) -> dict[int, int]:
    """What a file says, together with what is known: a mother's mother takes her daughters, a daughter's go up."""
    above = {mother: top for mother, top in queries.mothers(set(said.values())).items() if top and mother not in said}
    said = {one: above.get(mother, mother) for one, mother in said.items()}
    below = {one: said[mother] for one, mother in queries.daughters(said).items() if one not in said}
    return {one: mother for one, mother in {**below, **said}.items() if one != mother}


def _bare(system: str, numbers: Sequence[str], daughters: Mapping[str, int], language: str) -> dict[str, int]:
    """Records of mothers who bought nothing themselves; they bear the name and kind of a daughter's house."""
    known = queries.records([daughters[number] for number in numbers])
    rows: list[dict[str, Any]] = []
    for number in numbers:
        home, contact = known[daughters[number]]
        company = contact.company if contact else ""
        kind = home.kind if home.kind != "individual" or not company else "company"
        rows.append({
            "code": household_code(system, number), "kind": kind, "name": company or home.name, "person_id": None,
            "typologies": [], "mother_id": None, "merged_into_id": None, "language": language,
            "preferred_channel": "post",
        })  # fmt: skip
    homes = write_numbered(Household, rows, by=("code",))
    contacts = write_numbered(Contact, [
        {"household_id": home, "company": row["name"] if row["kind"] != "individual" else ""}
        for home, row in zip(homes, rows, strict=True)
    ], by=("household_id",))  # fmt: skip
    write(ContactRef, [
        {"contact_id": contact, "system": system, "external_id": number}
        for contact, number in zip(contacts, numbers, strict=True)
    ])  # fmt: skip
    return dict(zip(numbers, homes, strict=True))


@transactional
def _join(pairs: Sequence[tuple[int, int]], reason: str) -> int:
    return sum(joined(one, other, reason=reason) is not None for one, other in pairs)


@transactional
def _propose(pairs: Sequence[Pair]) -> int:
    known = queries.known_pairs()
    now = clock.now()
    rows = [
        {"low_id": one.low_id, "high_id": one.high_id, "score": one.score, "reasons": list(one.reasons), "at": now}
        for one in pairs if (one.low_id, one.high_id) not in known
    ]  # fmt: skip
    write(HouseholdPair, rows)
    return len(rows)


def cards() -> list[Card]:
    """Every record, as far as it tells who it is."""
    return [
        Card(
            row.id, row.unit_id, row.kind, row.given, row.family, row.email, (row.phone, row.mobile), row.address1,
            row.postcode, row.mother_id is not None,
        )
        for row in queries.cards()
    ]  # fmt: skip
