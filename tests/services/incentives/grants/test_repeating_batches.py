"""A batch's file that somebody changed: refused, or repeated with other digests than the receipts name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.services.incentives.grants import paying
from tests.services.incentives.grants.paying import AFTER_ANSWERS

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)


@pytest.fixture
def paid(five: Any) -> Any:
    return paying.paid(five)


def _export(batch: Any, five: Any) -> dict[str, Any]:
    from zonary.services.incentives.grants.actions import export_batch

    shape: dict[str, Any] = json.loads(export_batch(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS))
    return shape


def _write_files_anew(shape: dict[str, Any]) -> None:
    """As somebody would who knows the format: everything follows but the digest with accounts."""
    from zonary.services.incentives.grants.rules.payment_files import Line, payment_file
    from zonary.services.incentives.grants.rules.terms import terms_of

    amounts = {each["grant"]: each["allocated"] or 0 for each in shape["grants"]}
    for each in shape["files"]:
        lines = [Line(number, grant, amounts[grant], None) for number, grant in enumerate(each["lines"], 1)]
        content = payment_file(shape["number"], terms_of(shape["terms"]).title, lines)
        each["shown"], each["shown_digest"] = content.decode(), hashlib.sha256(content).hexdigest()


def _repeat(shape: dict[str, Any]) -> Any:
    from zonary.services.incentives.grants.rules.repeating import read_batch, repeat_batch

    return repeat_batch(read_batch(json.dumps(shape).encode()))


def test_one_enterprise_less_is_another_list_and_another_file(paid: Any, five: Any) -> None:
    shape = _export(paid, five)
    gone = shape["grants"].pop(0)["grant"]
    shape["files"][0]["lines"].remove(gone)
    _write_files_anew(shape)
    again = _repeat(shape)
    assert again.list_digest != paid.list_digest
    assert [each.shown_digest for each in again.files] != [paid.files.get().shown_digest]


def test_something_had_earlier_that_nobody_gave_is_another_file(paid: Any, five: Any) -> None:
    shape = _export(paid, five)
    shape["grants"][0]["earlier"] = [1_00]
    shape["grants"][0]["allocated"] -= 1_00
    _write_files_anew(shape)
    assert [each.shown_digest for each in _repeat(shape).files] != [paid.files.get().shown_digest]


def test_a_payment_file_with_another_amount_in_it_is_named_by_its_line(paid: Any, five: Any) -> None:
    from zonary.engines.clauses.errors import ReplayError

    shape = _export(paid, five)
    first = shape["files"][0]["shown"].split("\r\n")[1]
    other = first.replace(".00", ".01") + "\x1b" + "9" * 300
    shape["files"][0]["shown"] = shape["files"][0]["shown"].replace(first, other)
    with pytest.raises(ReplayError) as refused:
        _repeat(shape)
    said = str(refused.value)
    assert said.startswith("Line 2 of payment file 1 comes out otherwise")
    assert f"“{first}”" in said
    assert ".01" in said
    assert "\x1b" not in said
    assert "9" * 200 not in said


def _one_grant_on_two_lines(shape: dict[str, Any]) -> None:
    shape["files"][0]["lines"].append(shape["files"][0]["lines"][0])


def _one_line_less(shape: dict[str, Any]) -> None:
    shape["files"][0]["lines"].pop()


def _one_grant_twice(shape: dict[str, Any]) -> None:
    shape["grants"].append(dict(shape["grants"][0], allocated=None))


def _one_decision_under_another_grant(shape: dict[str, Any]) -> None:
    other = {name: shape["grants"][0][name] for name in ("decision", "snapshot", "computed", "allocated")}
    shape["grants"][1].update(other)


def _another_day(shape: dict[str, Any]) -> None:
    shape["day"] = "2026-11-22"


def _no_consent(shape: dict[str, Any]) -> None:
    shape["grants"][0]["consented_at"] = "yesterday"


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (_one_grant_on_two_lines, "each once and in order"),
        (_one_line_less, "each once and in order"),
        (_one_grant_twice, "in the batch twice"),
        (_one_decision_under_another_grant, "in the batch twice"),
        (_another_day, "not as of the day of the batch"),
        (_no_consent, "does not say when it was consented to"),
    ],
)
def test_what_no_batch_can_be_is_refused(
    paid: Any, five: Any, change: Callable[[dict[str, Any]], None], match: str
) -> None:
    from zonary.engines.clauses.errors import ReplayError

    shape = _export(paid, five)
    change(shape)
    _write_files_anew(shape)
    with pytest.raises(ReplayError, match=match):
        _repeat(shape)


def test_a_list_that_is_not_the_one_its_act_named_is_found_in_the_zone(paid: Any) -> None:
    from zonary.engines.clauses.errors import ReplayError
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.incentives.grants.repeating import replay_batch

    with unrecorded("somebody with a database shell"):
        type(paid).objects.update(list_digest="0" * 64)
    paid.refresh_from_db()
    with pytest.raises(ReplayError, match="list of the batch comes out otherwise"):
        replay_batch(paid)
