"""A rule set as others wrote it down becomes an item by clicks and typing, until another officer can release it."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.browser.test_incentive_editor import send

RULE_SET = "高新技术企业"
SENTENCES = {
    "(一)": "自成立日期起已满一年",
    "(二)": "经认定，拥有主要产品核心技术的知识产权",
    "(三)": "经认定，核心技术属于国家重点支持的高新技术领域",
    "(五)1": "最近一年销售收入不超过5000万元的，近三个会计年度研发费用总额占同期销售收入总额的比例不低于5%",
    "(五)3": "最近一年销售收入超过2亿元的，近三个会计年度研发费用总额占同期销售收入总额的比例不低于3%",
    "(五)其中": "近三个会计年度境内研发费用总额占同期研发费用总额的比例不低于60%",
    "(七)": "经认定，创新能力评价达到相应要求",
    "(八)": "近一年内未发生重大安全事故，且近一年内未发生重大质量事故，且近一年内未发生严重环境违法行为",
}
"""What an officer has each of its sentences say; none of them is a rule as it stands."""
TYPED = {"(五)3", "(五)其中"}
"""Those that are not among the sentences proposed: the first leaves out what it compares, the second two years."""
TERMS = (
    ("revenue", "销售收入", "sales revenue", "money"),
    ("rd-domestic", "境内研发费用", "R&D spending in China", "money"),
    ("innovation", "创新能力评价达到相应要求", "the capability to innovate is as required", "judgement"),
)


def rows(vectors: Path, name: str) -> list[dict[str, str]]:
    with (vectors / "eligibility" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def begin(officer: Any, number: str, title: str, text: str) -> str:
    """The editor's address."""
    send(officer, number=number, title=title, title_english="Measures", issuer="示例片区管委会", text=text,
         issued_on="2026-01-01", source="公报")  # fmt: skip
    officer.wait_for_selector(".policy-text")
    officer.click("text=编写规则 >> nth=-1")
    send(officer, item_title=title, item_title_english="Recognition")
    officer.wait_for_url(re.compile(r"/editor/[0-9a-f-]{36}/clauses"))
    return str(officer.url.rpartition("/")[0])


def say(officer: Any, editor: str, quote: str, sentence: str) -> bool:
    """A clause for words of the document; whether its sentence was among those proposed."""
    officer.goto(editor + "/clauses")
    officer.click("details.left-over summary")
    officer.locator("details.left-over a", has_text=quote).click()
    assert officer.input_value("[name=quote]") == quote
    assert officer.input_value("[name=sentence]") == ""  # a proposal is no clause, and stands in no field by itself
    whole = re.compile(f"^{re.escape(sentence)}$")
    proposed = officer.locator(".proposed li", has=officer.locator(".proposal", has_text=whole))
    was_proposed = bool(proposed.count())
    if was_proposed:
        proposed.locator("a").click()
    else:
        officer.locator("[name=sentence]").fill(sentence)
    officer.wait_for_selector("#check .alert-success")
    if sentence.startswith("经认定"):
        officer.select_option("[name=judging]", "human")
    officer.locator("form:has([name=sentence]) button[type=submit]").click()
    officer.wait_for_selector(".messages, .alert-success")
    return was_proposed


def test_the_conditions_of_a_high_tech_enterprise_are_handed_over(visit: Any, vectors: Path) -> None:
    quotes = {row["clause"]: row["text"] for row in rows(vectors, "clauses") if row["rule_set"].startswith(RULE_SET)}
    assert quotes.keys() == SENTENCES.keys()
    text = "\n".join(["第十一条　认定为高新技术企业须同时满足以下条件：", *(f"{each}；" for each in quotes.values())])
    officer = visit("/incentives/documents/new", who="officer")
    editor = begin(officer, "示范〔2026〕31号", "高新技术企业认定条件", text)
    assert officer.locator("[name=place]").count() == 0
    assert officer.locator("details.left-over li").count() == len(quotes)  # none is a rule as it stands

    for id, name, english, kind in TERMS:
        officer.goto(editor + "/words")
        officer.click("summary:has-text('添加术语')")
        if kind == "money":
            officer.check("[name=term-annual]")
        fields = {"term-id": id, "term-name": name, "term-name_english": english, "term-kind": kind}
        send(officer, "form:has([name=term-id])", **fields)
    proposed = {clause for clause, quote in quotes.items() if say(officer, editor, quote, SENTENCES[clause])}
    assert proposed == SENTENCES.keys() - TYPED
    assert officer.locator("details.left-over").count() == 0

    officer.goto(editor + "/cases")
    for box in officer.locator("[name=case]").all():
        box.check()
    officer.click("text=采用所选用例")
    officer.goto(editor + "/propose")
    assert "没有阻止发布的问题" in officer.inner_text("main")
    officer.fill("[name=note]", "首次编写")
    officer.click("text=提交规则")
    officer.wait_for_url(re.compile(r"/rules/drafts/[0-9a-f-]{36}$"))
    assert visit.said == []


def test_the_bands_of_a_score_are_typed_and_what_overlaps_is_told_at_its_row(
    visit: Any, barriers: Any, vectors: Path
) -> None:
    bands = [row for row in rows(vectors, "kejixing_sme_score") if row["art"] == "第七条2(1)"]
    officer = visit("/incentives/documents/new", who="officer", bypass_csp=True)
    editor = begin(officer, "示范〔2026〕32号", "研发投入评分", "第七条　研发费用总额占销售收入总额的比例，分档计分。")
    officer.goto(editor + "/table?kind=rows")
    for name, value in {"name": "研发投入得分", "name_english": "points", "unit": "分", "article": "第七条",
                        "quote": "分档计分", "otherwise": "0"}.items():  # fmt: skip
        officer.fill(f"[name={name}]", value)
    officer.fill("#reads-0", "上年度研发费用占营业收入的比例")
    officer.press("#reads-0", "Tab")
    officer.wait_for_selector("#cell-0-0-low")
    assert officer.input_value("#unit-0") == "%"
    for number, band in enumerate(bands):
        if number:
            officer.click("text=添加行")
            officer.wait_for_selector(f"#gives-{number}")
        for end, key in (("low", "lower_incl"), ("high", "upper_excl")):
            officer.fill(f"#cell-{number}-0-{end}", f"{float(band[key]) * 100:g}" if band[key] else "")
        officer.select_option(f"#cell-{number}-0-low-end", "含")
        officer.select_option(f"#cell-{number}-0-high-end", "不含")
        officer.fill(f"#gives-{number}", band["points"])
    officer.wait_for_selector("#grid-said .alert-success")
    assert officer.evaluate("document.documentElement.scrollWidth <= innerWidth")
    officer.fill("#cell-2-0-high", "5.5")
    officer.wait_for_selector("#row-said-2 p")
    assert "第 2 行与第 3 行" in officer.inner_text("#row-said-2")
    assert officer.input_value("#cell-2-0-high") == "5.5"  # what is told leaves the field alone
    assert barriers(officer) == []
    officer.fill("#cell-2-0-high", "5")
    officer.wait_for_selector("#grid-said .alert-success")
    officer.locator("main form button:has-text('保存表')").click()
    officer.wait_for_selector("ul.clauses li")
    shown = officer.inner_text("ul.clauses li")
    assert "6（含）以上" in shown
    assert "5（含）至6（不含）" in shown
    assert visit.said == []
