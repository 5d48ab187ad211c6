"""The file itself beside its record: a document of the same holder, compared where it can be, and registered first."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import Caller
from tests.filled_zone import add_member
from tests.five_accounts import AT, browser
from tests.foundation import zone_at_work
from tests.foundation.documents.arriving import TEXT, age_file, bring

from zonary.proof.digests import digests_of


@pytest.fixture
def at_work(demo: None, data: Any) -> None:
    zone_at_work.start(data)


def _registered(call: Caller, body: bytes = TEXT, kind: str = "digest") -> str:
    description = {"title": "图纸"}
    return str(call("POST", "/evidence", {kind: digests_of(body).hex(), "description": description}).json()["id"])


def _say(call: Caller, record: str, version: Any) -> Any:
    wanted = {"document": str(version.document.public_id), "version": version.number}
    return call("POST", f"/evidence/{record}/copies", wanted)


def _listed(call: Caller, record: str) -> Any:
    return call("GET", f"/evidence/{record}/copies").json()["items"]


def test_a_plain_copy_has_the_registered_digests(data: Any, five: Any, at_work: Any) -> None:
    call = Caller(five.owner)
    record = _registered(call)
    version = bring(five.owner)
    stored = _say(call, record, version)
    assert stored.status_code == 201, stored.content
    assert (stored.json()["compared"], stored.json()["encryption"]) == (True, "")
    assert _say(call, record, version).json() == stored.json()
    [act] = zone_at_work.acts("copies.copy.stored")
    assert (act["document"], act["number"], act["is_compared"]) == (str(version.document.public_id), 1, True)
    assert _listed(Caller(five.colleague), record) == [stored.json()]
    content = stored.json()["content"].removeprefix("/api/v1")
    assert b"".join(call("GET", content).streaming_content) == TEXT
    page = browser(five.colleague).get(f"/evidence/{record}").content.decode()
    assert f"/documents/{version.document.public_id}/versions/1" in page
    assert "哈希值一致" in page
    document = browser(five.owner).get(f"/documents/{version.document.public_id}").content.decode()
    assert f"/evidence/{record}" in document


def test_what_is_no_copy_is_refused_and_the_record_stays(data: Any, five: Any, at_work: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.documents.actions import erase_document_version
    from zonary.services.evidence.copies.models import StoredCopy

    call = Caller(five.owner)
    record = _registered(call)
    other = bring(five.owner, b"another file")
    refused = _say(call, record, other)
    assert (refused.status_code, refused.json()["code"]) == (409, "no-copy")
    document = str(other.document.public_id)
    for version in (2, 10**6):
        wanted = {"document": document, "version": version}
        assert call("POST", f"/evidence/{record}/copies", wanted).status_code == 404
    erase_document_version(document, number=1, reason="x", by=five.owner, at=now.last_trusted())
    assert _say(call, record, other).status_code == 409
    assert not StoredCopy.objects.exists()
    assert not zone_at_work.acts("copies.copy.stored")
    assert call("GET", f"/evidence/{record}").status_code == 200


@pytest.mark.parametrize("kind", ["encrypted", "folder"])
def test_what_cannot_be_compared_says_so(five: Any, at_work: Any, kind: str) -> None:
    call = Caller(five.owner)
    is_folder = kind == "folder"
    record = _registered(call, kind="statement" if is_folder else "digest")
    version = bring(five.owner, b"tar" if is_folder else age_file(5000, "X25519"), at=AT)
    assert _say(call, record, version).json()["compared"] is False
    page = browser(five.owner).get(f"/evidence/{record}").content.decode()
    assert "平台未比对" in page
    assert ("data-open" in page) is not is_folder
    assert (digests_of(TEXT).hex()["sha256"] in page) is not is_folder


@pytest.mark.parametrize("who", ["rival", "officer", "outsider"])
def test_nobody_else_says_so_or_sees_it(data: Any, five: Any, at_work: Any, who: str) -> None:
    owner, stranger = Caller(five.owner), Caller(getattr(five, who))
    record, version = _registered(owner), bring(five.owner)
    theirs = _registered(stranger)
    assert _say(stranger, record, version).status_code == 404
    assert _say(stranger, theirs, version).status_code == 404
    assert _say(owner, theirs, version).status_code == 404
    assert _say(owner, record, version).status_code == 201
    assert stranger("GET", f"/evidence/{record}/copies").status_code == 404
    assert _listed(stranger, theirs) == []


def test_whoever_only_reads_sees_what_is_not_confidential(five: Any, at_work: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.evidence.copies.actions import store_copy
    from zonary.services.evidence.copies.queries import copies_of

    call, reader = Caller(five.owner), add_member(five.owner, "looker", AT, role="reader")
    open_one, closed = _registered(call), _registered(call, b"closed")
    _say(call, open_one, bring(five.owner))
    _say(call, closed, bring(five.owner, b"closed", confidential="yes"))
    assert len(copies_of(reader, open_one, at=AT)) == 1
    assert copies_of(reader, closed, at=AT) == []
    assert "/versions/1" not in browser(reader).get(f"/evidence/{closed}").content.decode()
    again = str(bring(five.owner).document.public_id)
    with pytest.raises(NotAllowedError):
        store_copy(open_one, document=again, number=1, by=reader, at=AT)


def test_the_disk_fills_while_a_copy_comes_and_it_goes_on(
    five: Any, at_work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = Caller(five.owner)
    record = _registered(call)
    tus = {"Tus_Resumable": "1.0.0"}
    begun = call("POST", "/uploads", b"", **tus, Upload_Length=str(len(TEXT)), Upload_Metadata="")
    place = begun["Location"].removeprefix("/api/v1")

    def send(offset: int, piece: bytes) -> Any:
        return call(
            "PATCH", place, piece, **tus, Upload_Offset=str(offset), content_type="application/offset+octet-stream"
        )

    assert send(0, TEXT[:4]).status_code == 204

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        refused = send(4, TEXT[4:])
    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (503, "disk-full", "1")
    assert call("HEAD", place, **tus)["Upload-Offset"] == "4"
    assert call("GET", f"/evidence/{record}").status_code == 200
    whole = send(4, TEXT[4:])
    wanted = {"document": whole["Zonary-Document"], "version": int(whole["Zonary-Version"])}
    assert call("POST", f"/evidence/{record}/copies", wanted).json()["compared"] is True


def test_with_the_record_goes_what_it_is_a_copy_of(five: Any, at_work: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.documents.queries import find_version
    from zonary.services.evidence.copies.models import StoredCopy
    from zonary.services.evidence.sharing.actions import erase_record

    call, at = Caller(five.owner), now.last_trusted()
    record, version = _registered(call), bring(five.owner)
    _say(call, record, version)
    erase_record(record, reason="asked for", by=five.owner, at=at)
    assert not StoredCopy.objects.exists()
    assert not zone_at_work.acts("copies.copy.stored")
    document = str(version.document.public_id)
    assert find_version(five.owner, document, 1, at=at).content is not None
    assert record not in browser(five.owner).get(f"/documents/{document}").content.decode()
