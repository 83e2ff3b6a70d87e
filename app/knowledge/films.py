"""Films that other sites show: which sites, and at which address their player stands; pure.

Nothing of such a site is loaded before a reader asks for the film.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The sites whose players a page may frame; the policy of article pages names the same.
PLAYERS = ("https://www.youtube-nocookie.com", "https://player.vimeo.com")
_YOUTUBE = re.compile(
    r"https://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?v=|embed/|shorts/)|youtu\.be/)([A-Za-z0-9_-]{6,20})(?:[?&].*)?"
)
_VIMEO = re.compile(r"https://(?:www\.|player\.)?vimeo\.com/(?:video/)?([0-9]{4,15})(?:[?/].*)?")


@dataclass(frozen=True, slots=True)
class Film:
    """A film of another site: the site's name, as people say it, and the address of its player."""

    site: str
    player: str


def film(address: str) -> Film | None:
    """The film at an address of a site that is allowed, or None."""
    if found := _YOUTUBE.fullmatch(address):
        return Film("YouTube", f"{PLAYERS[0]}/embed/{found[1]}")
    if found := _VIMEO.fullmatch(address):
        return Film("Vimeo", f"{PLAYERS[1]}/video/{found[1]}?dnt=1")
    return None
