"""What the tests of sealing share: a server in memory, a home, and a folder worth sealing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.sealing.fakes import FakeServer
from tests.proof.package.factory import Zone

from zonary.cli import main as command
from zonary.cli.sealing import registering, seal


@pytest.fixture(scope="session")
def zone() -> Zone:
    return Zone()


@pytest.fixture
def server(zone: Zone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeServer:
    """The server every ``zonary seal`` of this test talks to."""
    fake = FakeServer(zone)

    def connect(url: str, token: str | None = None) -> FakeServer:
        fake.token = token
        return fake

    monkeypatch.setattr(seal, "Server", connect)
    monkeypatch.setattr(registering, "_FIRST_PAUSE", 0.001)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ZONARY_TOKEN", "secret-of-the-test")
    monkeypatch.setenv("ZONARY_LANG", "en")
    monkeypatch.delenv("ZONARY_SERVER", raising=False)
    return fake


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of all kinds, in an otherwise empty working directory."""
    monkeypatch.chdir(tmp_path)
    top = tmp_path / "design"
    (top / "sub" / "deep").mkdir(parents=True)
    (top / "empty").mkdir()
    (top / "a.txt").write_bytes(b"first")
    (top / "nothing").write_bytes(b"")
    (top / "sub" / "x.bin").write_bytes(bytes(range(256)) * 40)
    (top / "sub" / "deep" / "方案.txt").write_bytes("中文".encode())
    (top / "large.bin").write_bytes(bytes(range(251)) * 4000)
    (top / "link").symlink_to("a.txt")
    (top / "dangling").symlink_to("/nowhere/at/all")
    return top


@pytest.fixture
def zonary(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs the command here: (exit code, standard output, standard error)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = command.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run
