"""Layouts and macros: nothing inline, every icon drawn, every word escaped, every error tied to its field."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader, PrefixLoader
from markupsafe import Markup

from app.web import presentation
from app.web.icons import SYMBOLS, icon_sheet

WEB = Path(presentation.__file__).parent / "templates" / "web"
FILES = sorted(WEB.glob("*.html"))
NOON = datetime(2026, 3, 12, 11, 42, tzinfo=UTC)


class House:
    name = "Opéra de Valmorin"

    def fact(self, name: str, language: str) -> str | None:
        return {"phone": "03 00 00 00 00", "address": "2, place du Théâtre"}.get(name)


def rendered(source: str, theme: str = "", **values: object) -> str:
    loader = PrefixLoader({"web": FileSystemLoader(WEB), "test": DictLoader({"page.html": source})})
    page = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"]
    )
    page.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: text, lambda one, many, n: one if n == 1 else many, newstyle=True,
        pgettext=lambda _context, text: text, npgettext=lambda _context, one, many, n: one if n == 1 else many,
    )  # fmt: skip
    page.filters.update(presentation.filters(lambda: "fr", lambda: ZoneInfo("Europe/Paris"), lambda: NOON))
    page.globals.update(
        asset=lambda name: f"/static/{name}?v=1", csrf_field=lambda: Markup('<input type="hidden" name="csrf_token">'),
        lang=lambda: "fr", theme=lambda: theme, house=House, kept=lambda macro: macro,
        once=lambda *_what, caller: caller(),
    )  # fmt: skip
    return page.get_template("test/page.html").render(values)


def controls(call: str, **values: object) -> str:
    name = call.partition("(")[0]
    return rendered(f'{{% from "web/_controls.html" import {name} %}}{{{{ {call} }}}}', **values)


def pieces(call: str, **values: object) -> str:
    name = call.partition("(")[0]
    return rendered(f'{{% from "web/_pieces.html" import {name} %}}{{{{ {call} }}}}', **values)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_stands_inline_that_the_policy_refuses(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"#[0-9a-fA-F]{6}\b", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_templates_say_how_they_are_used(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("{#")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_icon_named_is_drawn(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    names = set(re.findall(r'icon\("([a-z]+)"', text)) | set(re.findall(r'icon="([a-z]+)"', text))
    assert names <= SYMBOLS.keys()


def test_a_page_carries_the_symbols_it_uses_once_and_no_other() -> None:
    page = icon_sheet('<svg><use href="#i-search"/></svg><svg><use href="#i-search"/></svg>', ("x",))
    assert page.count("<symbol ") == 2
    assert 'id="i-search"' in page
    assert 'id="i-x"' in page


def test_an_icon_that_does_not_exist_breaks_no_page() -> None:
    assert icon_sheet('<use href="#i-nothing"/>').count("<symbol ") == 0


@pytest.mark.parametrize("layout", ["portal", "desk", "entry"])
@pytest.mark.parametrize(("theme", "mark"), [("dark", 'data-theme="dark"'), ("", "<html lang"), ("pink", "<html lang")])
def test_the_theme_is_painted_by_the_server(layout: str, theme: str, mark: str) -> None:
    page = rendered(f'{{% extends "web/{layout}.html" %}}', theme, me="Nadia Belkacem")
    assert mark in page
    assert ("data-theme=" in page) == (theme == "dark")


@pytest.mark.parametrize("layout", ["portal", "desk", "entry"])
def test_every_layout_has_one_main_two_live_regions_and_a_way_to_skip(layout: str) -> None:
    page = rendered(f'{{% extends "web/{layout}.html" %}}', me="Nadia Belkacem")
    assert page.count("<main ") == 1
    assert '<a class="skip" href="#main">' in page
    assert '<div class="sr" id="polite" role="status"></div>' in page
    assert '<div class="sr" id="urgent" role="alert"></div>' in page


def test_a_portal_page_asks_for_one_sheet_and_one_script_and_preloads_nothing() -> None:
    page = rendered('{% extends "web/portal.html" %}')
    assert re.findall(r'(?:src|href)="(/static/[^"]+)"', page) == ["/static/portal.css?v=1", "/static/portal.js?v=1"]
    assert "preload" not in page


def test_htmx_may_neither_evaluate_nor_style() -> None:
    page = rendered('{% extends "web/desk.html" %}', me="Nadia Belkacem")
    assert '"allowEval":false' in page
    assert '"includeIndicatorStyles":false' in page


@pytest.mark.parametrize(("chosen", "word"), [(True, "on"), (False, "off")])
def test_letters_as_shortcuts_can_be_switched_off(chosen: bool, word: str) -> None:
    assert f'data-shortcuts="{word}"' in rendered('{% extends "web/desk.html" %}', me="N", shortcuts=chosen)


def test_a_page_with_errors_says_so_in_its_title() -> None:
    page = rendered('{% extends "web/portal.html" %}{% block title %}Votre demande{% endblock %}', has_errors=True)
    assert "<title>Error: Votre demande</title>" in page


def test_an_error_is_tied_to_its_field() -> None:
    html = controls('field("email", "Adresse", hint="Aide", error="Corrigez", value=value)', value='"><script>')
    assert 'aria-describedby="f-email-h f-email-e" aria-invalid="true"' in html
    assert 'id="f-email-e"' in html
    assert "<script" not in html


def test_a_summary_leads_to_the_fields_in_their_own_words() -> None:
    html = controls('error_summary([("email", "Indiquez votre adresse"), ("message", "Écrivez quelque chose")])')
    assert '<a href="#f-email">Indiquez votre adresse</a>' in html
    assert "autofocus" in html
    assert "2 answers need correcting" in html
    assert controls("error_summary([])").strip() == ""


def test_a_choice_made_before_is_still_made() -> None:
    html = controls('options("topic", "Motif", [{"value": 1, "label": "A"}, {"value": 2, "label": "B"}], value=2)')
    assert re.search(r'value="2" checked', html.replace("\n", " "))
    assert html.count(" checked") == 1


def test_a_select_keeps_a_number_chosen() -> None:
    html = controls('select("who", "Agent", [(7, "Nadia"), (8, "Théo")], value="8")')
    assert '<option value="8" selected>Théo</option>' in html


def test_text_typed_before_an_error_comes_back_whole() -> None:
    html = controls('textarea("message", "Message", value=value, limit=2000)', value="a\n</textarea><b>")
    assert "a\n&lt;/textarea&gt;&lt;b&gt;</textarea>" in html


@pytest.mark.parametrize(("level", "bars"), [("low", 0), ("normal", 1), ("high", 2), ("urgent", 3)])
def test_priority_is_told_by_bars_and_by_words(level: str, bars: int) -> None:
    html = pieces(f'priority("{level}")')
    assert html.count('class="on"') == bars
    assert f'aria-label="{level.capitalize()} priority"' in html


@pytest.mark.parametrize(
    ("share", "word"), [(0.94, "Sure, 94%"), (0.9, "Sure, 90%"), (0.7, "Likely, 70%"), (0.69, "To check, 69%")]
)
def test_confidence_is_told_in_words(share: float, word: str) -> None:
    assert word in pieces("confidence(share)", share=share)


def test_states_and_deadlines_are_never_a_colour_alone() -> None:
    for state in ("new", "open", "waiting", "snoozed", "solved"):
        for macro in ("spectator_state", "agent_state"):
            assert re.search(r">[A-Z][a-z]", pieces(f'{macro}("{state}")'))
    late = pieces("deadline_chip(due | deadline)", due=NOON)
    assert 'class="chip late"' in late
    assert "#i-alert" in late
    assert "Retard" in late


def test_the_parts_of_a_split_bar_lie_end_to_end() -> None:
    html = pieces('split_bar([58, 17, 14, 11], "Remboursement 58 %")')
    assert re.findall(r' x="([\d.]+)"', html) == ["0", "58", "75", "89"]
    assert 'role="img" aria-label="Remboursement 58 %"' in html


def test_nothing_is_drawn_where_there_is_one_page_only() -> None:
    assert pieces('pages("", "")').strip() == ""


def test_a_line_chart_gives_its_figures_too() -> None:
    html = rendered(
        '{% from "web/_charts.html" import line_chart %}{{ line_chart("v", "Par jour", "Une phrase.", ["1", "2"], '
        '[{"label": "Reçues", "values": [1204, none], "expected": [1204, 1300]}], today=0, '
        'band={"low": [none, 1200], "high": [none, 1400]}) }}'
    )
    assert "1\u202f204</td>" in html
    assert "1\u202f200 to 1\u202f400" in html
    assert 'aria-labelledby="v-t v-s"' in html


def test_a_problem_page_offers_a_search_and_the_ways_out() -> None:
    nav = [{"label": word, "url": f"/{word}"} for word in ("answers", "mine", "ask")]
    page = rendered(
        "{% extends 'web/problem.html' %}",
        status=404,
        title="Page introuvable",
        words="Cherchez.",
        nav=nav,
        search_url="/s",
    )
    assert 'role="search" action="/s"' in page
    assert page.count('<a class="btn" href="/') == 3
    assert '<meta name="robots" content="noindex">' in page


def test_a_fault_of_ours_gives_its_reference() -> None:
    page = rendered("{% extends 'web/problem.html' %}", status=500, title="Panne", words="", reference="7F3K22AB")
    assert "7F3K22AB" in page
    assert "7F3K22AB" in rendered(
        '{% include "web/problem_fragment.html" %}', title="Panne", words="", reference="7F3K22AB"
    )
