"""Values are exact, periods have one spelling, and what holds on a day is what a slow look says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.foundation.facts.indicators import DIVISIONS, INDICATORS, PURPOSES, Type
from zonary.foundation.facts.rules import (
    Claim,
    Period,
    WrongFactError,
    checked_claim,
    read_period,
    read_purposes,
    read_value,
    still_holding,
    written_period,
)

TODAY = date(2026, 11, 20)
REVENUE, LAND, STAFF = INDICATORS["revenue"], INDICATORS["land-area"], INDICATORS["staff"]


@given(st.integers(0, 10**17 - 1))
def test_an_amount_is_the_same_in_every_unit_to_the_last_fen(fen: int) -> None:
    yuan, rest = divmod(fen, 100)
    wan, small = divmod(fen, 1_000_000)
    given_as = {"fen": f"{fen}", "yuan": f"{yuan}.{rest:02d}", "wan-yuan": f"{wan}.{small:06d}"}
    for unit, text in given_as.items():
        value = read_value(REVENUE, text, unit)
        assert (value.text, value.number, value.unit) == (str(fen), fen, "fen")


@given(st.integers(0, 10**14), st.integers(0, 8))
def test_an_amount_is_exact_or_refused(digits: int, places: int) -> None:
    text = f"{digits:0{places + 1}d}"
    text = f"{text[:-places]}.{text[-places:]}" if places else text
    exact = Fraction(digits, 10**places) * 100
    if exact.denominator == 1:
        assert read_value(REVENUE, text, "yuan").number == exact
    else:
        with pytest.raises(WrongFactError, match="decimals"):
            read_value(REVENUE, text, "yuan")


@given(st.integers(0, 10**16))
def test_an_area_reads_back_as_it_was_written(hundredths: int) -> None:
    whole, rest = divmod(hundredths, 100)
    value = read_value(LAND, f"{whole}.{rest:02d}")
    assert value.number == hundredths
    assert read_value(LAND, value.text) == value
    assert Fraction(value.text) * 100 == hundredths
    assert not value.text.endswith(".")


@pytest.mark.parametrize(
    ("indicator", "text", "unit"),
    [
        ("revenue", "1e3", ""), ("revenue", "-1", ""), ("revenue", "1,000", ""), ("revenue", "NaN", ""),
        ("revenue", "１２", ""), ("revenue", "0.5", "fen"), ("revenue", "9" * 25, ""), ("revenue", "1", "person"),
        ("revenue", "100000000000000000", "fen"), ("staff", "2.5", ""), ("staff", "3", "piece"), ("staff", "", ""),
        ("land-area", "0.001", "m2"), ("land-area", "1", "mu"), ("established-on", "2025-02-30", ""),
        ("established-on", "20250228", ""), ("high-tech-enterprise", "maybe", ""), ("industry-code", "C0511", ""),
        ("industry-code", "9811", ""), ("industry-code", "C35166", ""), ("credit-grade", "a", ""),
        ("main-products", "", ""), ("main-products", "a\nb", ""), ("main-products", "x" * 201, ""),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(indicator: str, text: str, unit: str) -> None:
    with pytest.raises(WrongFactError):
        read_value(INDICATORS[indicator], text, unit)


def test_values_have_one_spelling() -> None:
    assert read_value(REVENUE, "007.10", "yuan").text == "710"
    assert read_value(LAND, "1.5", "hectare").text == "15000"
    assert read_value(LAND, "12.50").text == "12.5"
    assert read_value(INDICATORS["industry-code"], "3516").text == "C3516"
    told = [read_value(INDICATORS["high-tech-enterprise"], text).text for text in ("是", "否", "yes")]
    assert told == ["yes", "no", "yes"]
    assert read_value(INDICATORS["industry-code"], "C3516").text == "C3516"
    assert read_value(INDICATORS["industry-code"], "C").text == "C"
    assert read_value(INDICATORS["credit-grade"], "A").text == "A"


@given(st.integers(-(10**16), 10**16))
def test_a_share_that_may_be_negative_reads_back_as_it_was_written(millionths: int) -> None:
    growth = INDICATORS["main-revenue-growth"]
    whole, rest = divmod(abs(millionths), 10_000)
    value = read_value(growth, f"{'-' if millionths < 0 else ''}{whole}.{rest:04d}")
    assert value.number == millionths
    assert Fraction(value.text) * 10_000 == millionths
    assert read_value(growth, value.text) == value


def test_measures_events_and_credentials_have_one_spelling() -> None:
    assert read_value(INDICATORS["energy-used"], "12.3400").text == "12.34"
    assert read_value(INDICATORS["energy-used"], "12.34").number == 123_400
    assert read_value(INDICATORS["foreign-share"], "49.5").number == 495_000
    assert read_value(INDICATORS["net-profit"], "-1.5", "wan-yuan").text == "-1500000"
    assert read_value(INDICATORS["safety-accidents"], "0").unit == "time"
    accident, certificate = INDICATORS["serious-safety-accident"], INDICATORS["high-tech-certificate"]
    assert {read_value(accident, text).text for text in ("从未", "never")} == {"never"}
    assert {read_value(certificate, text).text for text in ("长期", "without-end")} == {"without-end"}
    assert read_value(accident, "2024-02-29").text == "2024-02-29"
    for indicator, text in (
        (accident, "without-end"), (INDICATORS["established-on"], "never"), (INDICATORS["energy-used"], "-1"),
        (INDICATORS["energy-used"], "1.00001"), (INDICATORS["foreign-share"], "-1"), (accident, "maybe"),
    ):  # fmt: skip
        with pytest.raises(WrongFactError):
            read_value(indicator, text)


def test_values_are_shown_as_people_write_them() -> None:
    from zonary.common.language import speaking
    from zonary.foundation.facts.wording import shown_amount

    with speaking("en"):
        assert shown_amount("-50", "fen") == "-0.50 yuan"
        assert shown_amount("-0.5", "percent") == "-0.5%"
        assert shown_amount("1234.5", "tce") == "1,234.5 tonnes of coal equivalent"
        assert shown_amount("never", "") == "never"
        assert shown_amount("2025-01-01", "") == "2025-01-01"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2025-07-01", date(2025, 7, 1), date(2025, 7, 1)),
        ("2025-07-01/", date(2025, 7, 1), None),
        ("2025-07-01/2025-09-15", date(2025, 7, 1), date(2025, 9, 15)),
    ],
)
def test_periods(text: str, first: date, last: date | None) -> None:
    assert read_period(text) == Period(first, last)
    assert written_period(first, last) == text


@given(st.dates(date(1900, 1, 1), date(9999, 12, 31)), st.none() | st.integers(0, 800))
def test_a_written_period_is_read_as_the_same(first: date, days: int | None) -> None:
    last = None if days is None else min(first + timedelta(days=min(days, (date.max - first).days)), date.max)
    assert read_period(written_period(first, last)) == Period(first, last)


@pytest.mark.parametrize(
    "text", ["", "25", "2025-Q5", "2025-13", "2025-7-1", "2025-07-01/2025-06-30", "/", "0001", "1899-12-31", "x" * 99]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(WrongFactError):
        read_period(text)


def test_a_claim_is_looked_at_in_all_its_parts() -> None:
    right = Claim(indicator="revenue", value="1", period="2025", use_limit=("finance", "policy", "policy"))
    assert checked_claim(right, today=TODAY).use_limit == ("policy", "finance")
    assert checked_claim(replace(right, period="2026"), today=TODAY).period.last == date(2026, 12, 31)
    for wrong in (
        replace(right, indicator="score"),
        replace(right, period="2027"),
        replace(right, document="abc"),
        replace(right, use_limit=("everything",)),
        replace(right, source="x" * 201),
    ):
        with pytest.raises(WrongFactError):
            checked_claim(wrong, today=TODAY)


def test_the_dictionary_is_whole() -> None:
    assert all(code == each.code and each.chinese and each.english for code, each in INDICATORS.items())
    assert not any("score" in each.code or "评分" in each.chinese for each in INDICATORS.values())
    assert {each.unit for each in INDICATORS.values() if each.type is Type.AMOUNT} == {"fen"}
    assert len(DIVISIONS) == 97  # 大类 of GB/T 4754—2017
    assert read_purposes(reversed(PURPOSES)) == tuple(PURPOSES)


@dataclass(frozen=True)
class Said:
    indicator: str
    source_kind: str
    valid_from: date
    valid_until: date | None
    recorded_at: datetime


_SAID = st.builds(
    Said,
    indicator=st.sampled_from(["staff", "revenue"]),
    source_kind=st.sampled_from(["officer", "self-declared"]),
    valid_from=st.dates(date(2025, 1, 1), date(2025, 1, 9)),
    valid_until=st.none() | st.just(date(2025, 1, 20)),
    recorded_at=st.just(datetime(2026, 1, 1, tzinfo=UTC)),
)


@given(st.lists(_SAID, max_size=8))
def test_what_goes_on_ends_when_the_next_of_its_source_begins(facts: list[Said]) -> None:
    slow = [
        fact
        for fact in facts
        if fact.valid_until is not None
        or not any(
            other.valid_until is None
            and (other.indicator, other.source_kind) == (fact.indicator, fact.source_kind)
            and other.valid_from > fact.valid_from
            for other in facts
        )
    ]
    assert still_holding(facts) == slow
