"""No change without evidence: every public function of an ``actions`` room is an action, called by keyword for `by`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest


def _public_functions(sources: Mapping[Path, ast.Module]) -> dict[str, ast.FunctionDef]:
    return {
        f"{path}:{node.name}": node
        for path, tree in sources.items()
        if path.name == "actions.py" or path.parent.name == "actions"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def _bare(sources: Mapping[Path, ast.Module]) -> list[str]:
    """Public functions of ``actions`` rooms that are no actions."""
    return [
        name
        for name, node in _public_functions(sources).items()
        if not any(isinstance(mark, ast.Name) and mark.id == "action" for mark in node.decorator_list)
    ]


def _incomplete(sources: Mapping[Path, ast.Module]) -> list[str]:
    """Those that are not told by keyword who acts, and when."""
    return [
        name
        for name, node in _public_functions(sources).items()
        if not {"by", "at"} <= {argument.arg for argument in node.args.kwonlyargs}
    ]


def test_every_action_leaves_evidence(sources: Mapping[Path, ast.Module]) -> None:
    assert _public_functions(sources)
    assert _bare(sources) == []


def test_every_action_is_told_who_acts_and_when(sources: Mapping[Path, ast.Module]) -> None:
    assert _incomplete(sources) == []


_GOOD = "@action\ndef award_bid(bid, *, by, at): record(BidAwarded(), by=by, at=at)\n"


@pytest.mark.parametrize("place", ["services/bids/actions.py", "services/bids/actions/awarding.py"])
def test_a_slip_in_an_actions_room_would_be_seen(place: str) -> None:
    def look(text: str) -> tuple[list[str], list[str]]:
        slip = {Path("zonary") / place: ast.parse(text)}
        return _bare(slip), _incomplete(slip)

    name = f"zonary/{place}:award_bid"
    assert look(_GOOD) == ([], [])
    assert look(_GOOD.replace("@action\n", "")) == ([name], [])
    assert look(_GOOD.replace("@action", "@transaction.atomic")) == ([name], [])
    assert look(_GOOD.replace("*, by, at", "by, *, at")) == ([], [name])
    assert look(_GOOD.replace(", at)", ")")) == ([], [name])


_WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "_raw_delete"}
_WRITES |= {f"a{name}" for name in _WRITES}
_WRITERS = {"actions.py", "actions", "migrations", "ledger"}
"""Rooms that may write through the ORM: actions, tables being made, and the ledger, which has its own tables alone."""
_DERIVED = {
    "foundation/notifications/deliveries.py",
    "foundation/notifications/inbox/messages.py",
    "foundation/notifications/inbox/sending.py",
    "foundation/search/indexing.py",
    "services/evidence/digest_index.py",
    "services/evidence/tasks/__init__.py",
    "services/evidence/tasks/further.py",
    "services/incentives/matching/tasks.py",
    "foundation/documents/uploads.py",
}
"""They write nothing but tables that ``zonary.config.unrecorded`` names."""


def test_tables_are_written_in_actions_alone(sources: Mapping[Path, ast.Module]) -> None:
    writes = [
        f"{path}:{node.lineno}"
        for path, tree in sources.items()
        if path.parts[1] in {"foundation", "services", "portal", "config", "common"}
        and not _WRITERS & set(path.parts)
        and "/".join(path.parts[1:]) not in _DERIVED
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_write(node.func)
    ]
    assert writes == []


def _is_write(called: ast.Attribute) -> bool:
    """``update`` is a method of too many things: it counts when it is called on rows."""
    if called.attr in _WRITES:
        return True
    chain = {node.attr for node in ast.walk(called.value) if isinstance(node, ast.Attribute)}
    return called.attr == "update" and bool(chain & {"objects", "filter", "exclude"})


def test_a_write_elsewhere_would_be_seen() -> None:
    for slip in ("Row.objects.filter(a=1).update(b=2)", "row.save()", "Row.objects.create(a=1)", "rows.delete()"):
        call = ast.parse(slip, mode="eval").body
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        assert _is_write(call.func), slip


def test_nothing_goes_around_the_cursors_that_are_watched(sources: Mapping[Path, ast.Module]) -> None:
    """The guard of ledger.guard sees ``execute`` and ``executemany`` of Django's cursors, and nothing else."""
    around = [
        f"{path}:{node.lineno}"
        for path, tree in sources.items()
        if path.parts[1] in {"foundation", "services", "portal", "config", "cli"}
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (node.attr in {"executescript", "callproc", "copy_expert"} or _is_drivers_own(node))
    ]
    # One PRAGMA that reads, asked many times a second.
    assert [place.rpartition(":")[0] for place in around] == ["zonary/foundation/ledger/sources.py"]


def _is_drivers_own(node: ast.Attribute) -> bool:
    return node.attr == "connection" and isinstance(node.value, ast.Name) and node.value.id == "connection"


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
