"""What holds for one batch from its first day on, whatever becomes of the measure: frozen as canonical JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from zonary.proof import canonical
from zonary.proof.errors import Error
from zonary.services.incentives.grants.rules.allocating import MAX_FEN, Exhaustion, Last

FORM: Final = "zonary-grant-terms/1"
MAX_WORKDAYS: Final = 250


class WrongTermsError(Error):
    """A batch cannot have such terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Money in fen; ``budget``, ``cap`` None: without limit; ``year`` is the one the budget and the cap are for.

    ``group`` is the stacking group, or the measure's own id: of none but itself. ``last`` is what the first one gets
    for whom the budget does not suffice.
    """

    measure: str
    title: str
    title_english: str
    year: int
    budget: int | None
    cap: int | None
    group: str
    exhaustion: Exhaustion
    last: Last
    notice_workdays: int
    consent_workdays: int
    pay_workdays: int

    def checked(self) -> Terms:
        """:raises WrongTermsError: for what cannot be meant."""
        limits = (("budget", self.budget), ("cap", self.cap))
        if any(value is not None and not 0 <= value <= MAX_FEN for _name, value in limits):
            raise WrongTermsError("Budget and cap are whole numbers of fen, at most {most}.", most=MAX_FEN)
        if not 0 <= self.notice_workdays <= MAX_WORKDAYS or not 0 <= self.pay_workdays <= MAX_WORKDAYS:
            raise WrongTermsError("A term has at most {most} workdays.", most=MAX_WORKDAYS)
        if not 1 <= self.consent_workdays <= MAX_WORKDAYS:
            raise WrongTermsError("Enterprises have 1 to {most} workdays to answer.", most=MAX_WORKDAYS)
        return self

    def text(self) -> str:
        """Canonical JSON (RFC 8785)."""
        return canonical.encode({"form": FORM, **asdict(self)}).decode()

    def digest(self) -> str:
        """SHA-256 of :meth:`text`, hexadecimal."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def terms_of(text: str) -> Terms:
    """What :meth:`Terms.text` wrote.

    :raises WrongTermsError: for anything else.
    """
    try:
        kept: dict[str, Any] = json.loads(text)
        if kept.pop("form") != FORM:
            raise WrongTermsError("These terms are of another form than {form}.", form=FORM)
        made = Terms(**{**kept, "exhaustion": Exhaustion(kept["exhaustion"]), "last": Last(kept["last"])})
    except (ValueError, TypeError, KeyError, AttributeError):
        raise WrongTermsError("These are no terms of a batch.") from None
    return made.checked()
