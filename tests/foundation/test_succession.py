"""A log ends and another goes on from it: nothing of the old is lost, and nobody is asked to trust the network."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from tests.foundation.zone_at_work import AT, acts, start, stopping, trust_of

from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.ledger.errors import KeyMismatchError, RolledBackError
from zonary.proof.merkle import leaf_hash
from zonary.proof.tlog.checkpoint import Checkpoint, open_checkpoint
from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.trust import learn

STEPS = [
    "successor keys written",
    "successor endorsed",
    "succession recorded",
    "succession about to commit",
    "succession committed",
]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from django.conf import settings

    monkeypatch.setattr(settings, "ZONARY_KEPT", tmp_path / "kept")
    return tmp_path / "kept"


def succeed(data: Any, *, abandon: bool = False, origin: str | None = None, step: Any = lambda _step: None) -> Any:
    """What the command does, with the log brought to its end first unless it is abandoned."""
    from dataclasses import replace

    from django.conf import settings

    from zonary.config.zone import open_main_log
    from zonary.foundation.ledger.kept import KeptCheckpoints
    from zonary.foundation.ledger.leadership import claim
    from zonary.foundation.ledger.succession import Succession, finish
    from zonary.foundation.ledger.succession import succeed as begin

    epoch = claim("main", "test", alone=True)
    if not abandon:
        finish(replace(open_main_log(data), epoch=epoch), AT)
    known = trust_of(data).log_keys if data.trust.exists() else ()
    kept = KeptCheckpoints(settings.ZONARY_KEPT)
    wanted = Succession(data=data, kept=kept, origin=origin, known=known, by=SYSTEM, at=AT, step=step)
    return begin(wanted, abandon=abandon)


def proof_of(public_id: str) -> TlogProof:
    """The proof a user gets for the entry now."""
    from zonary.foundation.ledger.proofs import prove
    from zonary.foundation.ledger.queries import item_of

    item = item_of(public_id)
    assert item is not None
    return TlogProof.parse(prove(item.generation, item.index))


def check_all(data: Any) -> dict[str, int]:
    """Origin -> size of every published log, each re-derived with the keys of the trust file."""
    from zonary.foundation.ledger.proofs import present_generation, store_of

    keys = trust_of(data).log_keys
    reports = [check_log(store_of("main", n).read, keys) for n in range(1, present_generation("main") + 1)]
    return {report.origin: report.size for report in reports}


def test_the_first_entry_names_the_last_checkpoint_of_the_log_before(data: Any, record_leaves: Any) -> None:
    from zonary.foundation.ledger.models import ClosedLog, Entry, Sequenced
    from zonary.foundation.ledger.packing import unpack
    from zonary.foundation.ledger.places import place_of

    start(data)
    record_leaves(*(b"%d" % n for n in range(300)))
    old = start(data)
    record_leaves(b"not yet in the log when it is to end")
    done = succeed(data, origin="successor.example/log")
    new = start(data)

    (act,) = acts("ledger.log.succeeded")
    closed = ClosedLog.objects.get(name="main", generation=1)
    last = open_checkpoint(act["predecessor_checkpoint"].encode(), old.keys.verifiers, old.keys.origin)
    assert last.note == bytes(closed.note) == old.store.read("checkpoint")
    assert last.checkpoint.size == act["predecessor_size"] == done.predecessor.size
    assert base64.b64decode(act["predecessor_root"]) == last.checkpoint.root
    assert act["predecessor_origin"] == old.keys.origin
    assert act["origin"] == new.keys.origin == "successor.example/log"
    assert act["abandoned"] is False
    first = Entry.objects.get(id=Sequenced.objects.get(place=place_of(2, 0)).entry_id)
    assert first.kind == "ledger.log.succeeded"
    tree = check_log(new.store.read, new.keys.verifiers)
    assert (tree.size, tree.root) == (1, leaf_hash(unpack(bytes(first.leaves), 1)[0]))
    assert check_all(data) == {old.keys.origin: last.checkpoint.size, new.keys.origin: 1}


def test_old_proofs_stay_and_can_still_be_had(data: Any, record_leaves: Any) -> None:
    start(data)
    (old_id,) = record_leaves(b"old")
    log = start(data)
    before, pinned = proof_of(old_id), trust_of(data)
    succeed(data)
    start(data)
    (new_id,) = record_leaves(b"new")
    start(data)
    trust = trust_of(data)
    for known in (trust, pinned, learn(pinned, trust)):
        before.verify(b"old", known.log_keys)
        assert proof_of(old_id).verify(b"old", known.log_keys).checkpoint.origin == log.keys.origin
    assert proof_of(new_id).verify(b"new", learn(pinned, trust).log_keys).checkpoint.origin != log.keys.origin


def test_who_trusts_the_old_log_learns_the_new_one_and_all_that_follow(data: Any) -> None:
    start(data)
    pinned = trust_of(data)
    for _round in range(2):
        succeed(data)
        start(data)
    now = trust_of(data)
    assert len({key.name for key in now.log_keys}) == 3
    assert set(learn(pinned, now).log_keys) == set(now.log_keys)
    urls = [log.url for log in now.logs]
    assert list(dict.fromkeys(urls)) == [f"https://zone.example/log{n}" for n in ("-3", "-2", "")]


def test_the_secrets_of_a_log_that_ended_are_destroyed(data: Any) -> None:
    old = start(data)
    succeed(data)
    assert {path.name for path in data.keys.glob("*.skey")} <= {"log-g2.skey", "log-g2-mldsa44.skey"}
    assert set(old.keys.verifiers) < set(trust_of(data).log_keys) or start(data)
    assert set(old.keys.verifiers) < set(trust_of(data).log_keys)


def test_a_name_is_never_used_twice(data: Any) -> None:
    from zonary.foundation.ledger.succession import SuccessionError

    old = start(data)
    with pytest.raises(SuccessionError, match="needs another name"):
        succeed(data, origin=old.keys.origin)
    succeed(data)
    start(data)
    with pytest.raises(SuccessionError, match="needs another name"):
        succeed(data, origin=old.keys.origin)
    succeed(data, origin="third.example/log")
    assert start(data).keys.origin == "third.example/log"


@pytest.mark.parametrize("stop", range(1, len(STEPS) + 1))
def test_a_succession_that_is_cut_short_has_happened_or_not(data: Any, record_leaves: Any, stop: int) -> None:
    start(data)
    (before,) = record_leaves(b"before")
    old = start(data)
    assert stopping(lambda step: succeed(data, step=step), stop) == STEPS[:stop]
    (between,) = record_leaves(b"between")
    log = start(data)
    happened = stop == len(STEPS)
    assert (log.keys.origin != old.keys.origin) is happened
    assert len(acts("ledger.log.succeeded")) == int(happened)
    if not happened:
        succeed(data)
        log = start(data)
    assert len(acts("ledger.log.succeeded")) == 1
    assert {path.name for path in data.keys.glob("*.skey")} <= {"log-g2.skey", "log-g2-mldsa44.skey"}
    (after,) = record_leaves(b"after")
    start(data)
    keys = trust_of(data).log_keys
    for name, leaf in ((before, b"before"), (between, b"between"), (after, b"after")):
        proof_of(name).verify(leaf, keys)
    assert len(check_all(data)) == 2


def test_keys_left_by_a_crash_under_another_name_are_not_used_for_this_one(data: Any) -> None:
    start(data)
    stopping(lambda step: succeed(data, origin="mistyped.example/log", step=step), 2)
    succeed(data, origin="right.example/log")
    log = start(data)
    assert log.keys.origin == "right.example/log"
    assert "mistyped.example/log" not in {key.name for key in trust_of(data).log_keys}


def test_an_older_database_cannot_go_on_but_be_succeeded(data: Any, record_leaves: Any, copies: Any) -> None:
    start(data)
    (kept_id,) = record_leaves(b"kept")
    start(data)
    copies.save("older")
    (lost_id,) = record_leaves(b"published, then lost")
    lost_log = start(data)
    lost_proof, last = proof_of(lost_id), lost_log.published()
    copies.restore("older")
    with pytest.raises(RolledBackError):
        succeed(data)
    (waiting,) = record_leaves(b"recorded after the backup was put back")
    done = succeed(data, abandon=True)
    assert done.predecessor == last.checkpoint
    assert done.lost == 1
    log = start(data)
    (act,) = acts("ledger.log.succeeded")
    assert act["predecessor_checkpoint"].encode() == last.note
    assert act["abandoned"] is True
    keys = trust_of(data).log_keys
    lost_proof.verify(b"published, then lost", keys)
    proof_of(kept_id).verify(b"kept", keys)
    proof = proof_of(waiting)
    assert proof.index > 0
    assert proof.verify(b"recorded after the backup was put back", keys).checkpoint.origin == log.keys.origin


def test_the_kept_checkpoint_counts_when_the_published_log_is_lost_too(
    data: Any, record_leaves: Any, copies: Any
) -> None:
    start(data)
    copies.save("older")
    record_leaves(b"published, then lost")
    start(data)
    last = start(data).published()  # kept at every start, whatever was kept a moment ago
    copies.restore("older")
    shutil.rmtree(data.log)
    done = succeed(data, abandon=True)
    assert done.predecessor == last.checkpoint
    assert acts("ledger.log.succeeded")[0]["predecessor_checkpoint"].encode() == last.note


def test_a_forged_checkpoint_is_not_named_as_the_last(data: Any) -> None:
    """Whoever can write the published log, but has no key, cannot have the successor vouch for his tree."""
    old = start(data)
    genuine = old.published()
    forged = Note(Checkpoint(old.keys.origin, 10**6, bytes(32)).encode(), Note.parse(genuine.note).signatures)
    (data.log / "checkpoint").write_bytes(forged.encode())
    assert succeed(data, abandon=True).predecessor == genuine.checkpoint


def test_a_log_whose_keys_are_lost_is_succeeded_and_its_proofs_still_verify(data: Any, record_leaves: Any) -> None:
    start(data)
    (old_id,) = record_leaves(b"old")
    old = start(data)
    (waiting,) = record_leaves(b"waiting")
    shutil.rmtree(data.keys)
    with pytest.raises(KeyMismatchError, match="signing key"):
        start(data)
    for path in data.path.glob("tsa*"):
        path.unlink()  # the authority's keys were lost with the others; a new one is made
    done = succeed(data, abandon=True)
    assert done.lost == 0
    start(data)
    keys = trust_of(data).log_keys
    assert set(old.keys.verifiers) < set(keys)
    proof_of(old_id).verify(b"old", keys)
    proof_of(waiting).verify(b"waiting", keys)
    assert len(check_all(data)) == 2


def test_a_backup_from_before_the_succession_does_not_sign_a_second_successor(
    data: Any, record_leaves: Any, copies: Any
) -> None:
    """The database is of when the first log was in force; its keys are retired, and readers have seen log 2."""
    start(data)
    copies.save("older")
    succeed(data)
    record_leaves(b"in the second log")
    second = start(data)
    shown = second.published().checkpoint
    copies.restore("older")
    with pytest.raises(KeyMismatchError, match="Every key of the log"):
        start(data)
    succeed(data, abandon=True)
    third = start(data)
    assert third.keys.origin not in {second.keys.origin, shown.origin}
    sizes = check_all(data)
    assert len(sizes) == 3
    assert sizes[second.keys.origin] == shown.size
    assert {key.name for key in trust_of(data).log_keys} == set(sizes)


def test_a_log_that_ended_is_written_anew_when_it_is_lost(data: Any, record_leaves: Any) -> None:
    start(data)
    names = record_leaves(*(b"%d" % n for n in range(300)))
    start(data)
    succeed(data)
    before = {path: path.read_bytes() for path in data.log.rglob("*") if path.is_file()}
    shutil.rmtree(data.log)
    start(data)
    after = {path: path.read_bytes() for path in data.log.rglob("*") if path.is_file()}
    assert after.items() <= before.items()
    proof_of(names[7]).verify(b"7", trust_of(data).log_keys)
    assert len(check_all(data)) == 2


def test_a_log_that_ended_is_never_changed_in_the_database(data: Any) -> None:
    from django.db import DatabaseError, connection, transaction

    from zonary.foundation.ledger.guard import unrecorded

    start(data)
    succeed(data)
    around = unrecorded("what gets past the guard is the database's to refuse")
    with around, pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_closedlog SET size = 0")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_logstate SET generation = 1, size = 0 WHERE name = 'main'")
