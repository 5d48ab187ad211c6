"""Both built-in timestamp authorities alike: made once whatever cuts that short, never over others, keys changed."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from tests.foundation.zone_at_work import AT, acts, start, stopping, trust_of

from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.proof.errors import UntrustedError

ROTATION = ("new timestamp key", "new timestamp key written", "new timestamp certificate written")
STEMS = ("tsa", "tsa-sm2")
PRIVATE = ("{}-root.key", "{}-root.pem", "{}.key", "{}.pem")


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "ZONARY_KEPT", tmp_path / "kept")


@pytest.fixture(params=STEMS)
def of(request: pytest.FixtureRequest, data: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """One of the two, in a zone that has both."""
    from django.conf import settings

    from zonary.foundation.ledger.authority import OWN, SM2
    from zonary.foundation.timestamps.authorities import Authorities, Local

    both = Authorities((Local("own", "own"), Local("sm2", "sm2")))
    monkeypatch.setattr(settings, "ZONARY_TIMESTAMPS", both)
    return {each.stem: each for each in (OWN, SM2)}[request.param]


def files_of(data: Any, of: Any) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in data.keys.iterdir()
        if path.name.startswith((f"{of.stem}.", f"{of.stem}-root"))
    }


def rotate(data: Any, of: Any, step: Any = lambda _step: None) -> None:
    from zonary.foundation.ledger.rotation import rotate_timestamp_key

    rotate_timestamp_key(data, by=SYSTEM, at=AT, step=step, of=of)


def stamp(data: Any, of: Any) -> Any:
    """Makes a token now; returns a function that verifies it under the root of the trust file of any later time."""
    from zonary.foundation.ledger.authority import load_issuer
    from zonary.proof.timestamp.request import TimestampRequest
    from zonary.proof.timestamp.token import TimestampToken
    from zonary.proof.timestamp.verify import verify_token

    request = TimestampRequest.new("sha256", bytes(32))
    token = TimestampToken.parse(load_issuer(data, of).respond(request.encode(), AT))
    request.check_answer(token)
    return lambda trust: verify_token(token, digest=bytes(32), roots=trust.timestamp_roots)


# --- the first start --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", range(6))
def test_a_first_start_that_is_cut_short_is_gone_on_with(
    data: Any, of: Any, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut before its file number ``written``, from 0; what was written is not replaced but where it signs nothing."""
    from zonary.foundation.ledger import authority

    left = list(range(written))
    write = authority.write_durably

    def until_cut(path: Path, content: bytes, **options: Any) -> None:
        if path.name.startswith((f"{of.stem}.", f"{of.stem}-")) and of.stem + "-sm2" not in path.name:
            if not left:
                raise RuntimeError("cut")
            left.pop()
        write(path, content, **options)

    with monkeypatch.context() as crash:
        crash.setattr(authority, "write_durably", until_cut)
        with pytest.raises(RuntimeError, match="cut"):
            start(data)
    before = files_of(data, of)
    assert len(before) == min(written, 4)
    start(data)
    after = files_of(data, of)
    root = [name for name in before if "-root" in name]
    assert {name: after[name] for name in root} == {name: before[name] for name in root}
    stamp(data, of)(trust_of(data))
    assert all(stat.S_IMODE((data.keys / name).stat().st_mode) == 0o600 for name in after)


@pytest.mark.parametrize("lost", PRIVATE)
@pytest.mark.parametrize("shown", ["all", "without the chain", "nothing"])
def test_a_lost_file_is_missed_and_nothing_is_made_over_the_others(data: Any, of: Any, lost: str, shown: str) -> None:
    start(data)
    (data.keys / lost.format(of.stem)).unlink()
    for path in (of.chain(data), of.revocations(data))[: ("all", "without the chain", "nothing").index(shown)]:
        path.unlink()
    before = files_of(data, of)
    if (lost, shown) == (PRIVATE[3], "nothing"):
        # As after a crash in the first start: the root certifies another signer, and no token of it ever counted less.
        verify = before[f"{of.stem}-root.key"], before[f"{of.stem}-root.pem"]
        start(data)
        after = files_of(data, of)
        assert verify == (after[f"{of.stem}-root.key"], after[f"{of.stem}-root.pem"])
        return
    with pytest.raises(KeyMismatchError, match="is missing, though the timestamp authority has been in use") as refused:
        start(data)
    assert f"{of.stem}-ca.pem" in str(refused.value)
    assert files_of(data, of) == before


def test_one_that_was_moved_away_whole_is_made_anew_beside_the_other(data: Any, of: Any) -> None:
    from zonary.foundation.ledger.authority import OWN, SM2

    start(data)
    verify, (other,) = stamp(data, of), [each for each in (OWN, SM2) if each is not of]
    kept = files_of(data, other)
    for path in (of.chain(data), of.revocations(data), *(data.keys / name.format(of.stem) for name in PRIVATE)):
        path.unlink()
    start(data)
    assert files_of(data, other) == kept
    with pytest.raises(UntrustedError):
        verify(trust_of(data))
    stamp(data, of)(trust_of(data))


def test_the_doctor_misses_a_lost_key_of_either(data: Any, of: Any) -> None:
    from zonary.foundation.ledger.checkup.findings import Severity
    from zonary.foundation.ledger.checkup.key_files import check_keys

    start(data)
    assert {each.severity for each in check_keys(data, AT)} == {Severity.OK}
    (data.keys / f"{of.stem}.key").unlink()
    [finding] = check_keys(data, AT)
    assert finding.severity is Severity.FAULT
    assert f"{of.stem}.key" in str(finding.found)
    assert f"{of.stem}-ca.pem" in str(finding.mend)


# --- another key under the same root ----------------------------------------------------------------------------------


def test_a_new_timestamp_key_stands_under_the_old_root(data: Any, of: Any) -> None:
    start(data)
    verify_old, before = stamp(data, of), trust_of(data)
    rotate(data, of)
    start(data)
    verify_new, after = stamp(data, of), trust_of(data)
    for trust in (before, after):
        verify_old(trust)
        verify_new(trust)
    assert before.timestamp_roots == after.timestamp_roots
    assert len(after.timestamp_roots) == 2
    assert not (data.keys / f"{of.stem}.key").exists()
    assert (data.keys / f"{of.stem}.2.key").exists()
    [told] = acts("ledger.timestamp_key.rotated")
    assert bytes.fromhex(told["root_sha256"]) in {hashlib.sha256(root).digest() for root in after.timestamp_roots}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in data.keys.glob(f"{of.stem}*"))


@pytest.mark.parametrize("stop", range(1, len(ROTATION) + 2))
def test_a_rotation_that_is_cut_short_leaves_an_authority(data: Any, of: Any, stop: int) -> None:
    start(data)
    steps = stopping(lambda step: rotate(data, of, step), stop)
    assert steps == [*ROTATION, "timestamp key rotated"][:stop]
    start(data)
    rotated = stop > 2
    stamp(data, of)(trust_of(data))
    assert (data.keys / f"{of.stem}.key").exists() is not rotated
    assert len(acts("ledger.timestamp_key.rotated")) == int(rotated)
    rotate(data, of)
    start(data)
    stamp(data, of)(trust_of(data))
    assert len([name for name in files_of(data, of) if name.endswith(".key") and "-root" not in name]) == 1
