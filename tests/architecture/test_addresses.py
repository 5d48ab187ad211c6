"""No file of the project names a package registry or a path of some developer's machine."""

from __future__ import annotations

import re
from pathlib import Path

# Put together here, so that this file does not contain what it looks for.
_REGISTRIES = [
    "pypi" + r"\.org",
    "python" + "hosted",
    "npm" + r"js\.(?:org|com)",
    "proxy" + r"\.golang",
    "sum" + r"\.golang",
    "crates" + r"\.io",
    r"(?:^|\s)--(?:extra-)?" + r"index-url\b",
    r"(?:^|\s)--find" + r"-links\b",
]
_PLACES = ["/ro" + "ot", "/wo" + "rk", *([str(Path.home())] if len(Path.home().parts) > 1 else [])]
_REGISTRY = re.compile("|".join(_REGISTRIES).encode())
_MACHINE = re.compile(("(?<![\\w.~$}*/])(?:" + "|".join(map(re.escape, _PLACES)) + ")/").encode())


def _hits(files: list[Path], root: Path, pattern: re.Pattern[bytes]) -> list[str]:
    return [
        f"{path.relative_to(root)}:{number}"
        for path in files
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_registry_address(project_files: list[Path], root: Path) -> None:
    assert _hits(project_files, root, _REGISTRY) == []


def test_no_machine_path(project_files: list[Path], root: Path) -> None:
    assert _hits(project_files, root, _MACHINE) == []


def test_the_tree_itself_is_not_named(project_files: list[Path], root: Path) -> None:
    above = str(root.parent).encode() + b"/"
    assert len(above) < 3 or [str(p) for p in project_files if above in p.read_bytes()] == []


def test_the_patterns_find_what_they_look_for() -> None:
    assert _REGISTRY.search(b"https://" + b"pypi" + b".org/simple")
    assert _MACHINE.search(b"see /" + b"root/project/x")
    assert not _MACHINE.search(b"~/" + b"root/x and https://example.com/" + b"work/x")
