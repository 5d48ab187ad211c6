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
from zonary.services.evidence.certificates.rendering.sentences import Both, beijing

_MAX_PRINTED = 900
"""Characters of what a machine reported; all of it stands in the package."""
_OUTCOMES = {
    "captured": ("已固定", "captured"),
    "incomplete": ("未完整载入，已固定当时内容", "never loaded whole, captured as it was"),
    "too-much": ("内容超过上限，已固定当时内容", "too large, captured as far as it came"),
    "refused": ("地址不在公共网络，未访问", "not in the public network, not opened"),
    "unreachable": ("无法访问", "could not be reached"),
    "certificate": ("网站证书不受信任，未打开", "the site’s certificate is not trusted, not opened"),
    "redirects": ("不断跳转，已停止", "led on without end, stopped"),
    "download": ("为下载文件，未保存", "a file to be saved, not kept"),
    "stopped": ("浏览器超出限额，已停止", "the browser was stopped"),
}
"""What became of a capture, as it stands on paper."""


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


def captured_of(statement: Statement) -> Both | None:
    """The web page that this service went to itself; None for whatever else was registered.

    Nothing else of ``observed`` is printed as the service's: once what a browser told stood there, too (docs/adr/0029).
    """
    told = {fact.name: _texts(fact, "zh") for fact in observed_facts(statement.observed)}
    try:
        address, number, outcome = told["address"], told["capture"], told["outcome"]
        began, ended = beijing(told["began"]), beijing(told["ended"])
    except (KeyError, ValueError):  # not as the service writes it
        return None
    zh, en = _OUTCOMES.get(outcome, (outcome, outcome))
    return Both(
        f"本平台取证服务自行访问的网页：{address}；{began} 开始，{ended} 结束；结果：{zh}；取证编号 {number}。"
        "所固定的是服务当时所见，不说明网页由谁发布。",
        f"A web page that this service went to by itself; outcome: {en}. What was fixed is what the service saw then; "
        "it does not tell who published it.",
    )


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
