"""Signed notes: form, signatures, and what is not to be trusted."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.proof.errors import Error, MalformedError, UntrustedError, VerificationError
from zonary.proof.tlog.keys import NoteSignature, SigningKey, VerifierKey
from zonary.proof.tlog.notes import MAX_NOTE_BYTES, MAX_SIGNATURES, Note, open_note

ALICE = SigningKey.from_seed("alice.example", bytes(32))
BOB = SigningKey.from_seed("bob.example", bytes([1]) * 32)
TEXT = "first line\n\nlast line, 字\n".encode()
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def note_by(*keys: SigningKey, text: bytes = TEXT) -> bytes:
    return Note(text, tuple(key.sign(text) for key in keys)).encode()


@given(st.lists(LINES, min_size=1, max_size=6), st.lists(st.binary(min_size=5, max_size=80), min_size=1, max_size=16))
def test_encoding_and_parsing(lines: list[str], signatures: list[bytes]) -> None:
    text = ("\n".join(lines) + "\n").encode()
    note = Note(text, tuple(NoteSignature("name", data[:4], data[4:]) for data in signatures))
    assert Note.parse(note.encode()) == note


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_random_bytes_raise_only_our_error(data: bytes) -> None:
    try:
        note = Note.parse(data)
    except Error:
        return
    assert note.encode() == data


@given(st.data())
def test_a_changed_byte_anywhere_is_rejected(data: st.DataObject) -> None:
    note = bytearray(note_by(ALICE))
    note[data.draw(st.integers(0, len(note) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Error):
        open_note(bytes(note), [ALICE.verifier])


@given(st.data())
def test_inserted_and_deleted_bytes_are_rejected(data: st.DataObject) -> None:
    note = note_by(ALICE)
    place = data.draw(st.integers(0, len(note) - 1))
    inserted = data.draw(st.binary(min_size=1, max_size=3))
    with pytest.raises(Error):
        open_note(note[:place] + note[place + 1 :], [ALICE.verifier])
    with pytest.raises(Error):
        open_note(note[:place] + inserted + note[place:], [ALICE.verifier])


def test_opened() -> None:
    opened = open_note(note_by(ALICE, BOB), [ALICE.verifier, BOB.verifier])
    assert opened.verified == (ALICE.verifier, BOB.verifier)
    assert opened.unknown == 0
    assert opened.note.text == TEXT
    assert [signature.timestamp for signature in opened.signatures] == [None, None]


def test_signatures_by_unknown_keys_are_ignored() -> None:
    namesake = SigningKey.from_seed("alice.example", bytes([2]) * 32)
    opened = open_note(note_by(BOB, ALICE, namesake), [ALICE.verifier])
    assert opened.verified == (ALICE.verifier,)
    assert opened.unknown == 2


def test_the_same_signature_twice_counts_once() -> None:
    opened = open_note(note_by(ALICE, ALICE), [ALICE.verifier])
    assert opened.verified == (ALICE.verifier,)


def test_no_known_key() -> None:
    for keys in ([], [BOB.verifier]):
        with pytest.raises(UntrustedError):
            open_note(note_by(ALICE), keys)


def test_one_bad_signature_of_a_known_key_spoils_the_note() -> None:
    bad = NoteSignature(BOB.verifier.name, BOB.verifier.key_id, ALICE.sign(TEXT).signature)
    data = Note(TEXT, (ALICE.sign(TEXT), bad)).encode()
    assert open_note(data, [ALICE.verifier]).unknown == 1
    with pytest.raises(VerificationError, match=r"bob\.example"):
        open_note(data, [ALICE.verifier, BOB.verifier])


@pytest.mark.parametrize("length", [1, 63, 65, 72])
def test_a_signature_of_another_length_does_not_verify(length: int) -> None:
    bad = NoteSignature(ALICE.verifier.name, ALICE.verifier.key_id, bytes(length))
    with pytest.raises(VerificationError):
        open_note(Note(TEXT, (bad,)).encode(), [ALICE.verifier])


def test_a_key_whose_id_collides_does_not_verify() -> None:
    other = VerifierKey(ALICE.verifier.name, ALICE.verifier.key_id, 1, BOB.verifier.public_key)
    with pytest.raises(VerificationError):
        open_note(note_by(ALICE), [other])


SIGNED = base64.b64encode(bytes(68)).decode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"text\n",
        b"text\n\n",
        f"text\n— a {SIGNED}\n".encode(),
        f"text\n\n— a {SIGNED}".encode(),
        f"text\n\n- a {SIGNED}\n".encode(),
        f"text\n\n—  a {SIGNED}\n".encode(),
        f"text\n\n— a  {SIGNED}\n".encode(),
        f"text\n\n— a {SIGNED} \n".encode(),
        f"text\n\n— a+b {SIGNED}\n".encode(),
        f"text\n\n— a\u3000b {SIGNED}\n".encode(),
        f"text\n\n— {SIGNED}\n".encode(),
        f"text\n\n—a {SIGNED}\n".encode(),
        f"text\r\n\n— a {SIGNED}\n".encode(),
        f"te\x00xt\n\n— a {SIGNED}\n".encode(),
        f"te\txt\n\n— a {SIGNED}\n".encode(),
        b"te\xffxt" + f"\n\n— a {SIGNED}\n".encode(),
        "text\n\n— a AAAAAA\n".encode(),
        "text\n\n— a AAAAAAA\n".encode(),
        "text\n\n— a AAAAAAB=\n".encode(),
        "text\n\n— a AAAA-AA=\n".encode(),
        f"text\n\n— a {SIGNED}\n\n".encode(),
        f"text\n\n— a {SIGNED}\nmore\n".encode(),
    ],
)
def test_what_is_no_note(data: bytes) -> None:
    with pytest.raises(MalformedError):
        Note.parse(data)


def test_the_text_ends_at_the_last_empty_line() -> None:
    text = f"text\n\n— a {SIGNED}\n"
    note = Note.parse(f"{text}\n— b {SIGNED}\n".encode())
    assert note.text == text.encode()
    assert [signature.name for signature in note.signatures] == ["b"]


def test_limits() -> None:
    line = f"— a {SIGNED}\n"
    assert len(Note.parse(("text\n\n" + line * MAX_SIGNATURES).encode()).signatures) == MAX_SIGNATURES
    with pytest.raises(MalformedError, match="signatures"):
        Note.parse(("text\n\n" + line * (MAX_SIGNATURES + 1)).encode())
    with pytest.raises(MalformedError, match="bytes"):
        Note.parse(("x" * MAX_NOTE_BYTES + "\n\n" + line).encode())
