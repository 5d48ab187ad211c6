"""A certificate that shows some files of a record: of a list that is here, and of one that its holder keeps."""

from __future__ import annotations

import html
import io
import zipfile
from typing import Any

import pytest
from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.services.evidence.certificates import at_work

from zonary.proof.digests import digests_of
from zonary.proof.disclosure import disclose
from zonary.proof.manifest import build_manifest, file_leaf, join_lines, parse_manifest, random_salts, roots_of
from zonary.proof.package import container as member
from zonary.proof.package.container import Container, PackageWriter
from zonary.proof.statement import Statement

PACKAGE = "application/vnd.etsi.asic-e+zip"
NAMES = [f"图纸/{n}.step" for n in range(6)]
SECRET = NAMES[5]


class Folder:
    """A folder that is registered, whose list may be kept here."""

    def __init__(self, call: Caller, data: Any, *, is_kept: bool, observed: Any = None) -> None:
        salts = random_salts(len(NAMES) + 1)
        leaves = [
            file_leaf(name.encode(), 5, digests_of(name.encode()), salt)
            for name, salt in zip(NAMES, salts, strict=False)
        ]
        lines = build_manifest(leaves, folder=True)
        self.statement = Statement(manifest=roots_of(lines), salt=salts[-1], observed=observed or {}).encode()
        self.manifest = join_lines(lines)
        answer = call("POST", "/evidence", {"statement": digests_of(self.statement).hex()})
        self.record = str(answer.json()["id"])
        if is_kept:
            body = self.statement + b"\n" + self.manifest
            kept = call("PUT", f"/evidence/{self.record}/material", body, content_type="application/jsonl")
            assert kept.status_code == 200, kept.content
        at_work.start(data)

    def disclosure(self, *names: str) -> bytes:
        """What ``zonary disclose`` makes, without proof and tokens, which the server has itself."""
        manifest, out = parse_manifest(self.manifest), io.BytesIO()
        named = manifest.named()
        writer = PackageWriter(out)
        writer.add(member.STATEMENT, self.statement)
        shown = disclose(manifest, [named[name.encode()][0] for name in names])
        writer.add(member.DISCLOSURE, shown.encode())
        writer.finish()
        return out.getvalue()


@pytest.fixture
def call(five: Any, demo: None, data: Any) -> Caller:
    at_work.start(data)
    return Caller(five.owner)


@pytest.fixture
def kept(call: Caller, data: Any) -> Folder:
    return Folder(call, data, is_kept=True)


@pytest.fixture
def own(call: Caller, data: Any) -> Folder:
    return Folder(call, data, is_kept=False)


def _facts(content: bytes, data: Any) -> Any:
    from zonary.proof.certificate.verify import examine_certificate
    from zonary.proof.package.verify import examine

    trusts = [zone_at_work.trust_of(data)]
    report = examine_certificate(content, trusts=trusts, examine=lambda inside: examine(inside, trusts=trusts))
    assert int(report.outcome) == 0, [str(each.sentence) for each in report.layers]
    return report.facts


def test_of_a_list_that_is_here_the_named_files_are_shown_and_no_other(call: Caller, kept: Folder, data: Any) -> None:
    made = call("POST", f"/evidence/{kept.record}/certificate", {"files": NAMES[:2]})
    assert made.status_code == 201, made.content
    assert made.json()["disclosure"] is True
    content = call("GET", f"/evidence/{kept.record}/certificate").content
    facts = _facts(content, data)
    assert facts.package.is_disclosure
    assert [each.name for each in facts.package.listed] == NAMES[:2]
    [row] = _rows()
    assert SECRET.encode() not in bytes(row.package)
    assert member.MANIFEST not in Container(io.BytesIO(bytes(row.package)))
    [act] = zone_at_work.acts("certificates.certificate.issued")
    assert act["certificate"] == made.json()["number"]


def _rows() -> list[Any]:
    from zonary.services.evidence.certificates.models import EvidenceCertificate

    return list(EvidenceCertificate.objects.all())


def test_on_the_page_files_are_found_by_words_and_ticked(five: Any, kept: Folder, data: Any) -> None:
    client, address = browser(five.owner), f"/evidence/{kept.record}/certificates/disclosure"
    assert address in client.get(f"/evidence/{kept.record}").content.decode()
    page = html.unescape(client.get(f"{address}?words=4.step").content.decode())
    assert NAMES[4] in page
    assert NAMES[3] not in page
    assert client.post(address, {"file": ["4"]})["Location"] == f"/evidence/{kept.record}"
    [row] = _rows()
    facts = _facts(client.get(f"/evidence/{kept.record}/certificates/{row.public_id}").content, data)
    assert [each.name for each in facts.package.listed] == [NAMES[4]]
    assert "仅披露部分文件" in client.get(f"/evidence/{kept.record}").content.decode()
    for nothing in ({}, {"file": ["99", "-1", "x"]}):
        assert client.post(address, nothing)["Location"] == address
    assert len(_rows()) == 1


def test_many_may_be_whole_and_in_part(call: Caller, kept: Folder, data: Any) -> None:
    wanted = {"records": [kept.record], "disclosures": [{"record": kept.record, "files": [NAMES[0]]}]}
    answer = call("POST", "/evidence/certificates", wanted)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        counts = sorted(_facts(archive.read(name), data).package.count for name in archive.namelist())
    assert counts == [1, len(NAMES)]
    assert call("POST", "/evidence/certificates", {}).status_code == 422


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [(["图纸/9.step"], 409, "no-certificate"), ([], 422, "invalid"), (["a"] * 1025, 422, "invalid")],
)
def test_what_is_no_choice_is_refused(call: Caller, kept: Folder, files: list[str], status: int, code: str) -> None:
    refused = call("POST", f"/evidence/{kept.record}/certificate", {"files": files})
    assert refused.status_code == status
    assert refused.json()["code"] == code
    assert _rows() == []


def test_of_a_single_file_nothing_is_chosen(call: Caller, five: Any, data: Any) -> None:
    [record] = at_work.registered(five.owner, data, 1)
    refused = call("POST", f"/evidence/{record}/certificate", {"files": ["a"]})
    assert refused.status_code == 409
    assert "一个文件" in refused.json()["detail"] or "one file" in refused.json()["detail"]


def test_of_a_list_its_holder_keeps_they_hand_in_a_disclosure(call: Caller, own: Folder, data: Any) -> None:
    assert call("POST", f"/evidence/{own.record}/certificate").status_code == 409
    shown = own.disclosure(NAMES[1], NAMES[3])
    made = call("POST", f"/evidence/{own.record}/certificate", shown, content_type=PACKAGE)
    assert made.status_code == 201, made.content
    facts = _facts(call("GET", f"/evidence/{own.record}/certificate").content, data)
    assert facts.package.is_disclosure
    assert [each.name for each in facts.package.listed] == [NAMES[1], NAMES[3]]
    assert facts.record.id == own.record


def test_it_is_handed_in_on_the_page_as_well(five: Any, own: Folder, data: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, address = browser(five.owner), f"/evidence/{own.record}/certificates/disclosure"
    assert "zonary disclose" in client.get(address).content.decode()
    file = SimpleUploadedFile("shown.zonary", own.disclosure(NAMES[2]))
    assert client.post(address, {"package": file})["Location"] == f"/evidence/{own.record}"
    [row] = _rows()
    assert row.is_disclosure


def test_what_is_handed_in_is_a_disclosure_of_this_record_and_nothing_else_of_it_counts(
    call: Caller, own: Folder, kept: Folder, data: Any
) -> None:
    def hand_in(record: str, body: bytes) -> Any:
        return call("POST", f"/evidence/{record}/certificate", body, content_type=PACKAGE)

    other = Folder(call, data, is_kept=False)
    whole = io.BytesIO()
    writer = PackageWriter(whole)
    writer.add(member.STATEMENT, own.statement)
    writer.add(member.MANIFEST, own.manifest)
    writer.finish()
    assert hand_in(own.record, other.disclosure(NAMES[0])).json()["code"] == "wrong-material"
    assert hand_in(own.record, whole.getvalue()).json()["code"] == "wrong-material"
    for junk in (b"PK", b"\0" * 5000, own.disclosure(NAMES[0])[:-30]):
        assert hand_in(own.record, junk).status_code == 422
    assert hand_in(kept.record, kept.disclosure(NAMES[0])).json()["code"] == "no-certificate"
    observing = Folder(call, data, is_kept=False, observed={"address": "https://bank.example"})
    assert hand_in(observing.record, observing.disclosure(NAMES[0])).status_code == 422
    assert _rows() == []


@pytest.mark.parametrize("who", ["rival", "outsider", "officer"])
def test_nobody_else_shows_anything_of_it(five: Any, kept: Folder, own: Folder, who: str) -> None:
    other = Caller(getattr(five, who))
    assert other("POST", f"/evidence/{kept.record}/certificate", {"files": NAMES[:1]}).status_code == 404
    handed_in = other("POST", f"/evidence/{own.record}/certificate", own.disclosure(NAMES[0]), content_type=PACKAGE)
    assert handed_in.status_code == 404
    many = {"disclosures": [{"record": kept.record, "files": NAMES[:1]}]}
    assert other("POST", "/evidence/certificates", many).status_code == 404
    client = browser(getattr(five, who))
    for record in (kept.record, own.record):
        address = f"/evidence/{record}/certificates/disclosure"
        assert client.get(address).status_code == 404
        assert client.post(address, {"file": ["0"]}).status_code == 404
    assert _rows() == []
