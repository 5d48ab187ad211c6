"""A passkey in software: what a browser and its authenticator send back (WebAuthn Level 3, attestation "none")."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "http://127.0.0.1"
_PRESENT_AND_VERIFIED, _HAS_KEY = 0x05, 0x40


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Passkey:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(32)
        self._count = 0
        self._user = ""

    def create(self, options: dict[str, Any]) -> str:
        """The answer to a page's request for a new credential, as its form sends it."""
        from fido2 import cbor
        from fido2.cose import ES256

        asked = options["publicKey"]
        self._user = asked["user"]["id"]
        key = cbor.encode(dict(ES256.from_cryptography_key(self._key.public_key())))
        attested = bytes(16) + struct.pack(">H", len(self._id)) + self._id + key
        data = self._data(asked["rp"]["id"], _PRESENT_AND_VERIFIED | _HAS_KEY) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = _client_data("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": _b64(client), "attestationObject": _b64(attestation)})

    def get(self, options: dict[str, Any]) -> str:
        """The answer to a page's request to sign in."""
        asked = options["publicKey"]
        data = self._data(asked["rpId"], _PRESENT_AND_VERIFIED)
        client = _client_data("webauthn.get", asked["challenge"])
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {"clientDataJSON": _b64(client), "authenticatorData": _b64(data), "signature": _b64(signature)}
        return self._answer({**answer, "userHandle": self._user})

    def _data(self, party: str, flags: int) -> bytes:
        self._count += 1
        return hashlib.sha256(party.encode()).digest() + struct.pack(">BI", flags, self._count)

    def _answer(self, response: dict[str, str]) -> str:
        name = _b64(self._id)
        extensions = {"credProps": {"rk": True}}
        answer = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps({**answer, "clientExtensionResults": extensions})


def _client_data(kind: str, challenge: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}).encode()
