"""Files encrypted as age does (age-encryption.org/v1): to X25519 recipients, or to a passphrase.

Whoever has the key opens them with ``age`` as well, without anything of ours. Ours are the few lines around the
primitives of ``cryptography``: no library of age for Python is maintained, licensed and typed as we need it.
"""

from __future__ import annotations

from zonary.common.age.errors import AgeError
from zonary.common.age.keys import Identity, Passphrase, Recipient
from zonary.common.age.reading import AgeReader
from zonary.common.age.writing import AgeWriter

__all__ = ["AgeError", "AgeReader", "AgeWriter", "Identity", "Passphrase", "Recipient"]
