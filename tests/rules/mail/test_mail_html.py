"""HTML of letters: nothing active or remote gets through, and its text can be read."""

from __future__ import annotations

import re

import pytest

from app.mail.html import asking_elsewhere, safe
from app.mail.rendering import to_text

ATTACKS = [
    "<script>x()</script>",
    "<ScRiPt src=//x.example></sCrIpT>",
    "<img src=x onerror=x()>",
    "<a href=' javascript:x()'>a</a>",
    "<a href='java\tscript:x()'>a</a>",
    "<a href='&#106;avascript:x()'>a</a>",
    "<a href='data:text/html,x'>a</a>",
    "<a href='vbscript:x'>a</a>",
    "<iframe srcdoc='<p>'></iframe>",
    "<svg onload=x()><p>a</p></svg>",
    "<math><mi xlink:href='javascript:x()'>a</mi></math>",
    "<object data=x></object>",
    "<embed src=x>",
    "<base href='//x.example'>",
    "<meta http-equiv=refresh content='0;url=//x.example'>",
    "<link rel=stylesheet href=//x.example>",
    "<form action=//x.example>",
    "<input onfocus=x() autofocus>",
    "<video poster=//x.example></video>",
    "<img src='https://x.example/p.gif'>",
    "<img src='//x.example/p.gif'>",
    "<img srcset='https://x.example/p.gif 2x'>",
    "<img src='data:image/svg+xml,<svg>'>",
    "<table background='https://x.example/a.png'><tr><td>a</table>",
    "<p style='background:url(https://x.example)'>a</p>",
    "<p style='position:fixed;inset:0'>a</p>",
    "<p style='width:expression(x())'>a</p>",
    "<p style='color:red;behavior:url(x)'>a</p>",
    "<p style='color:r\\65 d;margin:-999px'>a</p>",
    "<style>@import '//x.example';</style>",
    "<noscript><p title='</noscript><img src=x onerror=x()>'>",
    "<template><img src=x onerror=x()></template>",
    "<textarea></textarea><script>x()</script>",
    "<p id=x class=y name=z>a</p>",
    "<!--><script>x()</script>-->",
    "<![CDATA[<script>x()</script>]]>",
    "<a href=x ping=//x.example>a</a>",
    "<bgsound src=//x.example>",
]
BAD = re.compile(
    r"<(?:script|iframe|svg|math|object|embed|base|meta|link|form|input|video|style|template|textarea)|\son\w+\s*=|javascript:"
    r"|vbscript:|data:|(?:src|srcset|background|poster|action|ping)\s*=\s*[\"']?(?!cid:)|url\(|expression|position|behavior"
    r"|margin|@import|\s(?:id|class|name)=",
    re.IGNORECASE,
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_active_or_remote_gets_through(attack: str) -> None:
    html = safe(f"<p>Bonjour {attack} fin</p>")
    assert BAD.search(html) is None
    assert "Bonjour" in html


def test_pictures_of_the_letter_itself_stay() -> None:
    assert safe('<img src="cid:plan@1" alt="Plan" width="20">') == '<img src="cid:plan@1" alt="Plan" width="20">'


def test_links_tell_the_other_side_nothing() -> None:
    assert 'rel="noopener noreferrer nofollow"' in safe('<a href="https://exemple.fr">ici</a>')


def test_relative_links_lose_their_target() -> None:
    assert "href" not in safe('<a href="/fr/compte">ici</a>')


def test_harmless_style_stays() -> None:
    assert safe('<p style="text-align: center; top: 0">a</p>') == '<p style="text-align:center">a</p>'


def test_badly_nested_html_comes_out_nested() -> None:
    assert safe("<p><b>gras <i>deux</b> suite") == "<p><b>gras <i>deux</i></b> suite</p>"


def test_text_straight_in_a_table_stays_there() -> None:
    assert safe("<table>prix<tr><td>12</td></table>").count("prix") == 1


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>un</div><div><br></div><div>deux</div>", "un\n\ndeux"),
        ("un<br>deux<br/>trois", "un\ndeux\ntrois"),
        ("<p>un</p><p>deux</p>", "un\n\ndeux"),
        ("<ul><li>un<li>deux</ul><ol><li>a</li><li>b</li></ol>", "- un\n- deux\n\n1. a\n2. b"),
        ("<table><tr><td>Rang</td><td>K</td></tr><tr><td>Place</td><td>7</td></tr></table>", "Rang K\nPlace 7"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>5 < 6 &amp; 7&nbsp;&gt; 6</p>", "5 < 6 & 7 > 6"),
        ("<blockquote>un<blockquote>deux</blockquote></blockquote>fin", "> un\n>\n>> deux\n\nfin"),
        ('<blockquote style="margin:0 0 0 40px;border:none">en retrait</blockquote>', "en retrait"),
        ("<title>x</title><style>y</style><script>z</script>mot<!-- caché -->", "mot"),
        ('avant<span style="display: none">caché<span>aussi</span></span>après', "avantaprès"),
        ("mot <b>gras</b> , fin", "mot gras , fin"),
        ("", ""),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    assert to_text(html) == text


def test_words_ten_thousand_levels_deep_are_not_lost() -> None:
    html = "<div>" * 10_000 + "au fond" + "</div>" * 10_000
    assert to_text(html) == "au fond"
    assert "au fond" in safe(html)


FAR = "https://images.exemple.fr/a.png"


def test_pictures_elsewhere_are_kept_only_where_they_are_asked_for() -> None:
    html = f'<p>Oui <img src="{FAR}" alt="Salle" onload="x()" srcset="{FAR} 2x"><img src="cid:a@b"></p>'
    assert asking_elsewhere(html) == (f'<p>Oui <img src="{FAR}" alt="Salle"><img src="cid:a@b"></p>', 1)
    assert safe(html) == '<p>Oui <img alt="Salle"><img src="cid:a@b"></p>'


@pytest.mark.parametrize(
    "address",
    [
        "http://images.exemple.fr/a.png", "//images.exemple.fr/a.png", "a.png", "data:image/png;base64,AAAA",
        "https://images.exemple.fr/a.svg", "https://images.exemple.fr/a.SVGZ?x=1", "https://192.168.0.1/a.png",
        "https://2130706433/a.png", "https://0x7f.0.0.1/a.png", "https://127.1/a.png", "https://[::1]/a.png",
        "https://localhost/a.png", "https://caisse/a.png", "https://caisse.local/a.png", "https://nas.lan./a.png",
        "https://intranet.corp/a.png", "https://moi@images.exemple.fr/a.png", r"https://a.exemple.fr\@127.0.0.1/a.png",
        "https://\uff11\uff12\uff17.0.0.1/a.png", "https://%31%32%37.0.0.1/a.png", "https://images.exemple.fr:99999/a",
        "https://images.exem\tple.fr/a.png", "https:images.exemple.fr/a.png", "https://images\u3002exemple.fr/a.png",
    ],
)  # fmt: skip
def test_nothing_but_a_picture_of_the_public_internet_can_be_asked_for(address: str) -> None:
    html, askable = asking_elsewhere(f'<img alt="x" src="{address}">')
    assert (html, askable) == ('<img alt="x">', 0)


def test_an_address_with_port_and_query_can_be_asked_for() -> None:
    address = "https://IMAGES.exemple.fr:8443/a/b%20c.png?x=1&amp;y=[2]"
    assert asking_elsewhere(f'<img src="{address}">')[1] == 1


@pytest.mark.parametrize("size", ['width="1" height="1"', 'height="0"', "width=1", 'width="01"'])
def test_a_picture_of_one_dot_is_never_asked_for(size: str) -> None:
    assert asking_elsewhere(f'<p>a<img src="{FAR}" {size}>b</p>') == ("<p>ab</p>", 0)
    assert asking_elsewhere(f'<img src="{FAR}" width="10" alt=\' width="1"\'>')[1] == 1


def test_backgrounds_drawings_and_frames_are_never_asked_for() -> None:
    html = (
        f'<table background="{FAR}"><tr><td style="background:url({FAR})">a</td></tr></table><svg><image href="{FAR}"/>'
        f'</svg><picture><source srcset="{FAR}"></picture><video poster="{FAR}"></video><iframe src="{FAR}"></iframe>'
        f'<style>p{{background:url({FAR})}}</style><link rel="icon" href="{FAR}"><input type="image" src="{FAR}">'
    )
    cleaned, askable = asking_elsewhere(html)
    assert (FAR in cleaned, askable) == (False, 0)
