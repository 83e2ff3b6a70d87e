"""The lock files: every library that is asked for is pinned, each by what it must hash to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: One pin as pip reads it once its lines are joined.
PIN = re.compile(r"([a-z0-9][a-z0-9.-]*)==[^\s;]+( ;[^-]*(?:-[^-][^-]*)*?)?( --hash=sha256:[0-9a-f]{64})+")


def pins(name: str) -> list[str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [re.sub(r"\s+", " ", line).strip() for line in joined.splitlines() if line.strip()]


def asked_for(name: str) -> set[str]:
    lines = (ROOT / name).read_text().splitlines()
    return {re.split(r"[=\[<>;~ ]", line)[0].lower() for line in lines if line[:1].isalpha()}


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "requirements-dev.txt", "requirements-postgres.txt", "requirements-pretix.txt"]
)
def test_every_line_pins_one_library_by_its_hashes(lock: str) -> None:
    assert [line[:80] for line in pins(lock) if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize(
    ("source", "lock"), [("requirements.in", "requirements.txt"), ("requirements.in", "requirements-dev.txt"),
                         ("requirements-dev.in", "requirements-dev.txt"),
                         ("requirements-postgres.in", "requirements-postgres.txt"),
                         ("requirements-pretix.in", "requirements-pretix.txt")],
)  # fmt: skip
def test_every_library_asked_for_is_pinned(source: str, lock: str) -> None:
    pinned = {line.split("==")[0] for line in pins(lock)}
    assert asked_for(source) - pinned == set()
