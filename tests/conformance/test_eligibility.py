"""Chinese eligibility clauses, score bands and indicators as others wrote them down, asked of the shipped packs."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from tests.foundation.rules.shipped import asking, decided, first_case, raw, shipped

from zonary.engines.clauses.kleene import Truth

DAY = date(2026, 6, 1)
SCORED = {
    "第七条1": ("科技人员指标得分", "rd-staff@2025", "staff@2025", "人"),
    "第七条2(1)": ("研发费用占销售收入得分", "rd-expense@2025", "revenue@2025", "元"),
    "第七条2(2)": ("研发费用占成本费用得分", "rd-expense@2025", "costs-and-expenses@2025", "元"),
}
"""Article -> table, part and whole of its share."""
WHOLE = 1_000_000
WEIGHED = {
    "亩均税收": ("亩均税收得分", "小地块亩均税收得分"),
    "亩均销售收入": ("亩均销售得分", "小地块亩均销售得分"),
    "单位能耗工业增加值": ("单位能耗增加值得分",),
    "单位COD排放工业增加值": ("单位排放增加值得分",),
    "单位用水量工业增加值": ("单位用水增加值得分",),
    "全员劳动生产率": ("劳动生产率得分",),
    "单位电耗税收": ("单位电耗税收得分",),
}
"""Indicator -> its table for plots of three mu or more, or for smaller ones; the same kind of measure has both."""


def rows(vectors: Path, name: str) -> list[dict[str, str]]:
    with (vectors / "eligibility" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert found, name
    return found


def test_each_score_band_gives_its_points_at_both_ends(vectors: Path) -> None:
    for row in rows(vectors, "kejixing_sme_score"):
        wanted = Fraction(row["points"])
        if row["unit"] == "ratio":
            table, part, whole, unit = SCORED[row["art"]]
            ends = [Fraction(row["lower_incl"] or 0) * WHOLE]
            ends += [Fraction(row["upper_excl"]) * WHOLE - 1] if row["upper_excl"] else []
            for end in ends:
                data = {part: f"{end.numerator}{unit}", whole: f"{WHOLE}{unit}"}
                assert asking("tech-sme", data, DAY).table(table).extent.number == wanted, (row, end)
        else:
            term = "class-one-ip" if "Ⅰ" in row["indicator"] else "class-two-ip"
            data = {"class-one-ip": "0项", "class-two-ip": "0项", term: f"{row['lower_incl']}项"}
            assert asking("tech-sme", data, DAY).table("科技成果指标得分").extent.number == wanted, row


def test_each_industry_of_the_standard_land_table_meets_its_row_and_nothing_less(vectors: Path) -> None:
    id = "standard-land-longchang"
    codes = {each.name: sorted(each.editions[0].codes) for each in shipped(id).vocabulary.lists}
    for row in rows(vectors, "standard_land_longchang_2022"):
        (code,) = codes[row["industry"]]
        mu = 30  # 20,000 m²
        wan = {
            "fixed-investment": row["fixed_investment_intensity_min"],
            "tax-paid@2025": row["tax_per_mu_min"],
            "output-value@2025": row["output_intensity_min"],
        }
        fen = {term: int(Fraction(each) * mu * 10**6) for term, each in wan.items()}
        fen["revenue@2025"] = 10**10
        fen["rd-expense@2025"] = int(Fraction(row["rd_intensity_min"] or 0) * 10**10)
        base = {"standard-land-trade": code, "land-area": "20000平方米"}
        data = {**base, **{term: f"{each // 100}.{each % 100:02}元" for term, each in fen.items()}}
        assert decided(id, "standard-land", data, DAY).truth is Truth.YES, row
        for term in fen.keys() - {"revenue@2025"}:
            if fen[term]:
                less = {**data, term: f"{(fen[term] - 1) // 100}.{(fen[term] - 1) % 100:02}元"}
                assert decided(id, "standard-land", less, DAY).truth is Truth.NO, (row, term)


def test_each_class_of_the_ranking_reaches_from_its_share_to_its_share(vectors: Path) -> None:
    for row in rows(vectors, "mu_benefit_classes"):
        item = f"grade-{row['class'].lower()}"
        inside, last = f"{row['from_pct_excl']}.0001%", f"{row['to_pct_incl']}%"
        for share in (inside, last):
            data = {**first_case("per-mu-grading"), "rank-share@2025": share}
            assert decided("per-mu-grading", item, data, DAY).truth is Truth.YES, (row, share)
            label = asking("per-mu-grading", data, DAY).table("亩均效益分档").label
            assert label == f"{row['class']} {row['label']}"
        if row["from_pct_excl"] != "0":
            data = {**first_case("per-mu-grading"), "rank-share@2025": f"{row['from_pct_excl']}%"}
            assert decided("per-mu-grading", item, data, DAY).truth is Truth.NO, row


def test_each_weight_and_base_of_the_schemes_is_the_tables(vectors: Path) -> None:
    linhai = {each["name"]["zh"]: each for each in raw("per-mu-linhai")["tables"]}
    grading = {each["quote"]: each for each in raw("per-mu-grading")["tables"]}
    for row in rows(vectors, "mu_benefit_schemes"):
        if row["base_value"]:
            table = linhai[WEIGHED[row["indicator"]][-1 if "<" in row["population"] else 0]]
            assert table["rate"] == row["weight"], row
            assert table["base"].startswith(f"{row['base_value']}{row['unit'].partition('/')[0]}/"), row
        else:
            table = grading[f"{row['indicator']} {row['weight']}"]
            assert (table["rate"], table["base"][0]) == (row["weight"], "【"), row


@pytest.mark.parametrize("kind", ["prohibited", "control", "share_cap", "jv_only+control"])
def test_each_measure_of_the_negative_list_is_quoted(vectors: Path, kind: str) -> None:
    quotes = {each["quote"] for each in raw("foreign-investment-negative-list")["clauses"]}
    for row in rows(vectors, "national_negative_list_2021_excerpt"):
        assert row["kind"] != kind or row["measure"] in quotes, row
