"""Keys of the log: made once, changed with overlap, retired for good."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from tests.foundation.zone_at_work import AT, acts, start, stopping, trust_of

from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.keys import LogKeys, make_keys, open_keys, read_keys
from zonary.proof.tlog.checkpoint import open_checkpoint
from zonary.proof.tlog.cosignature import mldsa_available
from zonary.proof.tlog.endorsement import Endorsement, follow
from zonary.proof.tlog.keys import ED25519, SigningKey
from zonary.proof.trust import learn

ROTATION = ("new log key", "new log key written", "new log key endorsed")
RETIREMENT = ("before retirement", "log key retired")


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "ZONARY_KEPT", tmp_path / "kept")


def rotate(data: Any, step: Any = lambda _step: None) -> None:
    from zonary.config.zone import open_main_log
    from zonary.foundation.ledger.rotation import rotate_log_key

    rotate_log_key(data, open_main_log(data), by=SYSTEM, at=AT, step=step)


def retire(data: Any, step: Any = lambda _step: None) -> None:
    from zonary.config.zone import open_main_log
    from zonary.foundation.ledger.rotation import retire_log_key

    retire_log_key(data, open_main_log(data), by=SYSTEM, at=AT, step=step)


def first_keys(keys: LogKeys) -> list[Any]:
    return [key for key in keys.verifiers if key.kind == ED25519]


def assert_all_private(directory: Path) -> None:
    for path in directory.iterdir():
        if path.suffix in (".skey", ".key"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


# --- files alone ------------------------------------------------------------------------------------------------------


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    made = make_keys(tmp_path / "keys", "log", origin=None)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert_all_private(tmp_path / "keys")
    again = open_keys(tmp_path / "keys", "log", origin=None)
    assert again == made
    with pytest.raises(FileExistsError):
        make_keys(tmp_path / "keys", "log", origin=None)


def test_two_zones_have_different_keys(tmp_path: Path) -> None:
    one, other = (make_keys(tmp_path / name, "log", origin=None) for name in ("one", "other"))
    assert not {key.public_key for key in one.verifiers} & {key.public_key for key in other.verifiers}
    assert one.origin != other.origin


def test_keys_of_a_successor_are_not_taken_for_those_of_the_log(tmp_path: Path) -> None:
    first = make_keys(tmp_path, "log", origin="one.example/log")
    make_keys(tmp_path, "log-g2", origin="two.example/log")
    assert read_keys(tmp_path, "log", origin=None) == first


def test_a_gap_among_the_keys_is_not_passed_over(tmp_path: Path) -> None:
    make_keys(tmp_path, "log", origin="zone.example/log")
    (tmp_path / "log.3.skey").write_text(SigningKey.generate("zone.example/log").encode() + "\n")
    with pytest.raises(KeyMismatchError, match=r"log\.2\.skey is missing"):
        open_keys(tmp_path, "log", origin=None)


def test_another_logs_key_among_the_keys_is_refused(tmp_path: Path) -> None:
    make_keys(tmp_path, "log", origin="zone.example/log")
    (tmp_path / "log.2.skey").write_text(SigningKey.generate("other.example/log").encode() + "\n")
    with pytest.raises(KeyMismatchError, match=r"is a key of “other\.example/log”"):
        open_keys(tmp_path, "log", origin=None)


def test_a_retired_key_that_is_not_the_one_beside_it_destroys_nothing(tmp_path: Path) -> None:
    make_keys(tmp_path, "log", origin="zone.example/log")
    secret = (tmp_path / "log.skey").read_bytes()
    (tmp_path / "log.vkey").write_text(SigningKey.generate("zone.example/log").verifier.encode() + "\n")
    with pytest.raises(KeyMismatchError, match="retired form"):
        open_keys(tmp_path, "log", origin=None)
    assert (tmp_path / "log.skey").read_bytes() == secret


def test_a_second_key_made_later_is_endorsed_by_the_first(tmp_path: Path) -> None:
    if not mldsa_available():
        pytest.skip("there is no ML-DSA-44 here")
    before = make_keys(tmp_path, "log", origin=None, post_quantum=False)
    after = open_keys(tmp_path, "log", origin=None)
    assert after is not None
    endorsements = [Endorsement.parse(note) for note in after.endorsements]
    assert [each.key for each in follow(before.verifiers, endorsements)] == [after.verifiers[1]]


# --- in a zone that is at work ----------------------------------------------------------------------------------------


def test_a_new_key_signs_beside_the_old_and_the_old_one_says_so(data: Any, record_leaves: Any) -> None:
    old = start(data).keys
    rotate(data)
    log = start(data)
    assert len(first_keys(log.keys)) == 2
    # Whoever knows only the old key, and whoever knows only the new one, can check this checkpoint.
    note = log.published().note
    for key in log.keys.verifiers:
        assert open_checkpoint(note, [key]).checkpoint.size == log.state().size
    told = acts("ledger.key.rotated")
    assert [act["keys"] for act in told] == [[key.encode() for key in log.keys.verifiers]]
    assert set(old.verifiers) < set(log.keys.verifiers)
    assert_all_private(data.keys)


def test_the_old_key_is_retired_only_after_readers_have_seen_the_new(data: Any, record_leaves: Any) -> None:
    from zonary.foundation.ledger.rotation import RotationError

    start(data)
    with pytest.raises(RotationError, match="Only one pair"):
        retire(data)
    rotate(data)
    with pytest.raises(RotationError, match="No published checkpoint is signed by the newest key"):
        retire(data)
    log = start(data)
    old, new = first_keys(log.keys)
    retire(data)
    assert not (data.keys / "log.skey").exists()
    assert not (data.keys / "log-mldsa44.skey").exists()
    record_leaves(b"after")
    log = start(data)
    assert old not in [signer.verifier for signer in log.keys.signers]
    assert old in log.keys.retired
    assert set(log.published().verified) == {signer.verifier for signer in log.keys.signers}
    assert set(trust_of(data).log_keys) >= {old, new}
    assert [act["retired"][0] for act in acts("ledger.key.retired")] == [old.encode()]


def test_whoever_trusts_the_first_key_learns_every_later_one(data: Any) -> None:
    start(data)
    pinned = trust_of(data)
    for _round in range(3):
        rotate(data)
        start(data)
        retire(data)
        start(data)
    now = trust_of(data)
    assert set(learn(pinned, now).log_keys) == set(now.log_keys)
    assert len({key for key in now.log_keys if key.kind == ED25519}) == 4


def test_no_more_pairs_sign_than_are_useful(data: Any) -> None:
    from zonary.foundation.ledger.rotation import RotationError

    start(data)
    for _round in range(3):
        rotate(data)
    with pytest.raises(RotationError, match="4 pairs"):
        rotate(data)


@pytest.mark.parametrize("stop", range(1, len(ROTATION) + 1))
def test_a_rotation_that_is_cut_short_is_finished_by_the_next_start(data: Any, stop: int) -> None:
    start(data)
    assert stopping(lambda step: rotate(data, step), stop) == list(ROTATION[:stop])
    log = start(data)
    expected = 1 if stop == 1 else 2
    assert len(first_keys(log.keys)) == expected
    assert len(acts("ledger.key.rotated")) == expected - 1
    rotate(data)
    log = start(data)
    assert set(log.published().verified) == set(log.keys.verifiers)
    assert len(acts("ledger.key.rotated")) == expected


@pytest.mark.parametrize("stop", range(1, len(RETIREMENT) + 1))
def test_a_retirement_that_is_cut_short_is_finished_or_undone(data: Any, stop: int) -> None:
    start(data)
    rotate(data)
    start(data)
    assert stopping(lambda step: retire(data, step), stop) == list(RETIREMENT[:stop])
    log = start(data)
    assert len(acts("ledger.key.retired")) == stop - 1
    if stop == 1:
        retire(data)
        log = start(data)
    assert len(acts("ledger.key.retired")) == 1
    assert log.keys.retired


@pytest.mark.parametrize("cut", ["log-mldsa44.vkey", "log.vkey", "log-mldsa44.skey", "log.skey"])
def test_a_crash_between_any_two_files_of_a_retirement_leaves_no_secret(
    data: Any, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends just before the file ``cut`` is written or destroyed."""
    from zonary.foundation.ledger import keys

    start(data)
    if not (data.keys / "log-mldsa44.skey").exists() and "mldsa" in cut:
        pytest.skip("there is no ML-DSA-44 here")
    rotate(data)
    start(data)

    def until_cut(function: Any) -> Any:
        def run(path: Path, *rest: Any, **options: Any) -> Any:
            if path.name == cut:
                raise RuntimeError("cut")
            return function(path, *rest, **options)

        return run

    with monkeypatch.context() as crash:
        crash.setattr(keys, "write_durably", until_cut(keys.write_durably))
        crash.setattr(keys, "erase", until_cut(keys.erase))
        with pytest.raises(RuntimeError):
            retire(data)
    log = start(data)
    if cut.endswith(".vkey"):
        assert len(first_keys(log.keys)) == 2
        assert not log.keys.retired
        retire(data)
        log = start(data)
    assert log.keys.retired
    assert {path.name for path in data.keys.glob("log*.skey")} <= {"log.2.skey", "log-mldsa44.2.skey"}


def test_a_half_overwritten_secret_of_a_retired_key_is_destroyed(data: Any) -> None:
    start(data)
    rotate(data)
    start(data)
    retire(data)
    (data.keys / "log.skey").write_bytes(bytes(20))
    start(data)
    assert not (data.keys / "log.skey").exists()


@pytest.mark.parametrize("data", ["postgresql"], indirect=True)
def test_keys_are_not_changed_while_another_server_leads_the_log(data: Any) -> None:
    """With an embedded database the lock on the data directory sees to it."""
    from zonary.cli.keys import _lead
    from zonary.foundation.ledger.leadership import claim, release
    from zonary.proof.errors import Error

    start(data)
    epoch = claim("main", "another server", alone=False)
    with pytest.raises(Error, match="Another server of this database leads the log"), _lead():
        pass
    release("main", epoch)
    with _lead() as mine:
        assert mine == epoch + 1
