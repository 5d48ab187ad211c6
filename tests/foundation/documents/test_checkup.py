"""Contents in the store are compared with the digests their receipts say: some of them, or all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="documents need the [web] extra")

from tests.foundation.documents.arriving import bring


def findings(*, is_whole: bool = False) -> list[tuple[str, str]]:
    """Severity and sentence of each."""
    from zonary.foundation.documents.checkup import check_contents

    found = list(check_contents(is_whole=is_whole))
    assert {each.check for each in found} == {"contents"}
    return [(each.severity.value, each.found.msgid.format(**each.found.params)) for each in found]


def place_of(data: Any, version: Any) -> Path:
    name = bytes(version.content.sha256).hex()
    return Path(data.path) / "documents" / name[:2] / name[2:4] / name


@pytest.mark.parametrize("is_whole", [True, False])
def test_what_is_as_it_came(five: Any, data: Any, is_whole: bool) -> None:
    assert findings(is_whole=is_whole) == [("ok", "0 of 0 contents of documents are as they came.")]
    for number in range(3):
        bring(five.owner, f"contract {number}".encode())
    bring(five.owner, b"contract 0")  # the same content is kept once
    assert findings(is_whole=is_whole) == [("ok", "3 of 3 contents of documents are as they came.")]


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_what_is_not(five: Any, data: Any, damage: str, is_whole: bool) -> None:
    bring(five.owner, b"contract")
    version = bring(five.owner, b"drawing")
    place = place_of(data, version)
    place.chmod(0o600)
    if damage == "changed":
        place.write_bytes(b"Drawing")
    elif damage == "cut":
        place.write_bytes(b"draw")
    else:
        place.unlink()
    [(severity, sentence)] = findings(is_whole=is_whole)
    assert severity == "fault"
    assert place.name in sentence


def test_a_sample_is_bounded(five: Any, data: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.foundation.documents import checkup

    for number in range(8):
        bring(five.owner, b"x" * (10 + number))
    monkeypatch.setattr(checkup, "SAMPLED", 3)
    assert findings() == [("ok", "3 of 8 contents of documents are as they came.")]
    monkeypatch.setattr(checkup, "SAMPLED", 100)
    monkeypatch.setattr(checkup, "SAMPLED_BYTES", 20)
    assert findings()[0][1].startswith("1 of 8")
    assert findings(is_whole=True) == [("ok", "8 of 8 contents of documents are as they came.")]


def test_many_faults_are_counted(five: Any, data: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.foundation.documents import checkup

    monkeypatch.setattr(checkup, "_TOLD", 2)
    for number in range(5):
        place_of(data, bring(five.owner, bytes([number]))).unlink()
    found = findings(is_whole=True)
    assert [severity for severity, _ in found] == ["fault"] * 3
    assert found[-1][1] == "So are 3 more contents of documents."
