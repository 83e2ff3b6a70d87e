"""By which way a household is told of a changed performance, and who is not told of what is no service."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.announcements.ways import OFFER, SERVICE, WAYS, way
from app.boxoffice.reaches import Reach

LEA = Reach(1, "fr", "email", "Léa", "lea@exemple.fr", "+33612345678", has_address=True, do_not_contact=False)


@pytest.mark.parametrize(
    ("change", "found"),
    [({}, "email"), ({"channel": "sms"}, "sms"), ({"channel": "phone"}, "phone"), ({"channel": "post"}, "post"),
     ({"email": ""}, "phone"), ({"email": "", "phone": ""}, "post"),
     ({"email": "", "phone": "", "has_address": False}, "none"), ({"do_not_contact": True}, "email")],
)  # fmt: skip
def test_what_concerns_ones_tickets_comes_by_the_way_one_prefers(change: dict[str, object], found: str) -> None:
    assert way(replace(LEA, **change), SERVICE) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "found"),
    [({}, "refused"), ({"optin_email": True}, "email"), ({"optin_email": False, "optin_sms": True}, "sms"),
     ({"optin_email": True, "do_not_contact": True}, "refused"), ({"optin_email": True, "email": ""}, "refused"),
     ({"channel": "sms", "optin_email": True, "optin_sms": True}, "sms"), ({"channel": "post"}, "refused")],
)  # fmt: skip
def test_an_offer_needs_a_yes_and_respects_every_no(change: dict[str, object], found: str) -> None:
    assert way(replace(LEA, **change), OFFER) == found  # type: ignore[arg-type]


def test_an_address_that_gave_letters_back_is_not_written_to() -> None:
    assert way(LEA, SERVICE, email=False) == "phone"
    assert way(LEA, SERVICE, invited=True) == "credit"
    assert way(replace(LEA, optin_email=True), OFFER, invited=True) == "email"
    assert way(replace(LEA, optin_email=True), OFFER, email=False) == "refused"
    assert way(None, SERVICE) == "none"


@given(
    st.builds(
        Reach, st.just(1), st.just("fr"), st.sampled_from(["email", "post", "phone", "sms"]), st.just("x"),
        st.sampled_from(["", "a@b.fr"]), st.sampled_from(["", "+336"]), st.booleans(), st.booleans(),
        st.sampled_from([None, True, False]), st.sampled_from([None, True, False]),
    )
)  # fmt: skip
def test_no_offer_ever_reaches_who_did_not_agree(reach: Reach) -> None:
    found = way(reach, OFFER)
    assert found in WAYS
    if found == "email":
        assert reach.optin_email
    if found == "sms":
        assert reach.optin_sms
    assert found == "refused" or not reach.do_not_contact
