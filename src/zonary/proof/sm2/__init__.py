"""SM2 with SM3, through the OpenSSL of the machine: keys, their files, signatures.

Nothing is loaded before a key is made or read; where there is no SM2, that raises UnsupportedError.
"""

from __future__ import annotations

from zonary.proof.sm2.keys import DEFAULT_IDENTIFIER, SM2PrivateKey, SM2PublicKey, is_sm2_spki
from zonary.proof.sm2.libcrypto import available

__all__ = ["DEFAULT_IDENTIFIER", "SM2PrivateKey", "SM2PublicKey", "available", "is_sm2_spki"]
