from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from zonary.cli.config_home import config_directory, find_token, store_token
from zonary.proof.errors import Error, MalformedError


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config_directory() == tmp_path / ".config" / "zonary"
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    assert config_directory() == tmp_path / ".config" / "zonary"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    assert config_directory() == tmp_path / "elsewhere" / "zonary"


def test_tokens_are_kept_by_url_for_their_owner_alone() -> None:
    assert find_token("http://127.0.0.1:8000") is None
    path = store_token("http://127.0.0.1:8000", "one")
    store_token("https://zone.example/", "two")
    store_token("http://127.0.0.1:8000/", "three")
    assert find_token("http://127.0.0.1:8000") == "three"
    assert find_token("https://zone.example") == "two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_others_may_read_is_refused() -> None:
    path = store_token("http://127.0.0.1:8000", "secret")
    path.chmod(0o644)
    with pytest.raises(Error, match="chmod 600"):
        find_token("http://127.0.0.1:8000")


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', "{", "[" * 100_000, "\x00\xff"])
def test_a_damaged_file_is_left_as_it_is(content: str) -> None:
    path = store_token("http://127.0.0.1:8000", "secret")
    path.write_text(content)
    with pytest.raises(MalformedError, match=r"tokens\.json"):
        find_token("http://127.0.0.1:8000")
    with pytest.raises(MalformedError):
        store_token("http://127.0.0.1:8000", "another")
    assert path.read_text() == content


def test_what_is_written_is_json() -> None:
    path = store_token("http://127.0.0.1:8000", "secret")
    assert json.loads(path.read_text()) == {"http://127.0.0.1:8000": "secret"}
