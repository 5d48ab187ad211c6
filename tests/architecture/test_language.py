"""Everything Zonary says has a Chinese sentence with the same places in it, and every place is filled."""

from __future__ import annotations

import ast
import builtins
import importlib
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.assets.scripts import sentences

from zonary.common import language
from zonary.common.language import CATALOGUE as COMMON

SERVICES = Path(__file__).resolve().parents[2] / "src" / "zonary" / "services"
CATALOGUE = dict(COMMON)
for _words in sorted(SERVICES.rglob("words.py")):
    _room = ".".join(_words.relative_to(SERVICES).with_suffix("").parts)
    CATALOGUE.update(importlib.import_module(f"zonary.services.{_room}").WORDS)

SPEAKERS = {"_", "translate", "Sentence", "say", "later", "Destination", "Waiting", "Label"}
"""Calls besides errors whose first argument is a sentence."""
IN_TEMPLATES = re.compile(r"""\{%\s*say\s+(?:"([^"]*)"|'([^']*)')((?:\s+\w+=[^%]*?)?)(?:\s+as\s+\w+)?\s*%\}""")
SAYING_TAG = re.compile(r"\{%\s*say\b[^%]*%\}")


def test_no_sentence_has_two_translations() -> None:
    """Of two catalogues with one sentence the later would win, and the other's page say something else."""
    parts = [value for name, value in vars(language).items() if name.isupper() and isinstance(value, dict)]
    assert len(parts) > 20
    differing = [
        (msgid, chinese, COMMON[msgid]) for part in parts for msgid, chinese in part.items() if COMMON[msgid] != chinese
    ]
    assert not differing


@dataclass(frozen=True)
class Saying:
    where: str
    msgid: str
    given: frozenset[str] | None
    """Names passed for the places; ``None`` when they cannot be read from the source."""


@pytest.fixture(scope="module")
def error_names(sources: Mapping[Path, ast.Module]) -> set[str]:
    """``Error`` and every class of the application derived from it."""
    bases = {
        node.name: {_name(base) for base in node.bases}
        for tree in sources.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"Error"}
    while found := {name for name, parents in bases.items() if parents & known} - known:
        known |= found
    return known - set(dir(builtins))


@pytest.fixture(scope="module")
def sayings(sources: Mapping[Path, ast.Module], error_names: set[str], templates: Mapping[Path, str]) -> list[Saying]:
    speakers = SPEAKERS | error_names
    in_code = [saying for path, tree in sources.items() for saying in _sayings(str(path), tree, speakers)]
    return in_code + [saying for path, text in templates.items() for saying in _sayings_of_template(str(path), text)]


def _sayings_of_template(where: str, text: str) -> Iterator[Saying]:
    for tag in IN_TEMPLATES.finditer(text):
        line = text.count("\n", 0, tag.start()) + 1
        names = frozenset(re.findall(r"(\w+)=", tag[3]))
        yield Saying(f"{where}:{line}", tag[1] or tag[2], names)


def _sayings(where: str, tree: ast.Module, speakers: set[str]) -> Iterator[Saying]:
    scopes = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in [tree, *scopes]:
        calls = [n for n in _own_nodes(scope) if isinstance(n, ast.Call) and _name(n.func) in speakers and n.args]
        used: dict[str, int] = {}
        for call in sorted(calls, key=lambda node: node.lineno):
            first = call.args[0]
            name = first.id if isinstance(first, ast.Name) else ""
            texts = _texts_named(scope, name, after=used.get(name, 0), before=call.lineno)
            for msgid in texts or _literals(first):
                yield Saying(f"{where}:{call.lineno}", msgid, _given(call))
            used[name] = call.lineno


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function or module, without those of functions inside it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from _own_nodes(child)


def _texts_named(scope: ast.AST, name: str, *, after: int, before: int) -> list[str]:
    """Texts the local ``name`` may stand for between two lines, so that ``text = "…"; Sentence(text)`` is seen too."""
    return [
        text
        for node in _own_nodes(scope)
        if isinstance(node, ast.Assign)
        and [_name(target) for target in node.targets] == [name]
        and after <= node.lineno < before
        for text in _literals(node.value)
    ]


def _literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return []


def _given(call: ast.Call) -> frozenset[str] | None:
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    names = {keyword.arg for keyword in call.keywords if keyword.arg}
    if _name(call.func) == "Sentence" and len(call.args) > 1:
        mapping = call.args[1]
        if not isinstance(mapping, ast.Dict):
            return None
        names |= {key.value for key in mapping.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    return frozenset(names)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_sentence_of_a_template_is_seen(templates: Mapping[Path, str]) -> None:
    """What stands in no quotes, or in a shape this test cannot read, would go untranslated unseen."""
    unread = [
        f"{path}: {tag}"
        for path, text in templates.items()
        for tag in SAYING_TAG.findall(text)
        if not IN_TEMPLATES.fullmatch(tag)
    ]
    assert unread == []


def test_there_is_something_to_translate(sayings: list[Saying]) -> None:
    assert len({saying.msgid for saying in sayings}) > 50


def test_every_sentence_has_its_chinese(sayings: list[Saying]) -> None:
    missing = {saying.msgid: saying.where for saying in sayings if saying.msgid not in CATALOGUE}
    assert missing == {}


def test_translations_have_the_same_places() -> None:
    differing = {msgid: chinese for msgid, chinese in CATALOGUE.items() if _places(msgid) != _places(chinese)}
    assert differing == {}


def test_translations_are_chinese() -> None:
    latin = [msgid for msgid, chinese in CATALOGUE.items() if not any(c >= "\u3000" for c in chinese)]
    assert latin == []


def test_every_place_is_filled_where_it_is_said(sayings: list[Saying]) -> None:
    """An unfilled place would be a KeyError instead of a sentence."""
    unfilled = {
        saying.where: _places(saying.msgid) - saying.given
        for saying in sayings
        if saying.given is not None and not _places(saying.msgid) <= saying.given
    }
    assert unfilled == {}


def test_errors_are_raised_with_a_literal(sources: Mapping[Path, ast.Module], error_names: set[str]) -> None:
    """A sentence put together at run time cannot be translated."""
    built = [
        f"{path}:{node.lineno}"
        for path, tree in sources.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and _name(node.exc.func) in error_names
        and node.exc.args
        and isinstance(node.exc.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert built == []


def test_the_catalogue_holds_no_sentence_nobody_says(sources: Mapping[Path, ast.Module], sayings: list[Saying]) -> None:
    said = (
        {saying.msgid for saying in sayings}
        | sentences()
        | {
            node.value
            for path, tree in sources.items()
            if path.parts[:3] != ("zonary", "common", "language") and path.name != "words.py"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    )
    assert [msgid for msgid in CATALOGUE if msgid not in said] == []
