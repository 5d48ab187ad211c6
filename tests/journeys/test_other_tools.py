"""Every layer of a package, checked with programs we did not write; the commands are those of the guide."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile

import pytest
from tests.peers.c2sp_verifier import build


@pytest.fixture(scope="module")
def unpacked(owner, server, tmp_path_factory):
    """An ordinary single-file seal, unpacked by anybody's unzip."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "drawing.dwg").write_bytes(b"drawing" * 1000)
    package = folder / "drawing.zonary"
    owner.ok("seal", folder / "drawing.dwg", "--server", server.url, "-o", package)
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder


def shell(command, folder, **more):
    return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, timeout=60, **more)


def test_sha256sum_and_openssl_agree_with_the_manifest(unpacked, tool):
    tool("sha256sum")
    tool("openssl")
    line = json.loads((unpacked / "manifest.jsonl").read_text())
    assert shell("sha256sum drawing.dwg", unpacked).stdout.split()[0] == line["sha256"]
    assert shell("openssl dgst -sm3 drawing.dwg", unpacked).stdout.split()[-1] == line["sm3"]


def test_the_single_leaf_is_the_root_the_statement_names(unpacked, tool):
    tool("openssl")
    root = shell(r"{ printf '\000'; tr -d '\n' < manifest.jsonl; } | sha256sum", unpacked).stdout.split()[0]
    assert json.loads((unpacked / "statement.json").read_text())["manifest"]["sha256"] == root


@pytest.mark.parametrize(
    "command",
    [
        "openssl ts -verify -data drawing.dwg -in timestamp/drawing.dwg.tsr -CAfile timestamp/ca.pem",
        "openssl ts -verify -data META-INF/ASiCManifest.xml -in META-INF/timestamp.tst -token_in"
        " -CAfile timestamp/ca.pem",
        "openssl ts -verify -data drawing.dwg -in timestamp/drawing.dwg.tsr -CAfile timestamp/ca.pem"
        " -attime $(date +%s)",
    ],
)
def test_openssl_verifies_both_tokens(unpacked, tool, command):
    tool("openssl")
    done = shell(command, unpacked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Verification: OK" in done.stdout + done.stderr


def test_openssl_refuses_a_changed_file(unpacked, tool):
    tool("openssl")
    command = "printf x | cat drawing.dwg - > changed && openssl ts -verify -data changed -CAfile timestamp/ca.pem"
    assert shell(f"{command} -in timestamp/drawing.dwg.tsr", unpacked).returncode != 0


def test_the_asic_manifest_holds_the_statements_digest(unpacked, tool):
    tool("openssl")
    digest = shell("openssl dgst -sha256 -binary statement.json | openssl base64", unpacked).stdout.strip()
    assert digest in (unpacked / "META-INF" / "ASiCManifest.xml").read_text()


def test_gos_own_verifier_accepts_leaf_proof_and_checkpoint(unpacked, tool, trust_file, tmp_path_factory):
    tool("openssl")
    verifier = build(tmp_path_factory.mktemp("peer"))
    made = shell(
        "{ printf 'zonary-leaf/1 evidence\\n'; openssl dgst -sha256 -binary statement.json;"
        " openssl dgst -sm3 -binary statement.json; } > leaf",
        unpacked,
    )
    assert made.returncode == 0
    words = [line.split() for line in trust_file.read_text().splitlines() if line.startswith("log ")]
    key = next(word[1] for word in words if len(word[1]) < 300)  # the Ed25519 one
    (unpacked / "key").write_text(key + "\n")
    arguments = [str(verifier), "key", "leaf", "log/statement.tlog-proof"]
    done = subprocess.run(arguments, cwd=unpacked, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    (unpacked / "leaf").write_bytes((unpacked / "leaf").read_bytes()[:-1] + b"\0")
    assert subprocess.run(arguments, cwd=unpacked, capture_output=True, timeout=60).returncode == 1


def test_the_whole_log_is_readable_for_anyone(server, tool):
    """Level 0 of the tile is the hash of each entry, by sha256 alone."""
    log = server.data / "log"
    size = int((log / "checkpoint").read_text().split("\n")[1])
    name = "000" if size >= 256 else f"000.p/{size}"
    bundle, tile = (log / "tile" / "entries" / name).read_bytes(), (log / "tile" / "0" / name).read_bytes()
    offset = 0
    for index in range(min(size, 256)):
        length = int.from_bytes(bundle[offset : offset + 2], "big")
        entry = bundle[offset + 2 : offset + 2 + length]
        offset += 2 + length
        assert hashlib.sha256(b"\0" + entry).digest() == tile[32 * index : 32 * index + 32]
