"""Messages are read sentence by sentence for the one that asks for money back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.triage.dataset import Example, read_examples
from app.triage.facts import read
from app.triage.fitting import asking, vocabularies
from app.triage.model import Model
from app.triage.sentences import HEARD, MOST, SILENCE, TRAITS, Asking, folded, sentences, traits
from app.triage.text import prepare
from app.triage.training import taught_by
from tests.rules.triage.conftest import MESSAGES, slice_of_messages
from tests.rules.triage.saying import MORNING

STORY = (
    "Ma sœur avait mis son chapeau bleu. Il pleuvait sur la place et le tram était plein. "
    "Nous avons bu un chocolat en face. La vendeuse se souvenait de notre mère. "
)


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("Aida", "Bonjour.\nEst-ce remboursé ? Merci !", ["aida", "bonjour.", "est-ce rembourse ?", "merci !"]),
        ("", "Il coûte 12.50 euros… voilà", ["il coute 12.50 euros...", "voila"]),
        ("", "--\n***\n \n?", []),
        ("", "", []),
    ],
)
def test_sentences_are_read_one_by_one(subject: str, body: str, said: list[str]) -> None:
    assert sentences(prepare(subject, body)) == said


def test_a_sentence_as_it_was_written_is_found_again_among_those_read() -> None:
    body = "Cher Monsieur,\nJ’attends « mes » 49 €, s’il vous plaît\u202f! À bientôt…"
    assert folded("J’attends « mes » 49 €, s’il vous plaît\u202f!") in sentences(prepare("", body))


def test_a_text_of_a_thousand_sentences_is_read_as_a_few() -> None:
    assert len(sentences(prepare("Objet", "a.\n" * 900))) == MOST + 2


def test_traits_say_what_is_plain() -> None:
    first, last = traits(["ou sont mes 40 euros ?", "merci !"])
    assert [bool(one) for one in first] == [True, False, True, True, True, True, True, False, False]
    assert [bool(one) for one in last] == [False, True, False, False, True, True, True, True, False]
    assert traits([]).shape == (0, TRAITS)


def test_whoever_asks_in_one_line_of_a_long_letter_is_heard(model: Model) -> None:
    asks, tells = prepare("", f"{STORY} Merci de me rembourser mes deux billets."), prepare("", STORY)
    heard = model.asking.heard(model.vectoriser, [asks, prepare("", ""), tells])
    assert heard.shape == (3, HEARD)
    assert heard[0, 0] > 0 > heard[2, 0]
    assert heard[1].tolist() == [SILENCE, SILENCE, 0]
    alone = prepare("", "Merci de me rembourser mes deux billets.")
    assert model.asking.heard(model.vectoriser, [alone])[0, 1] == SILENCE


def test_in_a_hurry_no_sentence_is_read(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    read_by_itself: list[int] = []
    heard = Asking.heard

    def note(self: Asking, *given: object) -> object:
        read_by_itself.append(1)
        return heard(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Asking, "heard", note)
    message = prepare("", "Merci de me rembourser.")
    model.guess([message], [read(message, MORNING)], hurried=True)
    assert not read_by_itself
    model.guess([message], [read(message, MORNING)])
    assert read_by_itself


def test_of_few_sentences_nothing_is_learned(tmp_path: Path) -> None:
    few = [one for one in slice_of_messages() if not one.asks]
    taught = taught_by(few, [], tmp_path / "meanings.npz")
    vectoriser = vocabularies([one.message for one in taught.lessons])
    heard = asking(taught, vectoriser).heard(vectoriser, [prepare("", "Remboursez-moi !")])
    assert np.allclose(heard[0, :2], SILENCE)


def test_every_message_that_wants_money_back_says_by_which_sentence_or_by_none() -> None:
    every: list[Example] = read_examples(sorted(MESSAGES.glob("*.jsonl")))
    wanting = [one for one in every if one.wants_refund]
    lost = [ask for one in wanting for ask in one.asks if folded(ask) not in sentences(prepare(one.subject, one.body))]
    assert sum(bool(one.asks) for one in wanting) > 0.95 * len(wanting)
    assert len(lost) <= 2, "what stands in a quotation is not read"
