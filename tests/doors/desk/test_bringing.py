"""Knowledge bases of other desks at the desk: rehearsed, brought in by the worker as drafts or online, and undone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.desk import bringing_words
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.knowledge import arriving, editing, folder, shelf, unpacking
from app.knowledge.editing import DraftInput
from app.knowledge.models import Article, ArticleBringing, ArticleDraft, ArticleVersion, BroughtArticle
from app.search import service as search
from app.venue import service as venue
from tests.cast import ADELE, INES, KARIM, PAUL, SAMI, Character
from tests.doors.desk.steps import page, press, told
from tests.doors.desk.writing import an_article
from tests.parcels import (
    BAR,
    CLOAK,
    HTML,
    ZAMMAD,
    a_bomb,
    a_link,
    a_locked,
    a_lying_bomb,
    a_png,
    a_shelf,
    an_archive,
    empty_folders,
)

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
HERE = "/regie/base/reprise"


@pytest.fixture
def paul(app: Flask, noon: datetime, sign_in: SignIn, tmp_path: Path) -> Iterator[FlaskClient]:
    """The editor of a house with a folder of articles."""
    before = folder.own()
    folder.keep_in(tmp_path / "articles")
    yield sign_in(PAUL)
    folder.keep_in(before)


def plain(html: str) -> str:
    return unescape(html).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def rehearsed(browser: FlaskClient, content: bytes, name: str = "aide.zip", **fields: object) -> TestResponse:
    given: dict[str, object] = {"lang": "fr", "audience": "public", "mode": "drafts"}
    return press(browser, HERE, at=HERE, **(given | {"file": (io.BytesIO(content), name)} | fields))


def asked(browser: FlaskClient, answer: TestResponse) -> str:
    """Press what the rehearsal offers. Returns the address of the report."""
    html = answer.get_data(as_text=True)
    assert 'name="mark"' in html, plain(html)
    names = ("mark", "name", "lang", "audience", "mode")
    fields = {name: unescape(re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', html)[-1]) for name in names}
    done = press(browser, f"{HERE}/accord", at=HERE, **fields)
    assert done.status_code == 303, plain(done.get_data(as_text=True))
    return done.headers["Location"]


def brought(browser: FlaskClient, jobs: Jobs, content: bytes, name: str = "aide.zip", **fields: object) -> str:
    place = asked(browser, rehearsed(browser, content, name, **fields))
    session.rollback()
    jobs()
    return place


def undone(browser: FlaskClient, jobs: Jobs, place: str) -> str:
    told(browser, press(browser, f"{place}/annulation", at=place))
    session.rollback()
    jobs()
    return plain(page(browser, place))


def count(model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_error_of_ours_ends_it_in_words_and_what_came_in_is_undone(
    paul: FlaskClient, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "GROUP", 1)
    whole, calls = arriving._draft, iter(range(9))

    def breaks(*told: object) -> int:
        if next(calls):
            raise RuntimeError("broken")
        return whole(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(arriving, "_draft", breaks)
    place = brought(paul, run_jobs, an_archive(("bar.md", BAR), ("cloak.md", CLOAK)))
    html = plain(page(paul, place))
    assert "Tout n’a pas été repris" in html
    assert "Une erreur de notre côté" in html
    assert count(ArticleDraft) == 1
    assert "Annulé" in undone(paul, run_jobs, place)
    assert count(ArticleDraft) == 0


def waiting(app: Flask) -> list[Path]:
    return list((Path(app.instance_path) / "brought").glob("*"))


def texts() -> list[str]:
    session.rollback()
    return list(session.scalars(select(ArticleDraft.source).order_by(ArticleDraft.slug)))


def online(slug: str) -> Article:
    session.rollback()
    return session.scalars(select(Article).where(Article.slug == slug)).one()


def test_a_rehearsal_tells_article_by_article_and_writes_nothing(paul: FlaskClient, tmp_path: Path) -> None:
    content = an_archive(
        ("aide/le-bar.md", BAR), ("aide/vestiaire.md", CLOAK), ("aide/images/comptoir.png", a_png()),
        ("aide/seule.png", a_png()), ("aide/latin.md", "# T\n\nDéjà".encode("latin-1")), ("aide/logo.svg", "<svg/>"),
    )  # fmt: skip
    answer = rehearsed(paul, content)
    html = plain(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "Nouveau : 2" in html
    assert "Écarté : 3" in html
    assert "1 image" in html
    assert "aide/latin.md" in html
    assert "enregistrez-le de nouveau en UTF-8" in html
    assert "Aucun article ne montre cette image" in html
    assert "ni du Markdown, ni du HTML, ni du JSON" in html
    assert (count(ArticleDraft), count(Article), count(ArticleBringing)) == (0, 0, 0)
    assert not (tmp_path / "articles" / "media").exists()


def test_what_is_agreed_to_comes_in_as_drafts_and_the_file_goes(app: Flask, paul: FlaskClient, run_jobs: Jobs) -> None:
    place = asked(paul, rehearsed(paul, a_shelf()))
    html = plain(page(paul, place))
    assert "Reprise en cours" in html
    assert f'hx-get="{place}/etat"' in html
    assert len(waiting(app)) == 1
    run_jobs()
    part = plain(page(paul, f"{place}/etat"))
    assert "Repris en brouillons" in part
    assert "Nouveau : 2" in part
    assert "1 image" in part
    assert "hx-get" not in part
    assert "Paul Verdier" in part
    assert waiting(app) == []
    assert count(Article) == 0
    bar, cloak = texts()
    assert "Il ouvre à 19 h" in bar
    picture = re.search(r"!\[Le comptoir\]\((media/[0-9a-f]{20}\.webp)\)", cloak)
    assert picture is not None
    own = folder.own()
    assert own is not None
    assert (own / picture[1]).is_file()
    draft = re.search(r'href="(/regie/base/le-bar/fr\?brouillon=\d+)"', part)
    assert draft is not None
    assert "Il ouvre à 19 h" in page(paul, draft[1])


def test_put_online_by_choice_search_finds_it(paul: FlaskClient, run_jobs: Jobs) -> None:
    place = brought(paul, run_jobs, HTML.encode(), "123456-zibelines.html", mode="online")
    assert "En ligne" in plain(page(paul, place))
    assert [hit.slug for hit in search.search("zibeline", "fr").hits] == ["les-zibelines-au-vestiaire"]
    version = session.scalars(select(ArticleVersion)).one()
    assert version.note == "← 123456-zibelines.html"
    author = session.scalars(select(ArticleBringing.by_id)).one()
    assert version.author_id == author
    own = folder.own()
    assert own is not None
    assert (own / "les-zibelines-au-vestiaire.fr.md").is_file()


def test_an_export_of_zammad_tells_what_was_not_published_there(paul: FlaskClient, run_jobs: Jobs) -> None:
    html = plain(rehearsed(paul, ZAMMAD.encode(), "zammad.json").get_data(as_text=True))
    assert "zammad.json#8" in html
    assert "n’était pas publié là-bas" in html
    brought(paul, run_jobs, ZAMMAD.encode(), "zammad.json", audience="staff")
    (text,) = texts()
    assert "audience: staff" in text
    assert "Dans la cour." in text


def test_brought_in_twice_nothing_is_doubled(paul: FlaskClient, run_jobs: Jobs) -> None:
    brought(paul, run_jobs, a_shelf())
    answer = plain(rehearsed(paul, a_shelf()).get_data(as_text=True))
    assert "Inchangé : 2" in answer
    assert "Un brouillon contient déjà ce texte" in answer
    assert 'name="mark"' not in answer
    brought(paul, run_jobs, a_shelf(), mode="online")
    assert (count(ArticleDraft), count(Article)) == (2, 2)
    assert "Inchangé : 2" in plain(rehearsed(paul, a_shelf(), mode="online").get_data(as_text=True))


def test_pressed_twice_it_comes_in_once(paul: FlaskClient, run_jobs: Jobs) -> None:
    answer = rehearsed(paul, a_shelf())
    assert asked(paul, answer) == asked(paul, answer)
    run_jobs()
    assert (count(ArticleBringing), count(ArticleDraft), count(BroughtArticle)) == (1, 2, 2)


def test_what_changed_there_is_a_new_version_and_what_changed_here_is_kept(
    paul: FlaskClient, run_jobs: Jobs, actor: Act
) -> None:
    brought(paul, run_jobs, a_shelf(), mode="online")
    source, version = editing.text_to_edit("vestiaire", "fr", by=actor(PAUL))
    saved = editing.save_draft(
        DraftInput(slug="vestiaire", lang="fr", source=source.replace("sous-sol", "premier"), base_version=version),
        by=actor(PAUL),
    )
    editing.publish(saved.draft_id, by=actor(PAUL))
    newer = an_archive(("le-bar.md", BAR.replace("19 h", "18 h")), ("vestiaire.md", "# Le vestiaire\n\nAu grenier.\n"))
    html = plain(rehearsed(paul, newer, mode="online").get_data(as_text=True))
    assert "Modifié : 1" in html
    assert "Modifié ici aussi : gardé en brouillon : 1" in html
    brought(paul, run_jobs, newer, mode="online")
    assert "18 h" in online("le-bar").body
    assert "premier" in online("vestiaire").body
    (kept,) = texts()
    assert "Au grenier" in kept


def test_undoing_drafts_throws_away_those_nobody_touched(paul: FlaskClient, run_jobs: Jobs, actor: Act) -> None:
    place = brought(paul, run_jobs, a_shelf())
    bar = next(card for card in editing.drafts("le-bar", "fr", by=actor(PAUL)))
    text = editing.draft(bar.id, by=actor(PAUL)).source
    editing.save_draft(
        DraftInput(slug="le-bar", lang="fr", source=text + "\nEt des tartines.\n", draft_id=bar.id, revision=1),
        by=actor(PAUL),
    )
    html = undone(paul, run_jobs, place)
    assert "1 article est comme avant" in html
    assert "1 reste, car quelqu’un y a travaillé depuis" in html
    (left,) = texts()
    assert "tartines" in left
    again = press(paul, f"{place}/annulation", at=place)
    assert "déjà annulé" in plain(told(paul, again))


def test_undoing_what_went_online_restores_what_was_read_before(paul: FlaskClient, run_jobs: Jobs, actor: Act) -> None:
    brought(paul, run_jobs, an_archive(("le-bar.md", BAR)), mode="online")
    newer = BAR.replace("19 h", "18 h")
    place = brought(paul, run_jobs, an_archive(("le-bar.md", newer), ("zibelines.html", HTML)), mode="online")
    assert "18 h" in online("le-bar").body
    html = undone(paul, run_jobs, place)
    assert "2 articles sont comme avant" in html
    bar = online("le-bar")
    assert "19 h" in bar.body
    assert bar.version == 3
    assert online("les-zibelines-au-vestiaire").withdrawn_at is not None
    assert search.search("zibeline", "fr").hits == ()
    assert shelf.find(actor(PAUL), "le-bar", "fr") is not None


def test_an_article_edited_since_stays_online_when_the_rest_is_undone(
    paul: FlaskClient, run_jobs: Jobs, actor: Act
) -> None:
    place = brought(paul, run_jobs, a_shelf(), mode="online")
    source, version = editing.text_to_edit("le-bar", "fr", by=actor(PAUL))
    given = DraftInput(slug="le-bar", lang="fr", source=source.replace("19 h", "20 h"), base_version=version)
    editing.publish(editing.save_draft(given, by=actor(PAUL)).draft_id, by=actor(PAUL))
    undone(paul, run_jobs, place)
    assert "20 h" in online("le-bar").body
    assert online("le-bar").withdrawn_at is None
    assert online("vestiaire").withdrawn_at is not None


def test_an_address_of_another_article_is_refused_online_alone(paul: FlaskClient, run_jobs: Jobs) -> None:
    an_article(slug="buvette", title="La buvette", address="le-bar")
    content = an_archive(("le-bar.md", BAR))
    assert "Un autre article répond déjà à cette adresse" in plain(
        rehearsed(paul, content, mode="online").get_data(as_text=True)
    )
    assert "Nouveau : 1" in plain(rehearsed(paul, content).get_data(as_text=True))


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "aide.zip", "vide"),
        (an_archive(), "aide.zip", "aucun fichier"),
        (empty_folders(), "aide.zip", "aucun fichier"),
        (a_shelf()[:-40], "aide.zip", "abîmée"),
        (b"bonjour", "aide.zip", "abîmée"),
        (a_shelf().replace(b"Le bar", b"Le b\xff\xff")[:60] + a_shelf()[64:], "aide.zip", "abîmée"),
        (b"%PDF-1.4", "aide.pdf", "Rien dans ce fichier"),
        (an_archive(("logo.svg", "<svg/>"), ("notes.txt", "x")), "aide.zip", "Rien dans ce fichier"),
        (b'{"a": 1}', "export.json", "Rien dans ce fichier"),
        (an_archive(("../../evil.md", BAR)), "aide.zip", "sort du dossier"),
        (an_archive(("/etc/evil.md", BAR)), "aide.zip", "sort du dossier"),
        (an_archive(("C:\\evil.md", BAR)), "aide.zip", "sort du dossier"),
        (a_link(), "aide.zip", "lien vers un autre fichier"),
        (a_locked(), "aide.zip", "mot de passe"),
        (an_archive(("a.md", BAR), ("b/autre.zip", a_shelf())), "aide.zip", "archive dans l’archive"),
        (a_bomb(), "aide.zip", "bien plus grande que 100 Mo"),
        (a_lying_bomb(), "aide.zip", "abîmée"),
        (an_archive(*((f"{n}.md", "x") for n in range(unpacking.FILES + 1))), "aide.zip", "plus de 2000 fichiers"),
        (an_archive(("é" * 120 + ".md", BAR)), "aide.zip", "nom trop long"),
        (an_archive(("a", "x"), ("a/b.md", BAR)), "aide.zip", "abîmée"),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_is_told_beside_the_field_and_not_kept(
    app: Flask, paul: FlaskClient, content: bytes, name: str, words: str
) -> None:
    answer = rehearsed(paul, content, name)
    html = plain(answer.get_data(as_text=True))
    assert answer.status_code == 422, html
    assert 'id="f-file-e"' in html
    assert words in html
    assert waiting(app) == []
    assert count(ArticleBringing) == 0
    assert '<option value="public" selected>' in html


def test_nothing_of_an_archive_is_left_outside_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(a_shelf())
    with unpacking.unpacked(path, "aide.zip") as place:
        found = sorted(one.relative_to(place).as_posix() for one in place.rglob("*") if one.is_file())
    assert found == ["aide/images/comptoir.png", "aide/le-bar.md", "aide/vestiaire.md"]
    assert not place.exists()


def test_names_of_old_archivers_are_read_as_people_wrote_them(tmp_path: Path) -> None:
    content = an_archive(("réservé.md", BAR))
    # The same names without the mark that says that they are in UTF-8.
    path, bare = (
        tmp_path / "one",
        re.sub(rb"(PK\x03\x04.{2}|PK\x01\x02.{4})\x00\x08", b"\\g<1>\0\0", content, flags=re.S),
    )
    assert bare != content
    path.write_bytes(bare)
    with unpacking.unpacked(path, "aide.zip") as place:
        assert [one.name for one in place.iterdir()] == ["réservé.md"]


def test_a_file_too_large_to_be_heard_has_the_sentence_of_the_field(
    paul: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "LARGEST", 1_000)
    little = rehearsed(paul, b"x" * 1_001)
    much = paul.post(HERE, data=b"x" * 28_000_000, content_type="multipart/form-data; boundary=x")
    assert (little.status_code, much.status_code) == (422, 413)
    for answer in (little, much):
        html = plain(answer.get_data(as_text=True))
        assert 'href="#f-file"' in html
        assert "accepte 25 Mo au plus" in html


def test_without_a_file_it_says_so(paul: FlaskClient) -> None:
    answer = press(paul, HERE, at=HERE, lang="en", audience="staff", mode="online")
    html = plain(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "Choisissez un fichier" in html
    assert '<option value="en" selected>' in html


def test_choices_that_are_none_are_refused(paul: FlaskClient) -> None:
    assert rehearsed(paul, a_shelf(), lang="de").status_code == 422
    assert rehearsed(paul, a_shelf(), audience="department:it").status_code == 422


def test_a_house_that_wants_two_readers_takes_drafts_alone(paul: FlaskClient, actor: Act) -> None:
    answer = rehearsed(paul, a_shelf(), mode="online")
    venue.ask_two_for_articles(asked=True, by=actor(ADELE))
    html = answer.get_data(as_text=True)
    mark = re.findall(r'name="mark" value="([^"]*)"', html)[-1]
    late = press(paul, f"{HERE}/accord", at=HERE, mark=mark, name="x", lang="fr", audience="public", mode="online")
    assert late.status_code == 422
    assert count(ArticleBringing) == 0
    refused = rehearsed(paul, a_shelf(), mode="online")
    assert refused.status_code == 422
    assert "second lecteur" in plain(refused.get_data(as_text=True))


def test_a_file_that_waited_too_long_is_asked_for_again(app: Flask, paul: FlaskClient, noon: datetime) -> None:
    mark = re.findall(r'name="mark" value="([^"]*)"', rehearsed(paul, a_shelf()).get_data(as_text=True))[-1]
    with clock.frozen_at(clock.now() + arriving.KEPT + timedelta(days=20_000)):
        arriving._forget_old()
    answer = press(paul, f"{HERE}/accord", at=HERE, mark=mark, name="x", lang="fr", audience="public", mode="drafts")
    assert answer.status_code == 422
    assert "choisissez-le de nouveau" in plain(answer.get_data(as_text=True))
    assert press(paul, f"{HERE}/accord", at=HERE, mark="../../x", lang="fr").status_code == 422


def test_a_file_gone_before_the_worker_came_is_told_on_the_report(
    app: Flask, paul: FlaskClient, run_jobs: Jobs
) -> None:
    place = asked(paul, rehearsed(paul, a_shelf()))
    waiting(app)[0].unlink()
    run_jobs()
    html = plain(page(paul, place))
    assert "Rien n’a été repris" in html
    assert "choisissez-le de nouveau" in html


@pytest.mark.parametrize("who", [INES, KARIM, SAMI])
def test_who_publishes_no_articles_may_not_bring_any_in(sign_in: SignIn, noon: datetime, who: Character) -> None:
    browser = sign_in(who)
    assert browser.get(HERE).status_code == 403
    for address in (HERE, f"{HERE}/accord", f"{HERE}/1/annulation"):
        assert press(browser, address).status_code == 403


def test_a_stranger_and_a_wrong_number_find_nothing(client: FlaskClient, paul: FlaskClient) -> None:
    page(paul, f"{HERE}/999", status=404)
    assert press(paul, f"{HERE}/999/annulation", at=HERE).status_code == 404


def test_the_shelf_leads_there(paul: FlaskClient) -> None:
    assert f'href="{HERE}"' in page(paul, "/regie/base")


def test_every_refusal_of_an_archive_has_its_sentence() -> None:
    source = "".join(Path(module.__file__ or "").read_text() for module in (unpacking, arriving))
    assert set(re.findall(r'"(bring_[a-z]+)"', source)) == bringing_words.known_refusals()


def test_every_reason_to_leave_something_out_has_its_sentence() -> None:
    from app.knowledge import bringing, foreign

    source = "".join(Path(module.__file__ or "").read_text() for module in (bringing, foreign))
    codes = set(re.findall(r'(?:Left\([^"]*|return |problem = )"([a-z_0-9]+)", f?"', source))
    assert {"twice", "no_title", "not_utf8", "other_file", "bad_json"} <= codes
    assert codes - {"too_long"} <= bringing_words.known_reasons()
