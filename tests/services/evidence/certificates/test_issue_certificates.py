"""Issuing is an act; what was issued stays what it was, is found by its number, and is nobody else's."""

from __future__ import annotations

import hashlib
import html
import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from tests.api.calls import Caller
from tests.filled_zone import register_evidence
from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.services.evidence.certificates import at_work


@pytest.fixture
def records(five: Any, demo: None, data: Any) -> list[str]:
    """Of the enterprise, published."""
    return at_work.registered(five.owner, data, 2)


def _report(content: bytes, data: Any) -> Any:
    from zonary.proof.certificate.verify import examine_certificate
    from zonary.proof.package.verify import examine

    trusts = [zone_at_work.trust_of(data)]
    return examine_certificate(content, trusts=trusts, examine=lambda inside: examine(inside, trusts=trusts))


def _text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_its_holder_issues_one_on_the_page_and_it_verifies(five: Any, records: list[str], data: Any) -> None:
    client, address = browser(five.owner), f"/evidence/{records[0]}"
    assert "尚未就此存证签发证书" in _text(client.get(address))
    assert client.post(f"{address}/certificate").status_code == 302
    [act] = zone_at_work.acts("certificates.certificate.issued")
    page = _text(client.get(address))
    assert act["certificate"] in page
    answer = client.get(f"{address}/certificates/{act['certificate']}")
    assert answer["Content-Type"] == "application/pdf"
    report = _report(answer.content, data)
    assert int(report.outcome) == 0, [str(each.sentence) for each in report.layers]
    facts = report.facts
    assert hashlib.sha256(facts.encode()).hexdigest() == act["facts"]
    assert facts.subject.name == five.enterprise.name
    assert facts.record.title == "图纸 0"
    assert (facts.operator.name, facts.operator.blockchain_filing) == (five.authority.name, "")
    assert facts.address == f"http://127.0.0.1:8000/certificates/{facts.number}"


def test_what_the_operator_states_stands_in_it(five: Any, records: list[str], data: Any) -> None:
    from django.test import override_settings

    from zonary.config.operator_facts import operator_facts

    stated = {"ZONARY_OPERATOR": "示范公司（虚构）", "ZONARY_FILING_BLOCKCHAIN": "湘网信备0号"}
    call = Caller(five.owner)
    with override_settings(ZONARY_OPERATOR=operator_facts(stated)):
        assert call("POST", f"/evidence/{records[0]}/certificate").status_code == 201
    facts = _report(call("GET", f"/evidence/{records[0]}/certificate").content, data).facts
    assert (facts.operator.name, facts.operator.blockchain_filing) == ("示范公司（虚构）", "湘网信备0号")


def test_fetched_again_it_says_the_same_though_the_log_has_grown(five: Any, records: list[str], data: Any) -> None:
    call = Caller(five.owner)
    made = call("POST", f"/evidence/{records[0]}/certificate").json()
    first = _report(call("GET", f"/evidence/{records[0]}/certificate").content, data)
    register_evidence(five.owner, 5, zone_at_work.AT)
    at_work.start(data)
    assert call("PUT", f"/evidence/{records[0]}/description", {"title": "Renamed"}).status_code == 200
    later = _report(call("GET", f"/evidence/{records[0]}/certificate?number={made['number']}").content, data)
    assert later.facts == first.facts
    assert int(later.outcome) == 0


def test_whoever_scans_the_code_is_told_without_signing_in(five: Any, records: list[str], data: Any) -> None:
    made = Caller(five.owner)("POST", f"/evidence/{records[0]}/certificate").json()
    page = _text(browser(None).get(made["address"]))
    facts = _report(Caller(five.owner)("GET", f"/evidence/{records[0]}/certificate").content, data).facts
    assert facts.package.statement_sha256 in page
    assert "不证明作者身份和内容真实" in page
    from zonary.common.clock import ZONE_TIME

    issued, registered = (datetime.fromisoformat(each) for each in (facts.issued_at, facts.record.registered_at))
    for moment in (issued, registered):
        assert f"{moment.astimezone(ZONE_TIME):%Y-%m-%d %H:%M:%S} <" in page
    assert five.enterprise.name not in page
    assert "图纸" not in page
    unknown = browser(None).get("/certificates/019ab0c4-7c1e-7d3a-9d8e-5b1f2a3c4d5e")
    assert unknown.status_code == 404
    assert "没有此编号的证书" in _text(unknown)


@pytest.mark.parametrize("who", ["rival", "outsider", "officer"])
def test_nobody_else_issues_or_fetches_one(five: Any, records: list[str], who: str) -> None:
    other, path = getattr(five, who), f"/evidence/{records[0]}"
    made = Caller(five.owner)("POST", f"{path}/certificate").json()
    assert Caller(other)("POST", f"{path}/certificate").status_code == 404
    assert Caller(other)("GET", f"{path}/certificate").status_code == 404
    assert Caller(other)("POST", "/evidence/certificates", {"records": records}).status_code == 404
    client = browser(other)
    assert client.post(f"{path}/certificate").status_code == 404
    assert client.get(f"{path}/certificates/{made['number']}").status_code == 404
    assert len(zone_at_work.acts("certificates.certificate.issued")) == 1


def test_many_come_in_one_file_each_with_an_act(five: Any, records: list[str], data: Any) -> None:
    answer = Caller(five.owner)("POST", "/evidence/certificates", {"records": records})
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        reports = [_report(archive.read(name), data) for name in archive.namelist()]
    assert [int(each.outcome) for each in reports] == [0, 0]
    assert {each.facts.record.id for each in reports} == set(records)
    acts = zone_at_work.acts("certificates.certificate.issued")
    assert {each["certificate"] for each in acts} == {each.facts.number for each in reports}
    ticked = browser(five.owner).post("/certificates/issue", {"record": records})
    assert ticked["Content-Type"] == "application/zip"
    assert len(zipfile.ZipFile(io.BytesIO(b"".join(ticked.streaming_content))).namelist()) == 2


def test_of_many_nothing_is_issued_unless_all_can_be(five: Any, records: list[str], data: Any) -> None:
    from zonary.common.clock import now
    from zonary.portal.demonstration.steps.sealing import register_record
    from zonary.proof.digests import digests_of
    from zonary.services.evidence.rules import Description, Kind

    unknown = "019ab0c4-7c1e-7d3a-9d8e-5b1f2a3c4d5e"
    assert Caller(five.owner)("POST", "/evidence/certificates", {"records": [*records, unknown]}).status_code == 404
    assert Caller(five.owner)("POST", "/evidence/certificates", {"records": []}).status_code == 422
    client = browser(five.owner)
    assert client.post("/certificates/issue", {}).status_code == 302
    assert "请先选择要签发证书的存证" in _text(client.get("/evidence/"))
    at_home = register_record(
        digests_of(b"a statement"), Description(title="留在本地的文件夹"), five.owner, now(), Kind.STATEMENT
    )
    zone_at_work.start(data)
    assert client.post("/certificates/issue", {"record": [*records, at_home]}).status_code == 302
    assert "“留在本地的文件夹”：此存证的声明仅由您保存" in _text(client.get("/evidence/"))
    assert zone_at_work.acts("certificates.certificate.issued") == []


def test_one_that_fails_meanwhile_costs_the_others_nothing(five: Any, records: list[str], data: Any) -> None:
    from zonary.common.clock import now
    from zonary.services.evidence.certificates.contents import WHOLE
    from zonary.services.evidence.certificates.many import LEFT_OUT, issued_files, require_certifiable

    wanted = require_certifiable([(each, WHOLE) for each in records], by=five.owner, at=now())
    pieces = issued_files(wanted, by=five.owner, clock=now)
    first = next(pieces)
    assert Caller(five.owner)("POST", f"/evidence/{records[1]}/erasure", {"reason": "x"}).status_code in (200, 204)
    with zipfile.ZipFile(io.BytesIO(first + b"".join(pieces))) as archive:
        assert len(archive.namelist()) == 2
        assert records[1] in archive.read(LEFT_OUT).decode()
        [name] = set(archive.namelist()) - {LEFT_OUT}
        assert int(_report(archive.read(name), data).outcome) == 0


def test_none_before_the_log_published_it(five: Any, records: list[str]) -> None:
    waiting = register_evidence(five.owner, 9, zone_at_work.AT)
    answer = Caller(five.owner)("POST", f"/evidence/{waiting}/certificate")
    assert (answer.status_code, answer.json()["code"]) == (409, "no-certificate")
    page = browser(five.owner).post(f"/evidence/{waiting}/certificate", follow=True)
    assert "日志尚未发布此存证" in _text(page)


def test_nothing_is_made_without_revocation_lists(five: Any, records: list[str], data: Any) -> None:
    call = Caller(five.owner)
    assert call("POST", f"/evidence/{records[0]}/certificate").status_code == 201
    data.certificate_revocations.unlink()
    answer = call("GET", f"/evidence/{records[0]}/certificate")
    assert (answer.status_code, answer.json()["code"]) == (503, "cannot-sign")


def test_with_the_record_what_stood_in_it_is_erased(five: Any, records: list[str]) -> None:
    from tests.api.enterprise_things import everything

    call = Caller(five.owner)
    made = call("POST", f"/evidence/{records[0]}/certificate").json()
    assert call("POST", f"/evidence/{records[0]}/erasure", {"reason": "x"}).status_code in (200, 204)
    assert browser(None).get(made["address"]).status_code == 404
    assert call("GET", f"/evidence/{records[0]}/certificate").status_code == 404
    assert made["number"] not in str([row for row in everything() if "EvidenceCertificate" in str(row)])


def test_the_operator_s_facts_are_one_line_each() -> None:
    from zonary.config.operator_facts import OperatorFactsError, operator_facts

    assert operator_facts({}).name == ""
    for wrong in ("x" * 201, "two\nlines", "hid\u202eden"):
        with pytest.raises(OperatorFactsError):
            operator_facts({"ZONARY_OPERATOR": wrong})


def test_of_a_captured_page_the_certificate_says_what_the_service_opened(
    five: Any, demo: None, data: Any, tmp_path: Any, poppler: Any
) -> None:
    import subprocess

    from tests.services.evidence.capture.capturing import sealed_capture

    from zonary.common.clock import now

    at_work.start(data)
    record = str(sealed_capture(five.owner, "https://shop.example/item", at=now.last_trusted()).evidence)
    at_work.start(data)
    call = Caller(five.owner)
    assert call("POST", f"/evidence/{record}/certificate").status_code == 201
    content = call("GET", f"/evidence/{record}/certificate").content
    assert int(_report(content, data).outcome) == 0
    (tmp_path / "page.pdf").write_bytes(content)
    told = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "page.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "系统记录System" in told.replace(" ", "").replace("\n", "")
    assert "本平台取证服务自行访问的网页：https://shop.example/item" in told.replace(" ", "").replace("\n", "")
