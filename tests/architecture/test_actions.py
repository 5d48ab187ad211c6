"""No change without evidence: every public function of an ``actions`` room is an action, called by keyword for `by`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path


def _public_functions(sources: Mapping[Path, ast.Module]) -> dict[str, ast.FunctionDef]:
    return {
        f"{path}:{node.name}": node
        for path, tree in sources.items()
        if path.name == "actions.py" or path.parent.name == "actions"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def test_every_action_leaves_evidence(sources: Mapping[Path, ast.Module]) -> None:
    functions = _public_functions(sources)
    assert functions
    bare = [
        name
        for name, node in functions.items()
        if not any(isinstance(mark, ast.Name) and mark.id == "action" for mark in node.decorator_list)
    ]
    assert bare == []


def test_every_action_is_told_who_acts_and_when(sources: Mapping[Path, ast.Module]) -> None:
    incomplete = [
        name
        for name, node in _public_functions(sources).items()
        if not {"by", "at"} <= {argument.arg for argument in node.args.kwonlyargs}
    ]
    assert incomplete == []


def test_no_room_below_the_doors_reads_the_clock(sources: Mapping[Path, ast.Module]) -> None:
    """Time is resolved at the door and passed in (zonary.common.clock is the one place that knows it)."""
    doors = {"api.py", "views.py", "application.py", "health.py", "metrics.py", "timestamping.py", "serve.py"}
    readers = [
        f"{path}:{node.lineno}"
        for path, tree in sources.items()
        if path.parts[1] in {"proof", "engines", "foundation", "services"} and path.name not in doors
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "clock", "timezone"}
    ]
    assert readers == []
