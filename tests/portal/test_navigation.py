"""The navigation says what is there to whoever may see it."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from zonary.common.language import CATALOGUE


def test_every_destination_is_named_in_chinese(migrated: Any) -> None:
    from zonary.portal.navigation import DESTINATIONS

    assert {d.name for d in DESTINATIONS} | {d.about for d in DESTINATIONS if d.about} <= set(CATALOGUE)


def test_what_is_not_built_is_left_out(migrated: Any, monkeypatch: Any) -> None:
    from zonary.portal import navigation

    monkeypatch.setattr(navigation, "DESTINATIONS", (*navigation.DESTINATIONS, navigation.Destination("Home", "none")))
    assert navigation.address_of("none") == ""
    assert all(link.address for link in navigation.links(None, "/"))


def test_only_those_see_it_who_may(five: Any) -> None:
    from zonary.portal.navigation import administrators, everybody, for_an_organisation, officers, signed_in

    everyone = (None, five.outsider, five.owner, five.officer)
    assert [everybody(each) for each in everyone] == [True, True, True, True]
    assert [signed_in(each) for each in everyone] == [False, True, True, True]
    assert [for_an_organisation(each) for each in everyone] == [False, False, True, True]
    assert [officers(each) for each in everyone] == [False, False, False, True]
    assert [administrators(each) for each in everyone] == [False, False, False, False]


def test_the_page_one_is_on_is_marked(five: Any) -> None:
    from zonary.portal.navigation import links

    def here(path: str) -> list[str]:
        return [link.address for link in links(five.owner, path) if link.is_here]

    assert here("/") == ["/"]
    assert here("/no/such/place") == []
    every = [link.address for link in links(five.owner, "/")]
    deepest = max(every, key=len)
    assert here(deepest) == [deepest]
    assert here(deepest.rstrip("/") + "/further") == [deepest]


def test_an_officers_page_of_one_grant_or_file_lies_under_the_benefits(five: Any) -> None:
    from zonary.portal.navigation import links

    def here(who: Any, path: str) -> list[str]:
        (section,) = [link for link in links(who, path) if link.parts and link.is_here]
        return [part.address for part in section.parts if part.is_here]

    number = "01a1f679-8af8-7174-ae88-680180cffef8"
    for path in (number, f"{number}/remove", f"files/{number}", f"objections/{number}", "batches", "batches/new"):
        assert here(five.officer, f"/incentives/grants/{path}") == ["/incentives/grants/batches"]
    assert here(five.officer, f"/incentives/grants/notices/{number}") == ["/incentives/grants/notices"]
    assert here(five.owner, f"/incentives/grants/{number}") == ["/incentives/grants/"]
