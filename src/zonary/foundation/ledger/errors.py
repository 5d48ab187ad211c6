"""What stops the ledger: each one sentence, with what to do about it."""

from __future__ import annotations

from zonary.proof.errors import Error


class LedgerError(Error):
    """What can go wrong with the ledger's own state. The sequencer stops on it; nothing is repaired by force."""


class RolledBackError(LedgerError):
    """More was published than the database knows: going on would sign a second history."""


class ForkError(LedgerError):
    """Database and published log say different things about the same entries."""


class LostRaceError(LedgerError):
    """Somebody else moved the log's state: there must be only one sequencer."""


class KeyMismatchError(LedgerError):
    """Keys, origin and log do not belong together."""


class UnrecordedChangeError(RuntimeError):
    """An action changed something and left no evidence; a fault in the program, never in what the user did."""
