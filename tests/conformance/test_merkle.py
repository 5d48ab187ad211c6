"""Proof vectors of transparency-dev/merkle (``merkle/``)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zonary.proof import merkle
from zonary.proof.errors import VerificationError

Vector = dict[str, Any]


def _vectors(folder: Path) -> Iterator[tuple[str, Vector]]:
    for path in sorted(folder.rglob("*.json")):
        yield str(path.relative_to(folder)), json.loads(path.read_text("utf-8"))


def _bytes(vector: Vector, name: str) -> bytes:
    return base64.b64decode(vector[name])


def _proof(vector: Vector) -> list[bytes]:
    return [base64.b64decode(value) for value in vector["proof"] or []]


def _inclusion(vector: Vector) -> None:
    merkle.verify_inclusion(
        index=vector["leafIdx"],
        size=vector["treeSize"],
        leaf=_bytes(vector, "leafHash"),
        proof=_proof(vector),
        root=_bytes(vector, "root"),
    )


def _subtree_inclusion(vector: Vector) -> None:
    merkle.verify_subtree_inclusion(
        index=vector["leafIdx"],
        start=vector["start"],
        end=vector["end"],
        leaf=_bytes(vector, "leafHash"),
        proof=_proof(vector),
        root=_bytes(vector, "root"),
    )


def _consistency(vector: Vector) -> None:
    merkle.verify_consistency(
        size1=vector["size1"],
        size2=vector["size2"],
        root1=_bytes(vector, "root1"),
        root2=_bytes(vector, "root2"),
        proof=_proof(vector),
    )


def _subtree_consistency(vector: Vector) -> None:
    merkle.verify_subtree_consistency(
        start=vector["start"],
        end=vector["end"],
        size=vector["size"],
        root1=_bytes(vector, "root1"),
        root2=_bytes(vector, "root2"),
        proof=_proof(vector),
    )


@pytest.mark.parametrize(
    ("folder", "verify"),
    [
        ("inclusion", _inclusion),
        ("consistency", _consistency),
        ("subtreeinclusion", _subtree_inclusion),
        ("subtreeconsistency", _subtree_consistency),
    ],
)
def test_proofs(vectors: Path, folder: str, verify: Callable[[Vector], None]) -> None:
    wrong: list[str] = []
    verdicts: set[bool] = set()
    for name, vector in _vectors(vectors / "merkle" / folder):
        try:
            verify(vector)
            rejected = False
        except VerificationError:
            rejected = True
        verdicts.add(rejected)
        if rejected != vector["wantErr"]:
            wrong.append(f"{name}: {vector['desc']}")
    assert wrong == []
    assert verdicts == {True, False}
