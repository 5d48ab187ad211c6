"""What can be wrong with a rule, or with the data it is asked about."""

from __future__ import annotations

from zonary.proof.errors import Error


class ClausesError(Error):
    """Root of the errors of :mod:`zonary.engines.clauses`."""


class VocabularyError(ClausesError):
    """A term, unit, list or table that the vocabulary does not have, or has in a way that cannot be read."""


class UnitMismatchError(ClausesError):
    """Two quantities that cannot be compared, such as money with people."""


class ExpiredParameterError(ClausesError):
    """A parameter or list without a value on the day asked about: the item stops, no older one is used instead."""


class DatumError(ClausesError):
    """A datum of the wrong kind, out of its bounds, or from the future."""


class PackError(ClausesError):
    """A rule pack that cannot be read, with the place in it."""
