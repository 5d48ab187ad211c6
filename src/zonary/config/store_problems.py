"""What is answered when the database cannot take something now."""

from __future__ import annotations

import errno

from zonary.common.problems import Problem

_AGAIN = {"Retry-After": "1"}
_DISK_FULL = "53100"
"""PostgreSQL's SQLSTATE for it; SQLite only has words."""


def store_problem(error: BaseException) -> Problem:
    """503 for ``error``; nothing was recorded, and reading goes on."""
    if is_disk_full(error):
        detail = "The server's disk is full; nothing was recorded. Try again once its operator has made room."
        return Problem(503, "disk-full", detail, _AGAIN)
    return Problem(503, "store-unavailable", "The store cannot take this now; nothing was recorded. Try again.", _AGAIN)


def is_disk_full(error: BaseException) -> bool:
    """Whether ``error``, of the database or of the operating system, says that there is no room."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(cause, "sqlstate", None) == _DISK_FULL or "disk is full" in str(cause):
            return True
        cause = cause.__cause__
    return False
