"""What we encrypt, age opens, and the other way round; what is damaged opens for nobody."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zonary.common.age import AgeError, AgeReader, AgeWriter, Identity, Passphrase, Recipient

CHUNK = 64 * 1024
SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK)
ME, OTHER = Identity(bytes(range(32))), Identity(bytes(range(1, 33)))
WEAK = Passphrase("correct horse battery", work_factor=4)


def encrypted(data: bytes, *locks: Recipient | Passphrase) -> bytes:
    file = io.BytesIO()
    writer = AgeWriter(file, locks)
    for start in range(0, len(data), 10_000):
        writer.write(data[start : start + 10_000])
    writer.finish()
    return file.getvalue()


def opened(data: bytes, *openers: Identity | Passphrase) -> bytes:
    return AgeReader(io.BytesIO(data), openers).read(1 << 30)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_encrypted_is_read_again(size: int) -> None:
    data = os.urandom(size)
    for_both = encrypted(data, ME.recipient, OTHER.recipient)
    assert opened(for_both, ME) == opened(for_both, OTHER) == data
    assert opened(encrypted(data, WEAK), WEAK) == data


def test_nobody_else_opens_it() -> None:
    with pytest.raises(AgeError, match="does not open the file"):
        opened(encrypted(b"secret", ME.recipient), OTHER)
    with pytest.raises(AgeError, match="does not open the file"):
        opened(encrypted(b"secret", WEAK), Passphrase("correct horse staple"))
    with pytest.raises(AgeError, match="does not open the file"):
        opened(encrypted(b"secret", WEAK), ME)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_every_changed_or_missing_byte_is_noticed(data: st.DataObject) -> None:
    whole = encrypted(b"x" * (CHUNK + 5), ME.recipient)
    place = data.draw(st.one_of(st.integers(0, 250), st.integers(0, len(whole) - 1)))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    for broken in (bytes(changed), whole[:place], whole + b"\0"):
        with pytest.raises(AgeError):
            opened(broken, ME)


def test_a_file_that_would_take_all_memory_is_refused() -> None:
    heavy = encrypted(b"", WEAK).replace(b" 4\n", b" 30\n", 1)
    with pytest.raises(AgeError, match="more memory"):
        opened(heavy, WEAK)
    with pytest.raises(AgeError, match="no file of age"):
        opened(b"age-encryption.org/v1\n" + b"-> X25519 a\n\n" * 1_000_000, ME)
    with pytest.raises(AgeError, match="no file of age"):
        opened(b"age-encryption.org/v1\n" + b"x" * 10_000_000, ME)


def test_keys_are_written_as_age_writes_them() -> None:
    # The pair of C2SP's age specification's examples is not repeated here; age-keygen's own is asked below.
    assert Identity.parse_file(f"# a comment\n\n{ME.encode()}\n") == [ME]
    assert Recipient.parse(str(ME.recipient)) == ME.recipient
    for wrong in ("", str(ME.recipient)[:-1], str(ME.recipient)[:-1] + "b", ME.encode(), str(ME.recipient).title()):
        with pytest.raises(AgeError):
            Recipient.parse(wrong)
    for wrong in ("", "# nothing\n", str(ME.recipient), ME.encode() + "\nmore\n"):
        with pytest.raises(AgeError):
            Identity.parse_file(wrong)
    with pytest.raises(AgeError, match="12 characters"):
        Passphrase.parse_file("too short\n")


@pytest.mark.skipif(shutil.which("age") is None, reason="the program age is not installed")
@pytest.mark.parametrize("size", SIZES)
def test_age_itself_agrees(tmp_path: Path, size: int) -> None:
    key, ours, plain = tmp_path / "key.txt", tmp_path / "ours.age", tmp_path / "plain"
    subprocess.run(["age-keygen", "-o", str(key)], check=True, capture_output=True)
    (identity,) = Identity.parse_file(key.read_text())
    assert f"public key: {identity.recipient}\n" in key.read_text()
    data = os.urandom(size)
    ours.write_bytes(encrypted(data, OTHER.recipient, identity.recipient))
    plain.write_bytes(data)
    assert subprocess.run(["age", "-d", "-i", str(key), str(ours)], check=True, capture_output=True).stdout == data
    theirs = subprocess.run(["age", "-r", str(identity.recipient), str(plain)], check=True, capture_output=True).stdout
    assert opened(theirs, identity) == data
