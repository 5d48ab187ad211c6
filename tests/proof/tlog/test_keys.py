"""Text forms of verifier and signing keys."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.proof.errors import Error, MalformedError, UnsupportedError
from zonary.proof.tlog.cosignature import MlDsaSigningKey, mldsa_available
from zonary.proof.tlog.keys import ED25519, ED25519_COSIGNATURE, SigningKey, VerifierKey

KEY = SigningKey.from_seed("log.example/keys", bytes(32))
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=60)


@given(NAMES.filter(lambda name: "+" not in name), st.binary(min_size=32, max_size=32))
def test_text_forms_give_the_same_keys(name: str, seed: bytes) -> None:
    key = SigningKey.from_seed(name, seed)
    assert SigningKey.parse(key.encode()) == key
    assert VerifierKey.parse(key.verifier.encode()) == key.verifier


def test_generated_keys_differ() -> None:
    assert SigningKey.generate("a") != SigningKey.generate("a")


def test_one_key_has_another_id_for_another_kind_or_name() -> None:
    public = KEY.verifier.public_key
    ids = {VerifierKey.of(name, kind, public).key_id for name in ("a", "b") for kind in (ED25519, ED25519_COSIGNATURE)}
    assert len(ids) == 4


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\tb", "a\nb", "a\u3000b", "a\u00a0b", "\x01", "a" * 256, "字" * 86, "\udc80"]
)
def test_names_no_key_can_have(name: str) -> None:
    with pytest.raises(MalformedError):
        SigningKey.generate(name)


def _vkey(material: bytes, name: str = "a", identifier: str = "00000000") -> str:
    return f"{name}+{identifier}+{base64.b64encode(material).decode()}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a+",
        "++",
        "a+00000000+",
        _vkey(bytes([1]) + bytes(32)),
        _vkey(bytes([1]) + bytes(31)),
        _vkey(bytes([1])),
        _vkey(bytes([6]) + bytes(32)),
        KEY.verifier.encode() + "\n",
        " " + KEY.verifier.encode(),
        KEY.verifier.encode().replace("+", "-"),
        KEY.verifier.encode().replace("log", "lag"),
        KEY.verifier.encode() + "A" * 5000,
        "a+00000000+\udc80",
    ],
)
def test_what_is_no_verifier_key(text: str) -> None:
    with pytest.raises(MalformedError):
        VerifierKey.parse(text)


def test_a_key_is_bounded() -> None:
    for parse in (VerifierKey.parse, SigningKey.parse):
        with pytest.raises(MalformedError, match="longer"):
            parse("PRIVATE+KEY+" + "A" * 5000)


@pytest.mark.parametrize("kind", [0, 2, 3, 5, 7, 0xFA, 0xFF])
def test_kinds_not_known_here_are_said_to_be(kind: int) -> None:
    with pytest.raises(UnsupportedError, match=str(kind)):
        VerifierKey.parse(_vkey(bytes([kind]) + bytes(32)))


@given(st.text(max_size=200))
def test_random_text_raises_only_our_error(text: str) -> None:
    for parse in (VerifierKey.parse, SigningKey.parse):
        with pytest.raises(Error):
            parse(text)


@given(st.integers(0, 200), st.characters())
def test_a_changed_character_is_noticed(position: int, character: str) -> None:
    for text, parse in ((KEY.encode(), SigningKey.parse), (KEY.verifier.encode(), VerifierKey.parse)):
        place = position % len(text)
        changed = text[:place] + character + text[place + 1 :]
        if changed != text:
            with pytest.raises(Error):
                parse(changed)


def test_secrets_stay_secret() -> None:
    text = KEY.encode()
    material = text.rpartition("+")[2]
    assert material not in repr(KEY)
    with pytest.raises(MalformedError) as caught:
        SigningKey.parse(text.replace("+keys", "+koys").replace("log.example/keys", "log.example/koys"))
    assert material not in str(caught.value)


@pytest.mark.skipif(not mldsa_available(), reason="the installed cryptography has no ML-DSA-44")
def test_mldsa_text_form() -> None:
    key = MlDsaSigningKey.generate("log.example/keys")
    assert MlDsaSigningKey.parse(key.encode()) == key
    assert VerifierKey.parse(key.verifier.encode()) == key.verifier
    assert key.encode().split("+", 4)[4] not in repr(key)
    with pytest.raises(MalformedError, match="kind"):
        SigningKey.parse(key.encode())
    with pytest.raises(MalformedError, match="kind"):
        MlDsaSigningKey.parse(KEY.encode())
    with pytest.raises(MalformedError, match="id"):
        MlDsaSigningKey.parse(key.encode().replace("log.example", "lag.example"))
