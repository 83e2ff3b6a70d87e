"""Templates are compiled once for each language."""

from __future__ import annotations

from flask import Flask
from jinja2 import DictLoader

from app.web.tongue import speak

PAGE = '{{ _("Send") }}|{{ _("To: %(name)s", name=who) }}|{{ pgettext("verb", "Put off") }}|{{ _("Send") ~ who }}'


def test_sentences_are_part_of_the_page_in_each_language_and_values_stay_escaped(app: Flask):
    app.jinja_env.loader = DictLoader({"said.html": PAGE})
    said = {}
    for lang in ("fr", "en", "fr"):
        speak(lang)
        said[lang] = app.jinja_env.get_template("said.html").render(who="<b>").split("|")
    assert said["en"] == ["Send", "To: &lt;b&gt;", "Put off", "Send&lt;b&gt;"]
    assert [said["fr"][0], said["fr"][3]] == ["Envoyer", "Envoyer&lt;b&gt;"]
    assert said["fr"][1] not in said["en"]
    assert "<" not in "".join(said["fr"])


def test_a_sentence_that_depends_on_nothing_is_not_looked_up_when_the_page_is_drawn(app: Flask, monkeypatch):
    app.jinja_env.loader = DictLoader({"said.html": PAGE.partition("|")[0]})
    speak("fr")
    page = app.jinja_env.get_template("said.html")
    monkeypatch.setitem(app.jinja_env.globals, "_", None)
    assert page.render() == "Envoyer"
