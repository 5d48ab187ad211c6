"""Tokens of further authorities: they can only add, a wrong one is named, and other tools check them."""

import io
import subprocess
from datetime import timedelta

import pytest
from tests.proof.package.factory import NOW, Zone, changed, members, opened

from zonary.proof.digests import digests_of
from zonary.proof.disclosure import disclose
from zonary.proof.errors import MalformedError
from zonary.proof.manifest import parse_manifest
from zonary.proof.package import container as member
from zonary.proof.package.build import write_disclosure, write_with_further
from zonary.proof.package.further import MAX_FURTHER, FurtherToken, further_names, read_further
from zonary.proof.package.report import Layer, Outcome, Status
from zonary.proof.package.verify import examine
from zonary.proof.timestamp.development import create_development_authority
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.trust import Trust, parse_trust


class Outside:
    """An authority that is nobody's in the zone."""

    def __init__(self, name):
        self.made = create_development_authority(now=NOW, name=name)
        [self.root] = [each for each in _certificates(self.made.root_pem)]

    def token(self, data, name="notary", at=NOW):
        issued = self.made.authority().issue("sha256", digests_of(data).sha256, at)
        return FurtherToken(name, issued.der, self.made.ca_pem)


def _certificates(pem):
    from zonary.proof.package.timestamps import read_chain

    return read_chain(pem)


@pytest.fixture(scope="module")
def zone():
    return Zone()


@pytest.fixture(scope="module")
def notary():
    return Outside("Notary")


@pytest.fixture(scope="module")
def before(zone):
    return zone.package()


def with_further(package, *tokens):
    out = io.BytesIO()
    write_with_further(out, opened(package), tokens)
    return out.getvalue()


@pytest.fixture(scope="module")
def package(before, notary):
    statement = members(before)[member.STATEMENT]
    return with_further(before, notary.token(statement, at=NOW - timedelta(minutes=1)))


def judged(package, *trusts):
    report = examine(opened(package), trusts=list(trusts))
    return report, report.verdict(Layer.TIMESTAMP)


def knowing(trust, *roots, required=1):
    return Trust(logs=trust.logs, timestamp_roots=(*trust.timestamp_roots, *roots), timestamps_required=required)


def test_openssl_checks_a_further_token_as_the_readme_of_the_package_says(package, tmp_path):
    for name, data in members(package).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    [line] = [line for line in members(package)["README.txt"].decode().splitlines() if "timestamps/notary.tst" in line]
    at = ["-attime", str(int(NOW.timestamp()))]
    done = subprocess.run([*line.split(), *at], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout, done
    (tmp_path / "statement.json").write_bytes(b"{}")
    done = subprocess.run([*line.split(), *at], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0


def test_a_trusted_further_token_is_told_with_its_time_and_authority_and_counts(package, zone, notary):
    report, verdict = judged(package, knowing(zone.trust, notary.root))
    assert report.outcome is Outcome.VERIFIED
    [fact] = [fact for fact in report.facts.tokens if fact.member == "timestamps/notary.tst"]
    assert (fact.trusted, fact.time, fact.covers) == (True, NOW - timedelta(minutes=1), "statement.json")
    assert any("timestamps/notary.tst" in str(detail) and "CN=Notary" in str(detail) for detail in verdict.details)
    assert not [each for each in report.layers if each.layer not in list(Layer)]  # no member is unknown, README right


def test_one_whose_authority_the_user_does_not_know_takes_nothing_from_the_others(package, zone):
    report, verdict = judged(package, zone.trust)
    assert report.outcome is Outcome.VERIFIED
    assert any("counts for nothing here" in str(detail) for detail in verdict.details)
    assert [fact.trusted for fact in report.facts.tokens] == [True, True, False]


def test_a_trust_file_asks_for_two_authorities_and_roots_are_counted(before, package, zone, notary):
    asked = knowing(zone.trust, notary.root, required=2)
    assert judged(package, asked)[0].outcome is Outcome.VERIFIED
    for lacking in (judged(before, asked), judged(package, knowing(zone.trust, required=2))):
        assert lacking[1].status is Status.ORIGIN_NOT_ESTABLISHED
        assert lacking[0].outcome is Outcome.NOT_CHECKED
    # The same authority under a second name is still one.
    twice = with_further(package, notary.token(members(package)[member.STATEMENT], "other-name"))
    assert judged(twice, knowing(zone.trust, notary.root, required=3))[1].status is Status.ORIGIN_NOT_ESTABLISHED


def test_two_authorities_of_one_operator_are_one(package, zone, notary):
    from dataclasses import replace

    asked = knowing(zone.trust, notary.root, required=2)
    apart = tuple(zip(asked.timestamp_roots, ("zone", "notary"), strict=True))
    together = tuple((root, "zone") for root in asked.timestamp_roots)
    assert judged(package, replace(asked, timestamp_operators=apart))[0].outcome is Outcome.VERIFIED
    report, verdict = judged(package, replace(asked, timestamp_operators=together))
    assert (report.outcome, verdict.status) == (Outcome.NOT_CHECKED, Status.ORIGIN_NOT_ESTABLISHED)
    assert "asks for the timestamps of 2 operators" in str(verdict.sentence)
    assert "has those of 1" in str(verdict.sentence)


def test_a_general_trust_file_may_ask_too_and_the_largest_number_holds(package, zone, notary):
    general = Trust(timestamp_roots=(notary.root,), timestamps_required=2)
    assert judged(package, zone.trust, general)[0].outcome is Outcome.VERIFIED
    assert judged(package, zone.trust, Trust(timestamps_required=2))[0].outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize("wrong", ["another statement", "a changed signature", "no token", "no certificates"])
def test_a_wrong_further_token_fails_the_layer_and_is_named(package, zone, notary, wrong):
    good = members(package)["timestamps/notary.tst"]
    replaced = {
        "another statement": notary.token(b"something else").token,
        "a changed signature": good[:-4] + bytes((good[-4] ^ 1,)) + good[-3:],
        "no token": b"\x30\x00",
    }
    if wrong == "no certificates":
        bad = changed(package, timestamps__notary_DOT_pem=None)
    else:
        bad = changed(package, timestamps__notary_DOT_tst=replaced[wrong])
    for trust in (zone.trust, knowing(zone.trust, notary.root)):
        report, verdict = judged(bad, trust)
        assert report.outcome is Outcome.NOT_VERIFIED
        assert verdict.status is Status.FAILED
        assert "timestamps/notary." in str(verdict.sentence)


def test_a_token_whose_chain_is_another_authoritys_is_wrong(package, zone):
    other = Outside("Somebody else")
    report, _verdict = judged(changed(package, timestamps__notary_DOT_pem=other.made.ca_pem), zone.trust)
    assert report.outcome is not Outcome.VERIFIED


def test_one_this_release_cannot_judge_is_told_of_and_changes_no_verdict(package, zone, notary):
    token = TimestampToken.parse(members(package)["timestamps/notary.tst"])
    assert token.algorithm == "sha256"
    # The same imprint under the name of a digest nobody here knows: SHA3-256 in place of SHA-256.
    sha256, sha3 = bytes.fromhex("0609608648016503040201"), bytes.fromhex("0609608648016503040208")
    unknown = token.der.replace(
        sha256 + bytes.fromhex("0420") + token.imprint, sha3 + bytes.fromhex("0420") + token.imprint
    )
    if unknown == token.der:
        unknown = token.der.replace(sha256, sha3)
    report, verdict = judged(changed(package, timestamps__notary_DOT_tst=unknown), zone.trust)
    assert report.outcome is Outcome.VERIFIED
    assert any("timestamps/notary.tst counts for nothing here" in str(detail) for detail in verdict.details)


def test_disclosures_keep_further_tokens_byte_for_byte(zone, notary):
    whole = zone.package()
    whole = with_further(whole, notary.token(members(whole)[member.STATEMENT]))
    manifest = parse_manifest(members(whole)[member.MANIFEST])
    out = io.BytesIO()
    write_disclosure(out, opened(whole), disclose(manifest, [1]))
    kept = members(out.getvalue())
    for name in ("timestamps/notary.tst", "timestamps/notary.pem", "README.txt"):
        assert kept[name] == members(whole)[name]
    assert judged(out.getvalue(), knowing(zone.trust, notary.root, required=2))[0].outcome is Outcome.VERIFIED


def test_adding_changes_nothing_but_the_readme_and_refuses_twice_and_too_many(before, package, notary):
    was, now = members(before), members(package)
    assert {name for name in was if was[name] != now[name]} == {"README.txt"}
    assert set(now) - set(was) == {"timestamps/notary.tst", "timestamps/notary.pem"}
    statement = was[member.STATEMENT]
    with pytest.raises(MalformedError):
        with_further(package, notary.token(statement))
    token = notary.token(statement)
    many = [FurtherToken(f"a{n}", token.token, token.chain) for n in range(MAX_FURTHER + 1)]
    with pytest.raises(MalformedError):
        with_further(before, *many)
    full = with_further(before, *many[:MAX_FURTHER])
    assert len(read_further(opened(full))) == MAX_FURTHER
    extra = {f"timestamps__z_DOT_{kind}": data for kind, data in (("tst", token.token), ("pem", token.chain))}
    with pytest.raises(MalformedError):
        read_further(opened(changed(full, **extra)))


def test_other_names_in_the_folder_are_members_nobody_knows(before):
    odd = changed(before, timestamps__UPPER_DOT_tst=b"x")
    assert further_names(opened(odd)) == []
    unknown = [each.layer for each in examine(opened(odd), trusts=[]).layers if each.layer not in list(Layer)]
    assert unknown == ["timestamps/UPPER.tst"]


@pytest.mark.parametrize("line", ["0", "17", "+2", "02", "two", "2 3", "", "2\n#zonary timestamps-required 2"])
def test_a_mistyped_number_of_authorities_makes_the_trust_file_invalid(line):
    with pytest.raises(MalformedError):
        parse_trust(f"quorum none\n#zonary timestamps-required {line}\n".encode())


def test_the_number_survives_the_round_trip(zone):
    asked = knowing(zone.trust, required=3)
    assert parse_trust(asked.encode()) == asked
