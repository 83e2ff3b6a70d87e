"""One pretix for all tests of this folder, and an organiser with a season for each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.boxoffice.connectors import pretix_words as words
from app.boxoffice.connectors.pretix import Account, Pretix
from tests.pretix.season import Season, opened
from tests.pretix.server import Organizer, served


@pytest.fixture(scope="session")
def organizers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Organizer]]:
    with served(tmp_path_factory.mktemp("pretix")) as found:
        yield found


@pytest.fixture
def season(organizers: list[Organizer]) -> Season:
    return opened(organizers.pop())


@pytest.fixture
def account(season: Season) -> Account:
    """Here the plugin for payments by hand stands for cards, as no card server is near."""
    there = season.organizer
    return Account(there.url, there.slug, there.token, tenders={**words.TENDERS, "manual": "card"})


@pytest.fixture
def pretix(account: Account) -> Pretix:
    return Pretix(account)
