"""Listens to browsers: faults of scripts, refusals of the content policy, faults of the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

#: What a browser says of every refusal that the page itself explains.
_REFUSED = "Failed to load resource: the server responded with a status of "
_EXPLAINED = f"{_REFUSED}4"
_LOUD = {"error", "warning", "assert"}


class Watch:
    """The complaints of every browser it stands over."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        #: Statuses that a story brings about on purpose.
        self.expected: set[int] = set()

    def over(self, context: BrowserContext) -> None:
        """Listen to every page of a browser."""
        context.on("page", self._listen)

    def _listen(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda fault: self.complaints.append(f"{page.url}: {fault}"))
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        meant = any(message.text.startswith(f"{_REFUSED}{status}") for status in self.expected)
        if message.type in _LOUD and not meant and not message.text.startswith(_EXPLAINED):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 and response.status not in self.expected:
            self.complaints.append(f"{response.url}: status {response.status}")


@contextmanager
def sent_without_origin(page: Page) -> Iterator[None]:
    """What is sent comes from a page that tells nobody its address, so the browser hides the origin too."""
    with page.expect_request(lambda asked: asked.method == "POST") as sent:
        yield
    told = sent.value.all_headers()
    assert told["origin"] == "null"
    assert "referer" not in told
