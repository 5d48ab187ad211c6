"""What every test of the house itself needs: where the tree is, and which files belong to the project."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Every file of the project: what git tracks or would track. Outside a git tree, every file but caches."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        names = [Path(os.fsdecode(name)) for name in listed.split(b"\0") if name]
    else:
        skipped = {".venv", "build", "dist", "var", "__pycache__", "node_modules", "static"}
        names = [p.relative_to(ROOT) for p in ROOT.rglob("*")]
        names = [n for n in names if not skipped.intersection(n.parts) and not n.parts[0].endswith("_cache")]
    return sorted(ROOT / name for name in names if (ROOT / name).is_file())


@pytest.fixture(scope="session")
def sources() -> Mapping[Path, ast.Module]:
    """Path relative to src -> syntax tree, for every module of the application."""
    src = ROOT / "src"
    return {p.relative_to(src): ast.parse(p.read_bytes(), str(p)) for p in sorted(src.rglob("*.py"))}


@pytest.fixture(scope="session")
def templates() -> Mapping[Path, str]:
    """Path relative to src -> text, for every template of the application."""
    src = ROOT / "src"
    return {p.relative_to(src): p.read_text("utf-8") for p in sorted(src.glob("**/templates/**/*")) if p.is_file()}


@pytest.fixture(scope="session")
def zonary() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command of this environment, in English and with an empty configuration."""
    script = Path(sys.executable).with_name("zonary")
    command = [str(script)] if script.exists() else [sys.executable, "-m", "zonary.cli.main"]

    def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "ZONARY_LANG": "en", "COLUMNS": "120", "NO_COLOR": "1"}
        return subprocess.run(
            [*command, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    return run


@pytest.fixture(scope="session")
def make() -> str:
    path = shutil.which("make")
    assert path is not None, "make is needed to test the Makefile"
    return path
