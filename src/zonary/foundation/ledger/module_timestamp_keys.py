"""Keys of the timestamp authority behind PKCS#11: EC P-256, made in the module and not to be taken out of it.

What lies in the place of the secret is one line, ``PKCS11+EC+`` with the key's id in the module and its public key: not
a secret. To :mod:`cryptography` such a key is one like any other that can sign, so that certificates, revocation lists
and tokens are made as with a key in a file.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from typing import Any, Final, NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from zonary.foundation.ledger.module_keys import ask_module, destroy_in_module, private_in_module, uses_module
from zonary.proof.errors import MalformedError
from zonary.proof.timestamp.development import PEM_KEYS, IssuingKey, KeyStore, load_private_key
from zonary.proof.timestamp.signing import PrivateKey

_LINE = re.compile(rb"PKCS11\+EC\+([0-9a-f]{32})\+([A-Za-z0-9+/=]{100,200})\s*")
_ID_BYTES: Final = 16
_P256_OID: Final = bytes.fromhex("06082a8648ce3d030107")
_POINT_BYTES: Final = 65
_HALF: Final = 32


class ModuleEcKey(ec.EllipticCurvePrivateKey):
    """An EC P-256 key in the module that signs; what would take it out is refused."""

    def __init__(self, identifier: bytes, public: ec.EllipticCurvePublicKey) -> None:
        self.identifier: Final = identifier
        self._public = public

    @classmethod
    def generate(cls) -> ModuleEcKey:
        """A fresh key in the module.

        :raises ModuleError: when that cannot be used.
        """
        identifier = secrets.token_bytes(_ID_BYTES)
        point = ask_module(lambda session: _generate(session, identifier))
        return cls(identifier, ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))

    @classmethod
    def parse(cls, stored: bytes) -> ModuleEcKey:
        """:raises MalformedError: when ``stored`` names no such key."""
        found = _LINE.fullmatch(stored)
        try:
            public = load_der_public_key(base64.b64decode(found[2], validate=True)) if found else None
        except (binascii.Error, ValueError, UnsupportedAlgorithm):
            public = None
        if found is None or not isinstance(public, ec.EllipticCurvePublicKey):
            raise MalformedError("This names no key of a PKCS#11 module.")
        return cls(bytes.fromhex(found[1].decode("ascii")), public)

    def encode(self) -> bytes:
        der = self._public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"PKCS11+EC+" + self.identifier.hex().encode("ascii") + b"+" + base64.b64encode(der) + b"\n"

    def require_ready(self) -> None:
        """:raises ModuleError: when the module cannot be used, or does not hold this key."""
        ask_module(lambda session: private_in_module(session, self.identifier))

    def destroy(self) -> None:
        """Remove the key from the module, if it is still there.

        :raises ModuleError: when the module cannot be used.
        """
        ask_module(lambda session: destroy_in_module(session, self.identifier))

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """:raises ModuleError: when the module cannot be used now."""
        from pkcs11 import Mechanism

        algorithm = signature_algorithm.algorithm
        if isinstance(algorithm, Prehashed):
            digest = bytes(data)
        else:
            hashing = hashes.Hash(algorithm)
            hashing.update(data)
            digest = hashing.finalize()
        made = ask_module(
            lambda session: private_in_module(session, self.identifier).sign(digest, mechanism=Mechanism.ECDSA)
        )
        raw = bytes(made)
        return encode_dss_signature(int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big"))

    def exchange(self, *_arguments: object, **_named: object) -> NoReturn:
        raise UnsupportedAlgorithm("A key in the module signs, and does nothing else.")

    def private_numbers(self) -> NoReturn:
        raise UnsupportedAlgorithm("A key in the module is not to be taken out of it.")

    def private_bytes(self, *_arguments: object, **_named: object) -> NoReturn:
        raise UnsupportedAlgorithm("A key in the module is not to be taken out of it.")

    def __copy__(self) -> ModuleEcKey:
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> ModuleEcKey:
        return self


def is_module_timestamp_key(stored: bytes) -> bool:
    return stored.startswith(b"PKCS11+EC+")


def _make() -> tuple[IssuingKey, bytes]:
    if not uses_module():
        return PEM_KEYS.make()
    key = ModuleEcKey.generate()
    return key, key.encode()


def _read(stored: bytes) -> PrivateKey:
    return ModuleEcKey.parse(stored) if is_module_timestamp_key(stored) else load_private_key(stored)


AUTHORITY_KEYS: Final = KeyStore(make=_make, read=_read)
"""New keys are made in the module where the settings name one; each is read from where it lies."""


def _generate(session: Any, identifier: bytes) -> bytes:
    from pkcs11 import Attribute, KeyType

    parameters = session.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: _P256_OID}, local=True)
    public, _secret = parameters.generate_keypair(
        id=identifier,
        label="zonary timestamps",
        store=True,
        private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )
    # An OCTET STRING around the uncompressed point, as modules give it since PKCS#11 2.40; without it in others.
    return bytes(public[Attribute.EC_POINT])[-_POINT_BYTES:]
