"""The words of the house's letters: the list of kinds, one kind in both languages, its preview, test and reset."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from app.desk import article_page, fact_words, letter_kind_words
from app.desk.frame import fragment, tell
from app.desk.letter_kind_words import Preview
from app.desk.letters import boxed
from app.desk.sections import show_section
from app.kernel import keys
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.mail import specimen, texts
from app.mail.composing import LANGUAGES, Unfillable, Words, plain
from app.mail.letter_kinds import KINDS, OF_EVERY_LETTER
from app.web.doors import me, needs
from app.web.session import no_store
from app.web.tongue import language
from app.web.words import words_of

letter_texts = Blueprint(
    "desk_letter_texts", __name__, template_folder="templates", url_prefix="/regie/reglages/lettres"
)

#: Characters of words carried in an address; servers refuse longer addresses.
LONGEST_WORD = 3_000
_Typed = dict[str, str]


@letter_texts.get("")
@needs(Permission.SETTINGS_EDIT)
def kinds() -> ResponseReturnValue:
    """Every kind of letter, when it leaves, and whose words it has."""
    cards = texts.cards(by=me())
    lines = [(kind, [(lang, cards[kind, lang]) for lang in LANGUAGES]) for kind in KINDS]
    return show_section("desk/settings/letter_kinds.html", lines=lines, said=letter_kind_words)


@letter_texts.get("/<kind>")
@needs(Permission.SETTINGS_EDIT)
def edit(kind: str) -> ResponseReturnValue:
    """One kind of letter in both languages."""
    return _page(kind, _as_stored(kind))


@letter_texts.post("/<kind>")
@needs(Permission.SETTINGS_EDIT)
def save(kind: str) -> ResponseReturnValue:
    """Change the words; who changed them meanwhile is not written over."""
    typed = _typed(kind)
    try:
        texts.save(kind, {lang: _words(typed, lang) for lang in LANGUAGES}, seen=_seen(typed), by=me())
    except Invalid as problem:
        return _page(kind, typed, letter_kind_words.errors(kind, problem, typed), 422)
    except Conflict as problem:
        fresh = {name: value for name, value in _as_stored(kind).items() if name.startswith("revision_")}
        return _page(kind, typed | fresh, {"text_fr": words_of(problem.code)}, 409)
    tell(_("The letter is saved. It leaves in these words within a few seconds."))
    return redirect(url_for("desk_letter_texts.edit", kind=kind), 303)


@letter_texts.post("/<kind>/apercu")
@needs(Permission.SETTINGS_EDIT)
def preview(kind: str) -> ResponseReturnValue:
    """What a reader would see, with facts of the house and an invented request."""
    return fragment("desk/settings/_letter_preview.html", previews=_previews(kind, _typed(kind)))


@letter_texts.get("/<kind>/<lang>/page")
@needs(Permission.SETTINGS_EDIT)
@boxed
def shown(kind: str, lang: str) -> ResponseReturnValue:
    """The HTML of a previewed letter; its words stand in the address, signed, so that only ours are shown."""
    texts.card(kind, lang, by=me())
    try:
        subject, text = _signer().loads(request.args.get("mots", ""))
        made = specimen.made(kind, lang, Words(subject, text))
    except (BadData, Unfillable) as problem:
        raise NotFound("letter_text") from problem
    return no_store(make_response(specimen.twin(*made, lang)))


@letter_texts.post("/<kind>/essai")
@needs(Permission.SETTINGS_EDIT)
def test(kind: str) -> ResponseReturnValue:
    """Send the letter as it is typed to whoever asks; nothing is saved."""
    typed, lang = _typed(kind), request.form.get("language", "")
    if lang not in LANGUAGES:
        raise NotFound("letter_text")
    try:
        to = specimen.send_test(kind, lang, _words(typed, lang), by=me())
    except Invalid as problem:
        wrong = Invalid({f"{name}_{lang}": code for name, code in problem.fields.items()})
        return _page(kind, typed, letter_kind_words.errors(kind, wrong, typed), 422)
    except Conflict as problem:
        return _page(kind, typed, {f"text_{lang}": words_of(problem.code)}, 409)
    return _page(kind, typed, sent_to=to)


@letter_texts.post("/<kind>/origine")
@needs(Permission.SETTINGS_EDIT)
def reset(kind: str) -> ResponseReturnValue:
    """Give the letter its shipped words back in one language."""
    texts.reset(kind, request.form.get("language", ""), by=me())
    tell(_("The letter has its first words again. Its former ones stand under Changes."))
    return redirect(url_for("desk_letter_texts.edit", kind=kind), 303)


def _as_stored(kind: str) -> _Typed:
    found: _Typed = {}
    for lang in LANGUAGES:
        card = texts.card(kind, lang, by=me())
        found |= {f"subject_{lang}": card.words.subject, f"text_{lang}": card.words.text.strip()}
        found[f"revision_{lang}"] = str(card.revision)
    return found


def _typed(kind: str) -> _Typed:
    return {name: request.form.get(name, "").replace("\r\n", "\n") for name in _as_stored(kind)}


def _words(typed: Mapping[str, str], lang: str) -> Words:
    return Words(typed[f"subject_{lang}"], typed[f"text_{lang}"])


def _seen(typed: Mapping[str, str]) -> dict[str, int]:
    given = {lang: typed[f"revision_{lang}"] for lang in LANGUAGES}
    return {lang: int(one) for lang, one in given.items() if one.isascii() and one.isdecimal() and len(one) < 10}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(keys.derived("letter-preview"))


def _previews(kind: str, typed: Mapping[str, str]) -> list[Preview]:
    return [_preview(kind, lang, _words(typed, lang)) for lang in LANGUAGES]


def _preview(kind: str, lang: str, words: Words) -> Preview:
    try:
        words = texts.checked(kind, words)
        subject, text = specimen.made(kind, lang, words)
    except Invalid as problem:
        wrong = letter_kind_words.errors(kind, problem, words._asdict())
        return Preview(lang, problems=tuple(wrong.values()))
    except Unfillable:
        return Preview(lang, problems=(words_of("empty"),))
    carried = _signer().dumps(list(words))
    address = url_for("desk_letter_texts.shown", kind=kind, lang=lang, mots=carried)
    return Preview(lang, subject, plain(text), address if len(carried) <= LONGEST_WORD else "")


def _variables(kind: str) -> list[tuple[str, str, str]]:
    """Names, what each is, and an example, in the language of this page."""
    said = specimen.values(language())
    known = {*KINDS[kind].own, *OF_EVERY_LETTER}
    label = {name: letter_kind_words.variable(name) for name in known}
    return [(name, label.get(name) or fact_words.label(name), said[name]) for name in texts.variables(kind)]


def _page(
    kind: str,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    *,
    sent_to: str = "",
) -> ResponseReturnValue:
    cards = {lang: texts.card(kind, lang, by=me()) for lang in LANGUAGES}
    return show_section(
        "desk/settings/letter_text.html",
        status=status,
        kind=kind,
        typed=typed,
        errors=errors or {},
        cards=cards,
        said=letter_kind_words,
        names=article_page.names_of({card.updated_by for card in cards.values()}),
        variables=_variables(kind),
        required=KINDS[kind].required,
        previews=_previews(kind, typed),
        sent_to=sent_to,
    )
