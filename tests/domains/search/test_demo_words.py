"""What readers of the demo house look for in vain is answered by no shipped article, or its list would empty itself."""

from __future__ import annotations

from pathlib import Path

from app.demo import readers
from app.kernel.access import SYSTEM
from app.knowledge.loading import load_folder
from app.search import service
from tests.domains.search.conftest import SHIPPED


def test_no_shipped_article_answers_what_was_looked_for_in_vain(noon: object, kb: Path) -> None:
    load_folder(SHIPPED)
    service.refresh()
    found = [(words, service.search(words, lang, by=SYSTEM)) for lang, words, _ in readers._IN_VAIN]
    assert [(words, [hit.slug for hit in one.hits[:1]]) for words, one in found if one.sure] == []
    assert service.search("mon spectacle est annulé", "fr", by=SYSTEM).sure
