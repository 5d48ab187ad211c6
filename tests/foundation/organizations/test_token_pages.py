"""The pages of access tokens: shown once, ended at once, and nobody else's."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser

MAKE = "/organization/tokens/make"


def _text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def _form(**fields: Any) -> dict[str, Any]:
    from zonary.common.clock import now, zone_date

    last = zone_date(now.last_trusted()) + timedelta(days=1)
    return {"name": "仓库接口", "scopes": ["organization:read"], "last_day": last.isoformat(), **fields}


def test_a_token_from_making_it_to_its_end(five: Any) -> None:
    client = browser(five.owner)
    assert client.get("/organization/tokens").status_code == 200
    made = client.post(MAKE, _form())
    assert made.status_code == 200
    assert made["Cache-Control"] == "no-store"
    secret = re.search(r"zonary_[\w-]{43}", _text(made))
    assert secret is not None
    program = Caller(None, secret[0])
    assert program("GET", "/organization").status_code == 200
    assert program("GET", "/facts").status_code == 403
    listed = _text(client.get("/organization/tokens"))
    assert "仓库接口" in listed
    assert secret[0] not in listed
    revoke = re.search(r"/organization/tokens/[0-9a-f-]{36}/revoke", listed)
    assert revoke is not None
    for other in (five.colleague, five.rival, five.outsider):
        assert "仓库接口" not in _text(browser(other).get("/organization/tokens"))
        assert browser(other).post(revoke[0]).status_code == 302
        assert program("GET", "/organization").status_code == 200
    # It is asked once more; whose it is not is not even asked.
    asked = client.get(revoke[0])
    assert asked.status_code == 200
    assert f'action="{revoke[0]}"' in _text(asked)
    assert program("GET", "/organization").status_code == 200
    for other in (five.colleague, five.rival, five.outsider):
        assert browser(other).get(revoke[0]).status_code == 404
    assert client.post(revoke[0]).status_code == 302
    assert program("GET", "/organization").status_code == 401
    assert revoke[0] not in _text(client.get("/organization/tokens"))
    assert client.get(revoke[0]).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["all"]},
        {"last_day": "2020-01-01"},
        {"last_day": "2999-12-31"},
        {"last_day": "9999-12-31"},
        {"last_day": "x"},
    ],
)
def test_what_is_no_token(five: Any, wrong: dict[str, Any]) -> None:
    from zonary.foundation.accounts.models import AccessToken

    assert browser(five.owner).post(MAKE, _form(**wrong)).status_code == 422
    assert not AccessToken.objects.exists()


def test_every_scope_says_in_chinese_what_it_opens(five: Any) -> None:
    from zonary.common.language import translate
    from zonary.foundation.organizations.scopes import SCOPES

    page = _text(browser(five.owner).get(MAKE, headers={"accept-language": "zh"}))
    for scope, sentence in SCOPES.items():
        assert translate(sentence, "zh", {}) in page, scope
        assert translate(sentence, "zh", {}) != sentence


def test_a_person_alone_makes_one_and_a_reader_none(five: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import change_membership
    from zonary.foundation.organizations.queries import standing_of

    assert browser(five.outsider).post(MAKE, _form()).status_code == 200
    at = now.last_trusted()
    change_membership(five.colleague.membership, role="reader", until=None, by=five.owner, at=at)
    person = Person.objects.get(public_id=five.colleague.person)
    reader = browser(standing_of(person, str(five.enterprise.public_id), at=now.last_trusted()))
    assert MAKE not in _text(reader.get("/organization/tokens"))
    assert reader.post(MAKE, _form()).status_code == 403
