"""What was sealed with a record of its origin, as art. 18 of 人民法院在线诉讼规则 asks for it.

It stands in the statement, so it is no later than the record and cannot be made up for a dispute: that sets it apart
from what was declared afterwards. ``stated`` and ``reported`` are the holder's word (``specs/origin.md``); ``observed``
is this service's, which keeps no statement that was made elsewhere and has anything there.
"""

from __future__ import annotations

from collections.abc import Iterable

from zonary.common.language import Language, translate
from zonary.proof.origin import Fact, Text, observed_facts, reported_facts, stated_facts
from zonary.proof.statement import Statement
from zonary.services.evidence.certificates.rendering.sentences import Both

_MAX_PRINTED = 900
"""Characters of what a machine reported; all of it stands in the package."""
_CAPTURED = {
    "capture": "网页取证编号 capture",
    "address": "网址 address",
    "began": "开始 began",
    "ended": "结束 ended",
    "outcome": "结果 outcome",
}
"""What the service writes into the statement of a web page that it captured, as the pages call it.

Nothing else: once what a browser told stood there, too, which is no word of the service's (docs/adr/0029).
"""


def stated_of(statement: Statement, *names: str) -> tuple[str, ...]:
    """What a person stated under these names, with what it is called."""
    return tuple(
        f"{_word(fact.label, 'zh')}：{_texts(fact, 'zh')}"
        for fact in stated_facts(statement.declared)
        if fact.name in names
    )


def reported_of(statement: Statement) -> Both | None:
    """What the holder's program or browser reported of its machine; None where it reported nothing."""
    return _together(reported_facts(statement.declared))


def observed_of(statement: Statement) -> Both | None:
    """What this service saw for itself, such as the address of a web page; None where it saw nothing."""
    seen = [
        Fact(each.name, _CAPTURED[each.name], each.texts)
        for each in observed_facts(statement.observed)
        if each.name in _CAPTURED
    ]
    return _together(seen)


def _together(facts: Iterable[Fact]) -> Both | None:
    told = list(facts)
    if not told:
        return None
    zh = "；".join(f"{_word(fact.label, 'zh')}：{_texts(fact, 'zh')}" for fact in told)
    if len(zh) > _MAX_PRINTED:
        zh = f"{zh[:_MAX_PRINTED]}……（全文见 statement.json）"
    return Both(zh, "; ".join(dict.fromkeys(_word(fact.label, "en") for fact in told)))


def _texts(fact: Fact, language: Language) -> str:
    return " · ".join(_word(text, language) for text in fact.texts)


def _word(text: Text, language: Language) -> str:
    return text if isinstance(text, str) else translate(text.msgid, language, text.params)
