"""Names in the environment that are no settings: of the outsider's commands, and what our processes tell each other."""

from __future__ import annotations

from typing import Final

INTERNAL: Final = frozenset(
    (
        "ZONARY_DATA",  # --data
        "ZONARY_WORKERS",  # --workers
        "ZONARY_SERVER_PID",
        "ZONARY_SERVER",  # zonary seal
        "ZONARY_TOKEN",  # zonary seal
        "ZONARY_CAPTURE_MARK",
    )
)
