"""Chinese of the sentences of zonary.proof (see :mod:`zonary.common.language`)."""

from __future__ import annotations

PROOF: dict[str, str] = {}
