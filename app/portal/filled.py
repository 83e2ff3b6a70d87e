"""A request as somebody is filling it in: every value as typed, nothing refused; and the draft it makes when sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import FileStorage, MultiDict

from app.catalogue import answers
from app.catalogue import service as catalogue
from app.catalogue.defaults import ReasonCard, reasons_for
from app.catalogue.service import TypeCard
from app.kernel.errors import Invalid
from app.portal.orders import Looked, look_up
from app.tickets.files import StoredFile
from app.tickets.opening import Draft
from app.web.carried import carried, word_of
from app.web.forms import submission_key

#: Characters of a message on the form; whoever needs more joins a file.
LONGEST = 10_000
#: A field people never see; whatever fills it in is no person.
TRAP = "site"
_OWN = "own-"
#: The fields in the order of the form; a type's own fields stand together.
_PLACES = ("form", "motif", "type", _OWN, "commande", "email", "body", "files", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What the form holds."""

    form: str = ""
    reason: str = ""
    type: str = ""
    order: str = ""
    email: str = ""
    name: str = ""
    body: str = ""
    article: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    files: tuple[StoredFile, ...] = ()
    refused: str = ""
    trapped: bool = False

    @property
    def kind(self) -> TypeCard | None:
        """The type chosen, if it belongs to the reason."""
        card = catalogue.request_type(self.type)
        return card if card is not None and not card.internal and card.reason == self.reason else None

    @property
    def kinds(self) -> list[TypeCard]:
        """The types found under the reason."""
        return [card for card in catalogue.types().values() if card.reason == self.reason and not card.internal]

    @property
    def reason_card(self) -> ReasonCard | None:
        """The reason chosen."""
        return next((card for card in reasons_for(internal=False) if card.code == self.reason), None)

    def hidden(self) -> list[tuple[str, str]]:
        """What a page must carry so that the next one knows it all. Shape: pairs (name of the field, value)."""
        plain = [
            ("form", self.form), ("motif", self.reason), ("type", self.type), ("commande", self.order),
            ("email", self.email), ("name", self.name), ("body", self.body), ("article", self.article),
        ]  # fmt: skip
        own = [(_OWN + name, value) for name, value in self.own.items()]
        return [pair for pair in plain + own if pair[1]] + [("kept", word) for word, _ in self.words()]

    def words(self) -> list[tuple[str, StoredFile]]:
        """The joined files, each with the word that stands for it in a page."""
        return [(word_of(file), file) for file in self.files]


def read(form: MultiDict[str, str], files: MultiDict[str, FileStorage] | None = None) -> Filled:
    """What came from a form, or from an address that fills one in beforehand."""
    joined = carried(form.getlist("kept"), files.getlist("files") if files else ())
    reason, kind = form.get("motif", ""), form.get("type", "")
    card = catalogue.request_type(kind)
    filled = Filled(
        form=form.get("form", ""), reason=reason or (card.reason if card else ""), type=kind,
        order=_line(form.get("commande", "")), email=_line(form.get("email", "")), name=_line(form.get("name", "")),
        body=(form.get("body") or form.get("q", "")).replace("\r\n", "\n").replace("\x00", ""),
        article=_line(form.get("article", "")), files=joined.files, refused=joined.refused,
        trapped=bool(form.get(TRAP)),
        own={key.removeprefix(_OWN): value for key, value in form.items() if key.startswith(_OWN)},
    )  # fmt: skip
    return _settled(filled)


def _settled(filled: Filled) -> Filled:
    """Where a reason leaves no choice, the choice is made; a type of another reason is forgotten with its fields."""
    kinds = filled.kinds
    if len(kinds) == 1:
        filled = replace(filled, type=kinds[0].code)
    if filled.kind is None:
        return replace(filled, type="", own={})
    names = {one.name for one in filled.kind.fields}
    return replace(filled, own={name: value[:4_000] for name, value in filled.own.items() if name in names})


def draft_of(filled: Filled, language: str) -> tuple[Draft, Looked]:
    """The request it makes, and what is known of its order.

    Raises:
        Invalid: everything that keeps it from being sent, in the order of the form.
    """
    wrong = _wrong_choices(filled)
    given, wrong_own = answers.read_all(filled.kind, filled.own) if filled.kind else ({}, {})
    wrong |= {_OWN + name: code for name, code in wrong_own.items()}
    wrong |= {"body": "too_long"} if len(filled.body) > LONGEST else {}
    wrong |= {"files": filled.refused} if filled.refused else {}
    looked = look_up(filled.order, filled.email)
    try:
        draft = _draft(filled, language, looked, {**given, **({"article": filled.article} if filled.article else {})})
    except Invalid as problem:
        raise Invalid(_in_order(problem.fields | wrong)) from None
    if wrong:
        raise Invalid(_in_order(wrong))
    return draft, looked


def _draft(filled: Filled, language: str, looked: Looked, given: Mapping[str, answers.Answer]) -> Draft:
    return Draft(
        email=filled.email, name=filled.name, body=filled.body, language=language, type=filled.type or None,
        subject=filled.kind.name(language) if filled.kind else "", order_code=looked.code or None,
        performance_id=looked.performance_id, answers=dict(given), files=filled.files,
        submission=filled.form.partition(".")[0] or None,
    )  # fmt: skip


def check_form(filled: Filled) -> None:
    """Refuse a form that is not ours, has been open too long, or was filled in by no person.

    Raises:
        Invalid: field `form`.
    """
    submission_key(filled.form)
    if filled.trapped:
        raise Invalid({"form": "trapped"})


def _wrong_choices(filled: Filled) -> dict[str, str]:
    if filled.reason_card is None:
        return {"motif": "reason_missing"}
    return {} if filled.kind else {"type": "type_missing"}


def _in_order(wrong: Mapping[str, str]) -> dict[str, str]:
    if wrong.get("body") == "empty":
        wrong = {**wrong, "body": "message_missing"}
    places = {name: place for place, name in enumerate(_PLACES)}
    own = places[_OWN]
    return dict(sorted(wrong.items(), key=lambda pair: places.get(pair[0], own)))


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())[:300]
