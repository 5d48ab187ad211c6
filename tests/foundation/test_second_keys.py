"""The SM2 keys of a second tree: changed with overlap, retired for good, and ended with their log."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from tests.foundation.test_succession import succeed
from tests.foundation.zone_at_work import AT, acts, start, stopping, trust_of

from zonary.foundation.ledger.actors import SYSTEM
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.tlog.checkpoint import open_checkpoint
from zonary.proof.tlog.endorsement import Endorsement, endorse
from zonary.proof.tlog.fsck import check_log
from zonary.proof.tlog.keys import SM2, SigningKey, VerifierKey
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.tlog.sm2 import Sm2SigningKey
from zonary.proof.trust import Trust, TrustedLog, learn

ROTATION = [f"new key of the second tree{state}" for state in ("", " written", " endorsed")]
RETIREMENT = ["before retirement", "key of the second tree retired"]


@pytest.fixture(autouse=True)
def with_second_tree(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "ZONARY_KEPT", tmp_path / "kept")
    monkeypatch.setattr(settings, "ZONARY_SECOND_TREE", True)


def change(data: Any, which: str, step: Any = lambda _step: None) -> None:
    from zonary.config.zone import open_main_log
    from zonary.foundation.ledger import rotation

    getattr(rotation, which)(data, open_main_log(data), by=SYSTEM, at=AT, step=step)


def rotate(data: Any, step: Any = lambda _step: None) -> None:
    change(data, "rotate_second_key", step)


def retire(data: Any, step: Any = lambda _step: None) -> None:
    change(data, "retire_second", step)


def keys_of(trust: Trust, origin: str) -> list[VerifierKey]:
    return [key for key in trust.log_keys if key.name == origin]


def checked(data: Any, generation: int, keys: Any) -> int:
    """Size of the second tree, every tile of it derived again from the log's own bundles."""
    from zonary.foundation.ledger.proofs import second_store_of, store_of

    second, first = second_store_of("main", generation), store_of("main", generation)
    read = lambda path: (first if path.startswith("tile/entries/") else second).read(path)  # noqa: E731
    return check_log(read, keys, algorithm="sm3").size


def test_a_new_key_signs_beside_the_old_and_the_old_one_says_so(data: Any, record_leaves: Any) -> None:
    [old] = start(data).second.keys.verifiers
    pinned = trust_of(data)
    rotate(data)
    log = start(data)
    first, second = log.second.keys.verifiers
    assert first == old
    # Whoever knows only the old key, and whoever knows only the new one, can check this checkpoint.
    for key in (first, second):
        assert open_checkpoint(log.second.published().note, [key]).checkpoint.size == log.state().size
        assert checked(data, 1, [key]) == log.state().size
    assert keys_of(trust_of(data), old.name) == [first, second]
    assert keys_of(learn(pinned, trust_of(data)), old.name) == [first, second]
    [told] = acts("ledger.key.rotated")
    assert told == told | {"origin": old.name, "keys": [first.encode(), second.encode()]}
    assert stat.S_IMODE((data.keys / "log-sm2.2.pem").stat().st_mode) == 0o600


def test_the_old_key_is_retired_only_after_readers_have_seen_the_new(data: Any, record_leaves: Any) -> None:
    from zonary.foundation.ledger.proofs import prove_in_second_tree
    from zonary.foundation.ledger.rotation import RotationError

    start(data)
    before = prove_in_second_tree(1, 0)
    with pytest.raises(RotationError, match="Only one key"):
        retire(data)
    rotate(data)
    with pytest.raises(RotationError, match="No published checkpoint is signed by the newest key"):
        retire(data)
    start(data)
    retire(data)
    record_leaves(b"after")
    log = start(data)
    new, old = log.second.keys.verifiers
    assert not (data.keys / "log-sm2.pem").exists()
    assert set(log.second.published().verified) == {new}
    assert set(keys_of(trust_of(data), old.name)) == {old, new}
    assert [act["retired"] for act in acts("ledger.key.retired")] == [[old.encode()]]
    # A package from before says what it said, to whoever has the trust file of today.
    assert before is not None
    signed = open_checkpoint(TlogProof.parse(before.proof, "sm3").checkpoint, keys_of(trust_of(data), old.name))
    assert signed.log_keys == (old,)
    after = prove_in_second_tree(1, log.state().size - 1)
    assert after is not None
    assert after.log_keys == (new.encode(),)


def test_whoever_trusts_the_first_key_learns_every_later_one_from_sm2_alone(data: Any) -> None:
    log = start(data)
    whole, origin = trust_of(data), log.second.origin
    alone = Trust(logs=tuple(log for log in whole.logs if log.key.kind == SM2))
    for _round in range(2):
        rotate(data)
        start(data)
        retire(data)
        start(data)
    now = trust_of(data)
    assert len(keys_of(now, origin)) == 3
    for pinned in (whole, alone):
        assert set(keys_of(learn(pinned, now), origin)) == set(keys_of(now, origin))


def test_a_key_that_only_the_logs_ed25519_key_endorses_is_not_believed_of_a_known_tree(data: Any) -> None:
    """Who breaks Ed25519 gains nothing over those who know the second tree's key already."""
    from dataclasses import replace

    log = start(data)
    pinned = trust_of(data)
    other = Sm2SigningKey.of(log.second.origin, SM2PrivateKey.generate())
    third = Sm2SigningKey.of(log.second.origin, SM2PrivateKey.generate())
    ed25519 = next(signer for signer in log.keys.signers if isinstance(signer, SigningKey))
    for signers in ([ed25519], [ed25519, third]):
        note = Endorsement.parse(endorse(other.verifier, signers))
        shown = replace(pinned, logs=(*pinned.logs, TrustedLog(other.verifier)), endorsements=(note,))
        assert learn(pinned, shown) == pinned
    note = Endorsement.parse(endorse(other.verifier, [ed25519, *log.second.keys.signers]))
    shown = replace(pinned, logs=(*pinned.logs, TrustedLog(other.verifier)), endorsements=(note,))
    assert other.verifier in learn(pinned, shown).log_keys


@pytest.mark.parametrize("stop", range(1, len(ROTATION) + 1))
def test_a_rotation_that_is_cut_short_is_finished_by_the_next_start(data: Any, stop: int) -> None:
    start(data)
    pinned = trust_of(data)
    assert stopping(lambda step: rotate(data, step), stop) == ROTATION[:stop]
    log = start(data)
    expected = 1 if stop == 1 else 2
    assert len(log.second.keys.signers) == expected
    assert len(acts("ledger.key.rotated")) == expected - 1
    assert set(log.second.published().verified) == set(log.second.keys.verifiers)
    assert set(log.second.keys.verifiers) <= set(learn(pinned, trust_of(data)).log_keys)


@pytest.mark.parametrize("stop", range(1, len(RETIREMENT) + 1))
def test_a_retirement_that_is_cut_short_is_finished_or_undone(data: Any, stop: int) -> None:
    start(data)
    rotate(data)
    start(data)
    assert stopping(lambda step: retire(data, step), stop) == RETIREMENT[:stop]
    log = start(data)
    assert len(acts("ledger.key.retired")) == stop - 1
    assert len(log.second.keys.signers) == 3 - stop


@pytest.mark.parametrize("state", ["whole", "half overwritten"])
def test_a_secret_left_beside_its_retired_form_is_destroyed(data: Any, state: str) -> None:
    start(data)
    secret = (data.keys / "log-sm2.pem").read_bytes()
    rotate(data)
    start(data)
    retire(data)
    (data.keys / "log-sm2.pem").write_bytes(secret if state == "whole" else bytes(40))
    start(data)
    assert not (data.keys / "log-sm2.pem").exists()


def test_the_doctor_tells_of_the_second_tree_and_of_damage_to_it(data: Any, record_leaves: Any) -> None:
    from zonary.foundation.ledger.checkup.findings import Severity
    from zonary.foundation.ledger.checkup.published import check_second_tree

    record_leaves(b"a leaf")
    log = start(data)
    [told] = check_second_tree(data, AT)
    size = log.state().size
    assert told.severity is Severity.OK
    assert str(told.found).startswith(f"The second tree has {size} of the {size} entries")
    tile = next((data.log / "sm3" / "tile" / "0").rglob("*.p/*"))
    whole = tile.read_bytes()
    tile.write_bytes(bytes(len(whole)))
    [told] = check_second_tree(data, AT)
    assert (told.severity, "another root" in str(told.found)) == (Severity.FAULT, True)
    tile.write_bytes(whole)
    shutil.move(data.log / "sm3", data.path / "away")
    [told] = check_second_tree(data, AT)
    assert told.severity is Severity.WARNING
    (data.keys / "log-sm2.pem").unlink()
    [told] = check_second_tree(data, AT)
    assert "no key that signs" in str(told.found)


def test_a_log_that_ends_ends_its_second_tree(data: Any, record_leaves: Any) -> None:
    record_leaves(*(b"%d" % n for n in range(300)))
    before = start(data).second
    pinned = trust_of(data)
    succeed(data)
    log = start(data)
    [old], [new] = before.keys.verifiers, log.second.keys.verifiers
    assert new.name != old.name
    assert not (data.keys / "log-sm2.pem").exists()
    assert (data.keys / "log-g2-sm2.pem").exists()
    trust = trust_of(data)
    assert {each.key: each.url for each in trust.logs if each.key.kind == SM2} == {
        new: "https://zone.example/log-2/sm3",
        old: "https://zone.example/log/sm3",
    }
    assert {old, new} <= set(learn(pinned, trust).log_keys)
    ended = checked(data, 1, [old])
    assert ended >= 300
    assert checked(data, 2, [new]) == log.state().size

    # Its published form is lost, and with it nothing.
    shutil.rmtree(data.log / "sm3")
    start(data)
    assert checked(data, 1, [old]) == ended
