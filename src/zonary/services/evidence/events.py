"""What registering evidence leaves in the ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event
from zonary.foundation.ledger.recording import Draft
from zonary.proof.digests import Digests, digests_of
from zonary.proof.leaf import EVIDENCE, encode_leaf
from zonary.services.evidence.models import Kind
from zonary.services.evidence.rules import seal_digest

EVIDENCE_REGISTERED = "evidence.registered"
_VERSION = 1


def evidence_registered(
    registered: Sequence[tuple[Kind, Digests]], salts: Sequence[bytes], keys: Mapping[int, str]
) -> Draft:
    """The entry of some registrations. Its leaves are of class ``evidence``, the statement's own; see the README.

    The body is ``{"kind", "sha256", "sm3"}``; with it and the salts, the statement of a digest can be made again.
    """
    leaves, kept = [], []
    for (kind, digests), drawn in zip(registered, salts, strict=True):
        stated = digests if kind is Kind.STATEMENT else digests_of(seal_digest(digests, drawn).statement)
        leaves.append(encode_leaf(EVIDENCE, stated))
        kept.append(b"" if kind is Kind.STATEMENT else drawn)
    return Draft(
        kind=EVIDENCE_REGISTERED,
        version=_VERSION,
        leaf_class=EVIDENCE,
        leaves=leaves,
        bodies=[_body(kind, digests) for kind, digests in registered],
        salts=kept,
        keys=keys,
    )


def _body(kind: Kind, digests: Digests) -> bytes:
    return f'{{"kind":"{kind.value}","sha256":"{digests.sha256.hex()}","sm3":"{digests.sm3.hex()}"}}'.encode()


def digests_in(body: bytes) -> Digests:
    """The registered digests, from the body of an entry."""
    fields = json.loads(body)
    return Digests.from_hex(fields["sha256"], fields["sm3"])


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceErased(Event):
    """The owner's record of the evidence this is about, and what it was made of, were erased."""

    kind: ClassVar[str] = "evidence.erased"
    reason: str
