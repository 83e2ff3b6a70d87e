"""The stage of the stories: one browser, one demo house copied for each story, and people with a screen each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys import far_pictures
from tests.journeys import house as houses
from tests.journeys.house import PASSWORD, House
from tests.journeys.watch import Watch

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--host-resolver-rules=MAP {far_pictures.HOST} 127.0.0.1",
)  # fmt: skip
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1440, "height": 900}}
#: A page that takes longer than this on a busy machine is broken.
PATIENCE_MS = 15_000

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def premiere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo house that every story takes a copy of."""
    return houses.raised(tmp_path_factory.mktemp("premiere") / "house")


@pytest.fixture
def house(premiere: Path, tmp_path: Path) -> Iterator[House]:
    """A house of its own for one story."""
    with houses.opened(premiere, tmp_path / "house") as opened:
        yield opened


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Everything browsers complain about during a story; the story fails when they did."""
    kept = Watch()
    yield kept
    assert kept.complaints == []


@pytest.fixture
def screen(browser: Browser, house: House, watch: Watch) -> Iterator[OpenPage]:
    """Opens a browser of its own for somebody, at the house's address."""
    with screens(browser, house, watch) as open_page:
        yield open_page


@contextmanager
def screens(browser: Browser, house: House, watch: Watch) -> Iterator[OpenPage]:
    """Browsers that are closed together in the end."""
    opened: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(base_url=house.url, **{"locale": "fr-FR", **DESK, **options})
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        watch.over(context)
        return context.new_page()

    try:
        yield open_page
    finally:
        for context in opened:
            context.close()


@pytest.fixture
def lea(screen: OpenPage) -> Page:
    """Léa's telephone."""
    return screen(**PHONE)


@pytest.fixture
def signed_in(screen: OpenPage) -> OpenPage:
    """A colleague's browser, signed in by the form, on the page where they land."""

    def enter(name: str, **options: Any) -> Page:
        return at_work(screen(**options), name)

    return enter


def at_work(page: Page, name: str) -> Page:
    """Sign a colleague in by the form."""
    page.goto("/regie/connexion")
    page.get_by_label("Votre adresse électronique").fill(f"{name}@valmorin.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/connexion" not in url)
    return page


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a triage model, learned once."""
    return houses.taught(tmp_path_factory.mktemp("models"))
