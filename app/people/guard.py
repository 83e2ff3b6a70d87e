"""How guessing a password is slowed down without locking out the colleague whose password it is.

Tries from a network the colleague has signed in from are counted by themselves; those from everywhere else together,
however many networks they come from. So a stranger who guesses makes strangers wait, not the colleague at work; and a
colleague on the road signs in by a link, after which that network is known.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from app.kernel import clock, keys
from app.kernel.db import session
from app.people import entry_queries as queries
from app.people.models import Account, SignInAttempt

#: Wrong passwords before the first wait, and for how long they are remembered.
FREE, MEMORY = 10, timedelta(days=1)
#: The first wait; each further wrong password doubles it, up to the longest.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
#: How long ago a colleague may have signed in from a network that still counts as theirs.
KNOWN_FOR = timedelta(days=90)
#: Where tries from networks that are not the colleague's are counted.
ELSEWHERE = ""
_VERSION = re.compile(r"[\d._]+")


def network_of(address: str) -> str:
    """A keyed hash of the network an address of the internet stands in; empty when it is none."""
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    # What one connection is given: a single address, or 64 bits of the newer kind.
    width = 32 if given.version == 4 else 64
    return keys.short_proof("network", str(ip_network((given, width), strict=False)), 15)


def place_of(account: Account | None, network: str) -> str:
    """Where tries from a network are counted for an account."""
    if account is None or not network:
        return ELSEWHERE
    known = queries.has_signed_in_from(account.person_id, network, clock.now() - KNOWN_FOR)
    return network if known else ELSEWHERE


def is_known_place(person_id: int, browser: str, network: str) -> bool:
    """Whether somebody has signed in before both from a network and with a kind of browser; the first time is known.

    Of a place about which nothing is told nothing is said either.
    """
    before = [place for place in queries.places(person_id, clock.now() - KNOWN_FOR) if any(place)]
    if not before or not (browser or network):
        return True
    return network in {place[0] for place in before} and _kind_of(browser) in {_kind_of(place[1]) for place in before}


def _kind_of(browser: str) -> str:
    # A browser that renewed itself is the same one: versions do not count.
    return _VERSION.sub("", browser[:200])


def must_wait(email: str, place: str) -> bool:
    """Whether the next try for an address is not even looked at yet."""
    return _waits(_tries(email).get(place))


def is_slowed(emails: Iterable[str]) -> bool:
    """Whether somebody has to wait somewhere before trying again for one of the addresses."""
    return any(_waits(found) for email in emails for found in _tries(email).values())


def note_wrong(email: str, place: str) -> None:
    """Count a wrong password; inside a verb only."""
    session.add(SignInAttempt(email_hash=_hashed(email), network=place, at=clock.now()))


def forget(email: str, place: str | None = None) -> None:
    """Forget wrong passwords for an address, those of one place or all; inside a verb only."""
    queries.forget_tries(_hashed(email), place)


def _tries(email: str) -> dict[str, tuple[int, datetime]]:
    return queries.wrong_tries(_hashed(email), clock.now() - MEMORY)


def _waits(found: tuple[int, datetime] | None) -> bool:
    if found is None or found[0] < FREE:
        return False
    count, last = found
    # Beyond some doublings the longest wait holds anyway.
    doublings = min(count - FREE, 10)
    return clock.now() < last + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _hashed(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()
