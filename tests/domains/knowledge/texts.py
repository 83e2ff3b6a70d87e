"""Article files for tests, with good defaults."""

from __future__ import annotations

from pathlib import Path

from app.knowledge.loading import Report, load_folder

FACTS = {
    "phone": "04 00 00 00 00",
    "terms_url": "https://valmorin.example/cgv",
    "voucher_name": {"fr": "bon d’achat", "en": "voucher"},
}
BODY = "Au vestiaire, chaque soir.\n\n## Quand la récupérer ?\n\nDu mardi au samedi.\n"


def a_text(
    slug: str = "lost-scarf",
    lang: str = "fr",
    *,
    title: str = "Mon écharpe est perdue",
    brief: str = "Nous la gardons.",
    body: str = BODY,
    **more: str,
) -> str:
    """The text of an article file; `more` are further lines of the front matter, as YAML."""
    head = {"slug": slug, "lang": lang, "title": f'"{title}"', "brief": f'"{brief}"', "category": "apres", **more}
    lines = "".join(f"{name}: {value}\n" for name, value in head.items())
    return f"---\n{lines}---\n{body}"


def put(folder: Path, *texts: str) -> None:
    """Put files into a folder, each under its name."""
    folder.mkdir(parents=True, exist_ok=True)
    for text in texts:
        slug, lang = text.split("slug: ")[1].split("\n")[0], text.split("lang: ")[1].split("\n")[0]
        (folder / f"{slug}.{lang}.md").write_bytes(text.encode())


def shelved(folder: Path, *texts: str) -> Report:
    """Put files into the house's folder and load it."""
    put(folder, *texts)
    return load_folder(folder)
