"""The registry's pages: for officers alone; a table in three steps, and no step without the one before."""

from __future__ import annotations

import threading
from typing import Any

import pytest

pytest.importorskip("django", reason="organisations need the [web] extra")

from tests.five_accounts import browser
from tests.registries import csv_of, enterprises


@pytest.fixture
def browse(five: Any, demo: None) -> Any:
    """A browser in which one of the five is signed in and acts for their organisation."""

    def open_browser(name: str) -> Any:
        client = browser(getattr(five, name))
        client.defaults |= {"HTTP_ACCEPT_LANGUAGE": "en", "SERVER_NAME": "127.0.0.1"}
        return client

    return open_browser


def _upload(client: Any, rows: list[list[str]], source: str = "示例登记机关") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("名录.csv", csv_of(rows))
    return client.post("/registry/upload", {"file": file, "source": source, "sheet": ""})


def _work(data: Any) -> None:
    """What the server's thread does, once."""
    from zonary.config.registry_jobs import RegistryJobs

    RegistryJobs(data, threading.Event())._attempt()


def test_a_table_in_three_steps(data: Any, browse: Any) -> None:
    client = browse("officer")
    rows = list(enterprises(30))
    rows[3][0] = "=1+1"
    rows[4][1] = "<script>alert(1)</script>有限公司"
    sent = _upload(client, rows)
    assert sent.status_code == 302
    shown = client.get(sent.url)
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "Of the first 30 rows 1 would be refused." in text
    assert "<script>alert" not in text
    started = client.post(sent.url, {"name": "名录.csv", "source": "示例登记机关", "sheet": ""})
    assert started.status_code == 302
    assert "running" in client.get(started.url).content.decode()
    again = _upload(client, list(enterprises(5, seed=2)))
    _work(data)
    result = client.get(started.url).content.decode()
    assert "<dd>29</dd>" in result
    assert "done" in result
    part = client.get(started.url, HTTP_HX_REQUEST="true").content.decode()
    assert part.lstrip().startswith('<div id="progress"')
    assert "hx-get" not in part
    report = client.get(f"{started.url}/report.csv")
    assert "attachment" in report["Content-Disposition"]
    assert b"'=1+1" in b"".join(report.streaming_content)
    repeated = client.post(sent.url, {"name": "名录.csv", "source": "示例登记机关", "sheet": ""})
    assert repeated.status_code == 404  # read in, and the file is gone
    assert client.get(again.url).status_code == 200


def test_the_list_is_searched_by_name_and_code(data: Any, browse: Any) -> None:
    client = browse("officer")
    rows = list(enterprises(120))
    sent = _upload(client, rows)
    client.post(sent.url, {"name": "a.csv", "source": "s", "sheet": ""})
    _work(data)
    first = client.get("/registry").content.decode()
    assert 'rel="next"' in first
    found = client.get("/registry", {"q": rows[7][0][:16]}).content.decode()
    assert rows[7][1] in found
    assert rows[8][0] not in found
    assert "No enterprise fits." in client.get("/registry", {"q": "没有这样的名称"}).content.decode()


@pytest.mark.parametrize("name", ["owner", "colleague", "rival", "outsider"])
def test_nobody_but_officers_sees_any_of_it(data: Any, browse: Any, name: str) -> None:
    officer, client = browse("officer"), browse(name)
    sent = _upload(officer, list(enterprises(3)))
    started = officer.post(sent.url, {"name": "a.csv", "source": "s", "sheet": ""})
    pages = ["/registry", "/registry/upload", sent.url, started.url, f"{started.url}/report.csv"]
    assert [client.get(page).status_code for page in pages] == [403] * len(pages)
    assert _upload(client, list(enterprises(3))).status_code == 403
    assert client.post(sent.url, {"name": "a.csv", "source": "s", "sheet": ""}).status_code == 403


def test_what_cannot_be_read_is_said_on_the_page(data: Any, browse: Any) -> None:
    client = browse("officer")
    for content in (b"a,b\n1,2\n", b"PK\x03\x04 no workbook", b"\xff\xff\xff"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        sent = client.post("/registry/upload", {"file": SimpleUploadedFile("x.csv", content), "source": "s"})
        shown = client.get(sent.url)
        assert shown.status_code == 422
        assert 'role="alert"' in shown.content.decode()
    assert client.post("/registry/upload", {"source": "s"}).status_code == 422
    for digest in ("../../token", "0" * 64, "x"):
        assert client.get(f"/registry/files/{digest}").status_code == 404


def test_an_import_that_cannot_go_on_says_why(data: Any, browse: Any, five: Any) -> None:
    """The officer's membership ends before the server's thread comes to it."""
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.organizations.models import Membership, Organization, RegistryImport

    client = browse("officer")
    sent = _upload(client, list(enterprises(3)))
    client.post(sent.url, {"name": "a.csv", "source": "s", "sheet": ""})
    with unrecorded("a test ends the membership"):
        Membership.objects.filter(public_id=five.officer.membership).update(ended_at="2026-11-21T00:00:00Z")
    _work(data)
    found = RegistryImport.objects.get()
    assert (found.state, found.created) == ("stopped", 0)
    assert "officer" in found.problem_en
    assert "片区工作人员" in found.problem_zh
    assert not Organization.objects.filter(state="listed").exists()


def test_a_search_for_what_is_no_text_is_the_askers_mistake(browse: Any) -> None:
    assert browse("officer").get("/registry", {"q": "\0"}).status_code < 500
