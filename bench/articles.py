"""What articles cost to search and to index, by how many there are: copies of the shipped ones with words of their own.

python -m bench.articles FOLDER COUNT
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random
from time import process_time

#: Questions asked of each kind, after those that warm up.
ASKED, WARM = 200, 20
#: Characters of the longest question.
LONGEST = 80


def _written(into: Path, count: int, shipped: Path) -> None:
    """So many articles in both languages; each copy says some words of its own in every passage."""
    chance = Random(7)
    slugs = sorted(path.name.removesuffix(".fr.md") for path in shipped.glob("*.fr.md"))
    made = 0
    while made < count:
        slug, number = slugs[made // 2 % len(slugs)], made // 2 // len(slugs)
        own = " ".join("".join(chance.choices("aeioubcdflmnprst", k=7)) for _ in range(12))
        for lang in ("fr", "en"):
            text = (shipped / f"{slug}.{lang}.md").read_text("utf-8")
            if number:
                text = re.sub(rf"\bslug: {slug}\b", f"slug: {slug}-{number}", text, count=1)
                text = re.sub(r"\naddress: (\S+)", rf"\naddress: \1-{number}", text, count=1)
                text = re.sub(r'\ntitle: "', f'\ntitle: "{own.split()[0].capitalize()} – ', text, count=1)
                text += f"\n{own}\n"
            name = f"{slug}-{number}" if number else slug
            (into / f"{name}.{lang}.md").write_text(text, "utf-8")
            made += 1


def main() -> None:
    """Prints one JSON object: CPU seconds of indexing, CPU milliseconds of a question (median and 95th of 100)."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    own = folder / "kb_articles"
    own.mkdir(parents=True)
    root = Path(__file__).resolve().parents[1]
    _written(own, count, root / "kb_articles")
    os.environ |= {"DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3", "LOG_LEVEL": "ERROR"}
    sys.path.insert(0, str(root))
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], cwd=root, check=True, capture_output=True
    )
    # The house is read from the environment.
    from app.knowledge.loading import load_folder  # noqa: PLC0415
    from app.search import index, place, questions, service  # noqa: PLC0415
    from wsgi import app  # noqa: PLC0415

    with app.app_context():
        report = load_folder(own)
        place.be(folder / "words", meaning="off")
        indexed = _cost(index.synchronise)
        unchanged = _cost(service.refresh)
        service.search("annulé", "fr", words_only=True)
        asked = [one for one in questions.read() if len(one.text) <= LONGEST and one.audience == "public"]
        Random(7).shuffle(asked)
        typing, lexical = [], []
        for number, one in enumerate(asked[: ASKED + WARM]):
            quick = service.search(one.text, one.page, typing=True).took_ms
            whole = service.search(one.text, one.page, words_only=True).took_ms
            if number >= WARM:
                typing.append(quick)
                lexical.append(whole)
        found = {
            "articles": len(report.loaded), "index_s": indexed, "unchanged_s": unchanged,
            "typing_ms": _of(typing), "lexical_ms": _of(lexical),
        }  # fmt: skip
        print(json.dumps(found))


def _cost(work: object) -> float:
    began = process_time()
    work()  # type: ignore[operator]
    return round(process_time() - began, 2)


def _of(took: list[float]) -> list[float]:
    some = sorted(took)
    return [round(some[len(some) // 2], 2), round(some[len(some) * 95 // 100], 2)]


if __name__ == "__main__":
    main()
