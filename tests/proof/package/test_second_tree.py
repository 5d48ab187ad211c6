"""The second tree in a package: it verifies, what is wrong with it is named, and packages without it stay valid."""

from __future__ import annotations

import dataclasses
import io

import pytest
from tests.proof.package.factory import Zone, changed, members, opened

from zonary.proof.disclosure import disclose
from zonary.proof.manifest import parse_manifest
from zonary.proof.package.build import write_disclosure
from zonary.proof.package.report import Layer, Outcome, Report, Status
from zonary.proof.package.verify import examine
from zonary.proof.sm2 import SM2PrivateKey, libcrypto
from zonary.proof.tlog.keys import SigningKey
from zonary.proof.tlog.sm2 import Sm2SigningKey
from zonary.proof.trust import Trust, parse_trust

PROOF, KEYS = "log-sm3__statement_DOT_sm3_DASH_proof", "log-sm3__log_DOT_vkey"


@pytest.fixture(scope="module")
def zone() -> Zone:
    return Zone()


@pytest.fixture(scope="module")
def package(zone: Zone) -> bytes:
    return zone.package(second={})


def judged(data: bytes, trust: Trust) -> tuple[Report, Status, str]:
    report = examine(opened(data), trusts=[trust])
    verdict = report.verdict(Layer.SECOND_TREE)
    return report, verdict.status, str(verdict.sentence)


def test_both_trees_verify(zone: Zone, package: bytes) -> None:
    report, status, words = judged(package, zone.second_trust())
    assert (report.outcome, status) == (Outcome.VERIFIED, Status.VERIFIED)
    assert "index 2 of the second tree" in words
    assert [each.layer for each in report.layers] == [*Layer][:6]


def test_a_package_without_it_has_no_such_layer(zone: Zone) -> None:
    report = examine(opened(zone.package()), trusts=[zone.second_trust()])
    assert report.outcome is Outcome.VERIFIED
    assert Layer.SECOND_TREE not in [each.layer for each in report.layers]


def test_a_trust_file_with_the_key_is_read_and_written(zone: Zone) -> None:
    trust = zone.second_trust()
    assert parse_trust(trust.encode()) == trust


def test_an_unknown_sm2_key_does_not_weaken_the_first_tree(zone: Zone, package: bytes) -> None:
    report, status, words = judged(package, zone.trust)
    assert (report.outcome, status) == (Outcome.VERIFIED, Status.ORIGIN_NOT_ESTABLISHED)
    assert "you have not said you trust" in words


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"index": 1}, "of index 1"),
        ({"origin": "zonary/other/sm3"}, "of “zonary/other/sm3”"),
    ],
)
def test_another_place_or_log_is_refused(zone: Zone, second: dict[str, object], words: str) -> None:
    report, status, said = judged(zone.package(second=second), zone.second_trust())
    assert (report.outcome, status) == (Outcome.NOT_VERIFIED, Status.FAILED)
    assert words in said


def test_another_key_is_refused(zone: Zone) -> None:
    name = zone.second_key.verifier.name
    for key in (Sm2SigningKey.of(name, SM2PrivateKey.generate()), SigningKey.generate(name)):
        report, status, words = judged(zone.package(second={"key": key}), zone.second_trust())
        assert (report.outcome, status) == (Outcome.NOT_VERIFIED, Status.FAILED)
        assert "no signature by the SM2 key you trust" in words


def test_a_key_of_another_kind_signs_no_second_tree(zone: Zone) -> None:
    """An Ed25519 key of that name, trusted or not, would make the second tree worth no more than the first."""
    ed25519 = SigningKey.generate(zone.second_key.verifier.name)
    data = zone.package(second={"key": ed25519})
    trust = zone.second_trust()
    logs = (*trust.logs[:-1], dataclasses.replace(trust.logs[-1], key=ed25519.verifier))
    _, status, _ = judged(data, dataclasses.replace(trust, logs=logs))
    assert status is not Status.VERIFIED


def test_every_changed_part_is_refused(zone: Zone, package: bytes) -> None:
    proof = members(package)["log-sm3/statement.sm3-proof"]
    lines = proof.split(b"\n")
    other = members(zone.package(second={}))["log-sm3/statement.sm3-proof"]
    for spoilt in (
        other,  # of another statement
        proof.replace(lines[2], b"A" * 43 + b"="),  # a hash
        proof.replace(b"zonary-sm3-proof/1", b"c2sp.org/tlog-proof@v1"),
        proof[:-10] + b"AAAAAAAA=\n",  # the signature
        proof.replace(b"zonary/test/sm3\n5\n", b"zonary/test/sm3\n6\n"),
        b"",
    ):
        report, status, _ = judged(changed(package, **{PROOF: spoilt}), zone.second_trust())
        assert (report.outcome, status) == (Outcome.NOT_VERIFIED, Status.FAILED)


def test_half_of_it_is_refused(zone: Zone, package: bytes) -> None:
    assert judged(changed(package, **{PROOF: None}), zone.second_trust())[1] is Status.FAILED
    assert judged(changed(package, **{KEYS: None}), zone.trust)[1] is Status.FAILED
    assert judged(changed(package, **{KEYS: b"x" * 20 + b" "}), zone.trust)[1] is Status.FAILED
    assert judged(changed(package, **{KEYS: b"a\n" * 17}), zone.trust)[1] is Status.FAILED
    assert judged(changed(package, **{KEYS: b"\xff"}), zone.trust)[1] is Status.FAILED


def test_a_newer_form_is_not_checked_and_not_held_against_it(zone: Zone, package: bytes) -> None:
    proof = members(package)["log-sm3/statement.sm3-proof"].replace(b"zonary-sm3-proof/1", b"zonary-sm3-proof/2")
    report, status, _ = judged(changed(package, **{PROOF: proof}), zone.second_trust())
    assert (report.outcome, status) == (Outcome.VERIFIED, Status.NOT_CHECKED)


def test_a_machine_without_sm2_says_so(zone: Zone, package: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "_candidates", lambda: iter(()))
    libcrypto._found.cache_clear()
    try:
        report, status, words = judged(package, zone.second_trust())
    finally:
        libcrypto._found.cache_clear()
    assert (report.outcome, status) == (Outcome.VERIFIED, Status.NOT_CHECKED)
    assert "OpenSSL 3 with SM2" in words


def test_a_disclosure_keeps_it(zone: Zone, package: bytes) -> None:
    whole, out = opened(package), io.BytesIO()
    manifest = parse_manifest(whole.read("manifest.jsonl"))
    write_disclosure(out, whole, disclose(manifest, [0]))
    report, status, _ = judged(out.getvalue(), zone.second_trust())
    assert (report.outcome, status) == (Outcome.VERIFIED, Status.VERIFIED)
