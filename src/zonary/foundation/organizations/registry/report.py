"""What has to be said of the rows of an import, as a table people open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zonary.common.csv_export import csv_bytes
from zonary.common.language import Language, translate
from zonary.foundation.organizations.models import RegistryImport, RegistryRemark
from zonary.foundation.organizations.registry.rules import Remark

_HEADER = ("Row", "Column", "Cell", "Taken", "Why")
_AT_ONCE = 2_000
Line = tuple[int, str, str, bool, str]
"""Row, column, value, whether it was refused, and why."""


def report_of(found: RegistryImport, language: Language) -> Iterator[bytes]:
    """The report on ``found``, whose digest its last act holds once it is done: always the same bytes."""
    reason = "reason_zh" if language == "zh" else "reason_en"
    rows = RegistryRemark.objects.filter(registry_import=found).order_by("row", "pk")
    return _written(rows.values_list("row", "column", "value", "is_refused", reason).iterator(_AT_ONCE), language)


def report_on(remarks: Iterable[Remark], language: Language) -> Iterator[bytes]:
    """The same of remarks that were never written down: of a trial."""
    lines = (
        (each.row, each.column, each.value, each.is_refused, translate(each.reason.msgid, language, each.reason.params))
        for each in remarks
    )
    return _written(lines, language)


def _written(lines: Iterable[Line], language: Language) -> Iterator[bytes]:
    yes, no = translate("yes", language, {}), translate("no", language, {})

    def rows() -> Iterator[tuple[object, ...]]:
        yield tuple(translate(name, language, {}) for name in _HEADER)
        for row, column, value, is_refused, reason in lines:
            yield row, column, value, no if is_refused else yes, reason

    return csv_bytes(rows())
