"""A real server and real commands, each user with a home of their own. No mocks here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Person:
    """Somebody with a home directory, who types ``zonary …`` there."""

    home: Path
    config: Path | None = None

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZONARY", "XDG", "DJANGO", "LC_", "LANG"))}
        own = {"XDG_CONFIG_HOME": str(self.config)} if self.config else {}
        return kept | {"HOME": str(self.home), "LANG": "C.UTF-8"} | own | more

    def zonary(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "zonary.cli.main", *map(str, arguments)],
            cwd=self.home, env=self.environment(**environment), capture_output=True, text=True,
            errors="replace", timeout=300,
        )  # fmt: skip

    def ok(self, *arguments: str | Path, **environment: str) -> str:
        """Standard output of a command that must succeed."""
        done = self.zonary(*arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def report(self, *arguments: str | Path) -> dict:
        """``zonary verify --json``."""
        done = self.zonary("verify", "--json", *arguments)
        value = json.loads(done.stdout)
        assert value["exit_code"] == done.returncode
        assert "Traceback" not in done.stderr
        return value


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory):
    """Make a person with an empty home."""

    def make(name: str) -> Person:
        return Person(tmp_path_factory.mktemp(name))

    return make


@pytest.fixture(scope="session")
def owner(server, tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Whoever started the server: its token lies in his configuration."""
    return Person(tmp_path_factory.mktemp("owner"), server.config)


@pytest.fixture(scope="session")
def trust_file(server) -> Path:
    """What the zone hands to anybody who asks."""
    return server.data / "trust.txt"


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """A small design folder with everything a real one has."""
    folder = tmp_path / "design"
    (folder / "sub").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "a.txt").write_bytes(b"first")
    (folder / "sub" / "x.bin").write_bytes(bytes(range(256)) * 5000)
    (folder / "nothing").write_bytes(b"")
    (folder / "link").symlink_to("a.txt")
    with open(os.fsencode(folder) + b"/" + "设计图.dwg".encode("gbk"), "wb") as file:
        file.write(b"drawing")
    return folder


@pytest.fixture(scope="session")
def tool():
    """The path of an outside program; in CI its absence is a failure."""

    def find(name: str) -> str:
        found = shutil.which(name)
        if found is None:
            if os.environ.get("CI"):
                pytest.fail(f"{name} is needed to check packages with other people's tools")
            pytest.skip(f"{name} is not installed here")
        return found

    return find
