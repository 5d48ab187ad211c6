"""The editor, without JavaScript: from the words of a document to proposed rules, and what is refused on the way."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.five_accounts import browser
from tests.services.incentives.documents import record

TEXT = """设备补贴办法

第一条　为支持技术改造，制定本办法。
第二条　申报企业应当同时符合下列条件：
（一）上年度研发费用不低于100万元；
（二）从业人员不超过500人；
（三）成立满三年。
第三条　符合条件的，给予一次性奖励10万元。"""
BEGIN = {"pack": "equipment-2026", "title_english": "Equipment support", "item_title": "设备补贴",
         "item_title_english": "Equipment subsidy", "first": "2026-01-01"}  # fmt: skip
CLAUSE = {
    "do": "save",
    "article": "第二条第（三）项",
    "quote": "成立满三年",
    "judging": "machine",
    "when_unknown": "ask",
}

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]


class Editor:
    """An officer at a draft, in English."""

    def __init__(self, by: Any, edition: Any) -> None:
        self.client = browser(by)
        begun = self.client.post(f"/incentives/editor/begin/{edition.public_id}", BEGIN)
        assert begun.status_code == 302, html.unescape(begun.content.decode())
        self.where = begun.headers["location"].rpartition("/")[0]

    def get(self, part: str) -> str:
        answer = self.client.get(f"{self.where}/{part}", headers={"accept-language": "en"})
        assert answer.status_code == 200, part
        return html.unescape(answer.content.decode())

    def post(self, part: str, status: int = 302, **form: Any) -> str:
        """The page that follows, which has what was told."""
        sent = {"version": self.version(), **form}
        answer = self.client.post(f"{self.where}/{part}", sent, headers={"accept-language": "en"})
        shown = html.unescape(answer.content.decode())
        assert answer.status_code == status, shown
        if status != 302:
            return shown
        place = answer.headers["location"]
        return self.get(place.removeprefix(f"{self.where}/")) if place.startswith(self.where) else ""

    def version(self) -> int:
        return int(self.draft().version)

    def draft(self) -> Any:
        from zonary.services.incentives.editing.models import WorkingDraft

        return WorkingDraft.objects.get(public_id=self.where.rpartition("/")[2])

    def content(self) -> Any:
        return json.loads(self.draft().content)

    def take(self) -> str:
        places = re.findall(r'name="place" value="([^"]+)"', self.get("clauses"))
        return self.post("clauses", do="take", place=places)


@pytest.fixture
def editor(five: Any) -> Editor:
    return Editor(five.officer, record(five.officer, "示范〔2026〕7号", TEXT))


def test_sentences_of_the_text_are_taken_up_with_their_place(editor: Editor) -> None:
    shown = editor.take()
    assert "2 sentences are clauses now." in shown
    clauses = editor.content()["clauses"]
    assert [(each["sentence"], each["article"]) for each in clauses] == [
        ("上年度研发费用不低于100万元", "第二条第（一）项"),
        ("从业人员不超过500人", "第二条第（二）项"),
    ]
    assert editor.content()["items"][0]["condition"] == {"all": ["c1", "c2"]}
    assert "<mark>从业人员不超过500人</mark>" in shown
    assert "Staff is at most 500 people" in shown or "at most 500 people" in shown


def test_a_sentence_is_mended_by_what_is_said_of_it(editor: Editor) -> None:
    refused = editor.post("clauses", 422, **CLAUSE, sentence="成立满三年")
    assert "At character 1" in refused
    assert editor.content()["clauses"] == []
    checked = editor.get("check?sentence=上年度研发费用不低于100万")
    assert "At character 14" in checked
    assert "万元" in checked
    assert 'class="nearest">上年度研发费用不低于100万元<' in checked
    taken = editor.get("clauses?sentence=上年度研发费用不低于100万元")
    assert "rd-expense" not in taken  # people see names, not short names
    assert "It can be read:" in taken
    editor.post("clauses", **CLAUSE, sentence="自成立日期起已满三年")
    assert editor.content()["clauses"][0]["quote"] == "成立满三年"
    assert editor.version() == 2


FALSE = {
    ("第九条", "不存在的引文"): "“不存在的引文”, and 示范〔2026〕7号 of",
    ("第九条", "成立满三年"): "cites 第九条, and 示范〔2026〕7号 of",
    ("第二条第（九）项", "成立满三年"): "cites 第二条第（九）项",
    ("第三条", "成立满三年"): "it says so in 第二条第（三）项",
    ("第二条第（一）项", "成立满三年"): "it says so in 第二条第（三）项",
}


def test_a_false_citation_is_named_and_is_not_handed_over(editor: Editor) -> None:
    for (article, quote), said in FALSE.items():
        given = {**CLAUSE, "article": article, "quote": quote, "id": "c1" if editor.content()["clauses"] else ""}
        assert said in editor.post("clauses", **given, sentence="自成立日期起已满三年")
        assert "its words do not stand in this text" in editor.get("clauses")
        editor.post("cases", do="take", case=re.findall(r'name="case" value="([^"]+)"', editor.get("cases")))
        found = editor.get("propose")
        assert said in found
        assert "Findings that stand in the way: 1. Mend them first." in found
        refused = editor.post("propose", 422, note="第一版")
        assert said in refused
        assert editor.draft().proposal is None
    for article in ("第二条", "第二条第（三）项", "全文"):
        editor.post("clauses", **CLAUSE | {"article": article, "id": "c1"}, sentence="自成立日期起已满三年")
        assert "its words do not stand in this text" not in editor.get("clauses")
    editor.post("propose", note="第一版")


ITS_CLAUSE = "“Equipment subsidy”: its clause "
EMPTY = {
    "上年度营业收入不低于-5万元": "Everybody meets “上年度营业收入不低于-5万元”",
    "上年度研发费用占营业收入的比例不低于0%": "Everybody meets “上年度研发费用占营业收入的比例不低于0%”",
    "上年度营业收入超过2000万元，且上年度营业收入不足1000万元": f"{ITS_CLAUSE}“上年度营业收入超过2000万元",
}


def test_a_sentence_that_is_read_is_confirmed_in_the_readers_language(editor: Editor) -> None:
    sentence = "自成立日期起已满三年"
    address = f"{editor.where}/check?sentence={sentence}"
    shown = html.unescape(editor.client.get(address, headers={"accept-language": "zh"}).content.decode())
    assert f'可以识别： <span lang="zh-Hans">{sentence}</span></p><p class="small" lang="en">' in shown


def test_a_reference_to_another_clause_is_refused_while_it_is_typed(editor: Editor) -> None:
    editor.post("clauses", **CLAUSE, sentence="从业人员不超过500人")
    checked = editor.get("check?sentence=符合条款〔c1〕")
    assert "“〔c1〕” is another clause" in checked
    assert "It can be read:" not in checked
    refused = editor.post("clauses", 422, **CLAUSE, sentence="符合条款〔c1〕")
    assert "“〔c1〕” is another clause" in refused


def test_bounds_in_vain_are_found_with_the_clauses_words(editor: Editor) -> None:
    for sentence, said in EMPTY.items():
        given = {**CLAUSE, "id": "c1" if editor.content()["clauses"] else ""}
        editor.post("clauses", **given, sentence=sentence)
        found = editor.get("propose")
        assert said in found, sentence
        assert "“c1”" not in found
        assert "“item-1”" not in found
    editor.post("clauses", **CLAUSE | {"id": "c1"}, sentence="上年度营业收入超过2000万元")
    editor.post("clauses", **CLAUSE, sentence="上年度营业收入低于1000万元")
    assert "“上年度营业收入超过2000万元” and “上年度营业收入低于1000万元” contradict" in editor.get("propose")


def test_a_share_above_the_whole_is_told_and_is_for_people_to_judge(editor: Editor) -> None:
    editor.post("clauses", **CLAUSE, sentence="上年度研发费用占营业收入的比例不低于300%")
    found = editor.get("propose")
    told = found[found.index("to know") :]
    assert "“上年度研发费用占营业收入的比例不低于300%” asks for more than 100%." in told
    editor.post("cases", do="take", case=re.findall(r'name="case" value="([^"]+)"', editor.get("cases")))
    editor.post("propose", note="第一版")  # nothing is in the way


BAD_SENTENCES = {
    "上年度研发费用不低于100万": "a unit of “研发费用”",  # which of 元 and 人 is meant, nobody knows
    "上年度研发费用不低于100人": "“研发费用” is measured in 元: after the number write 元、万元、亿元, not 人.",
    "上年度营业收入在2亿元（含）至5000万元（含）之间": "",
    "行业代码不属于C26、C98": "C98",  # a division that GB/T 4754 does not have
    "上年度利润很好": "Expected",
    "": "required",
    "且" * 5000: "4000",
}


def test_what_is_no_sentence_is_named_and_nothing_is_kept(editor: Editor) -> None:
    for sentence, said in BAD_SENTENCES.items():
        shown = editor.post("clauses", 422, **CLAUSE, sentence=sentence)
        assert "error-summary" in shown, sentence[:40]
        assert said in shown, sentence[:40]
    assert editor.version() == 1


def test_references_in_a_circle_and_too_many_conditions_are_refused(editor: Editor) -> None:
    editor.post("clauses", **CLAUSE, sentence="从业人员不超过500人")
    for sentence in ("符合条款〔c1〕", "符合条款〔c2〕", "，且".join(["从业人员不超过500人"] * 201)):
        for id in ("c1", ""):
            assert "error-summary" in editor.post("clauses", 422, **CLAUSE, id=id, sentence=sentence)
    table = {"name": "甲", "name_english": "A", "rate": "10%", "reads": "按《甲》计算的得分", "unit": "元",
             "step": "0.01", "rounding": "down", "article": "第三条", "quote": "x"}  # fmt: skip
    circle = editor.post("table?kind=proportion", 422, do="save", **table)
    assert "circle" in circle
    assert [each["sentence"] for each in editor.content()["clauses"]] == ["从业人员不超过500人"]
    assert editor.content()["tables"] == []


def test_of_two_who_change_a_draft_the_second_is_told_and_keeps_the_words(editor: Editor) -> None:
    version = editor.version()
    editor.take()
    late = editor.post("clauses", 422, **CLAUSE, sentence="自成立日期起已满三年", version=version)
    assert "Somebody else changed this draft" in late
    assert "自成立日期起已满三年" in late
    assert len(editor.content()["clauses"]) == 2
    editor.post("clauses", **CLAUSE, sentence="自成立日期起已满三年")
    assert len(editor.content()["clauses"]) == 3


def test_conditions_are_joined_without_code(editor: Editor) -> None:
    editor.take()
    editor.post("clauses", **CLAUSE, sentence="自成立日期起已满三年")
    item = {"id": "item-1", "title": "设备补贴", "title_english": "Equipment subsidy", "first": "2026-01-01"}
    groups = {f"{name}-{group}": value for group in "abc" for name, value in (("how", "any"), ("count", "1"))}
    roles = {"clause-c1": "all", "clause-c2": "a", "clause-c3": "a"}
    editor.post("items", **item, **groups, **roles)
    assert editor.content()["items"][0]["condition"] == {"all": ["c1", {"any": ["c2", "c3"]}]}
    editor.post("items", **item, **groups | {"how-a": "at-least", "count-a": "2"}, **roles)
    assert editor.content()["items"][0]["condition"] == {"all": ["c1", {"at_least": 2, "of": ["c2", "c3"]}]}
    shown = editor.get("items")
    assert re.search(r'name="how-a".*?value="at-least" selected', shown, re.S)
    assert "cannot ask for 3" in editor.post("items", 422, **item, **groups | {"how-a": "at-least", "count-a": "3"},
                                            **roles)  # fmt: skip
    editor.post("items", **item, **groups | {"how-a": "none"}, **roles)
    assert editor.content()["items"][0]["condition"] == {"all": ["c1", {"none": {"any": ["c2", "c3"]}}]}
    editor.post("clauses", do="remove", id="c2")
    assert editor.content()["items"][0]["condition"] == {"all": ["c1", {"none": {"any": ["c3"]}}]}


def test_new_words_and_parameters_can_be_used_at_once(editor: Editor) -> None:
    term = {"term-id": "robots", "term-name": "工业机器人数", "term-name_english": "industrial robots",
            "term-kind": "count", "term-unit": "台", "term-unit_english": "robot/robots"}  # fmt: skip
    editor.post("words", do="term", **term, **{"term-version": editor.version()})
    parameter = {"parameter-name": "起补台数", "parameter-amount": "3台", "parameter-first": "2026-01-01",
                 "parameter-citation": "示范〔2026〕7号 第二条"}  # fmt: skip
    editor.post("words", do="parameter", **parameter, **{"parameter-version": editor.version()})
    editor.post("clauses", **CLAUSE, sentence="工业机器人数不少于【起补台数】")
    wrong = editor.post("words", 422, do="term", **term | {"term-id": "x", "term-name": "研发费用", "term-unit": "元"},
                        **{"term-version": editor.version()})  # fmt: skip
    assert "error-summary" in wrong
    removed = editor.post("words", do="remove-terms", row="robots")
    assert "alert-danger" in removed or "工业机器人数" in removed  # a sentence needs it: it stays
    assert [each["id"] for each in editor.content()["terms"]] == ["robots"]


ROWS = {"name": "补贴金额", "name_english": "Subsidy", "unit": "万元", "choose": "unique", "article": "第三条",
        "quote": "给予一次性奖励10万元", "reads-0": "上年度研发费用"}  # fmt: skip


def add_rows_table(editor: Editor) -> None:
    editor.post("table?kind=rows", do="save", **ROWS, **{"gives-0": "0"})


def workbook(*rows: tuple[Any, ...], merged: str = "", filled: bytes = b"") -> io.BytesIO:
    book = openpyxl.load_workbook(io.BytesIO(filled))
    sheet = book.active
    sheet.delete_rows(4, 10)
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "table.xlsx"
    return out


def test_a_table_goes_out_as_a_workbook_and_comes_back_filled_in(editor: Editor) -> None:
    add_rows_table(editor)
    sent = editor.client.get(f"{editor.where}/tables/0.xlsx").content
    low, high = (1, 100, "含", 500, "不含", 5), (2, 500, "含", None, None, 10)
    shown = editor.post("tables", do="sheet", table="补贴金额", file=workbook(low, high, filled=sent))
    assert "500（含）以上" in shown
    assert [each["gives"] for each in editor.content()["tables"][0]["rows"]] == ["5", "10"]
    version = editor.version()
    overlapping = workbook(low, (2, 400, "含", None, None, 10), filled=sent)
    for bad in (
        workbook(low, high, merged="B4:C4", filled=sent),
        workbook((1, "许多", "含", None, None, 5), filled=sent),
        workbook((1, 500, "含", 100, "含", 5), filled=sent),
        io.BytesIO(b"PK\x03\x04 no workbook"),
    ):
        bad.name = "table.xlsx"
        refused = editor.post("tables", 422, do="sheet", table="补贴金额", file=bad)
        assert "error-summary" in refused
    assert editor.version() == version
    editor.post("tables", do="sheet", table="补贴金额", file=overlapping)  # readable, and found before a release
    editor.take()
    assert "“Subsidy”" in editor.get("propose")
    assert "stands in the way" in editor.get("propose")


def test_cases_around_every_bound_are_made_and_taken_over(editor: Editor) -> None:
    editor.take()
    shown = editor.get("cases")
    assert "999999.99元" in shown
    names = re.findall(r'name="case" value="([^"]+)"', shown)
    editor.post("cases", do="take", case=names)
    page = editor.get("propose")
    assert "Nothing stands in the way of a release." in page
    own = {"name": "刚好", "datum-rd-expense@2025": "100万元", "datum-staff": "500人", "item-item-1": "不符合"}
    assert "comes out otherwise" in editor.post("cases", do="add", **own)
    assert "stands in the way" in editor.get("propose")
    for wrong in ({"datum-staff": "500"}, {"datum-staff": "五百人"}, {"datum-rd-expense@2025": "100人"}):
        refused = editor.post("cases", 422, do="add", **own | {"name": "错"} | wrong)
        assert "error-summary" in refused, wrong
    assert "刚好" not in editor.post("cases", do="remove", row="刚好").partition("Enter a test case")[0]


def test_a_made_case_shows_what_differs_from_the_ordinary_one(editor: Editor) -> None:
    editor.take()
    shown = editor.get("cases")
    cases = re.findall(r'name="case" value="([^"]+)"> <span><span lang="zh-Hans">(.*?)</span> →', shown)
    told = {re.sub("<[^>]+>", "", differing) for _name, differing in cases}
    assert {"研发费用（2025年） 999999.99元", "从业人员 501人", "研发费用（2025年） 待补"} <= told
    assert not any("研发费用" in each and "从业人员" in each for each in told)  # one bound at a time
    assert shown.count("the other 1 as in the ordinary case") == len(cases) - sum(
        each == "the ordinary case" for each in told
    )
    editor.post("cases", do="take", case=[cases[1][0]])
    taken = re.search(r'<ul class="plain clauses">(.*?)</ul>', editor.get("cases"), re.S)
    assert taken
    assert "as in the ordinary case" in taken[1]


def test_a_fact_from_the_future_is_no_test_case(editor: Editor) -> None:
    editor.post("clauses", **CLAUSE, sentence="近一年内未发生重大安全事故")
    case = {"name": "明年", "datum-serious-safety-accident": "day", "day-serious-safety-accident": "2199-01-01",
            "item-item-1": "不符合"}  # fmt: skip
    refused = editor.post("cases", 422, do="add", **case)
    assert "from the future" in refused
    assert editor.content()["cases"] == []


def test_what_is_proposed_is_a_draft_of_rules_that_a_second_officer_releases(editor: Editor, five: Any) -> None:
    from zonary.foundation.rules.models import PackDraft

    editor.take()
    editor.post("propose", 422, note="")
    names = re.findall(r'name="case" value="([^"]+)"', editor.get("cases"))
    editor.post("cases", do="take", case=names)
    editor.post("propose", note="第一版")
    proposed = PackDraft.objects.get(pack="equipment-2026")
    assert editor.draft().proposal == proposed.public_id
    assert proposed.written_by == [five.officer.actor_id]
    terms = [each["id"] for each in json.loads(proposed.content)["terms"]]
    assert sorted(terms) == ["rd-expense", "staff"]  # those it uses, and no others
    assert editor.client.get(f"{editor.where}/clauses").status_code == 404
    assert str(proposed.public_id) in html.unescape(
        editor.client.get(f"/rules/drafts/{proposed.public_id}").content.decode()
    )


def test_a_draft_that_is_dropped_is_gone_from_the_list(editor: Editor) -> None:
    editor.post("propose", do="drop")
    assert editor.where not in html.unescape(editor.client.get("/incentives/editor/").content.decode())
    assert editor.draft().changed_at - editor.draft().begun_at < timedelta(minutes=5)
