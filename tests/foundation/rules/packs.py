"""A rule pack that can be released, and what makes it one that cannot."""

from __future__ import annotations

import json
from typing import Any

CASES = [
    ("都符合", {"rd-expense@2025": "100万元", "staff": "500人"}, "符合"),
    ("研发费用少一分", {"rd-expense@2025": "999999.99元", "staff": "500人"}, "不符合"),
    ("多一个人", {"rd-expense@2025": "100万元", "staff": "501人"}, "不符合"),
    ("不知研发费用", {"staff": "500人"}, "待补"),
]


def pack(**changes: Any) -> dict[str, Any]:
    """The pack as JSON; ``changes`` replace fields of it."""
    usual = {
        "version": "zonary-rules/1",
        "id": "rd-support",
        "number": "示范〔2026〕1号",
        "title": {"zh": "研发支持办法", "en": "Measures to support research"},
        "terms": [
            {
                "id": "rd-expense",
                "name": {"zh": "研发费用", "en": "R&D spending"},
                "kind": "money",
                "annual": True,
                "source": "税务局共享",
            },
            {
                "id": "staff",
                "name": {"zh": "从业人员", "en": "staff"},
                "kind": "count",
                "unit": {"zh": "人", "en": "people"},
            },
        ],
        "clauses": [
            {
                "id": "rd",
                "article": "第二条第（一）项",
                "quote": "上年度研发费用不低于100万元",
                "sentence": "上年度研发费用不低于100万元",
            },
            {
                "id": "size",
                "article": "第二条第（二）项",
                "quote": "从业人员不超过500人",
                "sentence": "从业人员不超过500人",
            },
        ],
        "items": [
            {
                "id": "support",
                "title": {"zh": "研发支持", "en": "Support for research"},
                "condition": {"all": ["rd", "size"]},
                "first": "2026-01-01",
            }
        ],
        "cases": [
            {"name": name, "day": "2026-06-01", "data": data, "expected": {"support": result}}
            for name, data, result in CASES
        ],
    }
    return {**usual, **changes}


def data_of(given: dict[str, Any]) -> bytes:
    """As it is sent: with blanks and in any order."""
    return json.dumps(given, ensure_ascii=False, indent=1).encode()
