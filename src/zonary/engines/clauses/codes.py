"""Codes of a classification whose longer codes lie inside the shorter ones: C, C35, C351, C3511 of GB/T 4754."""

from __future__ import annotations

from collections.abc import Collection

from zonary.engines.clauses.kleene import Truth


def lies_in(code: str, codes: Collection[str]) -> Truth:
    """Whether ``code`` is one of ``codes`` or lies inside one.

    Not known while it is coarser than one of them: who is only known to be in C35 may be in C3511, or not.
    """
    if any(code[:length] in codes for length in range(1, len(code) + 1)):
        return Truth.YES
    return Truth.UNKNOWN if any(each.startswith(code) for each in codes) else Truth.NO
