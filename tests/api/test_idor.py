"""Whoever knows the id of another's thing gets no further with it, whatever they ask of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import Caller
from tests.api.enterprise_things import CLAIM, Things, everything, make_things

NOBODYS = "01a20000-0000-7000-8000-000000000000"
FILLERS: dict[str, Callable[[Things], str]] = {
    "membership": lambda has: has.membership,
    "invitation": lambda has: has.invitation,
    "correction": lambda has: has.correction,
    "token": lambda has: has.token,
    "claim": lambda has: has.claim,
    "record_id": lambda has: has.record,
    "dossier_id": lambda has: has.dossier,
    "item_id": lambda has: has.dossier_item,
    "dossier_share": lambda has: has.dossier_share,
    "evidence_share": lambda has: has.evidence_share,
    "own_share": lambda has: has.evidence_share,
    "secret_id": lambda has: has.secret,
    "access_id": lambda has: has.secret_access,
    "capture": lambda has: has.capture,
    "onsite_id": lambda has: has.onsite,
    "file": lambda _has: "log.json",
    "fact_id": lambda has: has.fact,
    "dispute_id": lambda has: has.dispute,
    "consent_id": lambda has: has.consent,
    "share_id": lambda has: has.share,
    "document_id": lambda has: has.document,
    "import_id": lambda has: has.registry[1],
    "number": lambda _has: "1",
    "policy_document": lambda _has: NOBODYS,
    "measure_id": lambda _has: NOBODYS,
    "card_change": lambda has: has.card_change,
    "pack": lambda _has: "no-such-pack",
    "draft_id": lambda has: has.draft,
    "grant_id": lambda has: has.grant,
    "upload_id": lambda has: has.upload,
    "webhook": lambda has: has.webhook,
    "delivery": lambda has: has.delivery,
    "act": lambda has: has.act,
    "message": lambda has: has.message,
    "statement": lambda _has: "0" * 64,
    "benefit_id": lambda has: has.measure,
    "decision_id": lambda has: has.decision,
    "promise_id": lambda has: has.promise,
    "batch_id": lambda has: has.batch,
    "automatic_grant": lambda has: has.automatic_grant,
    "file_id": lambda has: has.payment_file,
    "grant_objection": lambda has: has.grant_objection,
}
"""Name of a parameter -> what the enterprise has of it. A new one needs a line, and a thing in enterprise_things."""

BODIES: dict[str, object] = {
    "/organization/members/{membership}/change": {"role": "reader"},
    "/organization/members/{membership}/end": {"reason": "x"},
    "/corrections/{correction}/decision": {"decision": "approve"},
    "/claims/{claim}/decision": {"decision": "confirm", "compared": "licence-seen"},
    "/facts/{fact_id}/correct": {"claim": CLAIM, "reason": "x"},
    "/facts/{fact_id}/dispute": {"reason": "x"},
    "/facts/{fact_id}/retract": {"reason": "x"},
    "/facts/{fact_id}/erase": {"reason": "x"},
    "/facts/disputes/{dispute_id}/answer": {"outcome": "rejected", "answer": "x"},
    "/facts/consents/{consent_id}/withdraw": {"reason": "x"},
    "/incentives/documents/{policy_document}/editions": {"text": "x", "issued_on": "2026-01-01", "source": "x"},
    "/incentives/documents/{policy_document}/repeals": {"since": "2026-01-01", "reason": "x"},
    "/incentives/measures/{measure_id}": {
        "title": "x",
        "title_english": "x",
        "summary": "x",
        "kind": "right",
        "mode": "reviewed",
        "audience": ["all"],
        "telephone": "1",
        "contact": "x",
        "version": 1,
    },
    "/incentives/measures/{measure_id}/publication": {"version": 1},
    "/incentives/measures/{measure_id}/end": {"reason": "x"},
    "/incentives/measures/changes/{card_change}/rejection": {"reason": "x"},
    "/rules/drafts/{draft_id}/reviews": {"conclusion": "passes", "grounds": "x"},
    "/rules/drafts/{draft_id}/withdraw": {"reason": "x"},
    "/rules/shipped/{pack}/take-up": {"note": "x"},
    "/documents/{document_id}/versions/{number}/erasure": {"reason": "x"},
    "/documents/{document_id}/shares": {"grantee": ""},
    "/documents/{document_id}/reviews": {"answer": "accepted"},
    "/uploads/{upload_id}": b"nine byte",
    "/evidence/{record_id}/description": {"title": "x"},
    "/evidence/{record_id}/declarations": {"topic": "other", "text": "x"},
    "/evidence/{record_id}/shares": {"until": "", "name": "x"},
    "/evidence/{record_id}/export-acceptances": {"receiver": "abroad", "export_notice": "0" * 64},
    "/evidence/{record_id}/copies": {"document": "", "version": 1},
    "/evidence/{record_id}/erasure": {"reason": "x"},
    "/evidence/{record_id}/material": b"{}\n{}\n",
    "/onsite/{onsite_id}/recording": {"sha256": "1" * 64, "sm3": "1" * 64},
    "/secrets/{secret_id}/end": {"reason": "x"},
    "/secrets/{secret_id}/grants": {"until": "", "person": "x", "agreement": "x"},
    "/incentives/promises/{promise_id}/check": {"outcome": "kept", "finding": "x"},
    "/incentives/promises/{promise_id}/lifting": {"basis": "x", "repaired_on": "2026-01-01"},
    "/incentives/grants/batches/{batch_id}/cancellation": {"reason": "x"},
    "/incentives/grants/files/{file_id}/release": {"looked_at": [], "note": "x"},
    "/incentives/grants/files/{file_id}/rejection": {"reason": "x"},
    "/incentives/grants/files/{file_id}/results": {"results": [{"line": 1, "grant": "x", "result": "paid"}]},
    "/incentives/grants/objections/{grant_objection}/decision": {"outcome": "upheld", "answer": "x"},
    "/incentives/grants/{automatic_grant}/consent": {
        "payee": "星河精工（虚构）",
        "bank": "示例银行",
        "number": "1" * 16,
    },
    "/incentives/grants/{automatic_grant}/refusal": {"reason": "x"},
    "/incentives/grants/{automatic_grant}/removal": {"reason": "x"},
    "/incentives/grants/{automatic_grant}/keeping": {"reason": "x"},
    "/incentives/grants/{automatic_grant}/failure": {"reason": "x"},
    "/incentives/grants/{automatic_grant}/correction": {"reason": "x"},
    "/incentives/grants/{automatic_grant}/objections": {"reason": "x"},
    "/incentives/grants/{automatic_grant}/claw-back": {"why": "promise-broken", "note": "x"},
    "/dossiers/{dossier_id}": {"title": "x", "template": "mark", "stands_at": "idea", "version": 1},
    "/dossiers/{dossier_id}/items": {"record": "", "stage": "idea"},
    "/dossiers/{dossier_id}/shares": {"until": "", "name": "x"},
}
"""Whole requests, so that nothing but whose it is stands in their way."""
NOT_OF_THIS_KIND = {
    "/evidence/{record_id}/parts": "the record is of a file, whose package is made here",
    "/incentives/documents/{policy_document}": "public; none of this number is recorded",
    "/incentives/documents/{policy_document}/editions/{number}": "public; none of this number is recorded",
    "/incentives/measures/{measure_id}": "public once published; none of this number is there",
    "/incentives/measures/{measure_id}/changes": "public with the card; none of this number is there",
    "/incentives/measures/{measure_id}/budget": "of a card, for officers; none of this number is there",
    "/rules/packs/{pack}/releases": "whoever is decided by a rule reads it; none of this name is released",
    "/rules/packs/{pack}/releases/{number}": "whoever is decided by a rule reads it; none of this name is released",
    "/evidence/timestamps/{statement}": "no authority but the zone's own was asked; without a name it is anybody's",
}
"""Read by nobody, though it is there for other things of its kind."""
EVERYBODYS = ("/incentives/mine/", "/incentives/grants/claims/")
"""A published measure is everybody's, and what is answered, kept and promised there is the asker's own."""
OFFICERS = (
    "/registry", "/evidence/shared", "/rules/drafts", "/incentives/matches", "/incentives/grants/batches",
    "/incentives/grants/files",
)  # fmt: skip
"""Read by officers, whosever it is about."""
REFUSALS = {401, 403, 404, 409}
TUS = {"Tus_Resumable": "1.0.0", "Upload_Offset": "0", "Content_Type": "application/offset+octet-stream"}


def operations() -> Iterator[tuple[str, str]]:
    """Method and path of each that has a parameter."""
    from zonary.config.api import api

    for path, methods in api.get_openapi_schema()["paths"].items():
        if "{" in path and not any(each in path for each in EVERYBODYS):
            yield from ((method.upper(), path.removeprefix("/api/v1")) for method in methods if method != "parameters")


def filled(path: str, has: Things) -> str:
    for name, filler in FILLERS.items():
        path = path.replace(f"{{{name}}}", filler(has))
    return path


def ask(caller: Caller, method: str, path: str, five: Any, has: Things) -> Any:
    from zonary.common.clock import now

    body = BODIES.get(path)
    if body == {"grantee": ""}:
        body = {"grantee": str(five.competitor.public_id)}
    if isinstance(body, dict) and body.get("document") == "":
        body = body | {"document": has.document}
    if isinstance(body, dict) and body.get("until") == "":
        body = body | {"until": (now.last_trusted() + timedelta(days=9)).date().isoformat()}
    headers = TUS if path.startswith("/uploads") else {}
    return caller(method, filled(path, has), body if method not in ("GET", "HEAD") else None, **headers)


@pytest.fixture
def unhurried(migrated: Any) -> Iterator[None]:
    """One account asks for all there is, twice: more than its bucket holds, which has tests of its own."""
    from django.conf import settings

    from zonary.foundation.organizations.access import _buckets

    before = settings.ZONARY_RATE_PERSON
    settings.ZONARY_RATE_PERSON = (1e6, 1_000_000)
    _buckets.cache_clear()
    yield
    settings.ZONARY_RATE_PERSON = before
    _buckets.cache_clear()


@pytest.fixture
def has(five: Any, data: Any, unhurried: None) -> Things:
    return make_things(five, data)


def test_every_parameter_has_a_filler(migrated: Any) -> None:
    found = [path for _method, path in operations()]
    assert len(found) > 20
    unknown = {part for path in found for part in path.split("/") if part[:1] == "{"} - {
        f"{{{each}}}" for each in FILLERS
    }
    assert unknown == set()


@pytest.mark.parametrize("who", ["rival", "outsider"])
def test_ids_of_another_enterprise_lead_nowhere(five: Any, has: Things, who: str) -> None:
    stranger = Caller(getattr(five, who))
    before = everything()
    wrong = []
    for method, path in operations():
        answer = ask(stranger, method, path, five, has)
        if answer.status_code not in REFUSALS:
            wrong.append((method, path, answer.status_code, answer.content[:200]))
        if everything() != before:
            wrong.append((method, path, "changed something"))
            before = everything()
    assert wrong == []


def test_what_is_not_there_is_answered_as_what_is_anothers(five: Any, has: Things) -> None:
    """Nobody learns by asking which ids there are."""
    from dataclasses import fields, replace

    from zonary.common.clock import now
    from zonary.common.ids import new_id

    nowhere = new_id(now.last_trusted())
    nothing = replace(has, **{each.name: nowhere for each in fields(has) if each.name != "registry"})
    rival = Caller(five.rival)
    for method, path in operations():
        if path.startswith("/uploads"):
            continue  # whose headers carry the time
        theirs, nobodys = (ask(rival, method, path, five, each) for each in (has, nothing))
        assert theirs.status_code == nobodys.status_code, (method, path)
        assert theirs.content == nobodys.content, (method, path)


def test_whose_they_are_reads_all_of_it(five: Any, has: Things) -> None:
    """The walk above asks for what is there."""
    owner, officer = Caller(five.owner), Caller(five.officer)
    for method, path in operations():
        if method in ("GET", "HEAD") and path not in NOT_OF_THIS_KIND:
            is_officers = path.startswith(OFFICERS)
            answer = ask(officer if is_officers else owner, method, path, five, has)
            if answer.streaming:
                body = b"".join(answer.streaming_content)  # read to its end its file is closed
                assert body or method == "HEAD", (method, path)
            assert answer.status_code in (200, 204), (method, path, answer.content)


def test_nothing_but_whose_it_is_stands_in_the_way(five: Any, has: Things) -> None:
    """What is sent above is taken from the owner, or refused for what it would do and not for how it is written."""
    owner = Caller(five.owner)
    for method, path in operations():
        if method not in ("GET", "HEAD"):
            answer = ask(owner, method, path, five, has)
            assert answer.status_code in (200, 201, 204, 403, 404, 409), (method, path, answer.content)
