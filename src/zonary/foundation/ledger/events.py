"""What the ledger records of itself: changes of the keys that sign, and logs that end and begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotated(Event):
    """A further key signs the log ``origin``. ``keys`` are the verifier keys of all that sign from now on."""

    kind: ClassVar[str] = "ledger.key.rotated"
    origin: str
    keys: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRetired(Event):
    """The keys ``retired`` sign the log ``origin`` no longer, and their secrets are destroyed; ``keys`` go on."""

    kind: ClassVar[str] = "ledger.key.retired"
    origin: str
    retired: list[str]
    keys: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampKeyRotated(Event):
    """The timestamp authority signs with another key, under the same root; both certificates by SHA-256 of the DER."""

    kind: ClassVar[str] = "ledger.timestamp_key.rotated"
    certificate_sha256: str
    root_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSignerInstalled(Event):
    """Evidence certificates are signed by a key that a certification authority certified; by SHA-256 of the DER."""

    kind: ClassVar[str] = "ledger.certificate_signer.installed"
    certificate_sha256: str
    root_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPageOffered(Event):
    """From now on the page that verifies in a browser is offered with these digests; ``release`` is whose it is."""

    kind: ClassVar[str] = "ledger.verify_page.offered"
    sha256: str
    sm3: str
    release: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSucceeded(Event):
    """The log ``predecessor_origin`` has ended, and ``origin``, whose first entry this is, goes on from it.

    ``predecessor_checkpoint`` is the last signed checkpoint known of it, ``predecessor_root`` its root in base64.
    ``abandoned``: it could not be brought to an end, so that more may have been published than this says.
    """

    kind: ClassVar[str] = "ledger.log.succeeded"
    origin: str
    predecessor_origin: str
    predecessor_size: int
    predecessor_root: str
    predecessor_checkpoint: str
    abandoned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPadded(Event):
    """Nothing happened: the leaf fills up a batch, so that batches do not tell how much did."""

    kind: ClassVar[str] = "ledger.log.padded"
