"""What this program reports of the machine it runs on: of its system and clock, nothing of who uses it."""

from __future__ import annotations

import contextlib
import platform
from datetime import datetime

from zonary.common.clock import rfc3339
from zonary.proof.canonical import Json
from zonary.proof.origin import readable


def machine(*, at: datetime, ahead: int | None, version: str) -> dict[str, Json]:
    """System, processor and clock. Neither the name of the machine nor that of its user.

    :param at: what this machine takes for the time.
    :param ahead: seconds by which its clock is ahead of the server's; None when that is not known.
    """
    offset = at.astimezone().utcoffset()
    facts: dict[str, Json] = {
        "by": "program",
        "program": readable(f"zonary {version}"),
        "system": readable(f"{platform.system()} {platform.release()}"),
        "distribution": readable(_distribution()),
        "architecture": readable(platform.machine()),
        "clock": rfc3339(at),
    }
    facts = {name: value for name, value in facts.items() if value}
    if offset is not None:
        facts["utc_offset_minutes"] = int(offset.total_seconds() // 60)
    if ahead is not None:
        facts["clock_ahead_seconds"] = ahead
    return facts


def _distribution() -> str:
    with contextlib.suppress(OSError):
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    return ""
