"""Tries to get into an account, and searches, are few from one address, also behind a proxy; no others wait."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.five_accounts import browser

OUTSIDE = {"REMOTE_ADDR": "203.0.113.9", "SERVER_NAME": "127.0.0.1"}


@pytest.fixture
def few(data: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from django.conf import settings

    from zonary.common.client_address import trusted_proxies
    from zonary.foundation.organizations.access import _buckets

    monkeypatch.setattr(settings, "ZONARY_RATE_TRIES", (0.01, 3))
    monkeypatch.setattr(settings, "ZONARY_RATE_ADDRESS", (0.01, 3))
    monkeypatch.setattr(settings, "ZONARY_TRUSTED_PROXIES", trusted_proxies("10.0.0.0/8"))
    _buckets.cache_clear()
    yield
    _buckets.cache_clear()


def test_tries_to_sign_in(few: None) -> None:
    client, form = browser(None), {"login": "a@zone.example", "password": "wrong"}
    answers = [client.post("/account/login/", form, **OUTSIDE) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 50
    assert client.post("/account/signup/", {}, **OUTSIDE).status_code == 429
    assert client.get("/account/login/", **OUTSIDE).status_code == 200
    assert client.post("/account/login/", form, **(OUTSIDE | {"REMOTE_ADDR": "203.0.113.10"})).status_code == 200


def test_behind_a_proxy_each_client_is_counted(few: None) -> None:
    client, form = browser(None), {"login": "a@zone.example", "password": "wrong"}

    def ask(said: str, peer: str = "10.0.0.1") -> int:
        sent = OUTSIDE | {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": said}
        return int(client.post("/account/login/", form, **sent).status_code)

    assert [ask("198.51.100.1") for _ in range(4)] == [200, 200, 200, 429]
    assert ask("198.51.100.2") == 200
    # What the client itself writes in front helps nobody, nor does it without a proxy.
    assert ask("198.51.100.77, 198.51.100.1") == 429
    assert [ask(f"198.51.100.{100 + number}", "203.0.113.9") for number in range(4)] == [200, 200, 200, 429]


def test_searches(five: Any, few: None, demo: None) -> None:
    officer = browser(five.officer)
    found = [officer.get("/registry?q=星河", **OUTSIDE).status_code for _ in range(4)]
    assert found == [200, 200, 200, 429]
    assert officer.get("/registry", **OUTSIDE).status_code == 200


def test_every_page_that_is_named_is_there(migrated: Any) -> None:
    from django.urls import get_resolver

    from zonary.config.counted_pages import TRIES

    def names(resolver: Any, before: str) -> Iterator[str]:
        for each in resolver.url_patterns:
            if hasattr(each, "url_patterns"):
                yield from names(each, f"{before}{each.namespace}:" if each.namespace else before)
            elif each.name:
                yield before + each.name

    assert set(names(get_resolver(), "")) >= TRIES
