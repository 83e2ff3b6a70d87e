"""Style sheets: built from their sources, light enough, raw colours in one place, every pair of colours readable."""

from __future__ import annotations

import gzip
import re

import pytest

from app.web.styles import SHEETS, SOURCES, STATIC, minified, sheet

_RAW = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(|:(?:white|black|red)\b")
_PAPERS = ("paper", "surface", "sunken")
#: Text on its background, in both themes; everything here must reach 4.5:1.
_TEXT = [
    *((ink, paper) for ink in ("ink", "ink-2", "ink-3", "link", "gilt", "bad") for paper in _PAPERS),
    ("on-brand", "brand"), ("on-brand", "brand-2"), ("on-tint", "tint"), ("ink", "tint"), ("ink-2", "tint"),
    ("on-night", "night"), ("on-night-2", "night"), ("on-night", "night-2"), ("lamp", "night-2"), ("on-lamp", "lamp"),
    *((kind, f"{kind}-bg") for kind in ("ok", "warn", "bad", "info", "note")),
    *(("ink", f"{kind}-bg") for kind in ("ok", "warn", "bad", "info", "note")), ("on-bad", "bad-solid"),
    ("on-note", "note-line"), ("on-night", "velvet-a"), ("on-night", "velvet-b"), ("on-night", "velvet-c"),
    ("link", "tint"),
]  # fmt: skip
_EDGES = [*(("edge", paper) for paper in _PAPERS), *((f"c{n}", "surface") for n in range(1, 5)), ("link", "surface")]


def tokens(theme: str) -> dict[str, str]:
    found = re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{3,6})", (SOURCES / "tokens.css").read_text())
    dark = re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{3,6})", (SOURCES / "dark.css").read_text())
    return dict(found) if theme == "light" else dict(found) | dict(dark)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", SHEETS)
def test_what_is_served_is_what_the_sources_give(name: str) -> None:
    assert (STATIC / name).read_text(encoding="utf-8") == sheet(name) + "\n"


@pytest.mark.parametrize(("name", "limit"), [("portal.css", 9_000), ("desk.css", 12_000)])
def test_a_sheet_is_light(name: str, limit: int) -> None:
    assert len(gzip.compress((STATIC / name).read_bytes(), 9)) <= limit


@pytest.mark.parametrize("source", sorted(path.name for path in SOURCES.glob("*.css")))
def test_raw_colours_stand_in_the_tokens_only(source: str) -> None:
    if source in {"tokens.css", "dark.css"}:
        assert _RAW.search((SOURCES / source).read_text())
    else:
        assert not _RAW.findall(minified((SOURCES / source).read_text()))


def test_every_source_is_part_of_a_sheet() -> None:
    assert {path.stem for path in SOURCES.glob("*.css")} == {source for parts in SHEETS.values() for source in parts}


@pytest.mark.parametrize("name", SHEETS)
def test_every_token_used_is_defined(name: str) -> None:
    css = sheet(name)
    given = set(re.findall(r"(--[a-z0-9-]+):", css)) | {"--gut", "--under"}
    assert set(re.findall(r"var\((--[a-z0-9-]+)", css)) <= given


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), _TEXT)
def test_text_is_readable_on_its_ground(theme: str, text: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), _EDGES)
def test_edges_and_strokes_are_seen(theme: str, edge: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[edge], colours[ground]) >= 3


def test_paper_stays_white_when_the_screen_is_dark() -> None:
    assert "@media screen{:root[data-theme=dark]" in sheet("portal.css")


def test_minifying_drops_comments_and_keeps_strings() -> None:
    assert minified('a { color : red; /* why */ }\n b::after{content:" (" }') == 'a{color : red}b::after{content:" ("}'
