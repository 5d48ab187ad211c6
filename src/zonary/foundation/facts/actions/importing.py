"""Many facts at one time, by an officer: a table's rows, as a register or another authority hands them over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from zonary.foundation.facts.actions.recording import _checked_for_officer, _consent, _Origin, _state
from zonary.foundation.facts.events import FactRecorded, FactsImported
from zonary.foundation.facts.models import Fact
from zonary.foundation.facts.permissions import require_write
from zonary.foundation.facts.rules import CheckedClaim, Claim, WrongFactError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.permissions import hold_standing, require_officer
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error

MAX_ROWS = 5_000
_IN_LIMIT = 500


@dataclass(frozen=True, slots=True)
class ImportRow:
    """:param number: of the row in its file, for the report; :param uscc: the enterprise's number."""

    number: int
    uscc: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row."""

    number: int
    error: Error


@dataclass(frozen=True, slots=True)
class Imported:
    """``unchanged`` counts rows that are here already, word for word: the same file again does nothing twice."""

    recorded: int
    unchanged: int
    errors: Sequence[RowError]


@action
def import_facts(
    rows: Sequence[ImportRow],
    *,
    source: str,
    sharing_basis: str = "",
    consent_not_needed: str = "",
    by: Standing,
    at: datetime,
) -> Imported:
    """Record the rows that are right, each with its own entry, and report the others.

    What the rows leave out of source, basis and consent is taken from the parameters. With a sharing basis they are
    shared by an authority, else they are an import.

    :raises WrongFactError: for more than ``MAX_ROWS`` rows; nothing is recorded then.
    """
    hold_standing(by, at=at)
    require_write(by)
    require_officer(by)
    if len(rows) > MAX_ROWS:
        raise WrongFactError("An import has at most {limit} rows. Cut the file into parts.", limit=MAX_ROWS)
    subjects = _subjects({row.uscc for row in rows})
    recorded, unchanged, errors = 0, 0, list[RowError]()
    for row in rows:
        claim = _completed(row.claim, source, sharing_basis, consent_not_needed)
        kind = Fact.SourceKind.AUTHORITY if claim.sharing_basis else Fact.SourceKind.IMPORT
        try:
            subject = subjects.get(row.uscc)
            if subject is None:
                raise WrongFactError("There is no enterprise with the number “{uscc}” here.", uscc=row.uscc[:40])
            checked = _checked_for_officer(claim, kind, at=at)
            consent = _consent(subject, checked, at=at)
        except Error as error:
            errors.append(RowError(row.number, error))
            continue
        if _is_here(subject, kind, checked):
            unchanged += 1
            continue
        _state(_Origin(subject, kind, consent), checked, FactRecorded, by=by, at=at)
        recorded += 1
    event = FactsImported(source=source, recorded=recorded, unchanged=unchanged, refused=len(errors))
    record(event, by=by, about=by.organisation, at=at)
    return Imported(recorded, unchanged, errors)


def _completed(claim: Claim, source: str, sharing_basis: str, consent_not_needed: str) -> Claim:
    return replace(
        claim,
        source=claim.source or source,
        sharing_basis=claim.sharing_basis or sharing_basis,
        consent_not_needed=claim.consent_not_needed or ("" if claim.consent else consent_not_needed),
    )


def _subjects(numbers: set[str]) -> dict[str, Organization]:
    listed, found = sorted(each for each in numbers if each.isalnum()), dict[str, Organization]()
    for start in range(0, len(listed), _IN_LIMIT):
        for each in Organization.objects.filter(uscc__in=listed[start : start + _IN_LIMIT]):
            found[each.uscc or ""] = each
    return found


def _is_here(subject: Organization, kind: str, checked: CheckedClaim) -> bool:
    """Whether the same was recorded before, even if another fact took its place since."""
    return Fact.objects.filter(
        subject=subject,
        indicator=checked.indicator.code,
        source_kind=kind,
        value=checked.value.text,
        valid_from=checked.period.first,
        valid_until=checked.period.last,
        source=checked.claim.source,
    ).exists()
