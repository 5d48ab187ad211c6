"""Files and functions stay short enough to read, and every module has a name of its own."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
NAMELESS = {"utils", "util", "helpers", "helper", "misc", "tools", "shared"}


def test_no_file_is_over_400_lines(root: Path) -> None:
    lengths = {p: len(p.read_text("utf-8").splitlines()) for p in (root / "src").rglob("*.py")}
    assert lengths
    assert {str(p.relative_to(root)): n for p, n in lengths.items() if n > MAX_FILE_LINES} == {}


def test_no_function_is_over_50_lines(sources: Mapping[Path, ast.Module]) -> None:
    long = {
        f"{path}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path, tree in sources.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_no_module_is_a_drawer_for_everything(sources: Mapping[Path, ast.Module]) -> None:
    parts = {path: {*path.parent.parts, path.stem} for path in sources}
    odd = [
        str(path)
        for path, names in parts.items()
        if any(name in NAMELESS or name.rpartition("_")[2] in NAMELESS for name in names)
    ]
    assert odd == []
