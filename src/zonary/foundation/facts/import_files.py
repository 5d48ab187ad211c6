"""Tables of facts as officers get them: which column is which, and what a row says."""

from __future__ import annotations

from pathlib import Path

from zonary.common.tables import Bounds, find_columns, open_table, wanted_cells
from zonary.foundation.facts.actions.importing import MAX_ROWS, ImportRow
from zonary.foundation.facts.indicators import INDICATORS, PURPOSES
from zonary.foundation.facts.rules import Claim

COLUMNS = {
    "uscc": ("统一社会信用代码",),
    "indicator": ("指标",),
    "value": ("数值", "值"),
    "unit": ("单位",),
    "period": ("所属期", "期间"),
    "source": ("来源",),
    "sharing_basis": ("共享依据",),
    "use_limit": ("用途", "使用范围"),
    "document": ("文件摘要", "sha256"),
    "consent": ("同意", "同意编号"),
    "consent_not_needed": ("无需同意的理由",),
}
"""Field -> its names in files."""
REQUIRED = ("uscc", "indicator", "value", "period")
BOUNDS = Bounds(file_bytes=8_000_000, unpacked_bytes=60_000_000, rows=MAX_ROWS, columns=64, cells=200_000)

_INDICATORS = {each.chinese: code for code, each in INDICATORS.items()}
_PURPOSES = {chinese: code for code, (chinese, _english) in PURPOSES.items()}
_UNITS = {
    "分": "fen",
    "元": "yuan",
    "万元": "wan-yuan",
    "人": "person",
    "件": "piece",
    "平方米": "m2",
    "公顷": "hectare",
    "吨标准煤": "tce",
    "千瓦时": "kwh",
    "吨": "tonne",
    "次": "time",
    "年": "year",
    "级": "level",
    "%": "percent",
}
_SEPARATORS = str.maketrans("，、；;,", "     ")


def read_rows(path: Path) -> list[ImportRow]:
    """All rows of the file; whether each is right is for the import to say. Chinese names stand for codes.

    :raises TableError: when it is no table that can be read, or lacks a column.
    """
    table = open_table(path, bounds=BOUNDS)
    columns = find_columns(table.header, COLUMNS, REQUIRED)
    return [_row(number, wanted_cells(cells, columns)) for number, cells in table.rows()]


def _row(number: int, cells: dict[str, str]) -> ImportRow:
    said = {name: cells.get(name, "").strip() for name in COLUMNS}
    claim = Claim(
        indicator=_INDICATORS.get(said["indicator"], said["indicator"]),
        value=said["value"],
        unit=_UNITS.get(said["unit"], said["unit"]),
        period=said["period"],
        source=said["source"],
        document=said["document"].lower(),
        sharing_basis=said["sharing_basis"],
        use_limit=tuple(_PURPOSES.get(each, each) for each in said["use_limit"].translate(_SEPARATORS).split()),
        consent=said["consent"],
        consent_not_needed=said["consent_not_needed"],
    )
    return ImportRow(number, said["uscc"].upper(), claim)
