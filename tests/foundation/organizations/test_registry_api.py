"""A registry imported by program: as a body, or as a document that came in by a resumable upload."""

from __future__ import annotations

import threading
from typing import Any

import pytest

pytest.importorskip("django", reason="organisations need the [web] extra")

from tests.api.calls import Caller, token_for
from tests.five_accounts import AT
from tests.foundation.documents.arriving import bring
from tests.registries import csv_of, enterprises

PATH = "/registry/imports"
ASKED = "?source=%E7%A4%BA%E4%BE%8B%E7%99%BB%E8%AE%B0%E6%9C%BA%E5%85%B3&name=a.csv"


def send(caller: Caller, table: bytes, query: str = ASKED, **headers: str) -> Any:
    from django.test import Client

    client = Client(raise_request_exception=False)
    shown = {"Authorization": f"Bearer {caller.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return client.generic("POST", f"/api/v1{PATH}{query}", table, "application/octet-stream", headers=shown)


def work(data: Any) -> None:
    """What the server's thread does, once."""
    from zonary.config.registry_jobs import RegistryJobs

    RegistryJobs(data, threading.Event())._attempt()


def listed() -> int:
    from zonary.foundation.organizations.models import Organization

    return Organization.objects.filter(state="listed").count()


def test_a_table_from_trial_to_report(five: Any, data: Any) -> None:
    officer = Caller(five.officer)
    rows = list(enterprises(30))
    rows[3][0] = "=1+1"
    table = csv_of(rows)
    trial = send(officer, table, f"{ASKED}&dry_run=true")
    assert trial.status_code == 200, trial.content
    seen = trial.json()
    assert (seen["rows"], seen["looked_at"], seen["refused"]) == (30, 30, 1)
    assert [each["row"] for each in seen["remarks"] if each["is_refused"]] == [5]
    assert officer("GET", PATH).json()["items"] == []

    begun = send(officer, table)
    assert begun.status_code == 201, begun.content
    assert (begun.json()["state"], begun.json()["rows"]) == ("running", 30)
    assert begun.json()["file_sha256"] == seen["file_sha256"]
    where = f"{PATH}/{begun.json()['id']}"
    assert send(officer, table).json()["id"] == begun.json()["id"]
    assert listed() == 0
    work(data)
    done = officer("GET", where).json()
    assert (done["state"], done["created"], done["refused"], done["rows_done"]) == ("done", 29, 1, 31)
    assert listed() == 29
    assert officer("GET", f"/receipts/{done['receipt']}").status_code in (200, 404)  # it is to be published first
    report = b"".join(officer("GET", f"{where}/report").streaming_content)
    assert len(report.splitlines()) == 2
    assert [each["id"] for each in officer("GET", PATH).json()["items"]] == [done["id"]]

    again = send(officer, table)
    assert (again.status_code, again.json()["code"]) == (409, "already-imported")
    work(data)
    assert listed() == 29


def test_a_large_table_comes_as_a_document(five: Any, data: Any) -> None:
    officer = Caller(five.officer)
    table = csv_of(list(enterprises(20)))
    document = bring(five.officer, table, at=AT, piece=700, filename="名录.csv").document.public_id
    asked = {"document": str(document), "source": "示例登记机关"}
    assert officer("POST", f"{PATH}?dry_run=true", asked).json()["rows"] == 20
    begun = officer("POST", PATH, asked)
    assert (begun.status_code, begun.json()["file_name"]) == (201, "名录.csv"), begun.content
    work(data)
    assert officer("GET", f"{PATH}/{begun.json()['id']}").json()["created"] == 20
    assert officer("POST", PATH, asked).status_code == 409


def test_sent_twice_under_one_key_it_is_begun_once(five: Any, data: Any) -> None:
    officer, table = Caller(five.officer), csv_of(list(enterprises(5)))
    first, second = (send(officer, table, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, first.content) == (201, second.content)


@pytest.mark.parametrize("who", ["owner", "colleague", "rival", "outsider"])
def test_only_officers_import(five: Any, data: Any, who: str) -> None:
    stranger = Caller(getattr(five, who))
    assert send(stranger, csv_of(list(enterprises(5)))).status_code == 403
    assert stranger("GET", PATH).status_code == 403
    assert not (data.path / "registry-uploads").exists()


def test_an_officer_imports_no_document_of_an_enterprise(five: Any, data: Any) -> None:
    document = bring(five.owner, csv_of(list(enterprises(5))), at=AT).document.public_id
    asked = {"document": str(document), "source": "x"}
    assert Caller(five.officer)("POST", PATH, asked).status_code == 404


def test_a_token_needs_the_scopes(five: Any, data: Any) -> None:
    document = bring(five.officer, csv_of(list(enterprises(5))), at=AT).document.public_id
    asked = {"document": str(document), "source": "x"}
    for scopes, status in (("organization:write",), 403), (("registry:import",), 403), (("registry:import",
                           "documents:read"), 201):  # fmt: skip
        caller = Caller(None, token_for(five.officer, *scopes))
        assert caller("POST", PATH, asked).status_code == status, scopes


@pytest.mark.parametrize(
    ("table", "query", "status"),
    [
        (b"", ASKED, 415),
        (b"a,b\n1,2\n", ASKED, 422),
        (b"PK\x03\x04rubbish", ASKED, 422),
        (b"a,b\n1,2\n", "", 422),
        (b"a,b\n1,2\n", f"{ASKED}&sheet=x", 422),
        (b"a,b\n1,2\n", f"?source={'x' * 121}", 422),
        (b"a,b\n1,2\n", f"{ASKED}&dry_run=perhaps", 422),
    ],
)
def test_what_is_no_registry(five: Any, data: Any, table: bytes, query: str, status: int) -> None:
    answer = send(Caller(five.officer), table, query)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.content


def test_while_another_import_runs_none_begins(five: Any, data: Any) -> None:
    from zonary.foundation.organizations.registry.holding import only_import

    busy: list[Any] = []

    def ask() -> None:
        from django.db import connection

        busy.append(send(officer, csv_of(list(enterprises(5)))))
        connection.close()

    officer = Caller(five.officer)
    with only_import(data):
        asking = threading.Thread(target=ask)
        asking.start()
        asking.join()
    assert (busy[0].status_code, busy[0].json()["code"]) == (409, "import-busy")


def test_the_page_goes_on_from_a_document(five: Any, data: Any, demo: None) -> None:
    from tests.five_accounts import browser

    document = bring(five.officer, csv_of(list(enterprises(6))), at=AT, filename="n.csv").document.public_id
    client = browser(five.officer)
    where = f"/registry/documents/{document}"
    shown = client.get(f"{where}?source=%3Cb%3E&sheet=")
    assert 'value="&lt;b&gt;"' in shown.content.decode()
    assert client.post(where, {"source": ""}).status_code == 422
    led = client.post(where, {"source": "示例登记机关", "sheet": ""})
    assert (led.status_code, led.url.startswith("/registry/files/")) == (302, True)
    assert "示例登记机关" in client.get(led.url).content.decode()
    for who in (five.owner, five.outsider):
        assert browser(who).get(where).status_code == 403
