"""By which way a household is told of a change, or why it is not; pure."""

from __future__ import annotations

from app.boxoffice.reaches import Reach

SERVICE, OFFER = "service", "offer"
PURPOSES = (SERVICE, OFFER)
#: Ways of telling, then why somebody is not told: a letter about their credit has just said it, and more.
WAYS = ("email", "sms", "phone", "post", "bounced", "none", "refused", "credit")
#: Those whom a person must tell, from a list.
BY_HAND = ("sms", "phone", "post", "bounced", "none")


def way(reach: Reach | None, purpose: str, *, email: bool = True, invited: bool = False) -> str:
    """How a household is told; `email` is False where its address gave letters back.

    Whoever was `invited` within a day to say what becomes of their credit has read of the change there. What concerns
    the tickets somebody holds reaches them whatever they said of news; anything else needs their yes.
    """
    if reach is None:
        return "none"
    known = {"email": bool(reach.email) and email, "sms": bool(reach.phone), "phone": bool(reach.phone),
             "post": reach.has_address}  # fmt: skip
    if purpose == SERVICE:
        if invited:
            return "credit"
        return next((one for one in (reach.channel, "email", "phone", "post") if known.get(one)), "none")
    agreed = {} if reach.do_not_contact else {"email": reach.optin_email is True, "sms": reach.optin_sms is True}
    wanted = (reach.channel, "email", "sms")
    return next((one for one in wanted if agreed.get(one) and known[one]), "refused")
