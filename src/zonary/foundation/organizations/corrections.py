"""What can be corrected, and how: each app says so for its own kinds of act when it starts.

An act is never changed. What it brought about can be, by a further act that names it; see
:func:`~zonary.foundation.organizations.actions.corrections.propose_correction`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from zonary.foundation.ledger.receipts import ActEntry
from zonary.foundation.organizations.standing import Standing


class Apply(Protocol):
    """Carries a correction out, inside the action that approves it, and records what it did."""

    def __call__(self, act: ActEntry, changes: Mapping[str, str], *, reason: str, by: Standing, at: datetime) -> None:
        """:raises Error: one sentence, when it cannot be carried out; nothing is changed then."""
        ...


@dataclass(frozen=True, slots=True)
class Corrector:
    """How acts of one kind are corrected.

    :param fields: name of a field -> the English sentence that labels it.
    :param limits: name of a field -> how many characters it has at most.
    :param needed: fields that may not be empty.
    :param subject: public id of the organisation whose own business it is now, whoever did the act: who acts for it,
        and nobody else, proposes.
    :param present: what the fields hold now, for the act.
    """

    fields: Mapping[str, str]
    limits: Mapping[str, int]
    needed: frozenset[str]
    subject: Callable[[ActEntry], str]
    present: Callable[[ActEntry], Mapping[str, str]]
    apply: Apply


_CORRECTORS: dict[str, Corrector] = {}


def correctable(kind: str, corrector: Corrector) -> None:
    """Have acts of ``kind`` be correctable by ``corrector``; called once, when an app starts."""
    _CORRECTORS[kind] = corrector


def corrector_of(kind: str) -> Corrector | None:
    """How acts of ``kind`` are corrected, if they can be."""
    return _CORRECTORS.get(kind)


def corrector_for(by: Standing, act: ActEntry) -> Corrector | None:
    """How ``act`` is corrected, if ``by`` may say that it has to be.

    To have done the act is not enough: whoever founded an organisation may have left it.
    """
    corrector = corrector_of(act.kind)
    is_own = corrector is not None and bool(by.organisation) and corrector.subject(act) == by.organisation
    return corrector if is_own and by.may_act else None
