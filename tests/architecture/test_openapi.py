"""The committed OpenAPI document is valid, and the one the server shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def committed(root: Path) -> bytes:
    return (root / "docs" / "openapi.json").read_bytes()


def test_openapi_document_is_valid(committed: bytes) -> None:
    validator = pytest.importorskip("openapi_spec_validator", reason="a development requirement is missing")
    validator.validate(json.loads(committed))


def test_openapi_document_is_the_servers(committed: bytes, root: Path) -> None:
    """`make openapi` writes it anew."""
    rule = (root / "Makefile").read_text("utf-8").partition("\nopenapi:")[2].split("\n\n")[0]
    script = re.search(r"-c '([^']+)'", rule)
    assert script is not None
    shown = subprocess.run([sys.executable, "-c", script.group(1)], cwd=root, capture_output=True, check=False)
    assert shown.returncode == 0, shown.stderr.decode()
    is_current = shown.stdout == committed
    assert is_current, "docs/openapi.json is not what the code says; type: make openapi"


def test_every_address_of_the_guide_is_in_it(committed: bytes, root: Path) -> None:
    described = set(json.loads(committed)["paths"])
    page = (root / "docs" / "guide" / "en" / "api.md").read_text("utf-8")
    named = {re.sub(r"\$ID", "{public_id}", path) for path in re.findall(r"\$URL(/api/v1/[\w/$]+)", page)}
    unnamed = {re.sub(r"\{[^}]+\}", "{}", path) for path in described}
    assert {re.sub(r"\{[^}]+\}", "{}", path) for path in named} <= unnamed
