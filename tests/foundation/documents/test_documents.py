"""Documents through their actions: who sees them, what is recorded, what erasing leaves."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="documents need the [web] extra")

from tests.five_accounts import AT
from tests.foundation.documents.arriving import TEXT, bring, content_of

LATER = AT + timedelta(hours=1)


def test_a_document_is_its_bytes_and_its_receipt_says_which(five: Any) -> None:
    from zonary.foundation.ledger.queries import item_of
    from zonary.proof import canonical

    version = bring(five.owner, title="供货合同", kind="contract")
    assert content_of(version) == TEXT
    assert (version.number, version.media_type, version.document.title) == (1, "text/plain", "供货合同")
    item = item_of(version.entry)
    assert item is not None
    body = canonical.decode(item.body, "body")
    assert body["sha256"] == hashlib.sha256(TEXT).hexdigest()
    assert body["sm3"] == hashlib.new("sm3", TEXT).hexdigest()
    assert body["document"] == str(version.document.public_id)
    # Neither what it is called nor whoever brought it stands in the body.
    assert "合同" not in item.body.decode()


def test_versions_are_added_and_the_earlier_ones_stay(five: Any) -> None:
    from zonary.foundation.documents.queries import find_document

    first = bring(five.owner)
    second = bring(five.colleague, b"%PDF-1.7 second", document=str(first.document.public_id), at=LATER)
    assert (second.number, second.document_id) == (2, first.document_id)
    found = find_document(five.owner, str(first.document.public_id), at=LATER)
    assert [each.number for each in found.versions.all()] == [2, 1]
    assert content_of(first) == TEXT


def test_nobody_else_sees_it_or_adds_to_it_or_shares_or_erases_it(five: Any) -> None:
    from zonary.foundation.documents.actions import (
        download_document,
        end_share,
        erase_document_version,
        share_document,
    )
    from zonary.foundation.documents.errors import UnknownDocumentError
    from zonary.foundation.documents.queries import documents, find_document, find_version

    version = bring(five.owner)
    document = str(version.document.public_id)
    grant = share_document(document, grantee=str(five.authority.public_id), until=None, by=five.owner, at=AT)
    # The officer may read what was handed to the zone, and nothing more.
    assert find_document(five.officer, document, at=AT).pk == version.document_id
    for who in ("rival", "outsider", "officer"):
        by = getattr(five, who)
        for attempt in (
            lambda by=by: bring(by, document=document),
            lambda by=by: share_document(document, grantee=by.holder, until=None, by=by, at=AT),
            lambda by=by: erase_document_version(document, number=1, reason="mine now", by=by, at=AT),
            lambda by=by: end_share(str(grant.public_id), by=by, at=AT),
        ):
            with pytest.raises(UnknownDocumentError):
                attempt()
    for by in five.others().values():
        assert not documents(by, at=AT).exists()
        with pytest.raises(UnknownDocumentError):
            find_document(by, document, at=AT)
        with pytest.raises(UnknownDocumentError):
            find_version(by, document, 1, at=AT)
        with pytest.raises(UnknownDocumentError):
            download_document(document, number=1, by=by, at=AT)
    assert [each.pk for each in documents(five.colleague, at=AT)] == [version.document_id]


def test_an_officer_sees_nothing_that_was_not_handed_to_the_zone(five: Any) -> None:
    from zonary.foundation.documents.queries import documents

    bring(five.owner)
    bring(five.rival)
    assert not documents(five.officer, at=AT).exists()


def test_a_share_lasts_to_the_end_of_its_last_day_or_until_it_is_ended(five: Any) -> None:
    from zonary.foundation.documents.actions import end_share, share_document
    from zonary.foundation.documents.queries import documents, grants

    version = bring(five.owner)
    document, rival = str(version.document.public_id), five.rival.holder
    share_document(document, grantee=rival, until=date(2026, 11, 25), by=five.owner, at=AT)
    last_moment = AT.replace(day=25, hour=15, minute=59)  # 23:59 in China
    assert documents(five.rival, at=last_moment).exists()
    assert not documents(five.rival, at=last_moment + timedelta(minutes=1)).exists()
    again = share_document(document, grantee=rival, until=None, by=five.colleague, at=LATER)
    assert [each.pk for each in grants(five.owner, version.document, at=LATER)] == [again.pk]
    assert not grants(five.rival, version.document, at=LATER).exists()
    end_share(str(again.public_id), by=five.owner, at=LATER)
    assert not documents(five.rival, at=LATER).exists()


def test_sharing_with_nobody_or_until_yesterday_is_refused(five: Any) -> None:
    from zonary.foundation.documents.actions import share_document
    from zonary.foundation.documents.errors import DocumentError

    document = str(bring(five.owner).document.public_id)
    for grantee in ("019abcde-0000-7000-8000-000000000000", "", "rival", five.owner.holder):
        with pytest.raises(DocumentError, match="nobody"):
            share_document(document, grantee=grantee, until=None, by=five.owner, at=AT)
    with pytest.raises(DocumentError, match="past"):
        share_document(document, grantee=five.rival.holder, until=date(2026, 11, 19), by=five.owner, at=AT)


def test_members_who_only_read_see_nothing_confidential_and_change_nothing(five: Any) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.documents.queries import documents
    from zonary.foundation.organizations.actions import change_membership
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.organizations.queries import standing_of

    change_membership(five.colleague.membership, role="reader", until=None, by=five.owner, at=AT)
    person = Person.objects.get(public_id=five.colleague.person)
    reader = standing_of(person, str(five.enterprise.public_id), at=AT)
    open_one = bring(five.owner)
    bring(five.owner, b"secret recipe", confidential="yes")
    assert documents(five.owner, at=AT).count() == 2
    assert [each.pk for each in documents(reader, at=AT)] == [open_one.document_id]
    with pytest.raises(NotAllowedError):
        bring(reader)


def test_an_agent_revoked_before_the_last_piece_adds_nothing(five: Any) -> None:
    from zonary.foundation.documents.models import Document
    from zonary.foundation.documents.uploads import append, begin_upload
    from zonary.foundation.organizations.actions import end_membership
    from zonary.foundation.organizations.permissions import NotAllowedError

    upload = begin_upload(five.colleague, length=4, metadata="", at=AT)
    append(str(upload.public_id), offset=0, piece=b"ab", by=five.colleague, at=AT)
    end_membership(five.colleague.membership, reason="left", by=five.owner, at=AT)
    with pytest.raises(NotAllowedError):
        append(str(upload.public_id), offset=2, piece=b"cd", by=five.colleague, at=LATER)
    assert not Document.objects.exists()


def test_fetching_anothers_document_is_recorded_and_its_holder_sees_who(five: Any) -> None:
    from zonary.foundation.documents.actions import download_document, share_document
    from zonary.foundation.documents.queries import accesses, has_accessed
    from zonary.foundation.ledger.models import Entry

    version = bring(five.owner)
    document = str(version.document.public_id)
    share_document(document, grantee=five.officer.holder, until=None, by=five.owner, at=AT)
    download_document(document, number=1, by=five.officer, at=LATER)
    assert Entry.objects.latest("id").kind == "documents.document.downloaded"
    (seen,) = accesses(five.colleague, version.document)
    assert (seen.person, seen.organisation, seen.at) == (five.officer.person, five.officer.organisation, LATER)
    assert not accesses(five.officer, version.document).exists()
    assert has_accessed(five.officer, version, at=LATER + timedelta(minutes=59))
    assert not has_accessed(five.officer, version, at=LATER + timedelta(minutes=61))


def test_erased_content_is_gone_from_the_store_and_its_receipt_still_stands(five: Any) -> None:
    from zonary.foundation.documents.actions import erase_document_version
    from zonary.foundation.documents.contents import contents
    from zonary.foundation.documents.errors import DocumentError
    from zonary.foundation.documents.uploads import remove_unreferenced
    from zonary.foundation.ledger.queries import item_of
    from zonary.foundation.organizations.permissions import NotAllowedError

    version = bring(five.owner)
    sha256, document = bytes(version.content.sha256), str(version.document.public_id)
    with pytest.raises(NotAllowedError):  # what is erased does not come back: an owner has to do it
        erase_document_version(document, number=1, reason="", by=five.colleague, at=LATER)
    erased = erase_document_version(document, number=1, reason="superseded", by=five.owner, at=LATER)
    assert (erased.content, erased.file_name) == (None, "")
    assert remove_unreferenced(at=LATER) == 1
    assert not contents().has(sha256, len(TEXT))
    item = item_of(version.entry)
    assert item is not None
    assert item.leaf
    assert not item.body
    with pytest.raises(DocumentError, match="erased before"):
        erase_document_version(document, number=1, reason="", by=five.owner, at=LATER)


def test_content_that_another_version_consists_of_is_not_removed(five: Any) -> None:
    from zonary.foundation.documents.actions import erase_document_version
    from zonary.foundation.documents.uploads import remove_unreferenced

    mine, theirs = bring(five.owner), bring(five.rival)
    assert mine.content_id == theirs.content_id
    erase_document_version(str(mine.document.public_id), number=1, reason="", by=five.owner, at=LATER)
    assert remove_unreferenced(at=LATER + timedelta(days=9)) == 0
    assert content_of(theirs) == TEXT


def test_while_it_must_be_kept_a_version_is_restricted_instead(five: Any) -> None:
    from zonary.foundation.documents.actions import download_document, erase_document_version, share_document
    from zonary.foundation.documents.errors import DocumentError

    version = bring(five.owner, retain_until="2026-12-31")
    document = str(version.document.public_id)
    share_document(document, grantee=five.rival.holder, until=None, by=five.owner, at=AT)
    restricted = erase_document_version(document, number=1, reason="asked to", by=five.owner, at=LATER)
    assert restricted.restricted_at == LATER
    assert content_of(restricted) == TEXT
    with pytest.raises(DocumentError):
        download_document(document, number=1, by=five.rival, at=LATER)
    with pytest.raises(DocumentError, match="2026-12-31"):
        erase_document_version(document, number=1, reason="again", by=five.owner, at=LATER)
    new_year = AT.replace(month=12, day=31, hour=16)  # midnight in China
    assert erase_document_version(document, number=1, reason="over", by=five.owner, at=new_year).content is None


def test_rolled_back_means_no_document_and_no_entry(five: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DatabaseError

    from zonary.foundation.documents.models import Document, Upload
    from zonary.foundation.documents.uploads import append, begin_upload
    from zonary.foundation.ledger.models import Entry

    upload = begin_upload(five.owner, length=len(TEXT), metadata="", at=AT)
    before = Entry.objects.count()

    def fail(*_arguments: object, **_named: object) -> None:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("zonary.foundation.documents.models.DocumentVersion.objects.create", fail)
        with pytest.raises(DatabaseError):
            append(str(upload.public_id), offset=0, piece=TEXT, by=five.owner, at=AT)
    assert (Entry.objects.count(), Document.objects.count()) == (before, 0)
    assert Upload.objects.get().offset == 0
    # What came is in the store by now; the client heard of no success and sends its last piece again.
    done = append(str(upload.public_id), offset=0, piece=TEXT, by=five.owner, at=AT)
    assert done.version is not None
    assert content_of(done.version) == TEXT
    assert Document.objects.count() == 1
