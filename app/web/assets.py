"""Style sheets, scripts and fonts: squeezed once, served by WhiteNoise, kept until their content changes."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

YEAR_SECONDS = 365 * 24 * 3600
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init(app: Flask, data_dir: Path) -> None:
    """Serve static files in front of the application."""
    folder = squeezed(Path(app.static_folder or ""), data_dir)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=folder, prefix="static/", max_age=YEAR_SECONDS, add_headers_function=_add_headers
    )


def squeezed(source: Path, data_dir: Path) -> Path:
    """A copy of the static folder with a compressed twin of each text, made when the folder's content is new."""
    digest = hashlib.sha256()
    for path in sorted(source.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(source).as_posix().encode() + path.read_bytes())
    target = data_dir / f"static-{digest.hexdigest()[:12]}"
    if not target.exists():
        _make(source, target)
    return target


def _make(source: Path, target: Path) -> None:
    part = Path(tempfile.mkdtemp(dir=target.parent, prefix="static-part-"))
    shutil.copytree(source, part, dirs_exist_ok=True)
    part.chmod(0o755)
    compressor = Compressor(quiet=True)
    for path in part.rglob("*"):
        if path.is_file() and compressor.should_compress(path.name):
            compressor.compress(str(path))
    try:
        part.rename(target)
    except OSError:  # another process was quicker with the same content
        shutil.rmtree(part, ignore_errors=True)


def asset(name: str) -> str:
    """The address of a static file, with a mark that changes when its content does."""
    app = current_app
    return _address(name, app.static_url_path or "", app.static_folder or "")


@lru_cache(maxsize=256)
def _address(name: str, under: str, folder: str) -> str:
    mark = hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:10]
    return f"{under}/{name}?v={mark}"


def _add_headers(headers: dict[str, str], _path: str, _url: str) -> None:
    for name, value in _HEADERS.items():
        headers[name] = value
