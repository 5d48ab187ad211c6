"""Asking for a capture: by whom, of what, how many; and who sees what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="captures need the [web] extra")

from tests.api.calls import Caller, token_for
from tests.five_accounts import browser
from tests.services.evidence.capture.capturing import AT, sealed_capture, turn_on

PAGE = "https://shop.example/"
NOT_CAPTURED = [
    "", "shop.example", "ftp://shop.example/", "file:///etc/passwd", "chrome://version", "javascript:alert(1)",
    "data:text/html,x", "https://user:secret@shop.example/", "https://user@shop.example/", "https://@shop.example/",
    "https://shop.example:0/", "https://shop.example:99999/", "https://shop.example:22/", "https:///x", "https://[::1",
    "http://localhost/", "http://127.0.0.1/", "http://10.1.2.3/", "http://[::1]/", "http://[::ffff:10.0.0.1]/",
    "http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/", "http://100.100.100.200/",
    "http://168.63.129.16/", "http://printer.local/", "http://intranet/", "https://shop.example/\x00",
    "https://shop.example/ x", "https://shop.example\\@127.0.0.1/", f"https://shop.example/{'x' * 2000}",
]  # fmt: skip


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, demo: None) -> None:
    turn_on(monkeypatch, "127.0.0.1:8443")
    from zonary.services.evidence.capture.tasks import machine

    monkeypatch.setattr(machine, "_PROGRAMS", ("/bin/sh",))  # any program will do where none is started


@pytest.mark.parametrize("address", NOT_CAPTURED)
def test_what_is_not_captured(address: str) -> None:
    from zonary.services.evidence.capture.rules import CaptureAddressError, wanted_address

    with pytest.raises(CaptureAddressError):
        wanted_address(address, {"127.0.0.1:8443"})


@pytest.mark.parametrize(
    "address", [PAGE, "http://shop.example:8080/x?y=1#z", "https://127.0.0.1:8443/", "https://商店.example/页"]
)
def test_what_is_captured(address: str) -> None:
    from zonary.services.evidence.capture.rules import wanted_address

    assert wanted_address(f" {address} ", {"127.0.0.1:8443"}) == address


def test_each_asks_for_themselves_and_sees_their_own(five: Any, on: None) -> None:
    made = {}
    for name in ("owner", "colleague", "rival", "officer", "outsider"):
        asked = Caller(getattr(five, name))("POST", "/captures", {"address": f"https://{name}.example/"})
        assert asked.status_code == 201, asked.content
        made[name] = asked.json()
    assert made["owner"]["state"] == "waiting"

    def seen(name: str) -> set[str]:
        listed = Caller(getattr(five, name))("GET", "/captures").json()
        return {each["address"] for each in listed["items"]}

    assert seen("owner") == seen("colleague") == {"https://owner.example/", "https://colleague.example/"}
    for name in ("rival", "officer", "outsider"):
        assert seen(name) == {f"https://{name}.example/"}
        assert Caller(getattr(five, name))("GET", f"/captures/{made['owner']['id']}").status_code == 404
        page = browser(getattr(five, name)).get(f"/captures/{made['owner']['id']}")
        assert page.status_code == 404


def test_a_token_needs_the_scope_and_a_person(five: Any, on: None) -> None:
    reader = Caller(five.owner, token_for(five.owner, "evidence:read"))
    assert reader("POST", "/captures", {"address": PAGE}).status_code == 403
    assert reader("GET", "/captures").status_code == 200
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.organizations.standing import Standing
    from zonary.services.evidence.capture.actions import request_capture

    with pytest.raises(NotAllowedError):
        request_capture(PAGE, goes_on=False, by=Standing(person="operator"), at=AT)


def test_an_address_inside_is_refused_at_the_door(five: Any, on: None) -> None:
    refused = Caller(five.owner)("POST", "/captures", {"address": "http://127.0.0.1:22/"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-address")
    page = browser(five.owner).post("/captures/request", {"address": "http://u:p@shop.example/"})
    assert page.status_code == 422
    from zonary.services.evidence.capture.models import Capture

    assert not Capture.objects.exists()


def test_where_it_is_off_the_page_says_what_to_do(five: Any, demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser(five.owner)
    assert "ZONARY_CAPTURE=1" in client.get("/captures/request").content.decode()
    answer = Caller(five.owner)("POST", "/captures", {"address": PAGE})
    assert (answer.status_code, answer.json()["code"]) == (503, "captures-unavailable")
    turn_on(monkeypatch)
    from django.conf import settings

    monkeypatch.setattr(settings, "ZONARY_CAPTURE_CHROMIUM", "/nowhere/chromium")
    assert "apt-get install" in client.get("/captures/").content.decode()


def test_so_many_at_a_time_and_a_day(five: Any, on: None) -> None:
    from zonary.services.evidence.capture.actions import CaptureError, request_capture
    from zonary.services.evidence.capture.models import Capture
    from zonary.services.evidence.capture.rules import MAX_A_DAY, MAX_UNDER_WAY

    def ask(by: Any, at: Any = AT) -> Any:
        return request_capture(PAGE, goes_on=False, by=by, at=at)

    for _number in range(MAX_UNDER_WAY):
        ask(five.owner)
    with pytest.raises(CaptureError, match="under way"):
        ask(five.colleague)
    ask(five.rival)
    rows = [
        Capture(public_id=f"00000000-0000-7000-8000-{n:012x}", holder=five.outsider.holder, address=PAGE,
                state="failed", asked_by=five.outsider.person, asked_at=AT)
        for n in range(MAX_A_DAY)
    ]  # fmt: skip
    from zonary.foundation.ledger.guard import unrecorded

    with unrecorded("rows of the past, for a test"):
        Capture.objects.bulk_create(rows)
    with pytest.raises(CaptureError, match="24 hours"):
        ask(five.outsider)
    ask(five.outsider, AT + timedelta(hours=25))


def test_of_two_servers_one_carries_it_out(five: Any, on: None) -> None:
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.services.evidence.capture.actions import CaptureError, begin_capture, fail_capture, request_capture

    asked = request_capture(PAGE, goes_on=False, by=five.owner, at=AT)
    begin_capture(asked, by=SYSTEM, at=AT)
    with pytest.raises(CaptureError):
        begin_capture(asked, by=SYSTEM, at=AT)
    fail_capture(asked, "interrupted", by=SYSTEM, at=AT)
    with pytest.raises(CaptureError):
        fail_capture(asked, "fault", by=SYSTEM, at=AT)


def test_what_a_stopped_server_left_is_told(five: Any, on: None) -> None:
    import threading

    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.services.evidence.capture.actions import begin_capture, request_capture
    from zonary.services.evidence.capture.rules import GRACE
    from zonary.services.evidence.capture.tasks.carrying_out import work_off

    asked = request_capture(PAGE, goes_on=False, by=five.owner, at=AT)
    begin_capture(asked, by=SYSTEM, at=AT)
    assert not work_off(lambda: AT + GRACE / 2, threading.Event())
    asked.refresh_from_db()
    assert asked.state == "running"
    assert not work_off(lambda: AT + GRACE * 2, threading.Event())
    asked.refresh_from_db()
    assert (asked.state, asked.failure) == ("failed", "interrupted")


def test_what_waits_can_be_withdrawn_by_those_it_is_for(five: Any, on: None) -> None:
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.services.evidence.capture.actions import CaptureError, begin_capture, request_capture, withdraw_capture
    from zonary.services.evidence.capture.queries import next_waiting

    asked = request_capture(PAGE, goes_on=False, by=five.owner, at=AT)
    place = f"/captures/{asked.public_id}"
    for name in ("rival", "officer", "outsider"):
        assert browser(getattr(five, name)).post(f"{place}/withdraw").status_code == 404
        assert Caller(getattr(five, name))("POST", f"{place}/withdrawal").status_code == 404
    client = browser(five.colleague)
    assert "withdraw" in client.get(place).content.decode()
    assert client.post(f"{place}/withdraw")["Location"] == place
    assert "Withdrawn" in client.get(f"{place}?lang=en").content.decode()
    assert next_waiting() is None
    with pytest.raises(CaptureError):
        begin_capture(asked, by=SYSTEM, at=AT)
    again = Caller(five.owner)("POST", f"{place}/withdrawal")
    assert (again.status_code, again.json()["code"]) == (409, "capture")
    running = begin_capture(request_capture(PAGE, goes_on=False, by=five.owner, at=AT), by=SYSTEM, at=AT)
    with pytest.raises(CaptureError, match="begun"):
        withdraw_capture(str(running.public_id), by=five.owner, at=AT)
    told = client.post(f"/captures/{running.public_id}/withdraw", follow=True).content.decode()
    assert "只能撤回" in told or "Only a capture" in told


def test_its_steps_are_shown_while_it_runs(five: Any, on: None) -> None:
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.services.evidence.capture.actions import begin_capture, request_capture
    from zonary.services.evidence.capture.tasks.live import Steps

    running = begin_capture(request_capture(PAGE, goes_on=False, by=five.owner, at=AT), by=SYSTEM, at=AT)
    steps = [
        {"at": "2026-11-22T03:05:07Z", "step": "opens", "facts": {"address": "https://shop.example/<b>"}},
        {"at": "2026-11-22T03:05:08Z", "step": "of-a-later-release", "facts": {}},
    ]
    kept = Steps(running)
    kept.tell(steps)
    kept.tell([])  # at once again: one write is enough
    for headers in ({}, {"HX-Request": "true"}):
        place = f"/captures/{running.public_id}?lang=en"
        shown = browser(five.colleague).get(place, headers=headers).content.decode()
        assert "The address was opened: https://shop.example/&lt;b&gt;" in shown
        assert "of-a-later-release" not in shown
        assert "Under way" in shown


def test_what_it_is_about_goes_with_it_to_the_record(five: Any, on: None) -> None:
    from zonary.services.evidence.capture.models import Capture
    from zonary.services.evidence.models import EvidenceRecord

    capture = sealed_capture(five.owner, subject="infringement")
    assert EvidenceRecord.objects.get(public_id=capture.evidence).subject == "infringement"
    page = browser(five.owner).get("/captures/request").content.decode()
    assert '<option value="infringement" selected>' in page
    asked = Caller(five.owner)("POST", "/captures", {"address": PAGE, "subject": "infringement"})
    assert asked.json()["subject"] == "infringement"
    assert Caller(five.owner)("POST", "/captures", {"address": PAGE, "subject": "x"}).status_code == 422
    browser(five.owner).post("/captures/request", {"address": PAGE, "subject": "mark"})
    assert Capture.objects.order_by("pk").values_list("subject", flat=True).last() == "mark"


def test_the_doctor_says_what_is_missing(demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    from zonary.common.language import translate
    from zonary.foundation.ledger.checkup import Severity
    from zonary.services.evidence.capture.tasks import machine

    def told() -> list[tuple[Any, str]]:
        return [
            (each.severity, translate(each.found.msgid, "en", each.found.params)) for each in machine.check_capture()
        ]

    assert told() == [(Severity.OK, "Capturing web pages is off: this server opens no web page.")]
    turn_on(monkeypatch, "intranet.example:8443")
    monkeypatch.setattr(settings, "ZONARY_CAPTURE_CHROMIUM", "/nowhere/chromium")
    ((severity, sentence),) = told()
    assert severity is Severity.WARNING
    assert "apt-get install chromium" in sentence
    monkeypatch.setattr(settings, "ZONARY_CAPTURE_CHROMIUM", "/bin/sh")
    monkeypatch.setattr(settings, "ZONARY_CAPTURE_SANDBOX", False)
    (severity, sentence), (shut, without) = told()
    assert (severity, shut) == (Severity.OK, Severity.WARNING)
    assert "/bin/sh" in sentence
    assert "intranet.example:8443" in sentence
    assert "without its sandbox" in without
    monkeypatch.setattr(settings, "ZONARY_CAPTURE_SANDBOX", True)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    assert len(told()) == 1


def test_who_was_taken_off_the_organisation_gets_no_evidence(five: Any, on: None) -> None:
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.actions import end_membership
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.evidence.capture.actions import begin_capture, request_capture
    from zonary.services.evidence.capture.tasks import carrying_out

    asked = begin_capture(
        request_capture(PAGE, goes_on=False, by=five.colleague, at=AT), by=SYSTEM, at=AT
    )  # fmt: skip
    end_membership(five.colleague.membership, reason="x", by=five.owner, at=AT)
    with pytest.raises(NotAllowedError):
        carrying_out._standing(asked, AT)


def test_the_page_shows_what_was_seen_and_what_it_cannot_prove(five: Any, on: None) -> None:
    capture = sealed_capture(five.owner)
    client = browser(five.owner)
    page = client.get(f"/captures/{capture.public_id}", headers={"Accept-Language": "zh"}).content.decode()
    for words in ("星河旗舰店（仿冒）", "203.0.113.5", "CN=shop.example", "本取证不能证明的事项", "screenshot.png"):
        assert words in page
    english = client.get(f"/captures/{capture.public_id}?lang=en").content.decode()
    assert "What this cannot prove" in english
    assert "The address was opened: https://shop.example/" in english
    picture = client.get(f"/captures/{capture.public_id}/files/screenshot.png")
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert "sandbox" in picture["Content-Security-Policy"]
    assert client.get(f"/captures/{capture.public_id}/files/page.wacz").status_code == 404
    assert client.get(f"/captures/{capture.public_id}/files/..%2Flog.json").status_code == 404
    log = client.get(f"/captures/{capture.public_id}/files/log.json").json()
    assert len(log["not_proven"]) >= 6
    assert all({"en", "zh"} <= set(each) for each in log["not_proven"])


def test_it_can_be_shared_like_any_document(five: Any, on: None) -> None:
    from zonary.foundation.documents.actions import share_document

    capture = sealed_capture(five.owner)
    share_document(str(capture.document), grantee=str(five.competitor.public_id), until=None, by=five.owner, at=AT)
    assert browser(five.rival).get(f"/documents/{capture.document}").status_code == 200
    assert browser(five.rival).get(f"/captures/{capture.public_id}").status_code == 404
    assert browser(five.outsider).get(f"/documents/{capture.document}").status_code == 404


def test_erased_files_are_gone_from_its_page(five: Any, on: None) -> None:
    from zonary.foundation.documents.actions import erase_document_version

    capture = sealed_capture(five.owner)
    erase_document_version(str(capture.document), number=1, reason="x", by=five.owner, at=AT)
    page = browser(five.owner).get(f"/captures/{capture.public_id}?lang=en")
    assert page.status_code == 200
    assert "not to be had any more" in page.content.decode()
