"""Chinese of the sentences of zonary.cli (see :mod:`zonary.common.language`)."""

from __future__ import annotations

COMMAND: dict[str, str] = {}
