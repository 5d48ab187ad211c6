"""Chinese of the sentences of the server (see :mod:`zonary.common.language`)."""

from __future__ import annotations

SERVER: dict[str, str] = {}
