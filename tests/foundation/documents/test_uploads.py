"""Files that arrive in pieces: interrupted, repeated, overlapping, too many, too large, too late."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="documents need the [web] extra")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.five_accounts import AT
from tests.foundation.documents.arriving import TEXT, age_file, bring, content_of, metadata

LATER = AT + timedelta(hours=1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", "again", "ahead", "behind", "torn", "forgotten", "elsewhere", "unacknowledged"]),
        st.integers(1, 40),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(min_size=1, max_size=200), steps=STEPS)
def test_however_it_arrives_it_is_what_was_sent(five: Any, body: bytes, steps: list[tuple[str, int]]) -> None:
    """Against the slowest reference there is: a bytes object of what was acknowledged."""
    from zonary.foundation.documents import arriving, uploads
    from zonary.foundation.documents.uploads import OffsetError, _staged, append, begin_upload

    upload = begin_upload(five.owner, length=len(body), metadata="", at=AT)
    public_id = str(upload.public_id)
    acknowledged = b""
    processes = [arriving.Hashing(), arriving.Hashing()]

    def send(offset: int, size: int) -> Any:
        return append(public_id, offset=offset, piece=body[offset : offset + size], by=five.owner, at=AT)

    for kind, size in [*steps, *[("send", 40)] * (len(body) // 40 + 1)]:
        here = len(acknowledged)
        if here == len(body):
            break
        if kind == "torn":
            # A kill between the bytes and the offset: what lies behind the offset counts for nothing.
            with _staged(public_id).open("ab") as file:
                file.write(b"?" * size)
        elif kind == "forgotten":
            arriving.HASHING.forget(public_id)  # as after a restart
        elif kind == "elsewhere":
            processes.reverse()
            uploads.HASHING = arriving.HASHING = processes[0]
        elif kind == "unacknowledged" and here + size < len(body):
            # Other bytes came first, were on disk, and the database did not take the offset.
            uploads._write(upload, bytes(byte ^ 0xFF for byte in body[here : here + size]))
        elif kind in ("ahead", "behind") or (kind == "again" and here):
            wrong = max(0, here - size) if kind != "ahead" else here + size
            if wrong != here:
                with pytest.raises(OffsetError):
                    send(wrong, size)
        else:
            upload = send(here, size)
            acknowledged += body[here : here + size]
        assert upload.offset == len(acknowledged)
    assert upload.version is not None
    assert content_of(upload.version) == body
    assert bytes(upload.version.content.sm3) == hashlib.new("sm3", body).digest()
    assert not _staged(public_id).exists()


def test_the_last_piece_sent_again_adds_nothing(five: Any) -> None:
    from zonary.foundation.documents.models import DocumentVersion
    from zonary.foundation.documents.queries import find_upload
    from zonary.foundation.documents.uploads import OffsetError, append, begin_upload

    upload = begin_upload(five.owner, length=4, metadata="", at=AT)
    append(str(upload.public_id), offset=0, piece=b"abcd", by=five.owner, at=AT)
    with pytest.raises(OffsetError):
        append(str(upload.public_id), offset=0, piece=b"abcd", by=five.owner, at=AT)
    assert DocumentVersion.objects.count() == 1
    assert find_upload(five.owner, str(upload.public_id), at=AT).offset == 4


def test_of_two_pieces_at_one_time_one_is_told_to_wait(five: Any) -> None:
    from zonary.foundation.documents.uploads import BusyUploadError, _held, abandon, append, begin_upload

    upload = begin_upload(five.owner, length=4, metadata="", at=AT)
    with _held(str(upload.public_id)):
        with pytest.raises(BusyUploadError):
            append(str(upload.public_id), offset=0, piece=b"ab", by=five.owner, at=AT)
        with pytest.raises(BusyUploadError):
            abandon(str(upload.public_id), by=five.owner, at=AT)
    assert append(str(upload.public_id), offset=0, piece=b"ab", by=five.owner, at=AT).offset == 2


@pytest.mark.parametrize("who", ["colleague", "rival", "officer", "outsider"])
def test_nobody_goes_on_with_anothers_upload(five: Any, who: str) -> None:
    from zonary.foundation.documents.errors import UnknownDocumentError
    from zonary.foundation.documents.queries import find_upload, open_uploads
    from zonary.foundation.documents.uploads import abandon, append, begin_upload

    upload = begin_upload(five.owner, length=4, metadata="", at=AT)
    public_id, by = str(upload.public_id), getattr(five, who)
    for attempt in (
        lambda: find_upload(by, public_id, at=AT),
        lambda: append(public_id, offset=0, piece=b"ab", by=by, at=AT),
        lambda: abandon(public_id, by=by, at=AT),
    ):
        with pytest.raises(UnknownDocumentError):
            attempt()
    assert not open_uploads(by, at=AT).exists()
    assert open_uploads(five.owner, at=AT).count() == 1


def test_more_than_announced_is_refused(five: Any) -> None:
    from zonary.foundation.documents.errors import RefusedContentError
    from zonary.foundation.documents.uploads import append, begin_upload

    upload = begin_upload(five.owner, length=4, metadata="", at=AT)
    with pytest.raises(RefusedContentError, match="more than"):
        append(str(upload.public_id), offset=0, piece=b"abcde", by=five.owner, at=AT)


@pytest.mark.parametrize("length", [0, -1, 5 * 1024**3 + 1])
def test_nothing_empty_and_nothing_beyond_five_gigabytes(five: Any, length: int) -> None:
    from zonary.foundation.documents.errors import RefusedContentError
    from zonary.foundation.documents.uploads import begin_upload

    with pytest.raises(RefusedContentError):
        begin_upload(five.owner, length=length, metadata="", at=AT)


def test_bytes_that_are_not_those_announced_are_not_kept(five: Any) -> None:
    from zonary.foundation.documents.errors import RefusedContentError
    from zonary.foundation.documents.models import Content, Document, Upload

    with pytest.raises(RefusedContentError, match="SHA-256"):
        bring(five.owner, sha256="0" * 64)
    with pytest.raises(RefusedContentError, match="age"):
        bring(five.owner, encryption="age")
    with pytest.raises(RefusedContentError, match="recipient"):
        bring(five.owner, age_file(64, "X25519"), encryption="age", escrow="yes")
    assert not Upload.objects.exists()
    assert not Content.objects.exists()
    assert not Document.objects.exists()
    assert bring(five.owner, sha256=hashlib.sha256(TEXT).hexdigest().upper()).number == 1


def test_ciphertext_is_known_as_such_and_escrow_is_said(five: Any) -> None:
    plain = bring(five.owner)
    secret = bring(five.owner, age_file(100, "X25519"), encryption="age")
    shared = bring(five.owner, age_file(101, "X25519", "X25519"), encryption="age", escrow="yes")
    unannounced = bring(five.owner, age_file(102, "scrypt"))
    said = [(each.encryption, each.escrow) for each in (plain, secret, shared, unannounced)]
    assert said == [("", False), ("age", False), ("age", True), ("age", False)]


@pytest.mark.parametrize(
    "header",
    [
        "filename",
        "filename ***",
        "filename /w==",
        "unknown aGVsbG8=",
        "title aGVsbG8=,title aGVsbG8=",
        "kind aGVsbG8=",
        "sha256 aGVsbG8=",
        "encryption cGdw",
        "escrow eWVz",
        "retain_until bmV2ZXI=",
        "title " + "QUFB" * 2000,
    ],
)
def test_what_is_no_announcement_is_refused(five: Any, header: str) -> None:
    from zonary.foundation.documents.errors import RefusedContentError
    from zonary.foundation.documents.models import Upload
    from zonary.foundation.documents.uploads import begin_upload

    if header == "filename":
        begin_upload(five.owner, length=4, metadata=header, at=AT)  # a key without a value, which tus allows
        return
    with pytest.raises(RefusedContentError):
        begin_upload(five.owner, length=4, metadata=header, at=AT)
    assert not Upload.objects.exists()


def test_a_holder_has_so_much_room_and_so_many_uploads(five: Any) -> None:
    from django.test import override_settings

    with override_settings(ZONARY_DOCUMENT_QUOTA=1000):
        _fill_up(five)


def _fill_up(five: Any) -> None:
    from zonary.foundation.documents.errors import QuotaError
    from zonary.foundation.documents.rules import MAX_OPEN_UPLOADS
    from zonary.foundation.documents.uploads import abandon, begin_upload

    bring(five.owner, b"x" * 400)
    first = begin_upload(five.owner, length=500, metadata="", at=AT)
    with pytest.raises(QuotaError, match="no room"):
        begin_upload(five.colleague, length=101, metadata="", at=AT)
    begin_upload(five.rival, length=1000, metadata="", at=AT)  # their own room
    abandon(str(first.public_id), by=five.owner, at=AT)
    for _ in range(MAX_OPEN_UPLOADS):
        begin_upload(five.owner, length=1, metadata="", at=AT)
    with pytest.raises(QuotaError, match="unfinished"):
        begin_upload(five.owner, length=1, metadata="", at=AT)
    begin_upload(five.owner, length=1, metadata="", at=AT + timedelta(days=3))  # those have expired


def test_what_nobody_finished_is_forgotten_with_its_bytes(five: Any, data: Any) -> None:
    from zonary.foundation.documents.errors import UnknownDocumentError
    from zonary.foundation.documents.models import Content, Upload
    from zonary.foundation.documents.queries import find_upload
    from zonary.foundation.documents.uploads import append, begin_upload, expire_uploads, remove_unreferenced

    upload = begin_upload(five.owner, length=10, metadata=metadata(filename="a.txt"), at=AT)
    append(str(upload.public_id), offset=0, piece=b"half", by=five.owner, at=LATER)
    done = bring(five.owner, at=AT)
    kept = LATER + timedelta(days=2)
    assert expire_uploads(at=kept - timedelta(seconds=1)) == 1  # the finished one, of which only the row was left
    assert expire_uploads(at=kept) == 1
    with pytest.raises(UnknownDocumentError):
        find_upload(five.owner, str(upload.public_id), at=kept)
    assert list((data.path / "uploads").iterdir()) == []
    assert not Upload.objects.exists()
    assert remove_unreferenced(at=kept + timedelta(days=9)) == 0
    assert content_of(done) == TEXT
    assert Content.objects.count() == 1


def test_what_is_whole_and_was_never_added_is_removed_from_the_store(five: Any) -> None:
    from zonary.foundation.documents.contents import contents
    from zonary.foundation.documents.uploads import append, begin_upload, expire_uploads, remove_unreferenced
    from zonary.foundation.organizations.actions import end_membership
    from zonary.foundation.organizations.permissions import NotAllowedError

    upload = begin_upload(five.colleague, length=len(TEXT), metadata="", at=AT)
    end_membership(five.colleague.membership, reason="left", by=five.owner, at=AT)
    with pytest.raises(NotAllowedError):
        append(str(upload.public_id), offset=0, piece=TEXT, by=five.colleague, at=AT)
    digest = hashlib.sha256(TEXT).digest()
    assert contents().has(digest, len(TEXT))
    later = AT + timedelta(days=3)
    assert remove_unreferenced(at=later) == 0  # the upload still refers to it
    assert expire_uploads(at=later) == 1
    assert remove_unreferenced(at=later) == 1
    assert not contents().has(digest, len(TEXT))


def test_bytes_that_are_on_another_machine_are_missed(five: Any) -> None:
    from zonary.foundation.documents.uploads import LostUploadError, _staged, append, begin_upload

    upload = begin_upload(five.owner, length=4, metadata="", at=AT)
    append(str(upload.public_id), offset=0, piece=b"ab", by=five.owner, at=AT)
    _staged(str(upload.public_id)).unlink()
    with pytest.raises(LostUploadError):
        append(str(upload.public_id), offset=2, piece=b"cd", by=five.owner, at=AT)
