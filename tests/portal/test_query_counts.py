"""How many statements each page asks the database, compared with the committed ``tests/query_counts.json``.

A page that asks more than before is slower for everybody; one that asks more the more there is on it will be too slow
one day.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.every_page import COUNTS, SHOWN_TO_NONE_OF_THEM, addresses, arguments_of, pinned, sign_in_again
from tests.filled_zone import fill
from tests.five_accounts import AT, browser, make_five
from tests.foundation.zone_at_work import start

LATER = AT + timedelta(hours=1)
HOW = (
    "Look why. If the pages are as they should be, write the file anew: "
    "ZONARY_WRITE_QUERY_COUNTS=1 make test ARGS=tests/portal/test_query_counts.py"
)
ON_SQLITE = pytest.mark.parametrize("data", ["sqlite"], indirect=True)


@dataclass
class Opened:
    """Page -> who opens it -> statements; and the addresses that show nobody a page, though they are asked for one."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)


def open_all(rows: int, data: Any) -> Opened:
    """Every page, in a zone with so many of each thing; what is not shown to somebody is left out for them."""
    five = make_five()
    filled = fill(five, rows, at=LATER)
    start(data)
    opened, statuses = Opened(), dict[str, set[int]]()
    readers = {"visitor": None, "owner": five.owner, "officer": five.officer, **filled.administrators}
    for name, who in readers.items():
        known = arguments_of(who or five.owner, secret=filled.secret, digest=filled.digest)
        for address in addresses():
            where = address.of(known)
            status, statements = (404, 0) if where is None else _open(who, where)
            statuses.setdefault(address.page, set()).add(status)
            if status == 200:
                opened.counts.setdefault(address.page, {})[name] = statements
    opened.unseen = {name for name, found in statuses.items() if not found & {200, 405}}
    return opened


def _open(who: Any, where: str) -> tuple[int, int]:
    """Status, and how many statements it took."""
    from django.db import connection

    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    client = browser(who)
    if who is not None:
        sign_in_again(client)
    first = client.get(where)  # what is looked up once in a session, or in a process, is not what a page costs
    _read(first)
    if first.status_code != HTTPStatus.OK:
        return first.status_code, 0
    with connection.execute_wrapper(count):
        answer = client.get(where)
        _read(answer)
    return answer.status_code, len(asked)


def _read(answer: Any) -> None:
    answer.getvalue()
    answer.close()


@pytest.fixture
def own_zone(demo: None, data: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Forms of the account library ask for the host."""
    from django.conf import settings

    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])
    monkeypatch.setattr(settings, "ZONARY_KEPT", tmp_path / "kept")
    monkeypatch.setattr(settings, "SECRET_KEY", settings.SECRET_KEY)  # the zone makes its own


@ON_SQLITE
def test_every_page_asks_as_often_as_is_written_down(own_zone: None, data: Any) -> None:
    opened = open_all(3, data)
    counts = opened.counts
    if os.environ.get("ZONARY_WRITE_QUERY_COUNTS"):
        COUNTS.write_text(json.dumps(counts, indent=2, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    written = pinned()
    missing, stale = sorted(counts.keys() - written.keys()), sorted(written.keys() - counts.keys())
    assert missing == [], f"pages that {COUNTS.name} does not have. {HOW}"
    assert stale == [], f"{COUNTS.name} has pages that are not there. {HOW}"
    unknown = sorted(opened.unseen - SHOWN_TO_NONE_OF_THEM.keys())
    assert not unknown, (
        f"{unknown}: shown to nobody: have tests/filled_zone.py make what they show, or say why in every_page.py"
    )
    changed = {name: (written[name], counts[name]) for name in counts if written[name] != counts[name]}
    assert changed == {}, f"pages that ask another number of times: (written down, now). {HOW}"


@ON_SQLITE
def test_no_page_asks_more_often_the_more_there_is_on_it(own_zone: None, data: Any) -> None:
    written, counts = pinned(), open_all(30, data).counts
    grown = {
        name: (written.get(name), asked)
        for name, asked in counts.items()
        # Fewer are right where the first page of thirty is all of one kind, and that of three of several: the search.
        if any(asked[who] > written.get(name, {}).get(who, 0) for who in asked)
    }
    assert grown == {}, "pages that ask more with thirty rows than with three: (three, thirty)"
