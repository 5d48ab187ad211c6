"""Everything one may see is found by a part of a word, and nothing else is; on both databases alike."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="searching needs the [web] extra")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api.calls import Caller, token_for
from tests.five_accounts import browser
from tests.foundation.documents.arriving import bring
from tests.foundation.facts.stating import LATER, REASON, claim, record
from tests.foundation.organizations.listed import list_enterprises

WHO = ("owner", "colleague", "rival", "officer", "outsider")


def found(who: Any, query: str, *kinds: str, limit: int = 50) -> list[str]:
    """Titles of all pages of what is found."""
    from zonary.foundation.search.queries import search

    titles, cursor = [], ""
    while True:
        page = search(who, query, kinds=kinds, cursor=cursor, limit=limit, at=LATER + timedelta(days=1))
        titles += [hit.found.title for hit in page.items]
        cursor = page.next
        if not cursor:
            return titles


_count = iter(range(10_000))


def describe(by: Any, title: str, note: str = "") -> str:
    """Evidence of ``by`` that is called so; its public id."""
    import hashlib

    from zonary.services.evidence.actions import register_described
    from zonary.services.evidence.rules import MARKS, Description, Kind, Registrations

    digest = hashlib.sha256(str(next(_count)).encode()).digest()
    wanted = Registrations(marks=MARKS[Kind.DIGEST], pairs=digest + digest)
    return register_described(wanted, Description(title=title, note=note), by=by, at=LATER).public_ids[0]


def test_two_characters_find_it_for_those_who_act_for_the_enterprise_and_nobody_else(five: Any) -> None:
    describe(five.owner, "钛合金泵体图纸", "第三版，供招标使用")
    describe(five.rival, "钛合金叶轮")
    describe(five.outsider, "钛合金笔记")
    for query in ("泵体", "合金泵", "招标"):
        for who in WHO:
            expected = ["钛合金泵体图纸"] if who in ("owner", "colleague") else []
            assert found(getattr(five, who), query) == expected, (who, query)
    assert found(five.rival, "合金") == ["钛合金叶轮"]
    assert found(five.outsider, "合金") == ["钛合金笔记"]
    assert found(five.owner, "合金 叶轮") == []
    assert found(five.officer, "合金") == []


@pytest.mark.parametrize("query", ["abc-12", "ＡＢＣ－１２", "AbC-12", "　abc-12　"])
def test_width_and_case_are_one(five: Any, query: str) -> None:
    describe(five.owner, "型号 ａＢｃ－１２ 说明")
    assert found(five.owner, query) == ["型号 ａＢｃ－１２ 说明"]


def test_traditional_characters_are_as_they_are(five: Any) -> None:
    describe(five.owner, "專利申請")
    assert found(five.owner, "專利") == ["專利申請"]
    assert found(five.owner, "专利") == []


def test_every_kind_is_found_and_each_can_be_asked_for_alone(five: Any) -> None:
    describe(five.owner, "星河泵存证")
    bring(five.owner, b"x", title="星河合同", at=LATER)
    record(five, source="星河税务所")
    assert set(found(five.owner, "星河")) == {"星河泵存证", "星河合同", "Operating revenue", "星河精工（虚构）"}
    assert found(five.owner, "星河", "documents") == ["星河合同"]
    assert found(five.owner, "营业", "facts") == ["Operating revenue"]
    assert found(five.rival, "星河") == []
    # The officer recorded that fact, and yet reads it only in a profile, which is an act.
    assert found(five.officer, "星河") == ["星河精工（虚构）"]


def test_an_officer_finds_enterprises_of_the_registry_by_name_and_code(five: Any) -> None:
    listed = list_enterprises(five, 3)
    for each in listed:
        assert each.name in found(five.officer, each.name[1:4])
        assert found(five.officer, (each.uscc or "")[-6:].lower(), "organizations") == [each.name]
        assert found(five.rival, each.name[1:4]) == []


def test_what_is_shared_is_found_by_whom_it_is_shared_with_as_long_as_it_is(five: Any) -> None:
    from zonary.foundation.documents.actions import end_share, share_document

    document = str(bring(five.owner, b"x", title="供货合同草案", at=LATER).document.public_id)
    rival = str(five.competitor.public_id)
    assert found(five.rival, "供货") == []
    grant = share_document(document, grantee=rival, until=None, by=five.owner, at=LATER)
    assert found(five.rival, "供货") == ["供货合同草案"]
    end_share(str(grant.public_id), by=five.owner, at=LATER)
    assert found(five.rival, "供货") == []
    day = LATER.date()
    share_document(document, grantee=rival, until=day, by=five.owner, at=LATER)
    assert found(five.rival, "供货") == []  # asked on the day after


def test_a_confidential_document_is_not_found_by_who_only_reads(five: Any) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.documents.models import Document
    from zonary.foundation.organizations.actions import accept_invitation, invite_member
    from zonary.foundation.organizations.queries import standing_of

    _, secret = invite_member(role="reader", email="", until=None, by=five.owner, at=LATER)
    accept_invitation(secret, by=five.outsider, at=LATER)
    person = Person.objects.get(public_id=five.outsider.person)
    reader = standing_of(person, str(five.enterprise.public_id), at=LATER)
    bring(five.owner, b"x", title="公开报价", at=LATER)
    bring(five.owner, b"y", title="保密报价", confidential="1", at=LATER)
    assert Document.objects.filter(confidential=True).count() == 1
    assert found(reader, "报价") == ["公开报价"]
    assert set(found(five.colleague, "报价")) == {"公开报价", "保密报价"}


def test_what_is_erased_or_restricted_leaves_the_index(five: Any) -> None:
    from zonary.foundation.documents.actions import erase_document_version
    from zonary.foundation.search.models import SearchEntry
    from zonary.services.evidence.actions import erase_evidence

    evidence = describe(five.owner, "绝密配方", "含铬酸盐")
    document = bring(five.owner, b"x", title="实验记录", filename="铬酸盐配比.pdf", at=LATER).document
    assert found(five.owner, "铬酸") == ["实验记录", "绝密配方"]
    erase_evidence(evidence, by=five.owner, reason="x", at=LATER)
    assert found(five.owner, "铬酸") == ["实验记录"]
    erase_document_version(str(document.public_id), number=1, reason="x", by=five.owner, at=LATER)
    assert found(five.owner, "铬酸") == []
    assert found(five.owner, "实验") == ["实验记录"]
    assert not SearchEntry.objects.filter(text__contains="铬酸").exists()


def test_what_is_corrected_is_found_as_it_is_now(five: Any) -> None:
    from zonary.foundation.facts.actions import correct_fact
    from zonary.services.evidence.actions import describe_evidence
    from zonary.services.evidence.rules import Description

    evidence = describe(five.owner, "旧名称")
    describe_evidence(evidence, Description(title="新称呼"), by=five.owner, at=LATER)
    assert (found(five.owner, "旧名"), found(five.owner, "新称")) == ([], ["新称呼"])
    fact = record(five, source="甲方来函")
    again = claim(source="乙方来函")
    correct_fact(str(fact.public_id), again, reason=REASON, by=five.officer, at=LATER)
    assert found(five.owner, "甲方") == []
    assert found(five.owner, "乙方") == ["Operating revenue"]


def test_what_was_undone_is_not_found(five: Any) -> None:
    from zonary.foundation.ledger.recording import action

    @action
    def fails() -> None:
        describe(five.owner, "没有发生")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert found(five.owner, "没有发生") == []


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_pages_have_everything_once(five: Any, limit: int) -> None:
    titles = [f"泵体图纸{number}号" for number in range(9)]
    for title in titles:
        describe(five.owner, title)
        describe(five.rival, title)
    assert found(five.owner, "泵体", limit=limit) == titles[::-1]


def test_made_anew_it_is_the_same(five: Any) -> None:
    from zonary.foundation.search.indexing import advance, forget_index
    from zonary.foundation.search.models import SearchEntry

    describe(five.owner, "泵体图纸", "备注")
    bring(five.owner, b"x", title="合同", at=LATER)
    record(five)

    def rows() -> set[Any]:
        return set(SearchEntry.objects.values_list("kind", "public_id", "scopes", "text"))

    before = rows()
    assert len(before) > 4
    forget_index()
    assert (rows(), found(five.owner, "泵体")) == (set(), [])
    while advance():
        pass
    assert rows() == before
    assert found(five.owner, "泵体") == ["泵体图纸"]
    assert not advance()


def test_a_token_finds_what_its_other_scopes_read(five: Any) -> None:
    describe(five.owner, "泵体存证")
    bring(five.owner, b"x", title="泵体合同", at=LATER)
    wide = Caller(five.owner, token_for(five.owner, "search:read", "evidence:read", "documents:read"))
    narrow = Caller(five.owner, token_for(five.owner, "search:read", "documents:read"))
    none = Caller(five.owner, token_for(five.owner, "documents:read"))
    assert {each["title"] for each in wide("GET", "/search?q=泵体").json()["items"]} == {"泵体存证", "泵体合同"}
    assert [each["title"] for each in narrow("GET", "/search?q=泵体").json()["items"]] == ["泵体合同"]
    assert narrow("GET", "/search?q=泵体&kind=evidence").json()["items"] == []
    assert none("GET", "/search?q=泵体").status_code == 403
    for wrong in ("q=泵", "q=", "q=" + "泵体" * 60, "q=泵体&kind=nothing", "q=泵体&cursor=x"):
        assert wide("GET", f"/search?{wrong}").status_code == 422, wrong
    assert wide("GET", "/search?q=泵体%00").status_code == 400
    page = wide("GET", "/search?q=泵体&limit=1").json()
    assert wide("GET", page["next"].removeprefix("/api/v1")).json()["items"][0]["title"] == "泵体存证"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_marks_what_was_found_and_says_what_to_do(five: Any, language: str) -> None:
    describe(five.owner, "钛合金 <b>泵体</b>", "一段很长的说明" * 20 + "关键所在" + "后文" * 100)
    client = browser(five.owner)
    page = client.get(f"/search?q=泵体&lang={language}").content.decode()
    assert "<mark>泵体</mark>" in page
    assert "<b>泵体" not in page
    assert "<mark>关键</mark>" in client.get("/search?q=关键").content.decode()
    short = client.get("/search?q=泵")
    assert short.status_code == 422
    assert {"zh": "请至少输入两个字符", "en": "at least two characters"}[language] in short.content.decode()
    nothing = client.get("/search?q=不存在").content.decode()
    assert {"zh": "没有找到", "en": "Nothing was found"}[language] in nothing
    assert client.get("/search").status_code == 200
    assert browser(None).get("/search?q=AB")["Location"].endswith("?next=/search%3Fq%3DAB")


def test_a_fact_is_shown_in_the_readers_language_and_by_the_other_name_only_to_who_asked_by_it(five: Any) -> None:
    record(five, source="星河税务所")
    client = browser(five.owner)
    pages = {query: client.get(f"/search?q={query}&lang=zh").content.decode() for query in ("营业收入", "Revenue")}
    assert "<mark>营业收入</mark>" in pages["营业收入"]
    assert "revenue" not in pages["营业收入"].lower()
    assert "星河税务所" in pages["营业收入"], "what was found by its title shows how it begins"
    assert "Operating <mark>revenue</mark>" in pages["Revenue"]


_LETTERS = st.sampled_from("泵體体图纸ａAa 1２-\n")
_TEXTS = st.lists(st.text(_LETTERS, min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=12)


def _reference(text: str, query: str) -> bool:
    """Slowly, and by other means: each word stands somewhere in the text, folded, spaces alike."""

    def fold(value: str) -> str:
        return unicodedata.normalize("NFKC", value).casefold()

    lines = " ".join(fold(text).split())
    return all(word in lines for word in fold(query).split())


def test_what_is_found_is_what_a_slow_look_at_everything_finds(five: Any) -> None:
    from django.db import transaction

    from zonary.foundation.search.indexing import put
    from zonary.foundation.search.models import SearchEntry
    from zonary.services.evidence.models import EvidenceRecord

    holders = [five.owner, five.rival, five.outsider]
    ids = [describe(holders[number % 3], "0") for number in range(12)]

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(_TEXTS, st.text(_LETTERS, min_size=2, max_size=5))
    def agrees(texts: list[str], query: str) -> None:
        from zonary.foundation.ledger.guard import unrecorded
        from zonary.foundation.search.rules import QueryError, words_of

        try:
            words_of(query)
        except QueryError:
            return
        with transaction.atomic(), unrecorded("a test writes titles no action would take"):
            for number, public_id in enumerate(ids):
                title = texts[number % len(texts)] + ("" if number < len(texts) else "x")
                EvidenceRecord.objects.filter(public_id=public_id).update(title=title)
            put("evidence", ids)
        rows = {str(each.public_id): each for each in EvidenceRecord.objects.all()}
        for who in WHO:
            reader = getattr(five, who)
            slow = {
                public_id
                for public_id, row in rows.items()
                if row.holder == reader.holder and _reference(row.title, query)
            }
            assert _ids(reader, query) == slow
        assert SearchEntry.objects.filter(kind="evidence").count() == len(ids)

    agrees()


def _ids(reader: Any, query: str) -> set[str]:
    from zonary.foundation.search.queries import search

    page = search(reader, query, kinds=("evidence",), limit=200, at=LATER)
    return {hit.public_id for hit in page.items}


def test_every_kind_has_its_name_in_both_languages(migrated: Any) -> None:
    from zonary.common.language import translate
    from zonary.foundation.organizations.searching import SEARCHABLE

    assert {kind for kind, each in SEARCHABLE.items() if translate(each.name, "zh", {}) == each.name} == set()
