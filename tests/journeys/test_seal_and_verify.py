"""The main job, acted out: seal, hand over, check offline on another machine, disclose, tamper."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import django
import pytest
from tests.journeys.conftest import Person

STATUS = "verdict"


def layers(report: dict) -> dict[str, str]:
    return {layer["layer"]: layer[STATUS] for layer in report["layers"]}


def failed(report: dict) -> set[str]:
    return {layer for layer, status in layers(report).items() if status == "failed"}


@pytest.fixture
def sealed(owner, server, design, tmp_path):
    package = tmp_path / "design.zonary"
    owner.ok("seal", design, "--server", server.url, "-o", package)
    return package


def rewritten(package: Path, out: Path, **members: bytes | None) -> Path:
    """A copy of ``package`` with members replaced (``__`` for ``/``) or left out."""
    changes = {name.replace("__", "/").replace("_DOT_", ".").replace("_DASH_", "-"): v for name, v in members.items()}
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(out, "w") as new:
        assert changes.keys() <= set(old.namelist())
        for name in old.namelist():
            data = changes.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return out


def test_a_stranger_checks_offline_with_a_trust_file_handed_over(sealed, design, people, trust_file):
    stranger = people("stranger")
    report = stranger.report(sealed, design, "--trust", trust_file)
    assert report["result"] == "verified"
    assert set(layers(report).values()) == {"verified"}
    assert report["leaf_class"] == "evidence"


def test_the_owners_own_machine_has_pinned_the_server(owner, server, sealed, design):
    assert owner.report(sealed, design)["result"] == "verified"
    listed = owner.ok("trust", "list")
    assert "log zonary/" in listed
    handed = sealed.with_name("handed.trust")
    handed.write_text(listed)
    assert owner.report(sealed, design, "--trust", handed)["result"] == "verified"


def test_without_trust_the_origin_is_not_established(sealed, design, people):
    stranger = people("stranger")
    done = stranger.zonary("verify", sealed, design)
    assert done.returncode == 2
    assert done.stdout.rstrip().endswith("Result: consistent, origin not established")


def test_trust_can_be_added_listed_and_removed(sealed, design, people, trust_file):
    stranger = people("stranger")
    stranger.ok("trust", "add", trust_file, "--name", "zone")
    assert stranger.report(sealed, design)["result"] == "verified"
    assert "zone" in stranger.ok("trust", "list")
    stranger.ok("trust", "remove", "zone")
    assert stranger.report(sealed, design)["exit_code"] == 2


def test_chinese_is_complete_on_the_way(sealed, design, people, trust_file):
    stranger = people("stranger")
    said = stranger.ok("verify", sealed, design, "--trust", trust_file, LANG="zh_CN.UTF-8")
    assert "核验通过" in said
    assert "verified" not in said.lower()


def test_a_real_source_tree_of_thousands_of_files(owner, server, people, trust_file, tmp_path):
    tree = tmp_path / "wheel"
    for copy in ("one", "two"):  # the tree of a published wheel, twice: over 5,000 files
        source = Path(django.__file__).parent
        shutil.copytree(source, tree / copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert sum(len(files) for _, _, files in os.walk(tree)) > 5000
    package = tmp_path / "wheel.zonary"
    owner.ok("seal", tree, "--server", server.url, "-o", package)
    assert people("judge").report(package, tree, "--trust", trust_file)["result"] == "verified"
    (tree / "one" / "__init__.py").write_text("tampered")
    (tree / "two" / "added.py").write_text("added")
    report = people("judge").report(package, tree, "--trust", trust_file)
    assert failed(report) == {"files"}
    assert any("one/__init__.py" in line for line in report["layers"][0]["details"])
    assert any("two/added.py" in line for line in report["layers"][0]["details"])


def test_one_file_disclosed_and_nothing_of_the_others(owner, server, sealed, design, people, trust_file, tmp_path):
    one = tmp_path / "one.zonary"
    owner.ok("disclose", sealed, "sub/x.bin", "-o", one)
    report = people("rival").report(one, design / "sub" / "x.bin", "--trust", trust_file)
    assert report["result"] == "verified"
    assert report["partial"]
    with zipfile.ZipFile(one) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"a.txt" not in everything
    assert b"nothing" not in everything.replace(b"names nothing but", b"").replace(b"shows nothing", b"")
    assert people("rival").report(one, design / "a.txt", "--trust", trust_file)["exit_code"] == 1


def test_tampering_is_named_at_every_layer(owner, sealed, design, people, trust_file, server, tmp_path):
    judge = people("judge")
    with zipfile.ZipFile(sealed) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    proof = parts["log/statement.tlog-proof"]
    other = tmp_path / "other.zonary"
    owner.ok("seal", design / "a.txt", "--server", server.url, "-o", other)
    with zipfile.ZipFile(other) as archive:
        foreign_proof = archive.read("log/statement.tlog-proof")
        foreign_token = archive.read("META-INF/timestamp.tst")
    line = parts["manifest.jsonl"].split(b"\n")[0]
    signature = proof.rstrip(b"\n").rpartition(b" ")[2]
    cases = {
        "manifest": {"manifest_DOT_jsonl": parts["manifest.jsonl"].replace(line, line[:-4] + b'0"}'[-1:] + line[-3:])},
        "inclusion": {"log__statement_DOT_tlog_DASH_proof": foreign_proof},
        "checkpoint": {"log__statement_DOT_tlog_DASH_proof": proof.replace(signature, signature[:-8] + b"AAAAAAA=")},
        "timestamp": {"META_DASH_INF__timestamp_DOT_tst": foreign_token},
    }
    for layer, change in cases.items():
        report = judge.report(rewritten(sealed, tmp_path / f"{layer}.zonary", **change), design, "--trust", trust_file)
        assert report["exit_code"] == 1, layer
        assert layer in failed(report), (layer, report)


def test_a_forger_with_a_server_of_his_own_is_not_accepted(design, people, trust_file, new_server, tmp_path):
    """Another real log with other keys; its package is perfect in itself."""
    forged = new_server("forged")
    forged.start()
    package = tmp_path / "forged.zonary"
    forger = Person(tmp_path, forged.config)
    forger.ok("seal", design, "--server", forged.url, "-o", package)
    assert forger.report(package, design)["result"] == "verified"
    report = people("judge").report(package, design, "--trust", trust_file)
    assert report["exit_code"] == 2
    assert layers(report)["checkpoint"] == "origin-not-established"


def test_show_prints_what_is_in_it(sealed, people):
    said = people("reader").ok("show", sealed)
    assert "sub/x.bin" in said
    assert "1280000 bytes" in said
    assert "\\xc9\\xe8" in said  # a GBK name, escaped


def test_fsck_of_the_log_itself_and_over_http(owner, server, sealed, people, trust_file):
    assert "VERIFIED" in owner.ok("fsck", "--data", server.data)
    assert "VERIFIED" in people("auditor").ok("fsck", "--url", f"{server.url}/log", "--trust", trust_file)
    assert people("auditor").zonary("fsck", "--url", f"{server.url}/log").returncode == 2


def test_fsck_names_the_first_wrong_byte(server, sealed, people, trust_file, tmp_path):
    copy = tmp_path / "log"
    shutil.copytree(server.data / "log", copy)
    size = int((copy / "checkpoint").read_text().split("\n")[1])
    bundle = copy / "tile" / "entries" / ("000" if size >= 256 else f"000.p/{size}")
    data = bytearray(bundle.read_bytes())
    data[40] ^= 1
    bundle.write_bytes(bytes(data))
    done = people("auditor").zonary("fsck", "--data", copy, "--trust", trust_file)
    assert done.returncode == 1
    assert "tile/entries/000" in done.stdout
    assert "byte 0" in done.stdout
