"""How the colleague signed in signs what goes to spectators."""

from __future__ import annotations

from app.web.session import current_colleague


def signer() -> str:
    """The signature chosen in one's settings, else one's name."""
    colleague = current_colleague()
    return str(colleague.preferences.get("signature") or colleague.name) if colleague else ""
