"""Chinese of the sentences of :mod:`zonary.engines.clauses.planes` (see :mod:`zonary.common.language`)."""

from __future__ import annotations

CLAUSES_PLANES: dict[str, str] = {
    "The table has no single column “{column}”.": "表中没有“{column}”列，或者有不止一列。",
    "The column “{column}” is stored as {found}, and has to be {wanted}.": "“{column}”列的存储类型为 {found}，应为 {wanted}。",
    "The column “{name}” is asked for as {one} and as {other}.": "“{name}”列既按 {one} 又按 {other} 读取。",
}
