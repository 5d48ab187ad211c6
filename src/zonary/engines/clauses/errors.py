"""What can be wrong with a rule, or with the data it is asked about."""

from __future__ import annotations

from zonary.proof.errors import Error


class ClausesError(Error):
    """Root of the errors of :mod:`zonary.engines.clauses`."""


class VocabularyError(ClausesError):
    """A term, unit, list or table that the vocabulary does not have, or has in a way that cannot be read."""


class NoEditionError(VocabularyError):
    """A list without a single edition on the day asked about: the item stops, another edition is never used instead."""


class UnitMismatchError(ClausesError):
    """Two quantities that cannot be compared, such as money with people."""


class ExpiredParameterError(ClausesError):
    """A parameter without a value on the day asked about: the item stops, an older value is never used instead."""


class DatumError(ClausesError):
    """A datum of the wrong kind, out of its bounds, or from the future."""


class RuleError(ClausesError):
    """A document whose items and clauses do not fit together, or a sentence that cannot mean anything."""


class TableError(ClausesError):
    """A decision table, score or amount that cannot be, or gives nothing, or two things, for an enterprise."""


class SheetError(ClausesError):
    """A workbook that is no such table; the sentence names the cell. Nothing of it was taken over."""


class ReplayError(ClausesError):
    """A stored decision that does not come out again as it was stored."""
