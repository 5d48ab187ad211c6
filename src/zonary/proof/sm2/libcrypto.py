"""The machine's libcrypto, as far as SM2 needs it, called through :mod:`ctypes`.

``cryptography`` brings an OpenSSL of its own that has SM3 and no SM2. The one behind :mod:`hashlib` nearly always has
it, and is in the process already. What crosses the border is bytes; keys are held by :class:`Handle`, which frees
them. Everything else of SM2 (the Z value, the encodings) is in :mod:`zonary.proof.sm2.keys`.

Threads: a handle is only read once it is made, every call makes its own context, and OpenSSL keeps its list of errors
per thread; that list is emptied after a failure, because Python's own ``ssl`` would take it for one of its own.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from zonary.proof.errors import MalformedError, UnsupportedError

MIN_VERSION: Final = 0x30000000
"""OpenSSL 3.0; before it a key had to be told that it is one of SM2."""
MAX_KEY_DER: Final = 1024
"""A private key has about 150 bytes, a public one 91."""
MAX_SIGNATURE_BYTES: Final = 72
"""Two integers of at most 33 bytes, in DER."""
DIGEST_BYTES: Final = 32

_P = ctypes.c_void_p
_SIZE = ctypes.c_size_t
_FUNCTIONS: Final[dict[str, tuple[Any, list[Any]]]] = {
    "OpenSSL_version_num": (ctypes.c_ulong, []),
    "ERR_clear_error": (None, []),
    "EVP_PKEY_Q_keygen": (_P, [_P, ctypes.c_char_p, ctypes.c_char_p]),
    "EVP_PKEY_is_a": (ctypes.c_int, [_P, ctypes.c_char_p]),
    "EVP_PKEY_free": (None, [_P]),
    "EVP_PKEY_CTX_new": (_P, [_P, _P]),
    "EVP_PKEY_CTX_free": (None, [_P]),
    "EVP_PKEY_pairwise_check": (ctypes.c_int, [_P]),
    "EVP_PKEY_sign_init": (ctypes.c_int, [_P]),
    "EVP_PKEY_sign": (ctypes.c_int, [_P, _P, _P, ctypes.c_char_p, _SIZE]),
    "EVP_PKEY_verify_init": (ctypes.c_int, [_P]),
    "EVP_PKEY_verify": (ctypes.c_int, [_P, ctypes.c_char_p, _SIZE, ctypes.c_char_p, _SIZE]),
    "EVP_PKEY2PKCS8": (_P, [_P]),
    "PKCS8_PRIV_KEY_INFO_free": (None, [_P]),
    "i2d_PKCS8_PRIV_KEY_INFO": (ctypes.c_int, [_P, _P]),
    "i2d_PUBKEY": (ctypes.c_int, [_P, _P]),
    "d2i_PUBKEY": (_P, [_P, _P, ctypes.c_long]),
    "d2i_AutoPrivateKey": (_P, [_P, _P, ctypes.c_long]),
}


def available() -> bool:
    """Whether this machine can make and check SM2 signatures."""
    return _found() is not None


def _library() -> Any:
    found = _found()
    if found is None:
        raise UnsupportedError(
            "This machine has no OpenSSL 3 with SM2, which signatures with SM2 need: install one (Debian: libssl3),"
            " and a Python that uses it."
        )
    return found


@cache
def _found() -> Any:
    """The first library that is new enough and knows SM2, or None; looked for once."""
    for library in _candidates():
        try:
            for name, (result, arguments) in _FUNCTIONS.items():
                function = getattr(library, name)
                function.restype, function.argtypes = result, arguments
        except AttributeError:
            continue
        if library.OpenSSL_version_num() < MIN_VERSION:
            continue
        # Some distributions build OpenSSL without SM2: asked for a key, such a one says so.
        key = library.EVP_PKEY_Q_keygen(None, None, b"SM2")
        library.ERR_clear_error()
        if key:
            library.EVP_PKEY_free(key)
            return library
    return None


def _candidates() -> Iterator[Any]:
    """Libraries that may hold the functions, that of :mod:`hashlib` first."""
    for find in (_behind_hashlib, lambda: "libcrypto.so.3", _named_by_the_system):
        name = find()
        if name is None:
            continue
        try:
            yield ctypes.CDLL(name)
        except OSError:
            continue


def _behind_hashlib() -> str | None:
    """Python's module for digests: what it is linked with is found through it."""
    try:
        import _hashlib
    except ImportError:
        return None
    return getattr(_hashlib, "__file__", None)


def _named_by_the_system() -> str | None:
    """Asks other programs on some systems, and so comes last."""
    from ctypes.util import find_library

    return find_library("crypto")


class Handle:
    """A key in libcrypto's memory, freed with this object. It is an SM2 key, or there would be none."""

    __slots__ = ("_free", "pointer")

    def __init__(self, pointer: int) -> None:
        self.pointer: Final = pointer
        self._free: Final = _library().EVP_PKEY_free

    def __del__(self) -> None:
        self._free(self.pointer)

    @classmethod
    def generate(cls) -> Handle:
        return cls._checked(_library().EVP_PKEY_Q_keygen(None, None, b"SM2"))

    @classmethod
    def from_public(cls, der: bytes) -> Handle:
        """:param der: SubjectPublicKeyInfo; :raises MalformedError: unless it is a point of the SM2 curve."""
        return cls._read(_library().d2i_PUBKEY, der)

    @classmethod
    def from_private(cls, der: bytes) -> Handle:
        """:param der: PKCS #8 or SEC 1; :raises MalformedError: unless it is an SM2 key that fits its public part."""
        handle = cls._read(_library().d2i_AutoPrivateKey, der)
        with _Context(handle) as context:
            if context.library.EVP_PKEY_pairwise_check(context.pointer) != 1:
                context.library.ERR_clear_error()
                raise MalformedError("The SM2 key is damaged: its private and its public part do not belong together.")
        return handle

    @classmethod
    def _read(cls, read: Any, der: bytes) -> Handle:
        if len(der) > MAX_KEY_DER:
            raise MalformedError(
                "An SM2 key has at most {limit} bytes; this is {size}.", limit=MAX_KEY_DER, size=len(der)
            )
        buffer = ctypes.create_string_buffer(der, len(der))
        position = _P(ctypes.addressof(buffer))
        handle = cls._checked(read(None, ctypes.byref(position), len(der)))
        if position.value != ctypes.addressof(buffer) + len(der):
            raise MalformedError("There is something behind the SM2 key.")
        return handle

    @classmethod
    def _checked(cls, pointer: int | None) -> Handle:
        library = _library()
        if not pointer:
            library.ERR_clear_error()
            raise MalformedError("This is not an SM2 key that can be read.")
        handle = cls(pointer)
        if library.EVP_PKEY_is_a(pointer, b"SM2") != 1:
            raise MalformedError("This is a key of another kind than SM2.")
        return handle

    def public_der(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return _written(_library().i2d_PUBKEY, self.pointer)

    def private_der(self) -> bytes:
        """PKCS #8, with the public part."""
        library = _library()
        info = library.EVP_PKEY2PKCS8(self.pointer)
        if not info:
            library.ERR_clear_error()
            raise MalformedError("The SM2 key has no private part.")
        try:
            return _written(library.i2d_PKCS8_PRIV_KEY_INFO, info)
        finally:
            library.PKCS8_PRIV_KEY_INFO_free(info)

    def sign(self, digest: bytes) -> bytes:
        """The DER signature over ``digest``, which is SM3 over Z and the message."""
        output, size = ctypes.create_string_buffer(MAX_SIGNATURE_BYTES), _SIZE(MAX_SIGNATURE_BYTES)
        with _Context(self) as context:
            library, pointer = context.library, context.pointer
            if (
                library.EVP_PKEY_sign_init(pointer) != 1
                or library.EVP_PKEY_sign(pointer, output, ctypes.byref(size), digest, len(digest)) != 1
            ):
                library.ERR_clear_error()
                raise MalformedError("The machine's OpenSSL could not sign with the SM2 key.")
        return output.raw[: size.value]

    def verifies(self, signature: bytes, digest: bytes) -> bool:
        """Whether ``signature`` is one over ``digest``, in strict DER."""
        with _Context(self) as context:
            library, pointer = context.library, context.pointer
            good = bool(
                library.EVP_PKEY_verify_init(pointer) == 1
                and library.EVP_PKEY_verify(pointer, signature, len(signature), digest, len(digest)) == 1
            )
            if not good:
                library.ERR_clear_error()
        return good


class _Context:
    """One operation with a key; freed at the end of the block, whatever happens in it."""

    __slots__ = ("library", "pointer")

    def __init__(self, key: Handle) -> None:
        self.library: Final = _library()
        self.pointer: Final = self.library.EVP_PKEY_CTX_new(key.pointer, None)
        if not self.pointer:
            raise MemoryError

    def __enter__(self) -> _Context:
        return self

    def __exit__(self, *_: object) -> None:
        self.library.EVP_PKEY_CTX_free(self.pointer)


def _written(write: Any, pointer: int) -> bytes:
    size = write(pointer, None)
    if not 0 < size <= MAX_KEY_DER:
        raise MalformedError("The machine's OpenSSL could not write the SM2 key.")
    buffer = ctypes.create_string_buffer(size)
    position = _P(ctypes.addressof(buffer))
    write(pointer, ctypes.byref(position))
    return buffer.raw
