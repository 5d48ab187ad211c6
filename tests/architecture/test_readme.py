"""The README's commands are the ones that exist, in both languages."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

READMES = ["README.md", "README.zh-CN.md"]
COMMAND_ROW = re.compile(r"^\| `zonary ([a-z]+)", re.MULTILINE)
HELP_ROW = re.compile(r"^ {2,4}([a-z]+)\s{2,}\S", re.MULTILINE)
Run = Callable[..., subprocess.CompletedProcess[str]]


def _targets(root: Path) -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (root / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", READMES)
def test_readme_begins_with_the_two_commands(root: Path, name: str) -> None:
    text = (root / name).read_text("utf-8")
    first_block = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    assert first_block is not None
    assert first_block.start() < 1200
    commands = [line.split("#")[0].strip() for line in first_block.group(1).splitlines()]
    assert commands == ["make run", "make test"]


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md"])
def test_make_targets_named_in_readme_exist(root: Path, name: str) -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b(?![^`\n]*’)", _code_of((root / name).read_text("utf-8"))))
    assert named
    assert named - _targets(root) == set()


def _code_of(markdown: str) -> str:
    """Only what stands between back-quotes; "make" is an English word too."""
    blocks = re.findall(r"```[a-z]*\n(.*?)```", markdown, re.DOTALL)
    return "\n".join(blocks + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)))


@pytest.mark.parametrize("name", READMES)
def test_readme_lists_the_commands_of_help(root: Path, zonary: Run, name: str) -> None:
    shown = zonary("--help")
    assert shown.returncode == 0, shown.stderr
    commands = set(HELP_ROW.findall(shown.stdout))
    assert {"seal", "verify", "serve"} <= commands
    assert set(COMMAND_ROW.findall((root / name).read_text("utf-8"))) == commands


def test_make_alone_prints_the_index(root: Path, make: str) -> None:
    shown = subprocess.run([make, "--no-print-directory"], cwd=root, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^  make ([a-z-]+)", shown.stdout, re.MULTILINE))
    assert listed == _targets(root)
    assert {"setup", "run", "test", "check", "bench", "fsck", "docs", "clean"} <= listed


def test_ci_runs_the_readmes_test_command(root: Path) -> None:
    script = (root / ".ci" / "run").read_text("utf-8")
    assert "make test" in script
    assert "|| true" not in script
