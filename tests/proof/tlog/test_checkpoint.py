"""Checkpoints: form, whose signature counts, and cosignatures of both kinds."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from zonary.proof import signatures
from zonary.proof.errors import Error, MalformedError, UnsupportedError, UntrustedError, VerificationError
from zonary.proof.merkle import EMPTY_ROOTS
from zonary.proof.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from zonary.proof.tlog.cosignature import MlDsaSigningKey, ed25519_message, mldsa_available, subtree_message
from zonary.proof.tlog.keys import ED25519_COSIGNATURE, NoteSignature, SigningKey, VerifierKey
from zonary.proof.tlog.notes import Note

ORIGIN = "log.example/checkpoints"
LOG = SigningKey.from_seed(ORIGIN, bytes(32))
OTHER = SigningKey.from_seed("other.example", bytes([1]) * 32)
CHECKPOINT = Checkpoint(ORIGIN, 20_852_163, bytes(range(32)))
TIME = 1_679_315_147

needs_mldsa = pytest.mark.skipif(not mldsa_available(), reason="the installed cryptography has no ML-DSA-44")


class Witness:
    """Signs cosignature/v1, which the product only verifies."""

    def __init__(self, name: str) -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
        self.verifier = VerifierKey.of(name, ED25519_COSIGNATURE, self.key.public_key().public_bytes_raw())

    def sign(self, text: bytes, *, at: int = 0) -> NoteSignature:
        signature = at.to_bytes(8, "big") + self.key.sign(ed25519_message(text, at))
        return NoteSignature(self.verifier.name, self.verifier.key_id, signature)


WITNESS = Witness("witness.example/w1")
MLDSA = MlDsaSigningKey.from_seed(ORIGIN, bytes(32)) if mldsa_available() else None
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(LINES, st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(LINES, max_size=3))
def test_encoding_and_parsing(origin: str, size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint(origin, size, root, tuple(extensions))
    assert Checkpoint.parse(checkpoint.encode()) == checkpoint


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_random_bytes_raise_only_our_error(data: bytes) -> None:
    for parse in (Checkpoint.parse, lambda data: open_checkpoint(data, [LOG.verifier])):
        with pytest.raises(Error):
            parse(data)


ROOT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"o\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"o\n01\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n1_0\n{ROOT}\n",
        f"o\n１\n{ROOT}\n",
        f"o\n\n{ROOT}\n",
        f"o\n{2**63}\n{ROOT}\n",
        "o\n" + "1" * 5000 + f"\n{ROOT}\n",
        "o\n1\nAAAA\n",
        f"o\n1\n{ROOT[:-1]}\n",
        f"o\n1\n{ROOT[:-2]}9=\n",
        f"o\n1\n{ROOT}\n\n",
        f"o\n1\n{ROOT}\n\nx\n",
        f"o\n1\r\n{ROOT}\n",
        f"{'o' * 256}\n1\n{ROOT}\n",
        f"o\n0\n{ROOT}\n",
        f"o\n1\n{ROOT}\n" + "x\n" * 65,
    ],
)
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(MalformedError):
        Checkpoint.parse(text.encode())


@pytest.mark.parametrize(
    "fields",
    [
        ("", 1, bytes(32), ()),
        ("a\nb", 1, bytes(32), ()),
        ("\udc80", 1, bytes(32), ()),
        ("o", -1, bytes(32), ()),
        ("o", 1, bytes(31), ()),
        ("o", 1, bytes(32), ("",)),
        ("o", 1, bytes(32), ("a\nb",)),
    ],
)
def test_what_cannot_be_made(fields: tuple[str, int, bytes, tuple[str, ...]]) -> None:
    with pytest.raises(MalformedError):
        Checkpoint(*fields)


def test_the_empty_log() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOTS["sha256"])
    assert open_checkpoint(sign_checkpoint(empty, [LOG], TIME), [LOG.verifier]).checkpoint == empty


def test_opened() -> None:
    note = sign_checkpoint(CHECKPOINT, [LOG, OTHER, WITNESS], TIME)
    signed = open_checkpoint(note, [LOG.verifier, WITNESS.verifier], ORIGIN)
    assert signed.checkpoint == CHECKPOINT
    assert signed.note == note
    assert signed.verified == (LOG.verifier, WITNESS.verifier)
    assert signed.log_keys == (LOG.verifier,)
    assert [(s.key, s.timestamp) for s in signed.cosignatures] == [(WITNESS.verifier, TIME)]
    assert signed.unknown == 1


def test_another_origin() -> None:
    with pytest.raises(VerificationError, match=ORIGIN):
        open_checkpoint(sign_checkpoint(CHECKPOINT, [LOG], TIME), [LOG.verifier], "else.example")


def test_a_trusted_key_of_another_log_does_not_count() -> None:
    note = sign_checkpoint(CHECKPOINT, [OTHER], TIME)
    with pytest.raises(UntrustedError, match=ORIGIN):
        open_checkpoint(note, [OTHER.verifier])


def test_a_witness_does_not_make_up_for_the_log() -> None:
    for witness in (WITNESS, Witness(ORIGIN)):
        note = sign_checkpoint(CHECKPOINT, [witness], TIME)
        with pytest.raises(UntrustedError):
            open_checkpoint(note, [witness.verifier, LOG.verifier])


def test_a_bad_cosignature_spoils_the_checkpoint() -> None:
    text = CHECKPOINT.encode()
    good = WITNESS.sign(text, at=TIME)
    moved = NoteSignature(good.name, good.key_id, (TIME + 1).to_bytes(8, "big") + good.signature[8:])
    note = Note(text, (LOG.sign(text), moved)).encode()
    assert open_checkpoint(note, [LOG.verifier]).unknown == 1
    with pytest.raises(VerificationError, match="witness"):
        open_checkpoint(note, [LOG.verifier, WITNESS.verifier])


@pytest.mark.parametrize("signature", [b"\xff" * 8 + bytes(64), bytes(71), bytes(73), b"x"])
def test_a_cosignature_of_impossible_form(signature: bytes) -> None:
    text = CHECKPOINT.encode()
    bad = NoteSignature(WITNESS.verifier.name, WITNESS.verifier.key_id, signature)
    with pytest.raises(VerificationError):
        open_checkpoint(Note(text, (LOG.sign(text), bad)).encode(), [LOG.verifier, WITNESS.verifier])


def test_a_cosignature_carries_a_time_below_two_to_the_63() -> None:
    for time in (0, 2**63 - 1):
        note = sign_checkpoint(CHECKPOINT, [LOG, WITNESS], time)
        assert open_checkpoint(note, [LOG.verifier, WITNESS.verifier]).cosignatures[0].timestamp == time
    with pytest.raises(VerificationError):
        open_checkpoint(sign_checkpoint(CHECKPOINT, [LOG, WITNESS], 2**63), [LOG.verifier, WITNESS.verifier])


def test_a_checkpoint_needs_a_signer() -> None:
    with pytest.raises(Error):
        sign_checkpoint(CHECKPOINT, [], TIME)


@given(st.data())
def test_a_changed_byte_anywhere_is_rejected(data: st.DataObject) -> None:
    keys = [LOG, WITNESS] if MLDSA is None else [LOG, WITNESS, MLDSA]
    note = bytearray(sign_checkpoint(CHECKPOINT, keys, TIME))
    note[data.draw(st.integers(0, len(note) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        signed = open_checkpoint(bytes(note), [key.verifier for key in keys], ORIGIN)
    except Error:
        return
    # the name or id of one signature was hit: it counts as unknown, the others hold
    assert signed.unknown == 1
    assert signed.checkpoint == CHECKPOINT


@needs_mldsa
def test_mldsa_alone_and_beside_ed25519() -> None:
    assert MLDSA is not None
    for signers in ([MLDSA], [LOG, MLDSA]):
        signed = open_checkpoint(sign_checkpoint(CHECKPOINT, signers, TIME), [LOG.verifier, MLDSA.verifier])
        assert signed.log_keys == tuple(signer.verifier for signer in signers)
        assert signed.signatures[-1].timestamp == TIME
        assert signed.cosignatures == ()


@needs_mldsa
def test_mldsa_does_not_cover_extension_lines() -> None:
    assert MLDSA is not None
    extended = Checkpoint(ORIGIN, 1, bytes(32), ("extension",))
    keys = [LOG.verifier, MLDSA.verifier]
    assert open_checkpoint(sign_checkpoint(extended, [MLDSA, LOG], TIME), keys).checkpoint == extended
    with pytest.raises(VerificationError, match="extension"):
        open_checkpoint(sign_checkpoint(extended, [MLDSA], TIME), keys)


@needs_mldsa
def test_mldsa_signature_covers_name_time_and_checkpoint() -> None:
    assert MLDSA is not None
    text = CHECKPOINT.encode()
    good = MLDSA.sign(text, at=TIME)
    later = NoteSignature(good.name, good.key_id, (TIME + 1).to_bytes(8, "big") + good.signature[8:])
    grown = Checkpoint(ORIGIN, CHECKPOINT.size + 1, CHECKPOINT.root).encode()
    namesake = VerifierKey.of("namesake.example", MLDSA.verifier.kind, MLDSA.verifier.public_key)
    renamed = NoteSignature(namesake.name, namesake.key_id, good.signature)
    for bad_text, signature in ((text, later), (grown, good), (text, renamed)):
        with pytest.raises(VerificationError):
            open_checkpoint(
                Note(bad_text, (LOG.sign(bad_text), signature)).encode(), [LOG.verifier, MLDSA.verifier, namesake]
            )


@needs_mldsa
def test_mldsa_signs_only_checkpoints_at_times_that_exist() -> None:
    assert MLDSA is not None
    with pytest.raises(MalformedError):
        MLDSA.sign(b"no checkpoint\n", at=TIME)
    for at in (-1, 2**63):
        with pytest.raises(Error):
            MLDSA.sign(CHECKPOINT.encode(), at=at)


@needs_mldsa
def test_without_mldsa_such_signatures_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MLDSA is not None
    keys = [LOG.verifier, MLDSA.verifier]
    both, alone = (sign_checkpoint(CHECKPOINT, signers, TIME) for signers in ([LOG, MLDSA], [MLDSA]))
    monkeypatch.setattr(signatures, "mldsa_available", lambda: False)
    signed = open_checkpoint(both, keys)
    assert signed.verified == (LOG.verifier,)
    assert signed.unknown == 1
    with pytest.raises(UnsupportedError):
        open_checkpoint(alone, keys)
    with pytest.raises(UnsupportedError):
        MlDsaSigningKey.generate(ORIGIN)


def test_the_message_an_mldsa_cosignature_signs() -> None:
    """Byte for byte the structure of C2SP tlog-cosignature."""
    message = subtree_message(cosigner="w", timestamp=1, origin="log", start=0, end=258, root=bytes(range(32)))
    expected = "737562747265652f76310a0001770000000000000001036c6f67" + "00" * 8 + "0000000000000102"
    assert message.hex() == expected + bytes(range(32)).hex()
    for cosigner, timestamp, start in (("", 0, 0), ("w" * 256, 0, 0), ("w", 1, 4)):
        with pytest.raises(Error):
            subtree_message(cosigner=cosigner, timestamp=timestamp, origin="log", start=start, end=8, root=bytes(32))
