"""Logs, checkpoints and notes written by others (``tlog/``)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zonary.proof import merkle
from zonary.proof.errors import Error
from zonary.proof.tlog import tiles
from zonary.proof.tlog.checkpoint import SignedCheckpoint, open_checkpoint
from zonary.proof.tlog.fsck import FsckError, check_log
from zonary.proof.tlog.keys import VerifierKey
from zonary.proof.tlog.notes import Note, open_note
from zonary.proof.tlog.tiles import MissingResource

SIZES = range(16)


@dataclass(frozen=True)
class TesseraLog:
    folder: Path
    key: VerifierKey

    def read(self, path: str) -> bytes:
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError:
            raise MissingResource(path) from None

    def at(self, size: int) -> Callable[[str], bytes]:
        """A reader that sees the log as it was at ``size``."""
        return lambda path: self.read(f"checkpoint.{size}" if path == "checkpoint" else path)

    def checkpoint(self, size: int) -> SignedCheckpoint:
        return open_checkpoint(self.read(f"checkpoint.{size}"), [self.key])

    def root(self, size: int) -> bytes:
        return self.checkpoint(size).checkpoint.root

    def leaves(self, size: int) -> list[bytes]:
        bundle = self.read(tiles.entries_path(0, size)) if size else b""
        return [merkle.leaf_hash(entry) for entry in tiles.decode_bundle(bundle, size)] if size else []


@pytest.fixture(scope="session")
def tessera(vectors: Path) -> TesseraLog:
    folder = vectors / "tlog" / "tessera-log"
    return TesseraLog(folder, VerifierKey.parse((folder / "vkey.txt").read_text("ascii").strip()))


@pytest.mark.parametrize("size", SIZES)
def test_every_checkpoint_and_root(tessera: TesseraLog, size: int) -> None:
    signed = tessera.checkpoint(size)
    assert signed.verified == (tessera.key,)
    assert signed.checkpoint.size == size
    assert merkle.root_of(tessera.leaves(size)) == signed.checkpoint.root
    assert merkle.Frontier.empty().extend(tessera.leaves(size)).root() == signed.checkpoint.root
    assert tiles.root_of_tiles(size, tessera.read) == signed.checkpoint.root


def test_the_log_as_it_stands(tessera: TesseraLog) -> None:
    report = check_log(tessera.read, [tessera.key])
    assert (report.size, report.entries, report.tiles, report.bundles) == (15, 15, 1, 1)


@pytest.mark.parametrize("size", SIZES)
def test_fsck_at_every_size(tessera: TesseraLog, size: int) -> None:
    assert check_log(tessera.at(size), [tessera.key]).root == tessera.root(size)


def test_consistency_of_every_pair(tessera: TesseraLog) -> None:
    for new in SIZES[1:]:
        for old in range(1, new + 1):
            proof = tiles.prove_consistency(old, new, tessera.read)
            assert proof == merkle.consistency_proof(tessera.leaves(new), old, new)
            roots = {"root1": tessera.root(old), "root2": tessera.root(new)}
            merkle.verify_consistency(size1=old, size2=new, proof=proof, **roots)


def test_inclusion_of_every_entry_at_every_size(tessera: TesseraLog) -> None:
    for size in SIZES[1:]:
        leaves, root = tessera.leaves(size), tessera.root(size)
        for index, leaf in enumerate(leaves):
            proof = tiles.prove_inclusion(index, size, tessera.read)
            merkle.verify_inclusion(index=index, size=size, leaf=leaf, proof=proof, root=root)


def _changed(data: bytes, offset: int, mask: int = 0x01) -> bytes:
    return data[:offset] + bytes([data[offset] ^ mask]) + data[offset + 1 :]


def _spoilt(tessera: TesseraLog, size: int, spoilt: str, data: bytes) -> Callable[[str], bytes]:
    read = tessera.at(size)
    return lambda path: data if path == spoilt else read(path)


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_changed_byte_of_a_tile_or_entry_is_found(tessera: TesseraLog, size: int) -> None:
    for path in (tiles.tile_path(0, 0, size), tiles.entries_path(0, size)):
        good = tessera.read(path)
        for offset in range(len(good)):
            with pytest.raises(FsckError) as caught:
                check_log(_spoilt(tessera, size, path, _changed(good, offset)), [tessera.key])
            assert caught.value.path == path
            assert caught.value.offset is not None
            assert caught.value.offset <= offset


@pytest.mark.parametrize("size", SIZES)
def test_every_changed_byte_of_a_checkpoint_is_found(tessera: TesseraLog, size: int) -> None:
    good = tessera.read(f"checkpoint.{size}")
    for offset in range(len(good)):
        for mask in (0x01, 0x80):
            with pytest.raises(Error):
                check_log(_spoilt(tessera, size, "checkpoint", _changed(good, offset, mask)), [tessera.key])


def test_checkpoint_of_another_size_does_not_fit(tessera: TesseraLog) -> None:
    other = replace(tessera.checkpoint(7).checkpoint, size=8)
    note = replace(Note.parse(tessera.read("checkpoint.7")), text=other.encode()).encode()
    with pytest.raises(Error):
        open_checkpoint(note, [tessera.key])


@pytest.fixture(scope="session")
def witness(vectors: Path) -> tuple[VerifierKey, bytes]:
    """A witness's key, and the checkpoint it cosigned."""
    folder = vectors / "tlog" / "sunlight-witness2"
    (description,) = folder.rglob("witness.v0.json")
    (checkpoint,) = folder.rglob("checkpoint")
    (key,) = json.loads(description.read_text("utf-8"))["verifier_keys"]
    return VerifierKey.parse(key), checkpoint.read_bytes()


def test_cosignature(witness: tuple[VerifierKey, bytes]) -> None:
    key, note = witness
    (signature,) = open_note(note, [key]).signatures
    assert signature.key == key
    assert signature.timestamp is not None
    assert datetime(2025, 12, 1, tzinfo=UTC) < datetime.fromtimestamp(signature.timestamp, UTC)


def test_cosignature_is_not_the_log_s(witness: tuple[VerifierKey, bytes]) -> None:
    key, note = witness
    with pytest.raises(Error, match="No trusted key of the log"):
        open_checkpoint(note, [key])


def test_every_changed_byte_of_a_cosigned_checkpoint_is_found(witness: tuple[VerifierKey, bytes]) -> None:
    key, note = witness
    for offset in range(len(note)):
        with pytest.raises(Error):
            open_note(_changed(note, offset), [key])


def _blocks(specification: Path) -> list[str]:
    return re.findall(r"^```\n(.*?)^```$", specification.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_example_of_the_specification_of_signed_notes(vectors: Path) -> None:
    specification = vectors / "tlog" / "specs" / "signed-note.md"
    *_, example = _blocks(specification)
    match = re.search(r"^ {4}(\S+\+[0-9a-f]{8}\+\S+)$", specification.read_text("utf-8"), re.MULTILINE)
    assert match
    key = VerifierKey.parse(match[1])
    assert open_note(example.encode(), [key]).verified == (key,)


def test_examples_of_the_specifications_have_their_form(vectors: Path) -> None:
    specs = vectors / "tlog" / "specs"
    notes = [
        block
        for name in ("signed-note", "tlog-checkpoint", "tlog-cosignature")
        for block in _blocks(specs / f"{name}.md")
    ]
    assert len(notes) >= 4
    for note in notes:
        assert Note.parse(note.encode()).encode() == note.encode()
