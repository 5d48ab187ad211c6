"""What a folder's statement was made of, kept here for its holder: so its package can be had, and by nobody else."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work

from zonary.proof.digests import Digests, digests_of
from zonary.proof.manifest import build_manifest, file_leaf, join_lines, random_salts, roots_of
from zonary.proof.statement import Statement

LINES = "application/jsonl"


@pytest.fixture
def at_work(demo: None, data: Any) -> None:
    zone_at_work.start(data)


def _sealed(names: int = 3, *, folder: bool = True) -> tuple[bytes, bytes]:
    """Statement and manifest of a folder."""
    digests = Digests(b"1" * 32, b"2" * 32)
    salts = random_salts(names + 1)
    leaves = [file_leaf(f"图纸/{n}.step".encode(), n, digests, salt) for n, salt in enumerate(salts[:names])]
    lines = build_manifest(leaves, folder=folder)
    return Statement(manifest=roots_of(lines), salt=salts[-1]).encode(), join_lines(lines)


def _registered(call: Caller, statement: bytes) -> str:
    answer = call("POST", "/evidence", {"statement": digests_of(statement).hex()})
    assert answer.status_code == 201, answer.content
    assert answer.json()["package"] is None
    return str(answer.json()["id"])


def _keep(call: Caller, record: str, statement: bytes, manifest: bytes, kind: str = LINES) -> Any:
    body = statement + b"\n" + manifest
    return call("PUT", f"/evidence/{record}/material", body, content_type=kind)


def test_the_package_is_made_here_and_verifies(data: Any, five: Any, at_work: Any) -> None:
    from zonary.proof.package.container import Container
    from zonary.proof.package.report import Outcome
    from zonary.proof.package.verify import examine

    call, (statement, manifest) = Caller(five.owner), _sealed()
    record = _registered(call, statement)
    assert call("GET", f"/evidence/{record}/package").status_code == 409
    kept = _keep(call, record, statement, manifest)
    assert kept.status_code == 200, kept.content
    assert kept.json()["package"] == f"/api/v1/evidence/{record}/package"
    [act] = zone_at_work.acts("evidence.material.kept")
    assert act["size"] == len(manifest)
    zone_at_work.start(data)
    package = call("GET", f"/evidence/{record}/package")
    report = examine(Container(io.BytesIO(package.content)), trusts=[zone_at_work.trust_of(data)])
    assert report.outcome is Outcome.VERIFIED
    assert browser(five.colleague).get(f"/evidence/{record}/package").content == package.content
    # Twice is once.
    assert _keep(call, record, statement, manifest).status_code == 200
    assert len(zone_at_work.acts("evidence.material.kept")) == 1


def test_the_parts_and_ones_own_list_make_the_same_package(data: Any, five: Any, at_work: Any) -> None:
    from zonary.proof.package.container import Container

    call, (statement, manifest) = Caller(five.owner), _sealed()
    record = _registered(call, statement)
    assert call("GET", f"/evidence/{record}/parts").status_code == 409
    zone_at_work.start(data)
    members = call("GET", f"/evidence/{record}/parts").json()["members"]
    assert _keep(call, record, statement, manifest).status_code == 200
    package = Container(io.BytesIO(call("GET", f"/evidence/{record}/package").content))
    assert {each["name"]: base64.b64decode(each["content"]) for each in members} == {
        name: package.read(name) for name in package if name not in ("statement.json", "manifest.jsonl", "mimetype")
    }
    other = call("POST", "/evidence", {"digest": Digests(b"3" * 32, b"4" * 32).hex()}).json()["id"]
    zone_at_work.start(data)
    assert call("GET", f"/evidence/{other}/parts").status_code == 404


@pytest.mark.parametrize("who", ["rival", "officer", "outsider"])
def test_nobody_else_keeps_or_gets_it(data: Any, five: Any, at_work: Any, who: str) -> None:
    statement, manifest = _sealed()
    record = _registered(Caller(five.owner), statement)
    stranger = Caller(getattr(five, who))
    assert _keep(stranger, record, statement, manifest).status_code == 404
    assert _keep(Caller(five.owner), record, statement, manifest).status_code == 200
    zone_at_work.start(data)
    for path in ("package", "parts"):
        assert stranger("GET", f"/evidence/{record}/{path}").status_code == 404


def test_what_is_not_what_was_registered_is_refused(five: Any, at_work: Any) -> None:
    from zonary.services.evidence.models import EvidenceMaterial

    call, (statement, manifest) = Caller(five.owner), _sealed()
    other_statement, other_manifest = _sealed()
    record = _registered(call, statement)
    single, line = _sealed(1, folder=False)
    one = _registered(call, single)
    digest = call("POST", "/evidence", {"digest": digests_of(statement).hex()}).json()["id"]
    refused = [
        _keep(call, record, other_statement, manifest),
        _keep(call, record, statement, other_manifest),
        _keep(call, record, statement, manifest[:-2]),
        _keep(call, record, statement, b""),
        _keep(call, one, single, line),
        _keep(call, digest, statement, manifest),
    ]
    assert [answer.status_code for answer in refused] == [422] * 6
    assert _keep(call, record, statement, manifest, "application/json").status_code == 415
    assert all("detail" in json.loads(answer.content) for answer in refused)
    assert not EvidenceMaterial.objects.exists()
    assert not zone_at_work.acts("evidence.material.kept")


def test_there_is_room_for_so_much(five: Any, at_work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    call, (statement, manifest) = Caller(five.owner), _sealed()
    record = _registered(call, statement)
    monkeypatch.setattr(settings, "ZONARY_DOCUMENT_QUOTA", len(manifest) - 1)
    refused = _keep(call, record, statement, manifest)
    assert refused.status_code == 413
    assert refused.json()["code"] == "no-room"
    monkeypatch.setattr(settings, "ZONARY_DOCUMENT_QUOTA", len(manifest))
    assert _keep(call, record, statement, manifest).status_code == 200


def test_it_is_erased_with_the_record(five: Any, at_work: Any) -> None:
    from zonary.common.clock import now
    from zonary.services.evidence.actions import erase_evidence
    from zonary.services.evidence.models import EvidenceMaterial

    call, (statement, manifest) = Caller(five.owner), _sealed()
    record = _registered(call, statement)
    _keep(call, record, statement, manifest)
    erase_evidence(record, by=five.owner, reason="asked for", at=now())
    assert not EvidenceMaterial.objects.exists()
    assert call("GET", f"/evidence/{record}/package").status_code == 404
