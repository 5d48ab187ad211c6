"""The sentences in the scripts of the verifying page, read as a person would: what stands where something is said."""

from __future__ import annotations

import json
import re
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "assets" / "verify"
_TEXT = r'"((?:[^"\\\n]|\\.)*)"'
_SAID = [
    re.compile(r"new (?:Malformed|Unsupported|Untrusted|Wrong)\(" + _TEXT),
    re.compile(r"\b(?:sentence|noun|words|complain|of)\(" + _TEXT),
    re.compile(r"data-say=" + _TEXT),
]
_TABLES = re.compile(r"const (?:LAYER_NAMES|STATUS_NAMES|PLAIN) = \{(.*?)\n\};", re.DOTALL)
_VALUE = re.compile(r": " + _TEXT)


def sentences() -> set[str]:
    found: set[str] = set()
    for path in sorted([*SCRIPTS.rglob("*.js"), *SCRIPTS.glob("*.html")]):
        text = path.read_text("utf-8")
        found |= {said for pattern in _SAID for said in pattern.findall(text)}
        found |= {said for table in _TABLES.findall(text) for said in _VALUE.findall(table)}
    return {json.loads(f'"{said}"') for said in found if said}
