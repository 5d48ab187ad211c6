"""The API over real HTTP: what works, who may see it, and every wrong way to call it."""

from __future__ import annotations

import base64
import io
import json
import os
from typing import Any

import pytest

from zonary.proof.digests import Digests, digests_of
from zonary.proof.leaf import decode_leaf
from zonary.proof.package.container import Container
from zonary.proof.package.files import ObservedFile
from zonary.proof.package.report import Outcome
from zonary.proof.package.verify import verify
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.trust import parse_trust


def fresh() -> dict[str, str]:
    return {"sha256": os.urandom(32).hex(), "sm3": os.urandom(32).hex()}


def test_a_statement_gets_a_receipt_and_a_proof(server: Any) -> None:
    digests = fresh()
    answer = server.api("POST", "/evidence", {"statement": digests})
    assert answer.status == 201
    receipt = answer.json()
    assert {name: receipt[name] for name in digests} == digests
    assert (receipt["kind"], receipt["leaf_class"], receipt["package"]) == ("statement", "evidence", None)
    assert receipt["stage"] in ("recorded", "sequenced", "published")
    assert receipt["recorded_at"].endswith("Z")
    leaf = base64.b64decode(receipt["leaf"])
    assert decode_leaf(leaf).digests == Digests.from_hex(**digests)

    published = server.wait_until_published(receipt["id"])
    assert published["index"] < published["size"]
    proof = server.request("GET", published["proof"], headers=bearer(server))
    assert proof.headers["content-type"] == "text/plain; charset=utf-8"
    keys = parse_trust(server.get("/trust").body).log_keys
    parsed = TlogProof.parse(proof.body)
    parsed.verify(leaf, keys)
    assert parsed.index == published["index"]


def bearer(server: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {server.token}"}


def test_a_digest_gets_a_package_that_verifies(server: Any) -> None:
    content = os.urandom(100)
    receipt = server.api("POST", "/evidence", {"digest": digests_of(content).hex()}).json()
    published = server.wait_until_published(receipt["id"])
    answer = server.request("GET", published["package"], headers=bearer(server))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/vnd.etsi.asic-e+zip"
    assert f'filename="{receipt["id"]}.zonary"' in answer.headers["content-disposition"]
    again = server.request("GET", published["package"], headers=bearer(server))
    first, second = Container(io.BytesIO(answer.body)), Container(io.BytesIO(again.body))
    for member in ("statement.json", "manifest.jsonl", "timestamp/file.tsr", "META-INF/timestamp.tst"):
        assert first.read(member) == second.read(member)
    file = ObservedFile(name=b"f", path=b"/tmp/f", kind="file", size=100, digests=digests_of(content))
    trust = parse_trust(server.get("/trust").body)
    report = verify(first, trusts=[trust], observed=[file])
    assert report.outcome is Outcome.VERIFIED
    assert [token.development for token in report.facts.tokens] == [True, True]


def test_a_batch_is_answered_in_order(server: Any) -> None:
    wanted = [fresh() for _ in range(300)]
    items = [{"statement" if n % 2 else "digest": digests} for n, digests in enumerate(wanted)]
    answer = server.api("POST", "/evidence/batch", {"items": items})
    assert answer.status == 201
    receipts = answer.json()["receipts"]
    assert len({each["id"] for each in receipts}) == len(items)
    for number in (0, 1, 298, 299):
        full = server.wait_until_published(receipts[number]["id"])
        assert {name: full[name] for name in ("sha256", "sm3")} == wanted[number]
        assert full["leaf"] == receipts[number]["leaf"]
        assert full["kind"] == ("statement" if number % 2 else "digest")
    package = server.request("GET", f"/api/v1/evidence/{receipts[0]['id']}/package", headers=bearer(server))
    assert package.status == 200


def test_records_are_looked_up_by_digest(server: Any) -> None:
    digests = fresh()
    ids = [server.api("POST", "/evidence", {"statement": digests}).json()["id"] for _ in range(2)]
    for name, value in digests.items():
        items = server.api("GET", f"/evidence?{name}={value}").json()["items"]
        assert [item["id"] for item in items] == ids[::-1]
    unknown = server.api("GET", f"/evidence?sha256={'0' * 64}")
    assert (unknown.status, unknown.json()) == (200, {"items": []})


def test_a_repeated_request_is_recognised(server: Any) -> None:
    body = {"digest": fresh(), "idempotency_key": os.urandom(8).hex()}
    first = server.api("POST", "/evidence", body)
    again = server.api("POST", "/evidence", body)
    assert (first.status, again.status) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    conflict = server.api("POST", "/evidence", {**body, "digest": fresh()})
    assert conflict.status == 409
    assert conflict.problem()["code"] == "key-reused"
    batch = server.api("POST", "/evidence/batch", {"items": [{"statement": fresh()}, {**body, "digest": fresh()}]})
    assert batch.status == 409


def test_a_repeated_batch_is_recognised(server: Any) -> None:
    items: list[dict[str, Any]] = [{"statement": fresh()}, {"digest": fresh()}, {"digest": fresh()}]
    body = {"items": items, "idempotency_key": os.urandom(8).hex()}
    first = server.api("POST", "/evidence/batch", body)
    again = server.api("POST", "/evidence/batch", body)
    assert (first.status, again.status) == (201, 200)
    assert first.json() == again.json()
    for changed in (items[:2], items[::-1], [*items, {"digest": fresh()}]):
        conflict = server.api("POST", "/evidence/batch", {**body, "items": changed})
        assert conflict.status == 409
        assert conflict.problem()["code"] == "key-reused"


def test_a_batch_whose_items_are_all_known_is_nothing_new(server: Any) -> None:
    body = {"items": [{"statement": fresh(), "idempotency_key": os.urandom(8).hex()} for _ in range(2)]}
    first = server.api("POST", "/evidence/batch", body)
    again = server.api("POST", "/evidence/batch", body)
    assert (first.status, again.status) == (201, 200)
    assert [each["id"] for each in again.json()["receipts"]] == [each["id"] for each in first.json()["receipts"]]
    assert [each["leaf"] for each in again.json()["receipts"]] == [None, None]


def test_keys_are_given_to_the_batch_or_to_its_items(server: Any) -> None:
    items = [{"statement": fresh()}, {"statement": fresh(), "idempotency_key": "item"}]
    answer = server.api("POST", "/evidence/batch", {"items": items, "idempotency_key": "batch"})
    assert answer.status == 422
    assert "not to both" in answer.problem()["detail"]
    answer = server.api("POST", "/evidence/batch", {"items": items[:1], "idempotency_key": "a\nb"})
    assert answer.problem()["errors"][0]["where"] == "/idempotency_key"


def test_one_wrong_item_among_thousands_is_named(server: Any) -> None:
    items = [{"statement": fresh()} for _ in range(3000)]
    items[1234]["statement"]["sm3"] = " " + items[1234]["statement"]["sm3"][1:]
    answer = server.api("POST", "/evidence/batch", {"items": items})
    assert answer.status == 422
    assert [each["where"] for each in answer.problem()["errors"]] == ["/items/1234/statement/sm3"]


HEX = "ab" * 32
GOOD = {"sha256": HEX, "sm3": HEX}


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        "text",
        {"statement": GOOD, "digest": GOOD},
        {"statement": None},
        {"statement": {"sha256": HEX}},
        {"statement": {**GOOD, "md5": HEX}},
        {"statement": {**GOOD, "sha256": HEX.upper()}},
        {"statement": {**GOOD, "sha256": HEX + "\n"}},
        {"statement": {**GOOD, "sha256": HEX[:-1]}},
        {"statement": {**GOOD, "sha256": 5}},
        {"statement": {**GOOD, "sm3": "没有" * 16}},
        {"statement": GOOD, "more": 1},
        {"statement": GOOD, "idempotency_key": ""},
        {"statement": GOOD, "idempotency_key": "k" * 129},
        {"statement": GOOD, "idempotency_key": "a\u0000b"},
        {"statement": GOOD, "idempotency_key": 7},
    ],
)
def test_json_that_does_not_fit(server: Any, body: object) -> None:
    answer = server.request(
        "POST", "/api/v1/evidence", json.dumps(body).encode(), {**bearer(server), "Content-Type": "application/json"}
    )
    assert answer.status == 422
    assert answer.problem()["errors"]
    assert HEX.upper() not in answer.body.decode()


@pytest.mark.parametrize("items", [None, {}, [], [{}], [{"statement": GOOD}, {"statement": {}}], [GOOD] * 3])
def test_a_batch_that_does_not_fit(server: Any, items: object) -> None:
    answer = server.api("POST", "/evidence/batch", {"items": items})
    assert answer.status == 422
    assert answer.problem()["errors"][0]["where"].startswith("/items")


def test_a_batch_of_too_many(server: Any) -> None:
    answer = server.api("POST", "/evidence/batch", {"items": [{"statement": GOOD}] * 10_001})
    assert answer.status == 422
    assert "10000" in answer.problem()["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'{"statement": nul}', b"[" * 60_000, b'{"a":1}{"b":2}', b'"\\ud800"']
)
def test_malformed_json(server: Any, body: bytes) -> None:
    answer = server.request("POST", "/api/v1/evidence", body, {**bearer(server), "Content-Type": "application/json"})
    assert answer.status == 400
    assert answer.problem()["code"] == "malformed-json"


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
@pytest.mark.parametrize("path", ["/api/v1/evidence", "/api/v1/evidence/batch"])
def test_wrong_content_type(server: Any, kind: str, path: str) -> None:
    headers = {**bearer(server), **({"Content-Type": kind} if kind else {})}
    answer = server.request("POST", path, b"{}", headers)
    assert answer.status == 415
    assert answer.problem()["code"] == "wrong-content-type"


def test_json_with_a_charset_is_json(server: Any) -> None:
    headers = {**bearer(server), "Content-Type": "Application/JSON; charset=utf-8"}
    body = json.dumps({"statement": fresh()}).encode()
    assert server.request("POST", "/api/v1/evidence", body, headers).status == 201


@pytest.mark.parametrize(("path", "size"), [("/evidence", 70_000), ("/evidence/batch", 9_000_000)])
def test_too_large(server: Any, path: str, size: int) -> None:
    headers = {**bearer(server), "Content-Type": "application/json"}
    answer = server.request("POST", f"/api/v1{path}", b" " * size, headers)
    assert answer.status == 413
    assert answer.problem()["code"] == "too-large"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Basic b3BlcmF0b3I6eA=="},
        {"Authorization": "x" * 4000},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ""),
        ("POST", "/batch"),
        ("GET", "?sha256=" + HEX),
        ("GET", "/00000000-0000-7000-8000-000000000000"),
        ("GET", "/00000000-0000-7000-8000-000000000000/proof"),
        ("GET", "/00000000-0000-7000-8000-000000000000/package"),
    ],
)
def test_without_a_token(server: Any, method: str, path: str, headers: dict[str, str]) -> None:
    body = b"{}" if method == "POST" else None
    answer = server.request(method, f"/api/v1/evidence{path}", body, {**headers, "Content-Type": "application/json"})
    assert answer.status == 401
    assert answer.problem()["code"] == "unauthenticated"
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "record",
    [
        "00000000-0000-7000-8000-000000000000",
        "000000000000700080000000000000000",
        "00000000-0000-7000-8000-00000000000G",
        "1",
        "none",
        "..%2f..%2ftoken",
        "存证",
    ],
)
@pytest.mark.parametrize("what", ["", "/proof", "/package"])
def test_unknown_records(server: Any, record: str, what: str) -> None:
    from urllib.parse import quote

    answer = server.api("GET", f"/evidence/{quote(record, safe='%')}{what}")
    assert answer.status == 404
    assert answer.problem()["code"] == "not-found"


@pytest.mark.parametrize(
    "query",
    ["", "?sha256=", "?sha256=xyz", f"?sha256={HEX.upper()}", f"?sha256={HEX}&sm3={HEX}", "?md5=1"],
)
def test_lookups_that_make_no_sense(server: Any, query: str) -> None:
    answer = server.api("GET", f"/evidence{query}")
    assert answer.status == 422
    answer.problem()


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/evidence", "GET, POST"),
        ("PUT", "/api/v1/evidence/batch", "POST"),
        ("PATCH", "/api/v1/evidence/00000000-0000-7000-8000-000000000000", "GET"),
    ],
)
def test_wrong_methods(server: Any, method: str, path: str, allowed: str) -> None:
    answer = server.request(method, path, headers=bearer(server))
    assert answer.status == 405
    answer.problem()
    assert set(answer.headers["allow"].replace(",", " ").split()) >= set(allowed.replace(",", " ").split())


def test_the_statement_of_a_statement_is_the_callers(server: Any) -> None:
    record = server.api("POST", "/evidence", {"statement": fresh()}).json()["id"]
    answer = server.api("GET", f"/evidence/{record}/package")
    assert answer.status == 409
    assert answer.problem()["code"] == "no-package"


def test_the_interface_is_described(server: Any) -> None:
    answer = server.get("/api/v1/openapi.json")
    assert answer.status == 200
    described = answer.json()
    assert {
        "/api/v1/evidence",
        "/api/v1/evidence/batch",
        "/api/v1/evidence/described",
        "/api/v1/evidence/{record_id}",
        "/api/v1/evidence/{record_id}/description",
        "/api/v1/evidence/{record_id}/proof",
        "/api/v1/evidence/{record_id}/package",
        "/api/v1/evidence/{record_id}/parts",
        "/api/v1/evidence/{record_id}/material",
    } <= set(described["paths"])
    body = described["paths"]["/api/v1/evidence/batch"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["items"]["maxItems"] == 10_000
    assert_references_resolve(described, described)


def assert_references_resolve(value: object, document: Any) -> None:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str):
            found = document
            for part in reference.removeprefix("#/").split("/"):
                found = found[part]
        for inner in value.values():
            assert_references_resolve(inner, document)
    elif isinstance(value, list):
        for inner in value:
            assert_references_resolve(inner, document)


def test_a_name_twice_in_one_object_is_refused(server: Any) -> None:
    digests = json.dumps({"sha256": "ab" * 32, "sm3": "cd" * 32})
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    for body in (
        f'{{"statement": {digests}, "statement": {digests}}}',
        f'{{"statement": {digests[:-1]}, "sm\\u0033": "{"ef" * 32}"}}}}',
    ):
        answer = server.request("POST", "/api/v1/evidence", body.encode(), headers)
        assert answer.status == 400
        assert "twice" in answer.problem()["detail"]
