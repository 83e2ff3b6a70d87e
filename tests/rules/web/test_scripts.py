"""Scripts and vendored files: light, strict, and what they claim to be."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from app.web.styles import STATIC

OWN = sorted([STATIC / "divide.js", STATIC / "portal.js", *(STATIC / "desk").glob("*.js")])
LISTS = [STATIC / "vendor" / "VENDOR.md", Path(__file__).parents[2] / "vendor" / "VENDOR.md"]


@pytest.mark.parametrize(("script", "most"), [("portal.js", 3_000), ("divide.js", 1_200)])
def test_the_scripts_of_the_portal_are_light(script: str, most: int) -> None:
    assert len(gzip.compress((STATIC / script).read_bytes(), 9)) <= most


@pytest.mark.parametrize("script", OWN, ids=lambda path: path.name)
def test_scripts_need_no_eval_and_fetch_nothing_from_elsewhere(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert not re.search(r"\beval\(|new Function\(|setAttribute\(\"style\"|document\.write", text)
    assert not re.search(r"[\"'`]https?://", text.replace("](https://)", ""))


@pytest.mark.parametrize("script", OWN, ids=lambda path: path.name)
def test_no_module_imports_another(script: Path) -> None:
    # The address of each carries the mark of its content; an import inside would carry none and grow stale.
    assert not re.search(r"^\s*import\b|\bimport\(", script.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("listing", LISTS, ids=lambda path: path.parent.parent.name)
def test_vendored_files_are_what_the_list_says(listing: Path) -> None:
    rows = re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", listing.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name for name, _ in rows}
    assert listed == {path.name for path in listing.parent.glob("*.js")}
    for name, total in rows:
        assert hashlib.sha256((listing.parent / name).read_bytes()).hexdigest() == total


@pytest.mark.parametrize("listing", LISTS, ids=lambda path: path.parent.parent.name)
def test_every_licence_named_lies_beside(listing: Path) -> None:
    for name in re.findall(r"`(LICENSE[^`]*)`", listing.read_text(encoding="utf-8")):
        assert (listing.parent / name).stat().st_size > 100


def test_the_fonts_come_with_their_licences() -> None:
    assert len(list((STATIC / "fonts").glob("*.woff2"))) == 3
    assert all("SIL" in path.read_text(encoding="utf-8") for path in (STATIC / "fonts").glob("OFL-*.txt"))
