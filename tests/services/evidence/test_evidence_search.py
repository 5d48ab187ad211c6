"""Captures, dossiers and what others show are found by whoever may see them now, and a rival finds nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="searching needs the [web] extra")

from tests.five_accounts import browser
from tests.foundation.facts.stating import LATER
from tests.foundation.search.test_search import WHO, describe, found
from tests.services.evidence.capture.capturing import sealed_capture

KINDS = ("captures", "dossiers", "shared-evidence")


def share(five: Any, record: str, grantee: str, *, days: int = 30, **more: str) -> str:
    from zonary.services.evidence.sharing.actions import share_evidence

    until = (LATER + timedelta(days=days)).date()
    made, _secret = share_evidence("record", record, grantee=grantee, until=until, by=five.owner, at=LATER, **more)
    return str(made.public_id)


def dossier(five: Any, title: str, note: str = "") -> str:
    from zonary.services.evidence.dossiers.actions import open_dossier
    from zonary.services.evidence.dossiers.rules import Cover

    cover = Cover(title=title, note=note, template="mark", stands_at="idea")
    return str(open_dossier(cover, by=five.owner, at=LATER).public_id)


def test_captures_and_dossiers_are_found_by_their_holder_alone(five: Any) -> None:
    from zonary.services.evidence.capture.actions import request_capture
    from zonary.services.evidence.dossiers.actions import change_dossier
    from zonary.services.evidence.dossiers.rules import Cover

    sealed_capture(five.owner, "https://shop.example/")
    request_capture("https://waiting.example/bearing", goes_on=False, by=five.owner, at=LATER)
    opened = dossier(five, "轴承商标争议", "旗舰店仿冒")
    expected = {"旗舰": {"星河旗舰店（仿冒）", "轴承商标争议"}, "waiting": {"https://waiting.example/bearing"}}
    for query, titles in expected.items():
        for who in WHO:
            is_own = who in ("owner", "colleague")
            assert set(found(getattr(five, who), query, *KINDS)) == (titles if is_own else set()), (query, who)
    assert found(five.owner, "shop.example", "captures") == ["星河旗舰店（仿冒）"]
    changed = Cover(title="和解", template="mark", stands_at="idea")
    change_dossier(opened, changed, version=1, by=five.owner, at=LATER)
    assert found(five.owner, "争议", "dossiers") == []
    assert found(five.owner, "和解", "dossiers") == ["和解"]


def test_what_others_show_is_found_by_its_title_once_it_was_opened_and_as_long_as_it_is_shown(five: Any) -> None:
    """A title found before would be something shown that is not on record."""
    from zonary.foundation.search.queries import search
    from zonary.services.evidence.actions import describe_evidence
    from zonary.services.evidence.rules import Description
    from zonary.services.evidence.sharing.actions import end_share, open_share

    record = describe(five.owner, "钛合金泵体图纸")
    rival = str(five.competitor.public_id)
    assert found(five.rival, "星河", "shared-evidence") == []
    shown = share(five, record, rival)
    share(five, record, "", name="钛合金鉴定人")
    assert found(five.rival, "星河", "shared-evidence") == [five.enterprise.name]
    assert found(five.rival, "钛合金") == []
    open_share(shown, "page", by=five.rival, at=LATER)
    assert found(five.rival, "钛合金") == ["钛合金泵体图纸"]
    for who in set(WHO) - {"rival"}:
        assert found(getattr(five, who), "钛合金", "shared-evidence") == [], who
    describe_evidence(record, Description(title="泵壳图纸"), by=five.owner, at=LATER)
    assert (found(five.rival, "泵体"), found(five.rival, "泵壳")) == ([], ["泵壳图纸"])
    after = LATER + timedelta(days=40)  # past its last day, though nothing told the index
    assert search(five.rival, "泵壳", at=after).items == []
    end_share(shown, by=five.owner, at=LATER)
    assert found(five.rival, "泵壳") == []


def test_made_anew_it_is_the_same_and_erased_records_leave_it(five: Any, demo: None) -> None:
    from zonary.foundation.search.indexing import advance, forget_index
    from zonary.foundation.search.models import SearchEntry
    from zonary.services.evidence.sharing.actions import erase_record, open_share

    sealed_capture(five.owner)
    dossier(five, "轴承商标争议")
    record = describe(five.owner, "钛合金泵体图纸")
    shown = share(five, record, str(five.competitor.public_id))
    open_share(shown, "page", by=five.rival, at=LATER)

    def rows() -> set[Any]:
        return set(SearchEntry.objects.filter(kind__in=KINDS).values_list("kind", "public_id", "scopes", "text"))

    before = rows()
    assert {kind for kind, *_rest in before} == set(KINDS)
    forget_index()
    while advance():
        pass
    assert rows() == before
    page = browser(five.rival).get("/search?q=钛合金&kind=shared-evidence").content.decode()
    assert f"/shared/{shown}" in page
    erase_record(record, reason="x", by=five.owner, at=LATER)
    assert found(five.rival, "钛合金") == []
    assert not SearchEntry.objects.filter(text__contains="钛合金").exists()
