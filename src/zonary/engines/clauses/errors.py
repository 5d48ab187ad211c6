"""What can be wrong with a rule, or with the data it is asked about."""

from __future__ import annotations

from typing import Self

from zonary.proof.errors import Error, Noun


class ClausesError(Error):
    """Root of the errors of :mod:`zonary.engines.clauses`."""


class VocabularyError(ClausesError):
    """A term, unit, list or table that the vocabulary does not have, or has in a way that cannot be read."""


class SentenceError(ClausesError):
    """A sentence, or a tree made otherwise, that is no rule.

    :ivar position: index of the character (not of a UTF-16 unit) where it goes wrong; of a tree, None.
    :ivar expected: what could have stood there.
    :ivar nearest: a whole sentence that would be read and is close to this one, or empty.
    """

    position: int | None = None
    expected: tuple[Noun, ...] = ()
    nearest: str = ""

    def at(self, position: int | None, expected: tuple[Noun, ...] = (), nearest: str = "") -> Self:
        """Itself, saying where."""
        self.position, self.expected, self.nearest = position, expected, nearest
        return self


class NoEditionError(VocabularyError):
    """A list without a single edition on the day asked about: the item stops, another edition is never used instead."""


class UnitMismatchError(SentenceError):
    """Two quantities that cannot be compared, such as money with people."""


class ExpiredParameterError(ClausesError):
    """A parameter or list without a value on the day asked about: the item stops, no older one is used instead."""


class DatumError(ClausesError):
    """A datum of the wrong kind, out of its bounds, or from the future."""


class PackError(ClausesError):
    """A rule pack that cannot be read, with the place in it."""


class RuleError(ClausesError):
    """A document whose items and clauses do not fit together, or a sentence that cannot mean anything."""


class TableError(ClausesError):
    """A decision table, score or amount that cannot be, or gives nothing, or two things, for an enterprise."""


class SheetError(ClausesError):
    """A workbook that is no such table; the sentence names the cell. Nothing of it was taken over."""


class ReplayError(ClausesError):
    """A stored decision that does not come out again as it was stored."""
