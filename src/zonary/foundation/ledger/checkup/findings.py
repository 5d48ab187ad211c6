"""What one check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zonary.proof.errors import Error
from zonary.proof.package.report import Sentence


class Severity(StrEnum):
    """How bad it is: nothing to do; look at it soon; it does not work, or evidence is at risk."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one thing.

    :ivar check: a short name that never changes, such as ``key-modes``.
    :ivar mend: what to do about a warning or fault; None when ``found`` says so itself.
    """

    check: str
    severity: Severity
    found: Sentence
    mend: Sentence | None = None


def of_error(check: str, error: Error) -> Finding:
    """A fault that has its sentence already, which says how to mend it."""
    return Finding(check, Severity.FAULT, Sentence(error.msgid, error.params))


def failed(check: str, error: Exception) -> Finding:
    """What the operating system or the database refused."""
    reason = getattr(error, "strerror", None) or str(error)
    where = getattr(error, "filename", None)
    return Finding(
        check,
        Severity.FAULT,
        Sentence("This could not be checked: {reason}.", {"reason": f"{where}: {reason}" if where else reason}),
        Sentence("Run this as the user the server runs as, on the machine it runs on."),
    )
