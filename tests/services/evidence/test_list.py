"""The list of records: what is asked for is found, another's never is, and no cell of the table is a formula."""

from __future__ import annotations

import csv
import html
import io
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import AT, browser
from tests.foundation import zone_at_work


@pytest.fixture
def filled(five: Any, demo: None, data: Any) -> Any:
    """Two records of the enterprise on two days, and one of its rival."""
    _register(five.owner, "旋挖钻机 图纸", "design", 1)
    _register(five.colleague, "=cmd()", "contract", 2, days=3)
    _register(five.rival, "旋挖钻机 图纸 的竞争者", "design", 3)
    zone_at_work.start(data)
    return five


def _register(by: Any, title: str, subject: str, number: int, *, days: int = 0) -> str:
    from zonary.services.evidence.actions import register_described
    from zonary.services.evidence.rules import MARKS, PAIR_SIZE, Description, Kind, Registrations

    wanted = Registrations(marks=MARKS[Kind.DIGEST], pairs=number.to_bytes(PAIR_SIZE, "big"))
    said = Description(title=title, subject=subject)
    return str(register_described(wanted, said, by=by, at=AT + timedelta(hours=1, days=days)).public_ids[0])


ASKED = {
    "": ["=cmd()", "旋挖钻机 图纸"],
    "q=图纸": ["旋挖钻机 图纸"],
    "q=图纸 钻机": ["旋挖钻机 图纸"],
    "q=CMD": ["=cmd()"],
    "q=没有": [],
    "subject=contract": ["=cmd()"],
    "subject=nonsense": ["=cmd()", "旋挖钻机 图纸"],
    "since=2026-11-21": ["=cmd()"],
    "until=2026-11-20": ["旋挖钻机 图纸"],
    "since=2026-11-20&until=2026-11-20": ["旋挖钻机 图纸"],
    "since=9999-12-31": [],
    "until=0001-01-01": [],
    "since=yesterday": ["=cmd()", "旋挖钻机 图纸"],
}


@pytest.mark.parametrize("asked", ASKED)
def test_the_list_has_what_is_asked_for(filled: Any, asked: str) -> None:
    for who in (filled.owner, filled.colleague):
        rows = csv.reader(io.StringIO(browser(who).get(f"/evidence/export.csv?{asked}").getvalue().decode("utf-8-sig")))
        titles = [row[4].lstrip("'") for row in rows][1:]
        assert titles == ASKED[asked]
    page = html.unescape(browser(filled.owner).get(f"/evidence/?{asked}").content.decode())
    assert [title for title in ASKED[""] if f">{title}</a>" in page] == ASKED[asked]
    assert "竞争者" not in page


@pytest.mark.parametrize("who", ["rival", "officer", "outsider"])
def test_others_are_not_listed(filled: Any, who: str) -> None:
    client = browser(getattr(filled, who))
    for path in ("/evidence/", "/evidence/export.csv", "/evidence/?q=cmd"):
        assert "cmd()" not in client.get(path).getvalue().decode()


def test_no_cell_is_a_formula(filled: Any) -> None:
    table = browser(filled.owner).get("/evidence/export.csv").getvalue().decode("utf-8-sig")
    assert "'=cmd()" in table
    assert ",=cmd()" not in table


def test_the_api_asks_the_same(filled: Any) -> None:
    call = Caller(filled.owner)
    assert [each["title"] for each in call("GET", "/evidence/described?q=图纸").json()["items"]] == ["旋挖钻机 图纸"]
    assert [each["title"] for each in call("GET", "/evidence/described?subject=contract").json()["items"]] == ["=cmd()"]
    assert call("GET", "/evidence/described?since=2026-11-21").json()["items"][0]["title"] == "=cmd()"
    assert call("GET", "/evidence/described?subject=x").status_code == 422
    assert call("GET", "/evidence/described?since=x").status_code == 422
    first = call("GET", "/evidence/described?limit=1&until=2030-01-01").json()
    assert "until=2030-01-01" in first["next"]


def test_words_are_looked_for_in_so_many_titles_at_a_time(filled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may have nothing and yet lead on: the work of one page has a bound however many records there are."""
    from zonary.services.evidence import queries

    monkeypatch.setattr(queries, "LOOKED_THROUGH", 1)
    first = queries.described(filled.owner, queries.Wanted(words=("图纸",)))
    assert (first.items, bool(first.next)) == ([], True)
    second = queries.described(filled.owner, queries.Wanted(words=("图纸",)), cursor=first.next)
    assert [each.title for each in second] == ["旋挖钻机 图纸"]
    page = browser(filled.owner).get("/evidence/?q=图纸").content.decode()
    assert "cursor=" in page


def test_the_picture_leads_to_the_record(filled: Any) -> None:
    from zonary.services.evidence.models import EvidenceRecord

    record = EvidenceRecord.objects.get(title="=cmd()").public_id
    picture = browser(filled.owner).get(f"/evidence/{record}/address.svg")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/svg+xml")
    assert b"style=" not in picture.content
    assert browser(filled.rival).get(f"/evidence/{record}/address.svg").status_code == 404


def test_no_choice_of_filters_reads_the_whole_table(filled: Any) -> None:
    """With a million records the first page takes as long as with ten: the plan of each question begins at an index,
    in the order of the list, so that nothing is sorted either."""
    from itertools import product

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from zonary.services.evidence import queries

    day = AT.date()
    wrong = []
    every = product(((), ("图纸",)), ("", "design"), (None, day), (None, day), (False, True))
    for words, subject, since, until, has_cursor in every:
        wanted = queries.Wanted(words=words, subject=subject, since=since, until=until)
        cursor = queries.described(filled.owner, queries.EVERYTHING, limit=1).next if has_cursor else ""
        with CaptureQueriesContext(connection) as asked:
            queries.described(filled.owner, wanted, cursor=cursor, limit=1)
        for each in list(asked.captured_queries):
            plan = _plan(connection, each["sql"])
            if "Seq Scan" in plan or "SCAN" in plan or "Sort" in plan or "B-TREE" in plan:
                wrong.append((wanted, plan))
    assert wrong == []


def _plan(connection: Any, sql: str) -> str:
    from zonary.foundation.ledger.guard import unrecorded

    with unrecorded("a plan changes nothing"), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return "\n".join(str(row[3]) for row in cursor.fetchall())
        # Of three rows a planner would read the whole table; what it does with a million is asked here.
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(str(row[0]) for row in cursor.fetchall())
        cursor.execute("RESET enable_seqscan; RESET enable_bitmapscan; RESET enable_sort")
        return plan
