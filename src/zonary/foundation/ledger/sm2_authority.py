"""The built-in SM2 authority: tokens of SM2 and SM3 (GM/T 0033) beside those of the other one, where wanted.

It signs in the background alone: a package's own two tokens are for tools that know neither algorithm. Its keys lie in
files; SoftHSM has no SM2, and the mechanisms of modules that have it are their makers'.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.layout import DataDirectory, make_private_directory, write_durably
from zonary.proof.timestamp.authority import Authority
from zonary.proof.timestamp.development import SM2_KEYS, DevelopmentAuthority, create_development_authority

SM2_AUTHORITY_NAME = "Zonary development TSA (SM2)"
_FILES = ("tsa-sm2-root.key", "tsa-sm2-root.pem", "tsa-sm2.key", "tsa-sm2.pem")


def ensure_sm2_authority(data: DataDirectory, now: datetime) -> DevelopmentAuthority:
    """The SM2 authority of this data directory, made when it is first wanted; its revocation list is written anew.

    A crash before the chain is written leaves keys that have signed nothing and are replaced by the next start.

    :raises KeyMismatchError: when some of its files are missing: a new one would quietly disown old tokens.
    :raises UnsupportedError: where this machine's OpenSSL has no SM2.
    """
    paths = [data.keys / name for name in _FILES]
    missing = [path for path in paths if not path.exists()]
    if missing and not data.sm2_authority_chain.exists():
        made = create_development_authority(SM2_AUTHORITY_NAME, now, keys=SM2_KEYS)
        make_private_directory(data.keys)
        contents = (made.root_key_pem, made.root_pem, made.signer_key_pem, made.signer_pem)
        for path, content in zip(paths, contents, strict=True):
            write_durably(path, content)
    elif missing:
        raise KeyMismatchError(
            "{path} is missing, though the SM2 timestamp authority has been in use. Put it back from a backup; or move "
            "all tsa-sm2* files of the data directory and of its keys away, and a new authority is made.",
            path=str(missing[0]),
        )
    authority = _load(data)
    authority.authority()  # what cannot be used takes nobody's place
    write_durably(data.sm2_authority_chain, authority.ca_pem, mode=0o644)
    renew_sm2_revocation_list(data, now)
    return authority


def renew_sm2_revocation_list(data: DataDirectory, now: datetime) -> None:
    """Write a fresh revocation list; readers see the old one or the new, never half of one."""
    write_durably(data.sm2_revocation_list, _load(data).crl(now), mode=0o644)


@cache
def sm2_issuer_of(data: DataDirectory) -> Authority:
    """What answers timestamp requests with SM2, once in a process.

    :raises Error: when a stored key or certificate cannot be read.
    """
    return _load(data).authority()


def _load(data: DataDirectory) -> DevelopmentAuthority:
    root_key, root, key, certificate = ((data.keys / name).read_bytes() for name in _FILES)
    return DevelopmentAuthority(root_key, root, key, certificate, SM2_KEYS)
