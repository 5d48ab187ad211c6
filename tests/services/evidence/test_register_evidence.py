"""The action and the queries, without HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import Digests, digests_of
from zonary.proof.leaf import decode_leaf
from zonary.proof.stages import Stage, stage_of
from zonary.services.evidence.rules import (
    MARKS,
    SALTS_SIZE,
    Kind,
    Registrations,
    content_in,
    digests_in,
    seal_digest,
)

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
MINE, OTHERS = Standing(person="owner"), Standing(person="rival")


@dataclass(frozen=True)
class Wanted:
    mark: bytes
    digests: Digests
    key: str | None


@dataclass(frozen=True)
class Made:
    public_id: str
    leaf: bytes | None

    @property
    def is_new(self) -> bool:
        return self.leaf is not None


def register(*wanted: Wanted, by: Any = MINE, at: datetime = AT, key: str | None = None) -> list[Made]:
    from zonary.services.evidence.actions import register_evidence

    registered = register_evidence(together(*wanted, key=key), by=by, at=at)
    return [Made(*each) for each in zip(registered.public_ids, registered.leaves, strict=True)]


def together(*wanted: Wanted, key: str | None = None) -> Registrations:
    return Registrations(
        marks=b"".join(each.mark for each in wanted),
        pairs=b"".join(each.digests.sha256 + each.digests.sm3 for each in wanted),
        keys={n: each.key for n, each in enumerate(wanted) if each.key is not None},
        key=key,
    )


def statement(content: bytes, key: str | None = None) -> Wanted:
    return Wanted(MARKS[Kind.STATEMENT], digests_of(content), key)


def digest(content: bytes, key: str | None = None) -> Wanted:
    return Wanted(MARKS[Kind.DIGEST], digests_of(content), key)


def test_a_statement_is_committed_to_by_its_digests(data: Any) -> None:
    (registered,) = register(statement(b"statement"))
    assert registered.leaf is not None
    leaf = decode_leaf(registered.leaf)
    assert (leaf.leaf_class, leaf.digests) == ("evidence", digests_of(b"statement"))


def test_a_digest_is_salted(data: Any) -> None:
    from zonary.foundation.ledger.queries import item_of

    first, second = register(digest(b"file"), digest(b"file"))
    assert first.leaf != second.leaf
    for registered in (first, second):
        item = item_of(registered.public_id)
        assert item is not None
        assert len(item.salt) == SALTS_SIZE
        assert digests_in(content_in(item.leaf, item.body)) == digests_of(b"file")
        sealed = seal_digest(digests_of(b"file"), item.salt)
        assert item.leaf == registered.leaf
        assert decode_leaf(item.leaf).digests == digests_of(sealed.statement)


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
    from zonary.foundation.ledger.models import Entry, EntryBody, EntryKey, Pending
    from zonary.services.evidence.actions import KeyReusedError

    register(statement(b"a", "a"))
    for batch in ([statement(b"x"), statement(b"y", "a")], [statement(b"x", "k"), statement(b"y", "k")]):
        with pytest.raises(KeyReusedError):
            register(*batch)
    assert [model.objects.count() for model in (Entry, EntryBody, Pending, EntryKey)] == [1, 1, 1, 1]  # type: ignore[attr-defined]


def test_erasing_takes_everything_but_the_leaf(data: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.queries import item_of
    from zonary.services.evidence.actions import UnknownRecordError, erase_evidence
    from zonary.services.evidence.models import EvidenceTimestamps
    from zonary.services.evidence.queries import find_by_digest, find_receipt

    (kept,) = register(digest(b"kept"))
    (erased,) = register(digest(b"erased"))
    EvidenceTimestamps.objects.create(public_id=erased.public_id, package_token=b"t", plain_token=b"t")
    with pytest.raises(UnknownRecordError):
        erase_evidence(erased.public_id, by=OTHERS, reason="not mine", at=AT)
    erase_evidence(erased.public_id, by=MINE, reason="asked for", at=AT)
    item = item_of(erased.public_id)
    assert item is not None
    assert (item.body, item.salt) == (b"", b"")
    assert find_receipt(MINE, erased.public_id) is None
    assert find_by_digest(MINE, "sha256", digests_of(b"erased").sha256) == []
    assert find_receipt(MINE, kept.public_id) is not None
    assert not EvidenceTimestamps.objects.exists()
    assert item.leaf == erased.leaf
    with pytest.raises(UnknownRecordError):
        erase_evidence(erased.public_id, by=MINE, reason="again", at=AT)
    assert set(Entry.objects.values_list("kind", flat=True)) == {
        "evidence.registered",
        "ledger.body.erased",
        "evidence.erased",
    }


def test_one_item_of_a_batch_is_erased_and_the_others_stay(data: Any) -> None:
    from zonary.services.evidence.actions import erase_evidence
    from zonary.services.evidence.queries import find_receipt

    first, erased, last = register(statement(b"first"), digest(b"erased"), digest(b"last"))
    before = [find_receipt(MINE, each.public_id) for each in (first, last)]
    erase_evidence(erased.public_id, by=MINE, reason="asked for", at=AT)
    assert find_receipt(MINE, erased.public_id) is None
    assert [find_receipt(MINE, each.public_id) for each in (first, last)] == before
    assert [receipt.digests for receipt in before if receipt] == [digests_of(b"first"), digests_of(b"last")]


def test_a_batch_under_a_key_of_its_own_is_registered_once(data: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.services.evidence.actions import KeyReusedError

    batch = [statement(b"a"), digest(b"b"), statement(b"a"), digest(b"c")]
    made = register(*batch, key="batch")
    assert register(*batch, key="batch") == made
    assert len({each.public_id for each in made}) == len(batch)
    others = register(*batch, key="batch", by=OTHERS)
    assert {each.public_id for each in others}.isdisjoint(each.public_id for each in made)
    register(statement(b"after"))  # an entry whose ids come after those of the batch
    changed = [
        batch[:-1],
        [*batch, digest(b"d")],
        [*batch, statement(b"after")],
        batch[::-1],
        [*batch[:3], statement(b"c")],
        [*batch[:3], digest(b"C")],
        batch[:1],
    ]
    for other in changed:
        with pytest.raises(KeyReusedError):
            register(*other, key="batch")
    assert Entry.objects.count() == 3


def test_a_batch_key_and_the_key_of_an_item_are_not_taken_for_each_other(data: Any) -> None:
    from zonary.services.evidence.actions import KeyReusedError

    register(statement(b"a"), statement(b"b"), key="of the batch")
    with pytest.raises(KeyReusedError):
        register(statement(b"b", "of the batch"))
    register(statement(b"a", "first"), statement(b"b", "second"))
    for key in ("first", "second"):
        with pytest.raises(KeyReusedError):
            register(statement(b"b"), statement(b"a"), key=key)


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
