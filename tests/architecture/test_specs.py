"""The examples in specs/ are true: the code reads and writes them, and standard tools print what the pages say."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zonary.foundation.ledger.acts import act_statement
from zonary.proof import canonical
from zonary.proof.digests import Digests, digests_of
from zonary.proof.disclosure import disclose, parse_disclosure
from zonary.proof.leaf import EVIDENCE, decode_leaf
from zonary.proof.manifest import decode_leaf_line, encode_leaf_line, parse_manifest
from zonary.proof.package import build
from zonary.proof.package import container as member
from zonary.proof.package.asic import asic_manifest
from zonary.proof.package.container import Container
from zonary.proof.statement import decode_statement, leaf_of_statement
from zonary.proof.timestamp.development import load_certificates
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import verify_token
from zonary.proof.tlog.checkpoint import open_checkpoint
from zonary.proof.tlog.endorsement import endorse
from zonary.proof.tlog.keys import SigningKey, VerifierKey
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.tlog.sm2 import second_origin
from zonary.proof.trust import learn, parse_trust

SPECS = Path(__file__).resolve().parents[2] / "specs"
EXAMPLE = re.compile(r"<!-- example: ([^>]+) -->\n```[a-z]*\n(.*?)```", re.DOTALL)
RUN = re.compile(r"<!-- run -->\n```sh\n(.*?)```\n\n<!-- prints -->\n```\n(.*?)```", re.DOTALL)
SECTIONS = ["Conventions used in this document", "Limits", "Security considerations", "References", "Version"]


def _pages() -> list[Path]:
    return sorted(page for page in SPECS.glob("*.md") if page.name != "README.md")


def _example(page: str, name: str) -> bytes:
    """The example as bytes, with the newline at its end."""
    found = dict(EXAMPLE.findall((SPECS / page).read_text("utf-8")))
    return str(found[name]).encode("utf-8")


STATEMENT = _example("statement.md", "statement.json").rstrip(b"\n")
LEAF = bytes.fromhex(_example("leaf.md", "leaf, hexadecimal").decode())
ACT = _example("act.md", "act.json").rstrip(b"\n")
MANIFEST = _example("manifest.md", "manifest.jsonl")
FOLDER = _example("manifest.md", "folder manifest.jsonl")
PROOF = _example("package.md", "statement.tlog-proof")
VKEY = _example("package.md", "log.vkey").decode().strip()
SECOND_PROOF = _example("second-tree.md", "statement.sm3-proof")


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.name)
def test_every_spec_has_the_same_sections(page: Path) -> None:
    headings = re.findall(r"^## (.+)$", page.read_text("utf-8"), re.MULTILINE)
    expected = [name for name in SECTIONS if page.name != "checkpoint-and-keys.md" or not name.startswith("Conv")]
    assert [name for name in headings if name in SECTIONS] == expected


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.name)
def test_specs_commands_print_what_the_page_says(page: Path, tmp_path: Path) -> None:
    (tmp_path / "statement.json").write_bytes(STATEMENT)
    (tmp_path / "manifest.jsonl").write_bytes(MANIFEST)
    (tmp_path / "act.json").write_bytes(ACT)
    (tmp_path / "sm2.tst").write_bytes(base64.b64decode(_example("timestamp.md", "sm2.tst")))
    (tmp_path / "sm2-root.pem").write_bytes(_example("timestamp.md", "sm2-root.pem"))
    (tmp_path / "checkpoint").write_bytes(TlogProof.parse(SECOND_PROOF, "sm3").checkpoint)
    (tmp_path / "log.vkey").write_bytes(_example("second-tree.md", "log.vkey"))
    for script, expected in RUN.findall(page.read_text("utf-8")):
        done = subprocess.run(["sh", "-eu", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout == expected


def test_specs_manifest_gives_the_statement() -> None:
    manifest = parse_manifest(MANIFEST)
    statement = decode_statement(STATEMENT)
    assert statement.encode() == STATEMENT
    assert statement.manifest == manifest.roots()
    assert encode_leaf_line(manifest.leaves[0]) + b"\n" == MANIFEST


def test_specs_leaf_stands_for_the_statement() -> None:
    assert leaf_of_statement(STATEMENT) == LEAF
    assert decode_leaf(LEAF).leaf_class == EVIDENCE
    assert decode_leaf(LEAF).digests == digests_of(STATEMENT)


def test_specs_act_is_written_by_the_ledger() -> None:
    fields = json.loads(ACT)
    written = act_statement(
        kind=fields["kind"],
        body=canonical.encode(fields["body"]),
        salt=bytes.fromhex(fields["salt"]),
        by=fields["actor"],
        organisation=fields["organisation"],
        about=fields["about"],
        at=datetime.fromisoformat(fields["recorded_at"]),
    )
    assert written == ACT


def test_specs_receipt_in_the_guide_is_of_the_example() -> None:
    for language in ("en", "zh"):
        page = (SPECS.parent / "docs" / "guide" / language / "api.md").read_text("utf-8")
        receipt = json.loads(re.findall(r"```json\n(.*?)```", page, re.DOTALL)[0])
        assert base64.b64decode(receipt["leaf"]) == LEAF
        assert Digests.from_hex(receipt["sha256"], receipt["sm3"]) == digests_of(STATEMENT)


def test_specs_disclosure_is_that_of_the_folder() -> None:
    manifest = parse_manifest(FOLDER)
    text = _example("manifest.md", "disclosure.json").rstrip(b"\n")
    assert disclose(manifest, [1]).encode() == text
    roots = dict(line.split() for line in _example("manifest.md", "folder roots").decode().splitlines())
    assert manifest.roots() == Digests.from_hex(roots["sha256"], roots["sm3"])
    parse_disclosure(text).leaves[0].verify(manifest.roots())


def test_specs_odd_line_is_read_and_written() -> None:
    line = _example("manifest.md", "odd line").rstrip(b"\n")
    leaf = decode_leaf_line(line)
    assert encode_leaf_line(leaf) == line
    assert getattr(leaf, "name_bytes", b"") == "设计.txt".encode("gbk")


def test_specs_proof_holds_for_the_leaf() -> None:
    proof = TlogProof.parse(PROOF)
    assert proof.encode() == PROOF
    assert proof.verify(LEAF, [VerifierKey.parse(VKEY)]).checkpoint.size == 3


def test_specs_second_tree_has_the_same_leaf() -> None:
    proof = TlogProof.parse(SECOND_PROOF, "sm3")
    key = VerifierKey.parse(_example("second-tree.md", "log.vkey").decode().strip())
    assert proof.encode() == SECOND_PROOF
    assert proof.index == TlogProof.parse(PROOF).index
    assert proof.verify(LEAF, [key], second_origin(VKEY.partition("+")[0])).checkpoint.size == 3


def test_specs_checkpoint_is_signed_by_the_example_key() -> None:
    vkey, skey = _example("checkpoint-and-keys.md", "key").decode().split()
    note = _example("checkpoint-and-keys.md", "checkpoint")
    assert SigningKey.parse(skey).verifier == VerifierKey.parse(vkey)
    assert open_checkpoint(note, [VerifierKey.parse(vkey)]).note == TlogProof.parse(PROOF).checkpoint


def test_specs_trust_file_is_read() -> None:
    trust = parse_trust(_example("trust.md", "zone.trust"))
    assert [key.encode() for key in trust.log_keys] == [VKEY]
    assert len(trust.timestamp_roots) == 1


def test_specs_sm2_token_is_believed() -> None:
    token = TimestampToken.parse(base64.b64decode(_example("timestamp.md", "sm2.tst")))
    verified = verify_token(token, data=b"hello\n", roots=load_certificates(_example("timestamp.md", "sm2-root.pem")))
    assert verified.gen_time == datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_specs_endorsement_leads_from_the_first_key_to_the_second() -> None:
    trust = parse_trust(_example("trust.md", "rotated.trust"))
    (endorsement,) = trust.endorsements
    assert endorsement.note == _example("trust.md", "endorsement")
    known = parse_trust(_example("trust.md", "zone.trust"))
    assert [key.encode() for key in known.log_keys] == [VKEY]
    assert learn(known, trust).log_keys == trust.log_keys
    _vkey, skey = _example("checkpoint-and-keys.md", "key").decode().split()
    assert endorse(endorsement.key, [SigningKey.parse(skey)]) == endorsement.note


def test_specs_commit_is_sealed_as_the_page_says(tmp_path: Path) -> None:
    from zonary.cli.sealing.hashing import RECORD
    from zonary.cli.watching.journal import Item
    from zonary.cli.watching.repository import WatchedRepository

    page = (SPECS / "commit.md").read_text("utf-8")
    ((script, printed),) = RUN.findall(page)
    subprocess.run(["sh", "-eu", "-c", script], cwd=tmp_path, capture_output=True, check=True)
    commit = printed.split()[0].encode("ascii")
    contents = WatchedRepository(tmp_path / "rig", refs=[]).gather([Item(commit, (), b"")])
    records = [contents.records[start : start + RECORD.size] for start in range(0, len(contents.records), RECORD.size)]
    listed = [
        f"file {name.decode()} {size} {sha256.hex()}"
        for name, (size, _time, _inode, sha256, _sm3) in zip(contents.names, map(RECORD.unpack, records), strict=True)
    ]
    listed += [f"{kind} {name.decode()} {target.decode()}" for kind, name, target in contents.others]
    assert listed == _example("commit.md", "listed").decode().splitlines()


def test_specs_package_has_the_members_listed() -> None:
    assert asic_manifest(STATEMENT) == _example("package.md", "ASiCManifest.xml")
    file = io.BytesIO()
    writer = build.begin(file, STATEMENT, MANIFEST)
    parts = build.Parts(
        proof=PROOF, log_keys=[VKEY], package_token=b"", plain_token=b"", plain_stem="hello.txt", authority_chain=b""
    )
    build.complete(writer, STATEMENT, parts)
    listed = _example("package.md", "listing").decode().split()
    assert list(Container(file)) == listed
    assert {member.STATEMENT, member.MANIFEST, member.README} < set(listed)


def test_specs_origin_is_read_and_written(tmp_path: Path) -> None:
    from zonary.cli.origin.git import look
    from zonary.proof.origin import declared_origin, reported_facts, stated_facts

    text = _example("origin.md", "statement with origin").rstrip(b"\n")
    statement = decode_statement(text)
    assert statement.encode() == text
    origin: Any = statement.declared["origin"]
    assert declared_origin(origin["stated"], origin["reported"]) == statement.declared
    assert [fact.name for fact in stated_facts(statement.declared)] == [
        "source",
        "generated_by",
        "custodian",
        "custody",
    ]
    assert "git" in [fact.name for fact in reported_facts(statement.declared)]
    ((script, _printed),) = RUN.findall((SPECS / "origin.md").read_text("utf-8"))
    subprocess.run(["sh", "-eu", "-c", script], cwd=tmp_path, capture_output=True, check=True)
    assert look([bytes(tmp_path / "rig")]) == origin["reported"]["git"]
