"""Consent instead of a password: where a provider asks for it, and the short-lived tokens it gives for it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.kernel import clock
from app.mail.calling import Trouble

PROVIDERS: Final = ("google", "microsoft", "custom")
#: Seconds that a provider may take to answer.
_PATIENCE = 10
#: Seconds before its end at which a token is no longer used.
_EARLY = 60
#: What a provider says when asking again is useless: RFC 6749, 5.2.
_FINAL = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "interaction_required"})


@dataclass(frozen=True, slots=True)
class Provider:
    """Who we are to a provider, and where it is asked."""

    client_id: str
    client_secret: str
    authorize_url: str
    token_url: str
    scope: str


@dataclass(frozen=True, slots=True)
class Asking:
    """A consent being asked for: where to send the browser, and what must come back with it."""

    url: str
    state: str
    verifier: str


class _Known:
    """The providers that the operator's settings name."""

    providers: Mapping[str, Provider] = {}


#: Tokens of this process by sealed secret: (token, end by the monotonic clock).
_tokens: dict[str, tuple[str, float]] = {}


def use(providers: Mapping[str, Provider]) -> None:
    """Name the providers; one without a client id is not offered."""
    _Known.providers = {name: one for name, one in providers.items() if one.client_id}
    _tokens.clear()


def offered() -> list[str]:
    """The providers whose consent can be asked for."""
    return [name for name in PROVIDERS if name in _Known.providers]


def asked(provider: str, back_to: str, *, user: str) -> Asking:
    """Begin to ask for consent, for one user of a provider.

    Raises:
        Trouble: provider, when the settings do not name it.
    """
    verifier = secrets.token_urlsafe(48)
    state = secrets.token_urlsafe(24)
    known = _provider(provider)
    # Without both of these Google gives no refresh token; others pass over what they do not know.
    url, _state = _session(known, back_to).create_authorization_url(
        known.authorize_url, state=state, code_verifier=verifier, access_type="offline", prompt="consent",
        login_hint=user,
    )  # fmt: skip
    return Asking(url, state, verifier)


def consented(provider: str, back_to: str, *, code: str, verifier: str) -> str:
    """The refresh token that consent gave.

    Raises:
        Trouble: provider, consent (refused or used up), or no_answer.
    """
    known = _provider(provider)
    told = _answer(
        lambda: _session(known, back_to).fetch_token(
            known.token_url, code=code, code_verifier=verifier, grant_type="authorization_code", timeout=_PATIENCE,
            allow_redirects=False,
        ),
        refused="consent",
    )  # fmt: skip
    token = told.get("refresh_token")
    if not isinstance(token, str) or not token:
        raise Trouble("consent")
    return token


def access_token(provider: str, refresh_token: str) -> tuple[str, str]:
    """A token to sign in with. Shape: (token, refresh token to keep from now on).

    Raises:
        Trouble: provider, sign_in (consent was taken back), or no_answer.
    """
    kept = _tokens.get(refresh_token)
    if kept and kept[1] > clock.monotonic():
        return kept[0], refresh_token
    known = _provider(provider)
    told = _answer(
        lambda: _session(known, "").refresh_token(
            known.token_url, refresh_token=refresh_token, timeout=_PATIENCE, allow_redirects=False
        ),
        refused="sign_in",
    )
    token, following = str(told.get("access_token") or ""), str(told.get("refresh_token") or refresh_token)
    life = told.get("expires_in")
    _tokens.pop(refresh_token, None)
    _tokens[following] = (token, clock.monotonic() + (life if isinstance(life, int) else 0) - _EARLY)
    return token, following


def forget(refresh_token: str) -> None:
    """Use no kept token any more: a server refused it."""
    _tokens.pop(refresh_token, None)


def _provider(name: str) -> Provider:
    known = _Known.providers.get(name)
    if known is None:
        raise Trouble("provider", name)
    return known


def _session(known: Provider, back_to: str) -> Any:  # noqa: ANN401 - Authlib tells no types
    from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415 - docs/decisions/0018

    return OAuth2Session(
        known.client_id, known.client_secret, scope=known.scope, redirect_uri=back_to or None,
        token_endpoint_auth_method="client_secret_post", code_challenge_method="S256",  # noqa: S106 - the name of a way
    )  # fmt: skip


def _answer(ask: Any, *, refused: str) -> Mapping[str, Any]:  # noqa: ANN401 - a question without arguments
    import requests  # noqa: PLC0415 - docs/decisions/0018
    from authlib.integrations.base_client.errors import OAuthError  # noqa: PLC0415 - docs/decisions/0018

    try:
        told = ask()
    except OAuthError as problem:
        final = problem.error in _FINAL
        raise Trouble(refused if final else "no_answer", str(problem.error)[:200]) from None
    except (requests.RequestException, ValueError) as problem:
        raise Trouble("no_answer", type(problem).__name__) from None
    return told if isinstance(told, Mapping) else {}
