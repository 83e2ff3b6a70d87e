"""What a stolen table of passwords would cost a thief."""

from __future__ import annotations

from argon2 import extract_parameters
from argon2.low_level import Type

from tests.conftest import EARNEST_HASHER


def test_a_password_is_as_dear_to_guess_as_the_owasp_asks():
    made = extract_parameters(EARNEST_HASHER.hash("rideau-cramoisi-42"))
    assert made.type is Type.ID
    assert made.time_cost >= 2
    assert made.memory_cost >= 19 * 1024  # KiB
    assert made.salt_len >= 16
    assert made.hash_len >= 16
