"""Sentences proposed for a passage: of its own terms and figures, read by the language, and none where nothing is."""

from __future__ import annotations

import pytest
from tests.engines.clauses.words import WORDS

from zonary.engines.clauses.language import parse, proposed

PROPOSED = {
    "企业申请认定时须成立满三年": "自成立日期起已满三年",
    "研发费用占营业收入的比例不低于百分之三": "上年度研发费用占营业收入的比例不低于3%",
    "近三个会计年度研发费用总额占同期营业收入总额比例不低于5%":
        "近三个会计年度研发费用总额占同期营业收入总额的比例不低于5%",
    "最近一年营业收入小于5000万元(含)": "最近一年营业收入不超过5000万元",
    "企业营业收入应超过2000万元": "上年度营业收入超过2000万元",
    "在中国境内注册的居民企业": "是居民企业",
    "没有列入经营异常名录和严重违法失信名单": "未被列入经营异常名录、严重违法失信名单",
    "申请前一年内未发生重大安全事故或严重环境违法行为": "近一年内未发生重大安全事故，且近一年内未发生环境违法行为",
    "近两年研发费用总额均值在1000万元以上": "近两年平均研发费用不低于1000万元",
    "近三年发生过环境违法行为": "近三年内发生过环境违法行为",
    "最近一年营业收入小于5000万元(含)的企业，研发费用占营业收入比例不低于5%":
        "最近一年营业收入不超过5000万元的，上年度研发费用占营业收入的比例不低于5%",
}  # fmt: skip


@pytest.mark.parametrize("passage", PROPOSED)
def test_a_passage_is_proposed_a_sentence_that_is_read(passage: str) -> None:
    found = proposed(passage, WORDS)
    assert PROPOSED[passage] in found
    for each in found:
        parse(each, WORDS)


NONE = {
    "给予一次性奖励20万元": "no term of it can be asked",
    "研发费用20万元": "whether at least or at most is not said",
    "利率不低于3%": "there is no such figure",
    "研发费用较高，另有设备1000万元以上": "a mark stands between the term and the figure",
    "": "there is nothing",
    "符合国家有关规定": "nothing in it is named",
}


@pytest.mark.parametrize("passage", NONE)
def test_nothing_is_proposed_where_nothing_is_said(passage: str) -> None:
    assert proposed(passage, WORDS) == (), NONE[passage]


def test_no_figure_is_proposed_that_does_not_stand_there() -> None:
    for passage in PROPOSED:
        for each in proposed(passage, WORDS):
            digits = [one for one in each if one.isascii() and one.isdigit()]
            assert all(one in passage or "百分之三" in passage for one in digits), each


def test_a_mean_is_not_proposed_as_a_sum_first() -> None:
    first = proposed("近两年研发费用总额均值在1000万元以上", WORDS)[0]
    assert first == "近两年平均研发费用不低于1000万元"


def test_a_long_passage_is_looked_at_in_part() -> None:
    assert proposed("研发" * 5000 + "费用不低于100万元", WORDS) == ()
