"""SM2 keys and signatures: what they promise, and what is refused."""

from __future__ import annotations

import base64
import re
import threading
from pathlib import Path

import pytest

from zonary.proof import sm2
from zonary.proof.errors import Error, MalformedError, UnsupportedError, VerificationError
from zonary.proof.sm2 import SM2PrivateKey, SM2PublicKey, libcrypto

MESSAGE = b"what is signed"


@pytest.fixture(scope="module")
def key() -> SM2PrivateKey:
    return SM2PrivateKey.generate()


def test_a_signature_holds_for_its_message_its_key_and_its_identifier(key: SM2PrivateKey) -> None:
    signature = key.sign(MESSAGE)
    key.public_key().verify(signature, MESSAGE)
    for public, message, identifier in (
        (key.public_key(), MESSAGE + b"!", sm2.DEFAULT_IDENTIFIER),
        (key.public_key(), MESSAGE, b"another"),
        (key.public_key(), MESSAGE, b""),
        (SM2PrivateKey.generate().public_key(), MESSAGE, sm2.DEFAULT_IDENTIFIER),
    ):
        with pytest.raises(VerificationError, match="not valid"):
            public.verify(signature, message, identifier)


def test_another_identifier_can_be_agreed_on(key: SM2PrivateKey) -> None:
    key.public_key().verify(key.sign(MESSAGE, b"ALICE123@YAHOO.COM"), MESSAGE, b"ALICE123@YAHOO.COM")
    with pytest.raises(MalformedError):
        key.sign(MESSAGE, bytes(8192))


def test_no_two_signatures_are_the_same(key: SM2PrivateKey) -> None:
    assert key.sign(MESSAGE) != key.sign(MESSAGE)


def test_every_changed_byte_of_a_signature_is_refused(key: SM2PrivateKey) -> None:
    signature = key.sign(MESSAGE)
    for position in range(len(signature)):
        changed = bytearray(signature)
        changed[position] ^= 1
        with pytest.raises(VerificationError):
            key.public_key().verify(bytes(changed), MESSAGE)
    for other in (b"", signature[:-1], signature + b"\0", b"\0" * 72, b"\xff" * 100_000):
        with pytest.raises(VerificationError):
            key.public_key().verify(other, MESSAGE)


def test_a_key_comes_back_from_its_file_and_derives_its_public_part(key: SM2PrivateKey) -> None:
    again = SM2PrivateKey.from_pem(key.pem())
    assert again.public_key() == key.public_key()
    assert SM2PublicKey.from_spki(key.public_key().spki()) == key.public_key()
    der = base64.b64decode(b"".join(key.pem().splitlines()[1:-1]))
    # ECPrivateKey without its optional public part, in PKCS #8: the shortest file a key can have.
    secret = der[der.index(b"\x04\x20") + 2 :][:32]
    short = bytes.fromhex("3041020100301306072a8648ce3d020106082a811ccf5501822d0427302502010104 20") + secret
    pem = b"-----BEGIN PRIVATE KEY-----\n" + base64.encodebytes(short) + b"-----END PRIVATE KEY-----\n"
    assert SM2PrivateKey.from_pem(pem).public_key() == key.public_key()


def test_a_private_key_is_not_shown_by_accident(key: SM2PrivateKey) -> None:
    assert not re.search(r"[0-9a-f]{40}", repr(key))
    assert key.public_key().point.hex() in repr(key.public_key())


def _pem(der: bytes) -> bytes:
    return b"-----BEGIN PRIVATE KEY-----\n" + base64.encodebytes(der) + b"-----END PRIVATE KEY-----\n"


def test_files_that_are_no_key_are_refused(key: SM2PrivateKey) -> None:
    der = base64.b64decode(b"".join(key.pem().splitlines()[1:-1]))
    other = base64.b64decode(b"".join(SM2PrivateKey.generate().pem().splitlines()[1:-1]))
    for pem in (
        b"",
        b"-----BEGIN PRIVATE KEY-----\n=\n-----END PRIVATE KEY-----\n",
        key.pem()[:-60],
        key.pem().replace(b"PRIVATE", b"PUBLIC"),
        _pem(der[:-1]),
        _pem(der + b"\0"),
        _pem(der[:-64] + other[-64:]),  # the private part of one, the public part of another
        _pem(bytes(5000)),
        _pem(der.replace(bytes.fromhex("06082a811ccf5501822d"), bytes.fromhex("06082a8648ce3d030107"))),  # P-256
    ):
        with pytest.raises(MalformedError) as caught:
            SM2PrivateKey.from_pem(pem)
        assert str(caught.value).endswith(".")


def test_points_that_are_not_on_the_curve_are_refused(key: SM2PrivateKey) -> None:
    point = key.public_key().point
    for other in (
        b"",
        point[:-1],
        point + b"\0",
        b"\x02" + point[1:33],
        bytes(65),
        point[:-1] + bytes((point[-1] ^ 1,)),
    ):
        with pytest.raises(MalformedError):
            SM2PublicKey(other)
    with pytest.raises(MalformedError):
        SM2PublicKey.from_spki(key.public_key().spki() + b"\0")


def test_many_threads_sign_and_verify_at_once(key: SM2PrivateKey) -> None:
    wrong: list[str] = []

    def work(number: int) -> None:
        try:
            for turn in range(40):
                message = b"%d %d" % (number, turn)
                key.public_key().verify(key.sign(message), message)
                with pytest.raises(VerificationError):
                    key.public_key().verify(key.sign(message), b"")
        except BaseException as error:
            wrong.append(repr(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="looks at memory as Linux tells it")
def test_memory_does_not_grow(key: SM2PrivateKey) -> None:
    """Keys read, contexts and refused signatures: a leak of one key of each round would be megabytes."""
    pem, signature = key.pem(), key.sign(MESSAGE)

    def rounds(count: int) -> None:
        for _ in range(count):
            again = SM2PrivateKey.from_pem(pem)
            again.public_key().verify(again.sign(MESSAGE), MESSAGE)
            for refused in (lambda: SM2PrivateKey.from_pem(pem[:-60]), lambda: SM2PublicKey(bytes(65))):
                with pytest.raises(Error):
                    refused()
            with pytest.raises(VerificationError):
                again.public_key().verify(signature[:-1], MESSAGE)
            again.pem()

    rounds(200)
    before = _resident()
    rounds(1000)
    assert _resident() - before < 1_000_000


def test_a_refused_signature_leaves_no_error_behind_for_others(key: SM2PrivateKey) -> None:
    with pytest.raises(VerificationError):
        key.public_key().verify(b"\x30\x02\x02\x00", MESSAGE)
    with pytest.raises(MalformedError):
        SM2PrivateKey.from_pem(_pem(b"\x30\x03\x02\x01\x00"))
    library = libcrypto._found()
    assert library.ERR_peek_error() == 0


def test_a_machine_without_sm2_says_so(key: SM2PrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    pem, spki = key.pem(), key.public_key().spki()
    monkeypatch.setattr(libcrypto, "_candidates", lambda: iter(()))
    libcrypto._found.cache_clear()
    try:
        assert not sm2.available()
        for use in (SM2PrivateKey.generate, lambda: SM2PrivateKey.from_pem(pem), lambda: SM2PublicKey.from_spki(spki)):
            with pytest.raises(UnsupportedError, match="OpenSSL 3 with SM2"):
                use()
    finally:
        libcrypto._found.cache_clear()
