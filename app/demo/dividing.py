"""How invented households divide what they are owed, and the accounts they name; plain values from chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from app.cancellations.details import Postal

GIFT = "donation"
#: What asks for nothing, and so can hold whatever another option leaves.
FREE = ("voucher", "carryover")
MONEY = ("refund_card", "refund_transfer", "refund_cheque", "refund_cash", "refund_local")
#: What is wanted of a date that only moved, in weights.
_MOVED = {"keep_ticket": 11, "exchange": 4, "refund_card": 4, "refund_transfer": 1}
#: What people want, in weights: a third of them give.
_WANTED = {
    "give": 18, "give_part": 16, "refund_card": 26, "refund_transfer": 14, "refund_cheque": 5, "refund_cash": 4,
    "refund_local": 2, "voucher": 6, "carryover": 6, "split": 5,
}  # fmt: skip
#: Not one of ours: a bank of that number does not exist.
_BANK = "99999"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one household wants. Cents."""

    lines: Mapping[str, int]
    iban: str = ""
    address: Postal | None = None


def divided(amount: int, rooms: Mapping[str, int], chance: Random) -> dict[str, int]:
    """A division of an amount that the rooms of its options can hold. Shape: option to cents.

    Args:
        amount: what is owed.
        rooms: option to the most it can hold by itself; `voucher` and `carryover` hold all.
        chance: what decides.
    """
    wanted = chance.choices(list(_WANTED), list(_WANTED.values()))[0]
    if wanted == "give":
        return _filled(amount, rooms, GIFT, chance)
    if wanted == "give_part":
        return _part(amount, rooms, GIFT, chance)
    if wanted == "split":
        return _part(amount, rooms, chance.choice(MONEY), chance)
    return _filled(amount, rooms, wanted, chance)


def kept(amount: int, rooms: Mapping[str, int], chance: Random) -> dict[str, int]:
    """All of an amount on one option of a date that moved; where that cannot hold it, the tickets are kept."""
    wanted = chance.choices(list(_MOVED), list(_MOVED.values()))[0]
    return {wanted if rooms[wanted] >= amount else "keep_ticket": amount}


def _filled(amount: int, rooms: Mapping[str, int], option: str, chance: Random) -> dict[str, int]:
    """As much as it can hold on one option, the rest where anything may stand."""
    most = min(amount, rooms[option])
    return _without_nothing({option: most, _other(option, chance): amount - most})


def _part(amount: int, rooms: Mapping[str, int], option: str, chance: Random) -> dict[str, int]:
    """A round part on one option, the rest in money where that holds everything, or else in two ways that always do."""
    most = min(amount - 1, rooms[option])
    part = min(most, max(1, amount * chance.choice((10, 20, 25, 50, 75)) // 10_000 * 100))
    able = [code for code in MONEY if code != option and rooms[code] == amount]
    # Two options may only share what both could hold whole: so no order of paying matters.
    if able and rooms[option] == amount and chance.random() < 0.7:
        return _without_nothing({option: part, chance.choice(able): amount - part})
    other = (amount - part) // 2 if chance.random() < 0.3 else 0
    return _without_nothing({option: part, FREE[0]: amount - part - other, FREE[1]: other})


def _other(option: str, chance: Random) -> str:
    return chance.choice([code for code in FREE if code != option])


def _without_nothing(lines: Mapping[str, int]) -> dict[str, int]:
    return {code: cents for code, cents in lines.items() if cents > 0}


def account(chance: Random) -> str:
    """The number of an invented account at a bank that does not exist, its keys right, in the groups people type."""
    branch, number = f"{chance.randrange(10**5):05}", f"{chance.randrange(10**11):011}"
    key = 97 - (89 * int(_BANK) + 15 * int(branch) + 3 * int(number)) % 97
    inside = f"{_BANK}{branch}{number}{key:02}"
    whole = f"FR{98 - int(inside + '152700') % 97:02}{inside}"
    return " ".join(whole[place : place + 4] for place in range(0, len(whole), 4))


def home(name: str, chance: Random) -> Postal:
    """An address to send a cheque to."""
    return Postal(name=name, line1=f"{chance.randint(1, 160)} rue des Arts", postcode="33000", city="Bordeaux")
