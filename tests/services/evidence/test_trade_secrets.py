"""A secret is kept, shown to one person, and the showing is evidence; a rival finds nothing."""

from __future__ import annotations

import hashlib
import html
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.services.evidence import keeping
from tests.services.evidence.keeping import POINT, TEXT, TITLE

STRANGERS = ("colleague", "rival", "officer", "outsider")
ACCEPTED = {"shown": hashlib.sha256(TEXT.encode()).hexdigest()}


def _now() -> Any:
    from zonary.common.clock import now

    return now.last_trusted()


@pytest.fixture
def secret(five: Any, demo: None, data: Any) -> str:
    """Of the enterprise, digests alone, published."""
    from zonary.foundation.ledger.authority import ensure_authority, issuer_of

    ensure_authority(data, _now())
    issuer_of.cache_clear()
    made = keeping.keep_record(five.owner, _now())
    zone_at_work.start(data)
    return made


def _shown(client: Any, path: str) -> tuple[int, str]:
    answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, html.unescape(body.decode(errors="replace"))


def test_it_is_shown_to_one_person_after_the_agreement_and_each_opening_is_evidence(five: Any, secret: str) -> None:
    from zonary.foundation.organizations.queries import acts_seen_by

    keeping.name(secret, five.colleague, by=five.owner, at=_now())
    colleague = browser(five.colleague)
    assert _shown(colleague, f"/secrets/{secret}")[0] == 404  # the register is its owners'
    for path in ("open", "download"):
        status, page = _shown(colleague, f"/secrets/{secret}/{path}")
        assert (status, TITLE in page) == (302, False)
    status, page = _shown(colleague, f"/secrets/{secret}/accept")
    assert status == 200
    assert TEXT in page
    assert TITLE not in page
    assert TITLE not in _shown(colleague, "/secrets/")[1]
    assert zone_at_work.acts("secrets.secret.opened") == []
    assert colleague.post(f"/secrets/{secret}/accept", {"shown": "0" * 64})["Location"].endswith("/accept")
    assert zone_at_work.acts("secrets.agreement.accepted") == []
    assert colleague.post(f"/secrets/{secret}/accept", ACCEPTED)["Location"].endswith("/open")
    for _ in range(2):
        status, page = _shown(colleague, f"/secrets/{secret}/open")
        assert status == 200
        assert TITLE in page
        assert POINT in page
    package = colleague.get(f"/secrets/{secret}/download")
    assert package.content.startswith(b"PK")
    assert [each["what"] for each in zone_at_work.acts("secrets.secret.opened")] == ["page", "package"]
    [accepted] = zone_at_work.acts("secrets.agreement.accepted")
    assert accepted["sha256"] == ACCEPTED["shown"]
    kinds = ("secrets.secret.opened", "secrets.agreement.accepted")
    acts = acts_seen_by(five.owner, before=None, limit=50, kinds=kinds)
    assert {act.actor for act in acts} == {five.colleague.person}
    register = _shown(browser(five.owner), f"/secrets/{secret}")[1]
    for act in acts:
        assert act.public_id in register
        assert browser(five.owner).get(f"/receipts/{act.public_id}").status_code == 200


def test_to_whoever_was_not_named_there_is_nothing(five: Any, secret: str) -> None:
    for who in STRANGERS:
        _find_nothing(five, secret, getattr(five, who))
    assert zone_at_work.acts("secrets.secret.opened") == []


def _find_nothing(five: Any, secret: str, stranger: Any) -> None:
    client, call = browser(stranger), Caller(stranger)
    for path in ("", "/open", "/accept", "/download", "/grant", "/end"):
        answers = [client.get(f"/secrets/{each}{path}") for each in (secret, "019a0000-0000-7000-8000-000000000000")]
        assert {answer.status_code for answer in answers} == {404}, path
    for path in (f"/secrets/{secret}", f"/secrets/{secret}/grants", f"/secrets/{secret}/openings"):
        assert call("GET", path).status_code == 404
    assert call("GET", "/secrets").json()["items"] == []
    for page in ("/secrets/", "/receipts/", "/search?q=渗碳", "/search?q=保温", "/inbox/"):
        text = _shown(client, page)[1]
        assert TITLE not in text
        assert POINT not in text


def test_no_act_and_no_search_holds_title_or_point(five: Any, secret: str) -> None:
    """Colleagues read the receipts of what is done for their firm."""
    from tests.api.enterprise_things import everything

    keeping.name(secret, five.outsider, called="王（虚构）", by=five.owner, at=_now())
    for kind in ("secret.registered", "agreement.issued", "access.granted"):
        said = str(zone_at_work.acts(f"secrets.{kind}"))
        assert said != "[]"
        for hidden in (TITLE, POINT, "渗碳", "王（虚构）", TEXT):
            assert hidden not in said
    where = {table for table, rows in everything().items() if "渗碳" in str(rows) or "保温" in str(rows)}
    assert where == {"secrets.TradeSecret"}
    assert TITLE not in _shown(browser(five.owner), "/search?q=渗碳")[1]


def test_the_point_can_be_proven_by_its_salt_and_not_once_it_was_erased(five: Any, secret: str) -> None:
    from zonary.services.evidence.secrets.actions import end_secret
    from zonary.services.evidence.secrets.models import TradeSecret
    from zonary.services.evidence.secrets.rules import commit_point

    kept = TradeSecret.objects.get()
    [said] = zone_at_work.acts("secrets.secret.registered")
    committed = commit_point(kept.point, bytes(kept.point_salt)).hex()
    assert (said["point_sha256"], said["point_sm3"]) == (committed["sha256"], committed["sm3"])
    assert commit_point(kept.point, b"another salt").hex() != committed
    keeping.name(secret, five.colleague, by=five.owner, at=_now())
    keeping.accept(secret, by=five.colleague, at=_now())
    end_secret(secret, reason="公开", erase_point=True, by=five.owner, at=_now())
    kept.refresh_from_db()
    assert (kept.point, bytes(kept.point_salt)) == ("", b"")
    assert browser(five.colleague).get(f"/secrets/{secret}/open").status_code == 404
    assert len(zone_at_work.acts("secrets.access.withdrawn")) == 1


def test_a_named_outsider_acts_for_nobody_but_themselves(five: Any, secret: str) -> None:
    """Whom they act for otherwise does not learn of it from the receipts."""
    from zonary.foundation.organizations.queries import acts_seen_by

    keeping.name(secret, five.rival, called="鉴定人（虚构）", by=five.owner, at=_now())
    client = browser(five.rival)
    assert client.post(f"/secrets/{secret}/accept", ACCEPTED).status_code == 302
    assert POINT in _shown(client, f"/secrets/{secret}/open")[1]
    seen = acts_seen_by(five.owner, before=None, limit=50, kinds=("secrets.secret.opened",))
    assert [(act.actor, act.organisation) for act in seen] == [(five.rival.person, "")]
    theirs = replace(five.rival, person=five.outsider.person)  # another of the rival's people
    assert acts_seen_by(theirs, before=None, limit=50, kinds=("secrets.secret.opened",)) == []
    asked = _shown(browser(five.owner), f"/secrets/access/{_access()}/withdraw")[1]
    assert "收回鉴定人（虚构）的知悉权限" in asked
    assert browser(five.owner).post(f"/secrets/access/{_access()}/withdraw").status_code == 302
    assert client.get(f"/secrets/{secret}/open").status_code == 404


def _access() -> str:
    from zonary.services.evidence.secrets.models import AccessGrant

    return str(AccessGrant.objects.get(withdrawn_at=None).public_id)


def test_what_is_past_its_day_is_not_there(five: Any, secret: str) -> None:
    from zonary.services.evidence.secrets.queries import access_to

    keeping.name(secret, five.colleague, by=five.owner, at=_now())
    assert access_to(five.colleague, secret, at=_now() + timedelta(days=29)) is not None
    assert access_to(five.colleague, secret, at=_now() + timedelta(days=32)) is None


def test_a_document_is_in_nobodys_documents_while_it_is_a_secret(five: Any, demo: None, data: Any) -> None:
    from tests.foundation.documents.arriving import age_file, bring

    from zonary.foundation.documents.actions import share_document
    from zonary.services.evidence.secrets.actions import end_secret, register_secret

    document = str(bring(five.owner, age_file(600, "X25519"), at=_now(), filename="工艺.age").document.public_id)
    share_document(document, grantee=str(five.competitor.public_id), until=None, by=five.owner, at=_now())
    secret = str(register_secret("document", document, title=TITLE, marking="core", by=five.owner, at=_now()).public_id)
    readers = (five.owner, five.colleague, five.rival)
    for who in readers:
        assert browser(who).get(f"/documents/{document}").status_code == 404
        assert browser(who).get(f"/documents/{document}/versions/1/content").status_code == 404
        assert Caller(who)("GET", f"/documents/{document}").status_code == 404
        assert "工艺" not in _shown(browser(who), "/search?q=工艺")[1].replace("q=工艺", "").replace('value="工艺"', "")
    keeping.name(secret, five.colleague, by=five.owner, at=_now())
    keeping.accept(secret, by=five.colleague, at=_now())
    answer = browser(five.colleague).get(f"/secrets/{secret}/download")
    assert b"".join(answer.streaming_content).startswith(b"age-encryption.org/v1")
    assert browser(five.rival).get(f"/secrets/{secret}/download").status_code == 404
    assert [each["what"] for each in zone_at_work.acts("secrets.secret.opened")] == ["content"]
    end_secret(secret, reason="到期", erase_point=False, by=five.owner, at=_now())
    assert [browser(who).get(f"/documents/{document}").status_code for who in readers] == [200, 200, 404]


def test_what_the_server_could_read_is_kept_by_nobody_as_a_secret(five: Any, demo: None, data: Any) -> None:
    from tests.foundation.documents.arriving import TEXT as TEXT_OF_DOCUMENT
    from tests.foundation.documents.arriving import bring

    from zonary.proof.digests import digests_of
    from zonary.services.evidence.secrets.actions import SecretError, register_secret

    plain = str(bring(five.owner, at=_now()).document.public_id)
    theirs = keeping.keep_document(five.rival, _now())[1]
    for document in (plain, theirs, "nonsense"):
        with pytest.raises(SecretError, match="not encrypted"):
            register_secret("document", document, title=TITLE, marking="core", by=five.owner, at=_now())
    from zonary.foundation.documents.models import Document

    assert Document.objects.filter(set_apart=True).count() == 1
    zone_at_work.start(data)
    call, body = Caller(five.owner), {"digest": digests_of(TEXT_OF_DOCUMENT).hex(), "description": {"title": "x"}}
    record = call("POST", "/evidence", body).json()["id"]
    assert call("POST", f"/evidence/{record}/copies", {"document": plain, "version": 1}).status_code == 201
    with pytest.raises(SecretError, match="copy"):
        register_secret("record", record, title=TITLE, marking="core", by=five.owner, at=_now())


def test_nobody_but_owners_keeps_the_register(five: Any, secret: str) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.evidence.secrets.actions import (
        SecretError,
        UnknownSecretError,
        check_leaver,
        end_secret,
        grant_access,
        register_secret,
        withdraw_access,
    )
    from zonary.services.evidence.secrets.models import AccessGrant, TradeSecret

    access = keeping.name(secret, five.outsider, called="王（虚构）", by=five.owner, at=_now())
    record = str(TradeSecret.objects.get().thing)
    refused = (NotAllowedError, UnknownSecretError, SecretError)
    until = (_now() + timedelta(days=9)).date()
    text = keeping.agreement(five.owner, _now())
    for who in STRANGERS:
        by = getattr(five, who)
        with pytest.raises(refused):
            register_secret("record", record, title="x", marking="core", by=by, at=_now())
        with pytest.raises(refused):
            grant_access(secret, person=five.officer.person, name="x", agreement=text, until=until, by=by, at=_now())
        with pytest.raises(refused):
            withdraw_access(access, by=by, at=_now())
        with pytest.raises(refused):
            end_secret(secret, reason="x", erase_point=True, by=by, at=_now())
        with pytest.raises(refused):
            check_leaver(five.outsider.person, returned="returned", by=by, at=_now())
    assert AccessGrant.objects.get().withdrawn_at is None
    assert TradeSecret.objects.get().ended_at is None


def test_who_leaves_sees_nothing_at_once_and_is_checked(five: Any, secret: str) -> None:
    from zonary.foundation.organizations.actions import end_membership
    from zonary.services.evidence.secrets.queries import leavers_waiting

    keeping.name(secret, five.colleague, by=five.owner, at=_now())
    keeping.accept(secret, by=five.colleague, at=_now())
    assert browser(five.colleague).get(f"/secrets/{secret}/open").status_code == 200
    owner = browser(five.owner)
    assert "离职" not in _shown(owner, "/")[1]
    end_membership(five.colleague.membership, reason="离职", by=five.owner, at=_now())
    alone = replace(five.colleague, organisation="", kind="", role="", membership="")
    for who in (five.colleague, alone):
        assert browser(who).get(f"/secrets/{secret}/open").status_code == 404
    assert leavers_waiting(five.owner, at=_now()) == [five.colleague.person]
    assert "待离职核查" in _shown(owner, "/")[1]
    page = f"/secrets/leavers/{five.colleague.person}"
    assert page in _shown(owner, "/secrets/leavers")[1]
    assert TITLE in _shown(owner, page)[1]
    assert browser(five.rival).get(page).status_code == 404
    assert owner.post(page, {"returned": "deleted", "note": "见离职确认书"}).status_code == 302
    [check] = zone_at_work.acts("secrets.leaver.checked")
    assert (check["person"], check["returned"], check["openings"], len(check["accesses"])) == (
        five.colleague.person,
        "deleted",
        1,
        1,
    )
    assert len(zone_at_work.acts("secrets.access.withdrawn")) == 1
    assert leavers_waiting(five.owner, at=_now()) == []
    assert "见离职确认书" in _shown(owner, page)[1]


def test_pages_and_api_keep_the_same_register(five: Any, secret: str) -> None:
    from zonary.services.evidence.secrets.models import TradeSecret

    owner, call = browser(five.owner), Caller(five.owner)
    assert owner.post("/secrets/agreements/issue", {"title": "保密协议", "text": TEXT}).status_code == 302
    [text] = call("GET", "/secrets/agreements").json()["items"]
    assert (text["number"], text["text"]) == (1, TEXT)
    until = (_now() + timedelta(days=9)).date().isoformat()
    form = {"member": five.colleague.person, "agreement": text["id"], "until": until}
    assert owner.post(f"/secrets/{secret}/grant", form | {"person": five.rival.person}).status_code == 422
    assert owner.post(f"/secrets/{secret}/grant", form | {"until": "2020-01-01"}).status_code == 422
    assert owner.post(f"/secrets/{secret}/grant", form).status_code == 302
    wanted = {"person": five.outsider.person, "agreement": text["id"], "until": until}
    assert call("POST", f"/secrets/{secret}/grants", wanted).json()["code"] == "secret"  # an outsider has a name
    made = call("POST", f"/secrets/{secret}/grants", wanted | {"name": "法官（虚构）"}).json()
    listed = call("GET", f"/secrets/{secret}/grants").json()["items"]
    assert [each["person"] for each in listed] == [five.outsider.person, five.colleague.person]
    assert "法官（虚构）" in _shown(owner, f"/secrets/{secret}")[1]
    assert call("DELETE", f"/secrets/{secret}/grants/{made['id']}").status_code == 204
    assert owner.get(f"/secrets/{secret}/open").status_code == 200
    opened = call("GET", f"/secrets/{secret}/openings").json()["items"]
    assert [(each["person"], each["access"]) for each in opened] == [(five.owner.person, "")]
    assert "point" not in call("GET", f"/secrets/{secret}").json()
    again = {"source": "record", "thing": str(TradeSecret.objects.get().thing), "title": "x", "marking": "core"}
    assert call("POST", "/secrets", again).status_code == 409
    assert owner.post(f"/secrets/{secret}/end", {"reason": "公开"}).status_code == 302
    assert "已解除保密" in _shown(owner, f"/secrets/{secret}")[1]
    assert owner.get("/secrets/register").status_code == 200
    assert call("POST", "/secrets", again | {"point": POINT}).status_code == 201
