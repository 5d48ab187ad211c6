"""What the doctor says of whoever signs evidence certificates, each time with one thing wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the doctor of a server needs the [web] extra")

pytestmark = pytest.mark.usefixtures("migrated")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path) -> Any:
    from zonary.foundation.ledger.authority import ensure_authority, renew_revocation_list
    from zonary.foundation.ledger.certificate_signer import ensure_certificate_signer, renew_certificate_revocations
    from zonary.foundation.ledger.layout import DataDirectory

    data = DataDirectory(tmp_path / "data")
    ensure_authority(data, NOW)
    ensure_certificate_signer(data, NOW, url="http://127.0.0.1")
    renew_revocation_list(data, NOW)
    renew_certificate_revocations(data, NOW)
    return data


def _found(data: Any, at: datetime = NOW) -> list[tuple[str, str]]:
    from zonary.foundation.ledger.checkup.certificate_signing import check_certificate_signer

    found = list(check_certificate_signer(data, at))
    assert {each.check for each in found} == {"certificates"}
    assert all(each.mend is not None for each in found if each.severity == "warning")
    return [(str(each.severity), str(each.found)) for each in found]


def test_a_development_signer_is_called_one(keys: Any) -> None:
    [(severity, found)] = _found(keys)
    assert severity == "ok"
    assert "a DEVELOPMENT signer" in found


def test_a_missing_key_and_one_of_another(keys: Any, tmp_path: Path) -> None:
    from zonary.foundation.ledger.certificate_signer import ensure_certificate_signer
    from zonary.foundation.ledger.layout import DataDirectory

    other = DataDirectory(tmp_path / "other")
    ensure_certificate_signer(other, NOW, url="http://127.0.0.1")
    place = keys.keys / "certificate.key"
    place.write_bytes((other.keys / "certificate.key").read_bytes())
    [(severity, found)] = _found(keys)
    assert severity == "fault"
    assert "is not the key of the first certificate" in found
    place.write_bytes(b"nothing")
    assert [each for each, _ in _found(keys)] == ["fault"]
    place.unlink()
    [(severity, found)] = _found(keys)
    assert severity == "fault"
    assert str(place) in found


def test_without_a_signer_the_next_start_makes_one(keys: Any) -> None:
    (keys.keys / "certificate.pem").unlink()
    [(severity, found)] = _found(keys)
    assert severity == "warning"
    assert "is missing" in found


def test_it_is_told_before_the_signer_ends_and_after(keys: Any) -> None:
    from zonary.foundation.ledger.authority import renew_revocation_list
    from zonary.foundation.ledger.certificate_signer import load_certificate_signer, renew_certificate_revocations

    end = load_certificate_signer(keys).chain[0].not_valid_after_utc

    def at(moment: datetime) -> list[tuple[str, str]]:
        renew_revocation_list(keys, moment)
        renew_certificate_revocations(keys, moment)
        return _found(keys, moment)

    assert [each for each, _ in at(end - timedelta(days=31))] == ["ok"]
    warned = at(end - timedelta(days=29))
    assert [each for each, _ in warned] == ["warning", "ok"]
    assert end.date().isoformat() in warned[0][1]
    over = at(end + timedelta(seconds=1))
    assert [each for each, _ in over] == ["fault"]
    assert "nothing is signed" in over[0][1]


@pytest.mark.parametrize("of", ["signer", "authority"])
def test_a_list_that_is_missing_damaged_or_out_of_date(keys: Any, of: str) -> None:
    from zonary.foundation.ledger.authority import OWN

    path = keys.certificate_revocations if of == "signer" else OWN.revocations(keys)
    kept = path.read_bytes()
    assert [each for each, _ in _found(keys, NOW + timedelta(days=4))] == ["ok"]
    assert [each for each, _ in _found(keys, NOW + timedelta(days=6))] == ["warning", "warning", "ok"]
    assert [each for each, _ in _found(keys, NOW + timedelta(days=8))] == ["fault", "fault"]
    path.write_bytes(b"no list")
    assert ("fault", "A revocation list cannot be read: nothing is signed.") in _found(keys)
    path.unlink()
    # Both are made here, and in no backup: before the server is started, nothing is wrong yet.
    assert [each for each, _ in _found(keys)] == ["warning", "ok"]
    assert "is not there yet" in _found(keys)[0][1]
    path.write_bytes(kept)
    assert [each for each, _ in _found(keys)] == ["ok"]


def test_a_signer_that_was_revoked(keys: Any) -> None:
    from zonary.foundation.ledger.certificate_signer import load_certificate_signer
    from zonary.foundation.ledger.module_timestamp_keys import AUTHORITY_KEYS
    from zonary.proof.timestamp.development import revocation_list

    root = [(keys.keys / name).read_bytes() for name in ("certificate-root.key", "certificate-root.pem")]
    serial = load_certificate_signer(keys).chain[0].serial_number
    keys.certificate_revocations.write_bytes(revocation_list(*root, NOW, revoked=[serial], keys=AUTHORITY_KEYS))
    [(severity, found)] = _found(keys)
    assert severity == "fault"
    assert "has revoked" in found


def test_a_list_by_another_of_the_same_name_is_none(keys: Any, tmp_path: Path) -> None:
    from zonary.foundation.ledger.certificate_signer import ensure_certificate_signer, renew_certificate_revocations
    from zonary.foundation.ledger.layout import DataDirectory

    other = DataDirectory(tmp_path / "other")
    ensure_certificate_signer(other, NOW, url="http://127.0.0.1")
    renew_certificate_revocations(other, NOW)
    keys.certificate_revocations.write_bytes(other.certificate_revocations.read_bytes())
    # Both are made here, and in no backup: before the server is started, nothing is wrong yet.
    assert [each for each, _ in _found(keys)] == ["warning", "ok"]
    assert "is not there yet" in _found(keys)[0][1]
