"""`flask knowledge`, `search`, `reindex`: articles and the words in them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from app.cli.speech import given_lines, line, refusing, say
from app.kernel.access import SYSTEM
from app.kernel.errors import Problem
from app.knowledge import bringing, loading, pack
from app.knowledge.loading import Report
from app.search import desk, evaluating, questions, service
from app.search.questions import Question

knowledge = AppGroup("knowledge", help="Articles and the folder they live in.")


@knowledge.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@refusing
@with_appcontext
def import_folder(folder: Path, *, dry_run: bool, as_json: bool) -> None:
    """Read articles from a folder; broken files are named, the rest loads."""
    report = loading.import_folder(folder, dry_run=dry_run, by=SYSTEM)
    _tell(report, as_json=as_json)
    if not dry_run:
        service.rebuild()
    if report.broken:
        sys.exit(1)


@knowledge.command("bring")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="The language of what says none.")
@click.option("--audience", type=click.Choice(["staff", "public"]), default="staff", help="Who reads what comes in.")
@click.option("--dry-run", is_flag=True, help="Only say what would come in, and what would not.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@refusing
@with_appcontext
def bring(source: Path, *, lang: str, audience: str, dry_run: bool, as_json: bool) -> None:
    """Bring in the knowledge base of another desk: a folder of Markdown, Zendesk Guide (HTML, JSON), Zammad (JSON)."""
    brought = bringing.bring(source, lang=lang, audience=audience, dry_run=dry_run, by=SYSTEM)
    if as_json:
        line(asdict(brought))
    for left in brought.left:
        say(f"{left.origin}, line {left.line}: left out, {left.problem}")
    if not as_json:
        for name in brought.report.loaded:
            say(f"{brought.origins[name]}: {name}")
        _tell(brought.report, as_json=False)
    if not dry_run:
        service.rebuild()


@knowledge.command("load")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@refusing
@with_appcontext
def load(*, as_json: bool) -> None:
    """Read the house's own folder, filled from the shipped articles the first time; broken files are named."""
    _tell(pack.read_own(), as_json=as_json)


def _tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        line(asdict(report))
    for broken in report.broken:
        say(f"{broken.file}, line {broken.line}: {broken.problem}")
    if not as_json:
        say(f"{len(report.loaded)} loaded, {len(report.unchanged)} unchanged, {len(report.broken)} broken")


@knowledge.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@refusing
@with_appcontext
def export_folder(folder: Path) -> None:
    """Write published articles into a folder, byte for byte as they were published."""
    say(f"{loading.export_folder(folder)} files written to {folder}")


@click.command("reindex")
@click.option("--requests", is_flag=True, help="What the desk searches requests by, instead.")
@refusing
@with_appcontext
def reindex(*, requests: bool) -> None:
    """Make the article index again, and read the requests that wait to be; with --requests, every request."""
    if requests:
        desk.forget_all()
    else:
        say(f"{service.rebuild()} passages indexed")
    total = 0
    while read := desk.read_due():
        total += read
    if total:
        say(f"{total} requests read")


search = AppGroup("search", help="Search as readers do.")


@search.command("articles")
@click.option("--json", "as_json", is_flag=True, help="Kept for clarity: the output is always JSON lines.")
@click.option("--lexical", is_flag=True, help="Words only, without the meaning model.")
@click.option("--limit", type=click.IntRange(1, 50), default=10)
@refusing
@with_appcontext
def search_articles(*, as_json: bool, lexical: bool, limit: int) -> None:
    """Lines of {id, query, lang} in, lines of {id, hits, did_you_mean, took_ms} out."""
    service.refresh()
    for _number, given, wrong in given_lines(sys.stdin.buffer):
        if given is None or not isinstance(given.get("query"), str):
            line({"id": (given or {}).get("id"), "error": wrong or "no query"})
            continue
        language = "en" if given.get("lang") == "en" else "fr"
        try:
            found = service.search(given["query"], language, limit=limit, words_only=lexical)
        except Problem as problem:
            line({"id": given.get("id"), "error": problem.code})
            continue
        hits = [{"slug": hit.slug, "lang": hit.lang, "score": round(hit.score, 4)} for hit in found.hits]
        line(
            {
                "id": given.get("id"),
                "hits": hits,
                "did_you_mean": found.did_you_mean,
                "took_ms": round(found.took_ms, 2),
            }
        )
    if as_json:
        sys.stdout.flush()


@search.command("evaluate")
@click.option("--mode", type=click.Choice(["lexical", "hybrid"]), default="lexical", help="Words only, or meaning too.")
@click.option("--part", type=click.Choice(["development", "report"]), default="report", help="What is measured on.")
@click.option("--learning", is_flag=True, help="What learning from readers is worth, instead.")
@click.option("--json", "as_json", is_flag=True, help="All figures as one JSON object.")
@refusing
@with_appcontext
def search_evaluate(*, mode: str, part: str, learning: bool, as_json: bool) -> None:
    """Ask the shelf the project's own questions and tell how well it answers, kind by kind."""
    service.refresh()
    if mode == "hybrid" and not service.state().meaning:
        raise click.ClickException("the meaning model does not run here; --mode lexical does without")
    asked = [one for one in questions.read() if one.reported == (part == "report")]
    if learning:
        _prove(asked, words_only=mode == "lexical")
        return
    figures = evaluating.measured(asked, mode=mode)
    if as_json:
        line(figures.plain())
    else:
        click.echo(figures.table())


def _prove(asked: list[Question], *, words_only: bool) -> None:
    from app.search import proving  # noqa: PLC0415 - docs/decisions/0018

    line(proving.proved(asked, words_only=words_only).plain())
