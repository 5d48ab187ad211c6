"""Keys of a log behind PKCS#11: in a hardware module, or in SoftHSM, and never in a file.

Where the settings name a module, new Ed25519 keys of a log are made in it. What lies in the place of the secret then is
one line, ``PKCS11+KEY+`` with the key's id in the module and the verifier key: not a secret, but without it nobody
knows which key signs. The module is opened when something is signed, once in a process, and again when it was taken
away.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from zonary.foundation.ledger.errors import LedgerError
from zonary.proof.errors import MalformedError
from zonary.proof.tlog.keys import ED25519, VerifierKey
from zonary.proof.tlog.notes import NoteSignature

if TYPE_CHECKING:
    import pkcs11

MODULE, TOKEN, PIN_FILE, PIN = (
    "ZONARY_PKCS11_MODULE",
    "ZONARY_PKCS11_TOKEN",
    "ZONARY_PKCS11_PIN_FILE",
    "ZONARY_PKCS11_PIN",
)
_LINE = re.compile(r"PKCS11\+KEY\+([0-9a-f]{32})\+(.+)", re.DOTALL)
_ID_BYTES: Final = 16
_ED25519_OID: Final = bytes.fromhex("06032b6570")
"""The parameters of the key as DER (RFC 8410, section 3)."""
_lock = threading.Lock()
_sessions: dict[int, Any] = {}
"""Process -> its session: one is of no use to another."""


class ModuleError(LedgerError):
    """The module with the keys cannot be used as the settings say."""


@dataclass(frozen=True, slots=True)
class ModuleKey:
    """An Ed25519 key in the module that signs notes."""

    verifier: VerifierKey
    identifier: bytes

    @classmethod
    def generate(cls, name: str) -> ModuleKey:
        """A fresh key, made in the module and not to be taken out of it.

        :raises ModuleError: when that cannot be used.
        """
        identifier = secrets.token_bytes(_ID_BYTES)
        public = ask_module(lambda session: _generate(session, identifier))
        return cls(VerifierKey.of(name, ED25519, public), identifier)

    @classmethod
    def parse(cls, text: str) -> ModuleKey:
        """:raises MalformedError: when ``text`` names no key of a module."""
        found = _LINE.fullmatch(text)
        if found is None:
            raise MalformedError("This names no key of a PKCS#11 module.")
        verifier = VerifierKey.parse(found[2])
        if verifier.kind != ED25519:
            raise MalformedError("This names no key of a PKCS#11 module.")
        return cls(verifier, bytes.fromhex(found[1]))

    def encode(self) -> str:
        return f"PKCS11+KEY+{self.identifier.hex()}+{self.verifier.encode()}"

    def sign(self, text: bytes, *, at: int = 0) -> NoteSignature:
        """:raises ModuleError: when the module cannot be used now."""
        from pkcs11 import Mechanism

        signature = ask_module(
            lambda session: private_in_module(session, self.identifier).sign(text, mechanism=Mechanism.EDDSA)
        )
        return NoteSignature(self.verifier.name, self.verifier.key_id, bytes(signature))

    def require_ready(self) -> None:
        """:raises ModuleError: when the module cannot be used, or does not hold this key."""
        ask_module(lambda session: private_in_module(session, self.identifier))

    def destroy(self) -> None:
        """Remove the key from the module, if it is still there.

        :raises ModuleError: when the module cannot be used.
        """
        ask_module(lambda session: destroy_in_module(session, self.identifier))


def is_module_key(text: str) -> bool:
    return text.startswith("PKCS11+KEY+")


def uses_module(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether new keys are to be made in a module."""
    return bool(environment.get(MODULE))


def ask_module(question: Any) -> Any:
    """What the module answers to ``question``, which is given its session; one question at a time.

    :raises ModuleError: when it cannot be used, or holds no such key.
    """
    with _lock:
        return _asked(question)


def _asked(question: Any) -> Any:
    """What the module answers; a session that came to an end is opened once more."""
    import pkcs11.exceptions as faults

    session = _sessions.get(os.getpid()) or _open(os.environ)
    try:
        return question(session)
    except faults.NoSuchKey:
        raise ModuleError(
            "The PKCS#11 module holds no key of this id. See that {token} names the token the key was made in.",
            token=TOKEN,
        ) from None
    except faults.PKCS11Error:
        _sessions.pop(os.getpid(), None)
    try:
        return question(_open(os.environ))
    except faults.PKCS11Error as error:
        _sessions.pop(os.getpid(), None)
        raise _refused(error) from None


def _open(environment: Mapping[str, str]) -> pkcs11.Session:
    try:
        import pkcs11
        import pkcs11.exceptions as faults
    except ImportError:
        raise ModuleError("Keys behind PKCS#11 need one more package. Type: pip install 'zonary[web,pkcs11]'") from None
    module, label = environment.get(MODULE, ""), environment.get(TOKEN, "")
    if not module or not label:
        raise ModuleError(
            "A key of this log lies behind PKCS#11: {module} has to name the module (a file .so) and {token} the token "
            "in it.",
            module=MODULE,
            token=TOKEN,
        )
    pin = _pin(environment)
    try:
        library = pkcs11.lib(module)
    except (RuntimeError, faults.PKCS11Error):
        raise ModuleError("{path} cannot be used as a PKCS#11 module. See {name}.", path=module, name=MODULE) from None
    try:
        token = library.get_token(token_label=label)
    except faults.PKCS11Error:
        raise ModuleError("The PKCS#11 module has no token “{label}”. See {name}.", label=label, name=TOKEN) from None
    try:
        session = token.open(rw=True, user_pin=pin)
    except (faults.PinIncorrect, faults.PinInvalid, faults.PinLenRange):
        # Said at once and tried never again by itself: modules lock after some tries.
        raise ModuleError("The token “{label}” refuses the pin. See {name}.", label=label, name=PIN_FILE) from None
    except faults.PKCS11Error as error:
        raise _refused(error) from None
    _sessions[os.getpid()] = session
    return session


def _pin(environment: Mapping[str, str]) -> str:
    path = environment.get(PIN_FILE, "")
    if not path:
        if not environment.get(PIN):
            raise ModuleError("The pin of the PKCS#11 token is missing: a file with it in {name}.", name=PIN_FILE)
        return environment[PIN]
    try:
        with open(path, encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise ModuleError("Others may read {path}. Type: chmod 600 {path}", path=path)
            return file.readline().strip()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ModuleError(
            "{name} names {path}, which cannot be read: {reason}.", name=PIN_FILE, path=path, reason=reason
        ) from None


def _generate(session: Any, identifier: bytes) -> bytes:
    from pkcs11 import Attribute, KeyType, Mechanism

    parameters = session.create_domain_parameters(KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _ED25519_OID}, local=True)
    public, _secret = parameters.generate_keypair(
        id=identifier,
        label="zonary log",
        store=True,
        mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
        private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )
    point = bytes(public[Attribute.EC_POINT])
    # An OCTET STRING around the 32 bytes, as modules give it since PKCS#11 2.40; without it in others.
    return point[-32:]


def private_in_module(session: Any, identifier: bytes) -> Any:
    """The private key of this id."""
    from pkcs11 import ObjectClass

    return session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=identifier)


def destroy_in_module(session: Any, identifier: bytes) -> None:
    """Remove every key of this id."""
    from pkcs11 import Attribute

    for found in list(session.get_objects({Attribute.ID: identifier})):
        found.destroy()


def _refused(error: Exception) -> ModuleError:
    return ModuleError(
        "The PKCS#11 module refused: {reason}.", reason=type(error).__name__ + (f" ({error})" if str(error) else "")
    )
