"""Markdown into HTML of the design, and what hostile Markdown cannot do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.rendering import Rendered, is_safe, render

FACTS = {"phone": "04 00 00 00 00", "terms_url": "https://valmorin.example/cgv?a=1&b_c=2", "evil": "<b>x</b> {{phone}}"}


def shown(body: str, *, lang: str = "fr", said: dict[str, str] | None = None) -> Rendered:
    return render(
        body,
        title="Titre",
        lang=lang,
        said=FACTS if said is None else said,
        article=lambda slug: None if slug == "hidden" else f"/aide/{slug}",
        request=lambda code: None if code == "gone" else f"/demande?motif={code}",
    )


def test_headings_stand_below_the_title_of_the_page() -> None:
    html = shown("# Un\n\n## Deux\n\n##### Trop bas").html
    assert re.findall(r"<(h\d) id=\"([\w-]+)\"", html) == [("h2", "s-un"), ("h3", "s-deux"), ("h4", "s-trop-bas")]


def test_second_level_headings_make_the_contents() -> None:
    contents = shown("## Quand l’argent arrive-t-il ?\n\n### Détail\n\n## Œuvre\n\n## Œuvre").contents
    assert [(c.anchor, c.text) for c in contents] == [
        ("s-quand-largent-arrive-t-il", "Quand l’argent arrive-t-il ?"), ("s-oeuvre", "Œuvre"), ("s-oeuvre-2", "Œuvre"),
    ]  # fmt: skip


def test_a_list_that_stands_alone_becomes_steps() -> None:
    html = shown("1. Un\n2. Deux **gras**").html
    assert html == '<ol class="steps"><li><p>Un</p></li><li><p>Deux <strong>gras</strong></p></li></ol>'


def test_a_list_that_goes_on_keeps_its_numbers() -> None:
    assert '<ol start="6">' in shown("6. Six\n7. Sept").html


def test_a_table_scrolls_in_a_region_with_a_name() -> None:
    html = shown("## Délais\n\n| Moyen | Jours |\n|---|--:|\n| Carte | 7 |").html
    assert '<div class="scroll-x" tabindex="0" role="region" aria-label="Tableau&nbsp;: Délais"><table>' in html
    assert '<th scope="col">Moyen</th><th class="num" scope="col">Jours</th>' in html
    assert '<th scope="row">Carte</th><td class="num">7</td>' in html


def test_two_tables_of_one_part_have_two_names() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    labels = re.findall(r'aria-label="([^"]+)"', shown(f"## Prices\n\n{table}And\n\n{table}", lang="en").html)
    assert labels == ["Table: Prices", "Table: Prices (2)"]


def test_a_quotation_that_begins_in_bold_is_a_notice() -> None:
    assert (
        '<div class="alert info" role="note"><div><p><strong>Bon à savoir</strong>'
        in shown("> **Bon à savoir** : x").html
    )
    assert 'class="alert warn"' in shown("> **Attention** : x").html
    assert shown("> Une citation").html.startswith("<blockquote>")


def test_links_are_resolved_by_whoever_shows_the_article() -> None:
    assert (
        '<a href="/aide/lost-scarf" rel="noopener noreferrer">là</a>' in shown("Voyez [là](article:lost-scarf).").html
    )


def test_a_link_to_what_this_reader_may_not_see_is_plain_words() -> None:
    assert shown("Voyez [là](article:hidden).").html == "<p>Voyez <span>là</span>.</p>"


def test_a_paragraph_that_is_one_request_link_is_a_button() -> None:
    html = shown("[Demander](request:refund)\n\nOu [écrire](request:other) ici.").html
    assert '<p><a href="/demande?motif=refund" class="btn main" rel="noopener noreferrer">Demander</a></p>' in html
    assert html.count("btn main") == 1


def test_a_button_that_leads_nowhere_is_not_shown() -> None:
    assert shown("[Demander](request:gone)").html == ""


def test_facts_of_the_house_are_filled_in_as_plain_text() -> None:
    html = shown("Appelez le {{phone}}, voyez [nos conditions]({{terms_url}}), {{evil}} et {{unheard_of}}.").html
    assert "04 00 00 00 00" in html
    assert 'href="https://valmorin.example/cgv?a=1&amp;b_c=2"' in html
    assert "&lt;b&gt;x&lt;/b&gt; {{phone}} et {{unheard_of}}" in html


def test_a_fact_cannot_become_a_dangerous_link() -> None:
    assert "href" not in shown("[x]({{site}})", said={"site": "javascript:alert(1)"}).html


def test_reading_time_is_counted_in_whole_minutes() -> None:
    assert [shown("mot " * count).minutes for count in (1, 200, 201, 600)] == [1, 1, 2, 3]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a <b onclick=alert(1)>b</b>",
        "[x](javascript:alert(1))", "[x]( JaVaScRiPt:alert(1))", "[x](java&#115;cript:alert(1))",
        "[x](data:text/html,y)", "[x](vbscript:y)", "[x](//evil.example)", "<javascript:alert(1)>",
        "[x][y]\n\n[y]: javascript:alert(1)",
        '[x](https://a.example "onmouseover=alert(1)")', "# x {: onclick=alert(1) }", "![x](https://evil.example/a.png)",
        "<iframe src=https://evil.example></iframe>", "<style>*{display:none}</style>", "&#60;script&#62;",
        "`<script>`", "```\n<script>\n```", "<!-- -->", "<a href='https://evil.example'>x</a>",
        "\x02klzzwxh:0000\x03 wzxhzdk:0",
    ],
)  # fmt: skip
def test_hostile_markdown_is_harmless(hostile: str) -> None:
    html = shown(hostile).html
    tags = re.findall(r"<([a-z0-9]+)([^>]*)>", html)
    assert {name for name, _ in tags} <= {"p", "a", "span", "code", "pre", "h2"}
    assert not any(re.search(r"on\w+=|style=|javascript|data:|evil", attributes) for _, attributes in tags)


@given(st.text(alphabet="[]()<>*_`#>!|-~&;:{}\\\n 1a.", max_size=300))
def test_no_markdown_breaks_the_page(body: str) -> None:
    html = shown(body).html
    assert "<script" not in html
    assert not re.search(r"<[^>]*\son\w+=", html)


@pytest.mark.parametrize(
    "endless", ["[" * 20_000, "![[" * 9_000, "- " * 5_000 + "x", ">" * 20_000, "<" * 50_000, "**a*" * 9_000]
)
def test_endless_marks_cost_little(endless: str) -> None:
    assert len(shown(endless).html) < 10 * len(endless) + 1_000


@pytest.mark.parametrize(
    ("address", "safe"),
    [("https://a.example", True), ("mailto:a@b.example", True), ("/aide", True), ("#s-un", True),
     ("//a.example", False), ("javascript:1", False), ("ftp://a.example", False), ("", False)],
)  # fmt: skip
def test_links_lead_to_the_web_to_letters_or_to_this_site(address: str, *, safe: bool) -> None:
    assert is_safe(address) is safe


def test_a_picture_of_the_house_is_shown_with_its_words() -> None:
    html = shown('![Le plan "de" la salle](media/plan.webp "titre")').html
    assert '<img src="/aide/media/plan.webp" alt="Le plan &quot;de&quot; la salle" loading="lazy">' in html


@pytest.mark.parametrize("address", ["https://evil.example/a.png", "media/../x.png", "media/a.svg", "data:image/png;x"])
def test_a_picture_from_elsewhere_is_its_words_only(address: str) -> None:
    html = shown(f"![Le plan]({address})").html
    assert "Le plan" in html
    assert "evil" not in html
    assert "<img" not in html


def test_a_film_of_the_house_plays_when_it_is_asked() -> None:
    assert (
        '<video src="/aide/media/a.mp4" controls="" preload="none" aria-label="La salle">'
        in shown("![La salle](media/a.mp4)").html
    )


@pytest.mark.parametrize(
    ("address", "player"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
    ],
)
def test_nothing_of_another_site_is_loaded_before_a_reader_asks_for_its_film(address: str, player: str) -> None:
    html = shown(f"![La salle]({address})").html
    assert f'href="{player}" target="film-1"' in html
    assert "saura alors que vous le regardez" in html
    assert not re.search(r"<(iframe|img|video)[^>]*(src|srcdoc|data|poster)=", html)


def test_two_films_play_in_their_own_frames() -> None:
    html = shown("![A](https://youtu.be/aaaaaa)\n\n![B](https://youtu.be/bbbbbb)").html
    assert {'target="film-1"', 'target="film-2"'} <= set(re.findall(r'target="[^"]*"', html))


def test_a_quotation_that_begins_with_a_plus_is_folded_away() -> None:
    html = shown("> **+ Et si je suis loin ?**\n> \n> Écrivez-nous.\n>\n> - un\n> - deux").html
    assert '<details class="fold"><summary>Et si je suis loin ?</summary>' in html
    assert "<p>Écrivez-nous.</p>" in html
    assert "<li>deux</li>" in html
    assert "+" not in html
