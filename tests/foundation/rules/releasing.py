"""A pack brought to its release, and facts laid straight into their table, for tests that need many."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tests.five_accounts import AT, FiveAccounts
from tests.foundation.facts.stating import second_officer
from tests.foundation.rules.packs import data_of, pack

RELEASED = AT + timedelta(hours=3)


def release(five: FiveAccounts, *, at: datetime = RELEASED, by: Any = None, **changes: Any) -> Any:
    """The pack, proposed by the officer, reviewed, and released by the second one (``by``)."""
    return release_of(five, data_of(pack(**changes)), by=by or second_officer(five), at=at)


def release_of(five: FiveAccounts, data: bytes, *, by: Any, at: datetime = RELEASED) -> Any:
    """The same of any pack."""
    from zonary.foundation.rules import actions

    draft = actions.propose_pack(data, note="first", by=five.officer, at=at)
    actions.record_fair_competition_review(
        str(draft.public_id), conclusion="passes", grounds="not about competitors", by=five.officer, at=at
    )
    return actions.release_pack(str(draft.public_id), by=by, at=at)


PERIODS = (
    (date(2025, 1, 1), date(2025, 12, 31)),
    (date(2024, 1, 1), date(2024, 12, 31)),
    (date(2026, 1, 1), date(2026, 9, 30)),
    (date(2025, 1, 1), date(2025, 6, 30)),
    (date(2025, 10, 1), date(2025, 12, 31)),
    (date(2025, 7, 1), None),
    (date(2026, 2, 1), None),
    (date(2024, 5, 1), date(2026, 12, 31)),
    (date(2026, 7, 1), date(2026, 12, 31)),
)


def drawn_facts(subjects: list[Any], consents: list[Any], seed: int, each: int) -> None:
    """``each`` facts about each subject: some erased, superseded, retracted, limited in use, or beyond their term."""
    from zonary.foundation.facts.indicators import INDICATORS
    from zonary.foundation.facts.models import Fact, Retraction

    drawn = Random(seed)
    rows: list[Fact] = []
    codes = ("revenue", "rd-expense", "staff", "energy-used", "foreign-share", "industry-code", "established-on",
             "serious-safety-accident", "high-tech-certificate", "serious-offenders-list", "main-products")  # fmt: skip
    for subject in subjects:
        for _ in range(each):
            indicator = INDICATORS[drawn.choice(codes)]
            value, number = _drawn_value(indicator, drawn)
            first, last = drawn.choice(PERIODS)
            recorded = AT + timedelta(minutes=drawn.randrange(60))
            rows.append(
                Fact(
                    public_id=uuid.UUID(int=drawn.getrandbits(128)),
                    subject=subject,
                    indicator=indicator.code,
                    value=value,
                    number=number,
                    unit=indicator.unit,
                    valid_from=first,
                    valid_until=last,
                    recorded_at=recorded,
                    recorded_by="x",
                    recorded_for="x",
                    source_kind=drawn.choice(Fact.SourceKind.values),
                    source=drawn.choice(("", "tax office")),
                    document="",
                    sharing_basis="",
                    use_limit=drawn.choice(([], [], ["policy"], ["statistics"])),
                    consent=drawn.choice((None, None, *consents)),
                    consent_not_needed="",
                    reason="",
                    entry=uuid.UUID(int=drawn.getrandbits(128)),
                )
            )
    by_subject: dict[int, list[Fact]] = {}
    for number, fact in enumerate(rows, Fact.objects.count() + 1):
        fact.pk = number  # so that one that is not there yet can be named
        before = by_subject.setdefault(fact.subject_id, [])
        if before and drawn.random() < 0.15:
            fact.supersedes_id = before.pop().pk
        before.append(fact)
    Fact.objects.bulk_create(rows, batch_size=500)
    retracted = [fact for fact in rows if drawn.random() < 0.1]
    Retraction.objects.bulk_create(
        Retraction(fact=fact, reason="x", retracted_by="x", retracted_at=fact.recorded_at + timedelta(minutes=9),
                   entry=uuid.UUID(int=drawn.getrandbits(128)))
        for fact in retracted
    )  # fmt: skip


def _drawn_value(indicator: Any, drawn: Random) -> tuple[str, int | None]:
    from zonary.foundation.facts.indicators import Type
    from zonary.foundation.facts.rules import read_value

    text = {
        Type.AMOUNT: lambda: str(drawn.randrange(10**6)),
        Type.COUNT: lambda: str(drawn.randrange(900)),
        Type.QUANTITY: lambda: f"{drawn.randrange(900)}.{drawn.randrange(10_000):04d}",
        Type.SHARE: lambda: str(drawn.randrange(130)),
        Type.CODE: lambda: drawn.choice(("C3511", "C35", "I65")),
        Type.YES_NO: lambda: drawn.choice(("yes", "no")),
        Type.DATE: lambda: drawn.choice(("2020-02-29", "2025-07-01")),
        Type.LATEST: lambda: drawn.choice(("never", "2025-07-01", "2027-01-01")),
        Type.VALIDITY: lambda: drawn.choice(("never", "without-end", "2027-01-01")),
        Type.TEXT: lambda: "泵",
    }[indicator.type]()
    value = read_value(indicator, text)
    return ("", None) if drawn.random() < 0.03 else (value.text, value.number)


def facts_for(vocabularies: list[Any], subjects: list[Any], *, day: date, at: datetime) -> None:
    """Facts that answer these vocabularies: of most terms one, of annual ones of three years, near what rules ask."""
    from zonary.foundation.facts.indicators import INDICATORS, Type
    from zonary.foundation.facts.models import Fact
    from zonary.foundation.facts.rules import read_value

    drawn = Random(7)
    said = {
        Type.AMOUNT: lambda: str(drawn.choice((0, 10**8, 5 * 10**8, 10**9, 10**10))),
        Type.COUNT: lambda: str(drawn.choice((0, 1, 4, 60, 100, 300))),
        Type.AREA: lambda: drawn.choice(("1000", "20000")),
        Type.QUANTITY: lambda: drawn.choice(("0", "10.5", "2000")),
        Type.SHARE: lambda: drawn.choice(("5", "50")),
        Type.YES_NO: lambda: drawn.choice(("yes", "no", "no", "no")),
        Type.DATE: lambda: "2020-01-01",
        Type.LATEST: lambda: drawn.choice(("never", "never", "2026-01-01")),
        Type.VALIDITY: lambda: drawn.choice(("never", "2027-01-01", "2025-01-01")),
    }
    terms = {term.id: term for each in vocabularies for term in each.terms if term.id in INDICATORS}
    rows = []
    for subject in subjects:
        for term in terms.values():
            indicator = INDICATORS[term.id]
            if drawn.random() < 0.02 or indicator.type not in said:
                continue
            years = (day.year, day.year - 1, day.year - 2) if term.annual else (None,)
            for year in years:
                usual = {"time": "0", "resident-enterprise": "yes"}.get(indicator.unit or indicator.code)
                value = read_value(indicator, usual or said[indicator.type]())
                rows.append(
                    Fact(
                        public_id=uuid.UUID(int=drawn.getrandbits(128)),
                        subject=subject,
                        indicator=indicator.code,
                        value=value.text,
                        number=value.number,
                        unit=indicator.unit,
                        valid_from=date(year or 2024, 1, 1),
                        valid_until=date(year, 12, 31) if year else None,
                        recorded_at=at,
                        recorded_by="x",
                        recorded_for="x",
                        source_kind=Fact.SourceKind.IMPORT,
                        source="registry",
                        use_limit=[],
                        entry=uuid.UUID(int=drawn.getrandbits(128)),
                    )
                )
    Fact.objects.bulk_create(rows, batch_size=500)
