"""Whether a house may write: not with a key that is not the one that sealed what is here.

Whatever it sealed or signed with that key would be lost once the right one is back; until then it is read-only.
"""

from __future__ import annotations

from app.health import resealing
from app.kernel.keys import FIRST


def wrong_keys() -> tuple[str, ...]:
    """Files of keys that do not open what they are said to have sealed; a missing one is refused piece by piece."""
    return tuple(_file(number) for number in resealing.standing().wrong)


def sentence(files: tuple[str, ...]) -> str:
    """Why nothing is written, for whoever runs the machine."""
    return (
        f"{', '.join(files)} in DATA_DIR/keys did not seal what is in this database: put the right file back and start "
        "again. Until then nothing is written."
    )


def _file(number: str) -> str:
    return "house.key" if number == str(FIRST) else f"seal-{number}.key"
