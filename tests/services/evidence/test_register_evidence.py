"""The action and the queries, without HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from zonary.foundation.ledger.actors import NamedActor
from zonary.proof.digests import Digests, digests_of
from zonary.proof.leaf import decode_leaf
from zonary.services.evidence.rules import SALTS_SIZE, Stage, seal_digest, stage_of

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
MINE, OTHERS = NamedActor("owner"), NamedActor("rival")


def register(*registrations: Any, by: Any = MINE, at: datetime = AT) -> list[Any]:
    from zonary.services.evidence.actions import register_evidence

    return register_evidence(registrations, by=by, at=at)


def statement(content: bytes, key: str | None = None) -> Any:
    from zonary.services.evidence.actions import Registration
    from zonary.services.evidence.models import Kind

    return Registration(Kind.STATEMENT, digests_of(content), key)


def digest(content: bytes, key: str | None = None) -> Any:
    from zonary.services.evidence.actions import Registration
    from zonary.services.evidence.models import Kind

    return Registration(Kind.DIGEST, digests_of(content), key)


def test_a_statement_is_committed_to_by_its_digests(data: Any) -> None:
    (registered,) = register(statement(b"statement"))
    leaf = decode_leaf(registered.leaf)
    assert (leaf.leaf_class, leaf.digests) == ("evidence", digests_of(b"statement"))


def test_a_digest_is_salted(data: Any) -> None:
    from zonary.foundation.ledger.queries import content_of
    from zonary.services.evidence.events import digests_in

    first, second = register(digest(b"file"), digest(b"file"))
    assert first.leaf != second.leaf
    for registered in (first, second):
        content = content_of(registered.public_id)
        assert content is not None
        assert len(content.salt) == SALTS_SIZE
        sealed = seal_digest(digests_in(content.body), content.salt)
        assert decode_leaf(registered.leaf).digests == digests_of(sealed.statement)


def test_records_are_found_by_either_digest_by_their_owner_alone(data: Any) -> None:
    from zonary.services.evidence.queries import find_by_digest, find_receipt

    older = register(statement(b"same"))[0]
    newer = register(digest(b"same"), at=AT + timedelta(seconds=1))[0]
    register(statement(b"other"))
    wanted = digests_of(b"same")
    found = find_by_digest(MINE, "sha256", wanted.sha256)
    assert [receipt.public_id for receipt in found] == [newer.public_id, older.public_id]
    assert find_by_digest(MINE, "sm3", wanted.sm3) == found
    assert find_by_digest(MINE, "sm3", wanted.sha256) == []
    assert find_by_digest(OTHERS, "sha256", wanted.sha256) == []
    assert find_receipt(MINE, older.public_id) == found[1]
    assert find_receipt(OTHERS, older.public_id) is None


def test_the_same_under_the_same_key_is_registered_once(data: Any) -> None:
    from zonary.foundation.ledger.models import Entry

    (first,) = register(statement(b"a", "key"))
    (again,) = register(statement(b"a", "key"))
    assert (first.is_new, again.is_new) == (True, False)
    assert first.public_id == again.public_id
    # Another owner's key is another key.
    (others,) = register(statement(b"b", "key"), by=OTHERS)
    assert others.is_new
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("second", [statement, digest])
def test_other_content_under_the_same_key_is_refused(data: Any, second: Callable[..., Any]) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.services.evidence.actions import KeyReusedError

    register(digest(b"a", "key"))
    with pytest.raises(KeyReusedError):
        register(second(b"b" if second is digest else b"a", "key"))
    assert Entry.objects.count() == 1


def test_a_batch_may_repeat_itself_and_earlier_requests(data: Any) -> None:
    (earlier,) = register(statement(b"a", "a"))
    made = register(statement(b"a", "a"), statement(b"b", "b"), statement(b"c"), statement(b"b", "b"), statement(b"c"))
    assert [each.is_new for each in made] == [False, True, True, False, True]
    assert made[0].public_id == earlier.public_id
    assert made[3].public_id == made[1].public_id
    assert made[4].public_id != made[2].public_id


def test_a_batch_is_registered_whole_or_not_at_all(data: Any) -> None:
    from zonary.foundation.ledger.models import Entry, EntryBody, Pending
    from zonary.services.evidence.actions import KeyReusedError
    from zonary.services.evidence.models import EvidenceRecord

    register(statement(b"a", "a"))
    for batch in ([statement(b"x"), statement(b"y", "a")], [statement(b"x", "k"), statement(b"y", "k")]):
        with pytest.raises(KeyReusedError):
            register(*batch)
    assert [model.objects.count() for model in (Entry, EntryBody, Pending, EvidenceRecord)] == [1, 1, 1, 1]  # type: ignore[attr-defined]


def test_erasing_takes_everything_but_the_leaf(data: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.queries import content_of
    from zonary.services.evidence.actions import UnknownRecordError, erase_evidence
    from zonary.services.evidence.models import EvidenceRecord, EvidenceTimestamps
    from zonary.services.evidence.queries import find_receipt

    (kept,) = register(digest(b"kept"))
    (erased,) = register(digest(b"erased"))
    EvidenceTimestamps.objects.create(record_id=erased.public_id, package_token=b"t", plain_token=b"t")
    with pytest.raises(UnknownRecordError):
        erase_evidence(erased.public_id, by=OTHERS, reason="not mine", at=AT)
    erase_evidence(erased.public_id, by=MINE, reason="asked for", at=AT)
    assert content_of(erased.public_id) is None
    assert find_receipt(MINE, erased.public_id) is None
    assert find_receipt(MINE, kept.public_id) is not None
    assert not EvidenceTimestamps.objects.exists()
    assert EvidenceRecord.objects.count() == 1
    assert bytes(Entry.objects.get(public_id=erased.public_id).leaf) == erased.leaf
    assert set(Entry.objects.values_list("kind", flat=True)) == {
        "evidence.registered",
        "ledger.body.erased",
        "evidence.erased",
    }


@pytest.mark.parametrize(
    ("index", "published", "stage"),
    [(None, 0, Stage.RECORDED), (None, 9, Stage.RECORDED), (9, 9, Stage.SEQUENCED), (8, 9, Stage.PUBLISHED)],
)
def test_stages(index: int | None, published: int, stage: Stage) -> None:
    assert stage_of(index=index, published=published) is stage


def test_sealing_a_digest_is_what_the_formats_say() -> None:
    from zonary.proof.manifest import DigestLeaf, parse_manifest
    from zonary.proof.statement import decode_statement

    digests = Digests(b"\x01" * 32, b"\x02" * 32)
    sealed = seal_digest(digests, bytes(range(32)))
    manifest = parse_manifest(sealed.manifest)
    statement = decode_statement(sealed.statement)
    assert manifest.roots() == statement.manifest
    assert statement.salt == bytes(range(16, 32))
    (leaf,) = manifest.leaves
    assert isinstance(leaf, DigestLeaf)
    assert (leaf.sha256, leaf.sm3, leaf.salt) == ("01" * 32, "02" * 32, bytes(range(16)).hex())
