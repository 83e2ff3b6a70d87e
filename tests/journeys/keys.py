"""Going through a page with keys only; no story is here."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

#: Keys it takes at most to reach what is next by Tab.
FAR = 60


def reach(page: Page, wanted: Locator) -> None:
    """Go to something by the Tab key, from where the keys are."""
    for _ in range(FAR):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is out of reach on {page.url}")


def enter(page: Page, wanted: Locator) -> None:
    """Press something with the Enter key."""
    reach(page, wanted)
    page.keyboard.press("Enter")


def write(page: Page, wanted: Locator, words: str) -> None:
    """Type something where it belongs, instead of what stands there."""
    reach(page, wanted)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)
