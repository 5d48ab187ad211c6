"""Whom a user trusts is his own decision, and a log already trusted gets no second key by the way."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from zonary.proof.tlog.keys import SigningKey


@pytest.fixture
def stranger(people):
    return people("stranger")


def test_a_strangers_key_in_the_name_of_a_trusted_log_is_refused(stranger, trust_file, tmp_path):
    stranger.ok("trust", "add", trust_file, "--name", "zone")
    origin = trust_file.read_text().split("log ", 1)[1].split("+")[0]
    evil = tmp_path / "evil.trust"
    evil.write_text(SigningKey.generate(origin).verifier.encode() + "\n")
    done = stranger.zonary("trust", "add", evil, "--name", "harmless")
    assert done.returncode == 2
    assert "zone" in done.stderr
    assert "harmless" not in stranger.ok("trust", "list")


def test_a_damaged_file_in_the_store_can_be_removed(stranger, trust_file):
    stranger.ok("trust", "add", trust_file, "--name", "zone")
    stored = stranger.home / ".config" / "zonary" / "trust" / "zone.trust"
    stored.write_text("nonsense\n")
    assert stranger.zonary("trust", "list").returncode == 2
    stranger.ok("trust", "remove", "zone")
    assert stranger.zonary("trust", "list").returncode == 0


def test_what_stands_on_a_certificate_to_be_compared_is_listed(stranger, trust_file):
    """By its SHA-256, as ``specs/certificate.md`` has it on paper: of the signer and of the root behind it."""
    stranger.ok("trust", "add", trust_file, "--name", "zone")
    listed = stranger.ok("trust", "list")
    named = re.findall(r"(?m)^#zonary certificate-(signer|root) (\S+)$", trust_file.read_text())
    assert {kind for kind, _ in named} == {"signer", "root"}
    for _kind, der in named:
        assert hashlib.sha256(base64.b64decode(der)).hexdigest() in listed


@pytest.mark.parametrize("command", [("verify",), ("show",), ("fsck", "--data")])
def test_a_pipe_or_folder_instead_of_a_package_ends_at_once(stranger, tmp_path, command):
    import os

    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "missing", tmp_path):
        done = stranger.zonary(*command, path)
        assert done.returncode == 2
        assert done.stderr.startswith("zonary: ")
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_terminal_that_lacks_our_characters_gets_no_traceback(owner, server, design, tmp_path, encoding):
    package = tmp_path / "design.zonary"
    owner.ok("seal", design, "--server", server.url, "-o", package, PYTHONIOENCODING=encoding)
    owner.ok("verify", package, design, PYTHONIOENCODING=encoding)
    owner.ok("show", package, PYTHONIOENCODING=encoding)
    assert owner.zonary("disclose", package, "nope/a.txt", "-o", tmp_path / "one.zonary").returncode == 2
    assert not (tmp_path / "one.zonary").exists()


def test_several_zones_are_never_printed_as_one_file(stranger, trust_file, tmp_path):
    """In one file a root would count for both: one zone's authority would vouch for times of the other."""
    from zonary.proof.tlog.keys import SigningKey
    from zonary.proof.trust import Trust, TrustedLog, parse_trust

    other = tmp_path / "other.trust"
    key = SigningKey.generate("other.example/log").verifier
    other.write_bytes(
        Trust(logs=(TrustedLog(key),), timestamp_roots=parse_trust(trust_file.read_bytes()).timestamp_roots).encode()
    )
    stranger.ok("trust", "add", trust_file, "--name", "zone")
    assert parse_trust(stranger.ok("trust", "list").encode()) == parse_trust(trust_file.read_bytes())
    stranger.ok("trust", "add", other, "--name", "other")
    told = stranger.ok("trust", "list")
    assert "other.example/log" in told
    assert parse_trust(told.encode()) == Trust()
    assert "zonary trust list NAME" in told
    for name, path in (("zone", trust_file), ("other", other)):
        assert parse_trust(stranger.ok("trust", "list", name).encode()) == parse_trust(path.read_bytes())
    assert f"its operator: {parse_trust(trust_file.read_bytes()).log_keys[0].name}" in told
