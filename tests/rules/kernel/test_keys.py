"""The secrets of the house and the links derived from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel import keys


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[Path]:
    """A house with a secret of its own; the one before is put back."""
    before = (keys._Ring.root, keys._Ring.folder, keys._Ring.sealing)
    keys.unlock(tmp_path, production=False)
    yield tmp_path
    keys._Ring.root, keys._Ring.folder, keys._Ring.sealing = before


def test_a_link_proves_its_row_its_purpose_and_its_generation(ring: Path) -> None:
    nonce = keys.nonce()
    token = keys.link_token("tracking", nonce, 1)
    assert keys.nonce_of(token) == nonce
    assert keys.proves(token, "tracking", nonce, 1)
    assert not keys.proves(token, "choice", nonce, 1)
    assert not keys.proves(token, "tracking", nonce, 2)
    assert not keys.proves(token, "tracking", keys.nonce(), 1)
    assert len(token) * 5 >= (keys.NONCE + keys.PROOF) * 8
    assert keys.PROOF * 8 >= 128


def test_any_changed_letter_breaks_a_link(ring: Path) -> None:
    nonce = keys.nonce()
    token = keys.link_token("tracking", nonce, 1)
    changed = [token[:at] + ("a" if token[at] != "a" else "b") + token[at + 1 :] for at in range(16, len(token))]
    assert not any(keys.proves(one, "tracking", nonce, 1) for one in changed)


@pytest.mark.parametrize("token", ["", "a", "é" * 42, "x" * 65, "1" * 42, "a" * 41, "a" * 43, "\x00" * 42])
def test_what_is_no_token_names_no_row(ring: Path, token: str) -> None:
    assert keys.nonce_of(token) is None


def test_another_house_does_not_know_our_links(ring: Path, tmp_path: Path) -> None:
    nonce = keys.nonce()
    token = keys.link_token("tracking", nonce, 1)
    keys.unlock(tmp_path / "other", production=False)
    assert not keys.proves(token, "tracking", nonce, 1)
    keys.unlock(ring, production=False)
    assert keys.proves(token, "tracking", nonce, 1)


def test_keys_of_different_purposes_have_nothing_in_common(ring: Path) -> None:
    assert len({keys.derived(purpose) for purpose in ("cookies", "link", "numbers")}) == 3
    assert keys.derived("cookies") == keys.derived("cookies")
    assert len(keys.derived("cookies", 12)) == 12


def test_production_refuses_what_development_makes(ring: Path, tmp_path: Path) -> None:
    with pytest.raises(keys.KeyMissing, match="flask keys make"):
        keys.unlock(tmp_path / "none", production=True)
    path = keys.make(tmp_path / "prod")
    keys.unlock(path.parent, production=True)
    path.chmod(0o640)
    with pytest.raises(keys.KeyMissing, match="read by others"):
        keys.unlock(path.parent, production=True)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(keys.KeyMissing, match="shorter"):
        keys.unlock(path.parent, production=True)


def test_nothing_is_derived_without_a_secret(ring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys._Ring, "root", b"")
    with pytest.raises(keys.KeyMissing):
        keys.derived("link")
