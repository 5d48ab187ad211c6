"""A fictional policy document, recorded as an officer records it, for the tests of this service."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.five_accounts import AT

LATER = AT + timedelta(hours=1)
NUMBER = "示范〔2026〕1号"
TEXT = """研发支持办法

第一条　为鼓励企业研发，制定本办法。
第二条　申报企业应当同时符合下列条件：
（一）上年度研发费用不低于100万元；
（二）从业人员不超过500人。
第三条　符合条件的，给予一次性奖励10万元。
第四条　企业应当已建立研发准备金制度，或者书面承诺建立。
第六条　按上年度研发费用的10%奖励，最高20万元。"""


def record(by: Any, number: str = NUMBER, text: str = TEXT, *, at: Any = LATER, **words: Any) -> Any:
    """The edition; its document is ``.document``."""
    from zonary.services.incentives.library.actions import Cover, Words, record_document

    cover = Cover(
        number=number, title="研发支持办法", title_english="Measures to support research", issuer="示例管委会"
    )
    usual = {"issued_on": date(2026, 1, 1), "first": date(2026, 1, 1), "last": None, "source": "公报 2026 年第 1 期"}
    return record_document(cover, Words(text=text, **(usual | words)), by=by, at=at)
