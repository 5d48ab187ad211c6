"""A test case is chosen where few things can be said of a datum: nobody types 是 or “never”, in neither language."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.services.incentives.documents import record
from tests.services.incentives.editing.test_editor import CLAUSE, Editor

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]
SENTENCES = ("是居民企业", "近一年内未发生重大安全事故", "持有有效的高新技术企业证书", "自成立日期起已满三年")
RESIDENT, ACCIDENT, CERTIFICATE = "resident-enterprise", "serious-safety-accident", "high-tech-certificate"
OFFERED = {
    "zh": ["未知", "是", "否"],
    "en": ["not known", "yes", "no"],
}
ITEM = {"zh": ">设备补贴<", "en": ">Equipment subsidy · 设备补贴<"}


@pytest.fixture
def editor(five: Any) -> Editor:
    made = Editor(five.officer, record(five.officer, "示范〔2026〕7号", "设备补贴办法"))
    for sentence in SENTENCES:
        made.post("clauses", **CLAUSE, sentence=sentence)
    return made


def entered(editor: Editor, **given: str) -> Any:
    """The data of the case that was entered."""
    sent = {"name": f"用例{len(editor.content()['cases'])}", "item-item-1": "待补"}
    editor.post("cases", do="add", **sent, **given)
    return editor.content()["cases"][-1]["data"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_yes_or_no_is_chosen_in_the_readers_language(editor: Editor, language: str) -> None:
    answer = editor.client.get(f"{editor.where}/cases", headers={"accept-language": language})
    shown = html.unescape(answer.content.decode())
    choices = re.search(rf'<select name="datum-{RESIDENT}".*?</select>', shown, re.S)
    assert choices
    assert re.findall(r"<option[^>]*>([^<]*)</option>", choices[0]) == OFFERED[language]
    assert f'<input type="date" name="day-{CERTIFICATE}"' in shown
    assert '<input type="date" name="day-established-on"' in shown
    assert "never;" not in shown
    assert ITEM[language] in re.sub(r"\s*([<>])\s*", r"\1", shown)


def test_what_is_chosen_is_what_the_case_says_and_what_is_left_out_is_not_known(editor: Editor) -> None:
    assert entered(editor) == {}
    given = {f"datum-{RESIDENT}": "否", f"datum-{ACCIDENT}": "never", f"datum-{CERTIFICATE}": "without-end"}
    assert entered(editor, **given) == {RESIDENT: False, ACCIDENT: "never", CERTIFICATE: "without-end"}
    days = {f"day-{CERTIFICATE}": "2027-06-30", f"datum-{ACCIDENT}": "day", f"day-{ACCIDENT}": "2020-01-01"}
    data = entered(editor, **{f"datum-{RESIDENT}": "是", "day-established-on": "2020-02-29"}, **days)
    assert data == {RESIDENT: True, ACCIDENT: "2020-01-01", CERTIFICATE: "2027-06-30", "established-on": "2020-02-29"}
    listed = editor.get("cases")
    assert "从未" in listed  # and no English word within the Chinese of a case
    assert "长期有效" in listed


def test_a_day_that_is_missing_or_contradicts_is_told_at_its_field(editor: Editor) -> None:
    sent = {"do": "add", "name": "错", "item-item-1": "待补"}
    missing = editor.post("cases", 422, **sent, **{f"datum-{ACCIDENT}": "day"})
    assert "Give the day." in missing
    both = editor.post("cases", 422, **sent, **{f"datum-{ACCIDENT}": "never", f"day-{ACCIDENT}": "2020-01-01"})
    assert "Either there is a day" in both
    assert "error-summary" in editor.post("cases", 422, **sent, **{f"datum-{RESIDENT}": "也许"})
    assert editor.content()["cases"] == []
