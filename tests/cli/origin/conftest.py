"""The server, the home and the command of the tests of sealing, beside real Git repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.sealing import conftest as sealing

zone, server, folder, zonary = sealing.zone, sealing.server, sealing.folder, sealing.zonary
Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Runs Git in the folder ``design``, or another: what it printed."""
    if shutil.which("git") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("git is not installed")
    names = {f"GIT_{role}_NAME": "Ada Lovelace" for role in ("AUTHOR", "COMMITTER")}
    mails = {f"GIT_{role}_EMAIL": "ada@rig.example" for role in ("AUTHOR", "COMMITTER")}

    def run(*arguments: object, at: str = "design") -> str:
        done = subprocess.run(
            ["git", "-C", str(tmp_path / at), "-c", "init.defaultBranch=main", *map(str, arguments)],
            env={**os.environ, **names, **mails, "GIT_CONFIG_GLOBAL": os.devnull}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture
def committed(folder: Path, git: Git) -> str:
    """The folder as a clean work tree: the id of its one commit."""
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    return git("rev-parse", "HEAD")
