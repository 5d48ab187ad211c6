"""Every endpoint, asked by each of the five: what is not theirs does not exist for them."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.five_accounts import AT
from tests.foundation.documents.arriving import TEXT, bring, metadata

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"
UNKNOWN = "019abcde-0000-7000-8000-000000000000"


class Caller:
    """Calls the API as one of the five."""

    def __init__(self, by: Any) -> None:
        from zonary.common.clock import now
        from zonary.foundation.organizations.actions import issue_personal_token

        at = now.last_trusted()
        _, self.token = issue_personal_token(
            name="t", scopes=["documents:read", "documents:write"], expires_at=at + timedelta(days=1), by=by, at=at
        )

    def __call__(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json", **headers: str
    ) -> Any:
        from django.test import Client

        named = {name.replace("_", "-"): value for name, value in headers.items()}
        shown = {"Authorization": f"Bearer {self.token}", **named}
        return Client().generic(method, f"/api/v1{path}", body, kind, headers=shown)

    def tus(self, method: str, path: str = "", body: bytes = b"", **headers: str) -> Any:
        return self(method, f"/uploads{path}", body, BYTES, **TUS, **headers)

    def json(self, method: str, path: str, value: object = None) -> Any:
        return self(method, path, b"" if value is None else json.dumps(value).encode())


@pytest.fixture
def callers(five: Any) -> dict[str, Caller]:
    names = ("owner", "colleague", "rival", "officer", "outsider")
    return {name: Caller(getattr(five, name)) for name in names}


def upload(call: Caller, body: bytes = TEXT, **values: str) -> Any:
    begun = call.tus("POST", Upload_Length=str(len(body)), Upload_Metadata=metadata(**values))
    assert begun.status_code == 201, begun.content
    place = begun["Location"].removeprefix("/api/v1/uploads")
    return call.tus("PATCH", place, body, Upload_Offset="0")


@pytest.mark.parametrize("who", ["rival", "officer", "outsider"])
def test_what_is_not_theirs_does_not_exist_for_them(five: Any, callers: dict[str, Caller], who: str) -> None:
    done = upload(callers["owner"], filename="a.txt")
    document = done["Zonary-Document"]
    shared = callers["owner"].json("POST", f"/documents/{document}/shares", {"grantee": five.rival.holder})
    grant = shared.json()["id"]
    assert callers["owner"].json("DELETE", f"/documents/{document}/shares/{grant}").status_code == 204
    begun = callers["owner"].tus("POST", Upload_Length="4")
    place = begun["Location"].removeprefix("/api/v1/uploads")
    call = callers[who]
    attempts = {
        "document": lambda d: call("GET", f"/documents/{d}"),
        "content": lambda d: call("GET", f"/documents/{d}/versions/1/content"),
        "head": lambda d: call("HEAD", f"/documents/{d}/versions/1/content"),
        "shares": lambda d: call("GET", f"/documents/{d}/shares"),
        "share": lambda d: call.json("POST", f"/documents/{d}/shares", {"grantee": five.rival.holder}),
        "unshare": lambda d: call("DELETE", f"/documents/{d}/shares/{grant}"),
        "accesses": lambda d: call("GET", f"/documents/{d}/accesses"),
        "erasure": lambda d: call.json("POST", f"/documents/{d}/versions/1/erasure", {"reason": "x"}),
        "version": lambda d: call.tus("POST", Upload_Length="4", Upload_Metadata=metadata(document=d)),
    }
    for name, attempt in attempts.items():
        theirs, none = attempt(document), attempt(UNKNOWN)
        assert theirs.status_code == none.status_code == 404, (name, theirs.content)
        assert theirs.content == none.content, name
    for method in ("HEAD", "PATCH", "DELETE"):
        answers = [call.tus(method, each, b"ab", Upload_Offset="0") for each in (place, f"/{UNKNOWN}")]
        assert {answer.status_code for answer in answers} == {404}
        assert answers[0].content == answers[1].content
    assert call("GET", "/documents").json()["items"] == []
    assert call("GET", "/uploads").json()["items"] == []


def test_a_colleague_sees_everything_but_the_uploads_under_way(callers: dict[str, Caller]) -> None:
    document = upload(callers["owner"], filename="a.txt", title="方案")["Zonary-Document"]
    callers["owner"].tus("POST", Upload_Length="4")
    call = callers["colleague"]
    assert [each["title"] for each in call("GET", "/documents").json()["items"]] == ["方案"]
    (version,) = call("GET", f"/documents/{document}").json()["versions"]
    assert version["sha256"] == hashlib.sha256(TEXT).hexdigest()
    assert version["sm3"] == hashlib.new("sm3", TEXT).hexdigest()
    assert b"".join(call("GET", f"/documents/{document}/versions/1/content")) == TEXT
    assert call("GET", f"/documents/{document}/accesses").json()["items"] == []
    assert call("GET", "/uploads").json()["items"] == []


def test_nobody_asks_without_a_token(migrated: Any, data: Any) -> None:
    from django.test import Client

    for path in ("documents", f"documents/{UNKNOWN}", f"documents/{UNKNOWN}/versions/1/content", "uploads"):
        assert Client().get(f"/api/v1/{path}").status_code == 401
    assert Client().generic("PATCH", f"/api/v1/uploads/{UNKNOWN}", headers=TUS).status_code == 401
    known = Client().options("/api/v1/uploads")
    assert (known.status_code, known["Tus-Version"], known["Tus-Max-Size"]) == (204, "1.0.0", str(5 * 1024**3))


def test_an_officer_fetches_what_was_handed_to_the_zone_and_the_holder_sees_it(
    five: Any, callers: dict[str, Caller]
) -> None:
    document = upload(callers["owner"], filename="a.txt")["Zonary-Document"]
    answer = callers["owner"].json(
        "POST", f"/documents/{document}/shares", {"grantee": five.officer.holder, "until": "2099-12-31"}
    )
    assert (answer.status_code, answer.json()["until"]) == (201, "2099-12-31")
    for _ in range(3):  # ranges of one download: one access
        part = callers["officer"]("GET", f"/documents/{document}/versions/1/content", Range="bytes=0-2")
        assert b"".join(part) == TEXT[:3]
    (seen,) = callers["owner"]("GET", f"/documents/{document}/accesses").json()["items"]
    assert (seen["person"], seen["organisation"]) == (five.officer.person, five.officer.holder)
    assert seen["receipt"]
    assert callers["officer"]("GET", f"/documents/{document}/accesses").status_code == 404


def test_a_file_is_handed_out_to_be_saved_and_never_to_be_shown(callers: dict[str, Caller]) -> None:
    page = b"<!doctype html><script>alert(document.cookie)</script>"
    name = '"><img src=x onerror=alert(1)>\u202egnp.html\r\nX-Evil: 1'
    document = upload(callers["owner"], page, filename=name, filetype="text/html")["Zonary-Document"]
    answer = callers["owner"]("GET", f"/documents/{document}/versions/1/content")
    assert b"".join(answer) == page
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "X-Evil" not in answer
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    (version,) = callers["owner"]("GET", f"/documents/{document}").json()["versions"]
    assert version["media_type"] == "text/html"
    assert not set(version["file_name"]) & set('<>"\r\n\u202e')


@pytest.mark.parametrize(
    ("wanted", "status", "span", "body"),
    [
        ("bytes=2-4", 206, "bytes 2-4/28", TEXT[2:5]),
        ("bytes=-3", 206, "bytes 25-27/28", TEXT[-3:]),
        ("bytes=0-1,3-4", 200, None, TEXT),
        ("bytes=28-", 416, "bytes */28", None),
        ("nonsense", 200, None, TEXT),
    ],
)
def test_a_range_is_answered_with_that_range(
    five: Any, callers: dict[str, Caller], wanted: str, status: int, span: str | None, body: bytes | None
) -> None:
    assert len(TEXT) == 28
    document = str(bring(five.owner).document.public_id)
    place = f"/documents/{document}/versions/1/content"
    answer = callers["owner"]("GET", place, Range=wanted)
    assert answer.status_code == status
    assert answer.headers.get("Content-Range") == span
    if body is not None:
        assert b"".join(answer) == body
        assert answer["Content-Length"] == str(len(body))
    if status == 206:
        whole = callers["owner"]("GET", place, Range=wanted, If_Range='"another"')
        assert b"".join(whole) == TEXT
        assert b"".join(callers["owner"]("GET", place, Range=wanted, If_Range=whole["ETag"])) == body


def test_the_protocol_says_what_is_wrong(callers: dict[str, Caller]) -> None:
    call = callers["owner"]
    assert call("POST", "/uploads", Upload_Length="4").status_code == 412
    assert call("POST", "/uploads", Upload_Length="4")["Tus-Version"] == "1.0.0"
    for headers in ({}, {"Upload_Length": "-1"}, {"Upload_Length": "x"}, {"Upload_Defer_Length": "1"}):
        assert call.tus("POST", **headers).status_code == 400
    assert call.tus("POST", Upload_Length="0").status_code == 422
    too_large = call.tus("POST", Upload_Length=str(5 * 1024**3 + 1))
    assert (too_large.status_code, too_large["Tus-Resumable"]) == (413, "1.0.0")
    place = call.tus("POST", Upload_Length="8", Upload_Metadata=metadata(filename="a"))["Location"][
        len("/api/v1/uploads") :
    ]
    state = call.tus("HEAD", place)
    assert (state["Upload-Offset"], state["Upload-Length"], state["Cache-Control"]) == ("0", "8", "no-store")
    assert state["Upload-Metadata"] == metadata(filename="a")
    assert "GMT" in state["Upload-Expires"]
    assert call("PATCH", f"/uploads{place}", b"ab", **TUS, Upload_Offset="0").status_code == 415
    assert call.tus("PATCH", place, b"ab", Upload_Offset="1").status_code == 409
    assert call.tus("PATCH", place, b"123456789", Upload_Offset="0").status_code == 422
    wrong = call.tus("PATCH", place, b"ab", Upload_Offset="0", Upload_Checksum="sha1 AAAA")
    assert (wrong.status_code, wrong.json()["title"]) == (460, "Checksum Mismatch")
    assert call.tus("HEAD", place)["Upload-Offset"] == "0"
    assert call.tus("PATCH", place, b"ab", Upload_Offset="0", Upload_Checksum="md5 AAAA").status_code == 400
    right = base64.b64encode(hashlib.sha256(b"ab").digest()).decode()
    assert call.tus("PATCH", place, b"ab", Upload_Offset="0", Upload_Checksum=f"sha256 {right}")["Upload-Offset"] == "2"
    assert call.tus("DELETE", place).status_code == 204
    assert call.tus("HEAD", place).status_code == 404


def test_erasing_by_the_api(callers: dict[str, Caller]) -> None:
    document = upload(callers["owner"], filename="a.txt")["Zonary-Document"]
    erased = callers["owner"].json("POST", f"/documents/{document}/versions/1/erasure", {"reason": "superseded"})
    assert (erased.status_code, erased.json()["sha256"]) == (200, None)
    assert callers["owner"]("GET", f"/documents/{document}/versions/1/content").status_code == 404
    again = callers["owner"].json("POST", f"/documents/{document}/versions/1/erasure", {"reason": "superseded"})
    assert again.status_code == 409


def test_lists_come_in_pages(five: Any, callers: dict[str, Caller]) -> None:
    made = [bring(five.owner, at=AT + timedelta(minutes=n)) for n in range(5)]
    first = callers["owner"]("GET", "/documents?limit=2").json()
    rest = callers["owner"]("GET", first["next"].removeprefix("/api/v1")).json()
    ids = [each["id"] for each in (*first["items"], *rest["items"])]
    assert ids == [str(each.document.public_id) for each in reversed(made)][:4]
