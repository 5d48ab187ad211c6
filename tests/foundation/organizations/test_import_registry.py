"""A registry is read in: every row listed or refused by name, nothing twice, nothing of an owner's overwritten."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import multiprocessing
import os
import random
import signal
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="organisations need the [web] extra")
pytest.importorskip("python_calamine", reason="tables need the [web] extra")

from hypothesis import given
from hypothesis import strategies as st
from tests.five_accounts import AT, OWN_USCC
from tests.registries import HEADER, csv_of, enterprises, make_uscc, write_csv, write_parquet, write_xlsx

from zonary.common.tables import Bounds, TableError

LATER = AT + timedelta(hours=1)


@pytest.fixture
def operator(data: Any) -> Any:
    from zonary.foundation.organizations.standing import Standing

    return Standing(person="operator")


@pytest.fixture
def bring_in(data: Any, operator: Any, tmp_path: Path) -> Callable[..., Any]:
    """Imports rows, or a file, to the end."""
    numbers = iter(range(100))

    def run(what: Path | list[list[str]], *, at: datetime = LATER, by: Any = None, **options: Any) -> Any:
        path = what if isinstance(what, Path) else tmp_path / f"registry-{next(numbers)}.csv"
        if not isinstance(what, Path):
            path.write_bytes(csv_of(what))
        return _run(path, data, by or operator, at, **options)

    return run


def _run(path: Path, data: Any, by: Any, at: datetime = LATER, **options: Any) -> Any:
    from zonary.foundation.organizations.registry.files import open_registry
    from zonary.foundation.organizations.registry.importing import run_import

    file = open_registry(path, name=path.name)
    return run_import(file, source="示例登记机关", data=data, by=lambda: by, clock=lambda: at, **options)


def _remarks(done: Any) -> list[tuple[int, str, bool, str]]:
    rows = done.remarks.order_by("row", "pk")
    return list(rows.values_list("row", "column", "is_refused", "reason_en"))


def _counts(done: Any) -> tuple[int, int, int, int]:
    return done.created, done.changed, done.unchanged, done.refused


@pytest.mark.parametrize("write", [write_csv, write_xlsx, write_parquet])
def test_a_registry_is_listed_and_each_enterprise_can_prove_it(
    data: Any, bring_in: Any, tmp_path: Path, write: Any
) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.queries import item_of
    from zonary.foundation.ledger.receipts import act_of, statement_of
    from zonary.foundation.organizations.models import Organization
    from zonary.proof.digests import digests_of
    from zonary.proof.leaf import decode_leaf

    path = write(tmp_path / "registry", 25)
    done = bring_in(path)
    assert _counts(done) == (25, 0, 0, 0)
    rows = {row[0]: row for row in enterprises(25)}
    for organization in Organization.objects.all():
        _uscc, name, person, day, address, industry = rows[organization.uscc]
        assert (organization.name, organization.legal_representative) == (name, person)
        assert (organization.established_on, organization.address) == (date.fromisoformat(day), address)
        assert (organization.industry_code, organization.kind, organization.state) == (industry, "enterprise", "listed")
        assert organization.registered_by == str(done.public_id)
        act = act_of(str(organization.registry_act))
        item = item_of(str(organization.registry_act))
        assert act is not None
        assert item is not None
        assert act.body is not None
        assert (act.about, act.body["enterprise"]) == (str(done.public_id), str(organization.public_id))
        assert act.body["after"] == {
            "name": name, "legal_representative": person, "address": address, "industry_code": industry,
            "established_on": day,
        }  # fmt: skip
        assert decode_leaf(item.leaf).digests == digests_of(statement_of(item))
    kinds = list(Entry.objects.order_by("id").values_list("kind", "count"))
    assert kinds == [
        ("organizations.registry-import.begun", 1),
        ("organizations.enterprise.listed", 25),
        ("organizations.registry-import.finished", 1),
    ]
    begun = act_of(str(done.act))
    assert begun is not None
    assert begun.body is not None
    assert begun.body["file_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (begun.body["rows"], begun.body["source"]) == (25, "示例登记机关")


def test_each_bad_row_is_named_and_the_others_are_taken(data: Any, bring_in: Any) -> None:
    from zonary.foundation.organizations.models import Organization

    good = list(enterprises(10))
    wrong = good[1][0][:-1] + ("0" if good[1][0][-1] != "0" else "1")
    rows = [
        good[0],
        [wrong, *good[1][1:]],
        [good[0][0].lower(), *good[2][1:]],
        [good[3][0], "", *good[3][2:]],
        [*good[4][:3], "2019-02-30", *good[4][4:]],
        [*good[5][:5], "3512"],
        [*good[6][:3], "2050-01-01", *good[6][4:]],
        ["", *good[7][1:]],
        [f" {good[8][0][:9]} {good[8][0][9:]} ", " 长沙  某某\t公司 ", "", "2019年3月4日", "", "c3512"],
        [good[9][0], "名" * 121, *good[9][2:]],
    ]
    done = bring_in(rows)
    assert _counts(done) == (2, 0, 0, 8)
    found = _remarks(done)
    assert [(row, column) for row, column, is_refused, _reason in found if is_refused] == [
        (3, HEADER[0]), (4, HEADER[0]), (5, HEADER[1]), (6, HEADER[3]), (7, HEADER[5]), (8, HEADER[3]), (9, HEADER[0]),
        (11, HEADER[1]),
    ]  # fmt: skip
    assert "check character" in found[0][3]
    assert "row 2 already, and again in row 4" in found[1][3]
    last = Organization.objects.get(uscc=good[8][0])
    assert (last.name, last.established_on, last.industry_code) == ("长沙 某某 公司", date(2019, 3, 4), "C3512")


def test_the_report_is_the_one_whose_digest_is_recorded_and_no_cell_is_a_formula(data: Any, bring_in: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.receipts import act_of
    from zonary.foundation.organizations.registry.report import report_of

    good = list(enterprises(3))
    done = bring_in([good[0], ["=HYPERLINK(1)", *good[1][1:]], [good[2][0], good[2][1], "", "@SUM(1)", "", ""]])
    act = act_of(str(Entry.objects.latest("id").public_id))
    assert act is not None
    assert act.body is not None
    for language, key in (("zh", "report_zh_sha256"), ("en", "report_en_sha256")):
        report = b"".join(report_of(done, language))
        assert hashlib.sha256(report).hexdigest() == act.body[key]
    rows = list(csv.reader(io.StringIO(b"".join(report_of(done, "zh")).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["行号", "列", "值", "是否导入", "原因"]
    assert [row[:4] for row in rows[1:]] == [
        ["3", HEADER[0], "'=HYPERLINK(1)", "否"],
        ["4", HEADER[3], "'@SUM(1)", "否"],
    ]


def test_the_same_file_twice_does_nothing(data: Any, bring_in: Any, tmp_path: Path) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.organizations.actions import AlreadyImportedError
    from zonary.foundation.organizations.models import Organization

    path = write_csv(tmp_path / "registry.csv", 20)
    bring_in(path)
    before = Entry.objects.count(), list(Organization.objects.values())
    with pytest.raises(AlreadyImportedError, match=r"registry\.csv"):
        bring_in(path, at=LATER + timedelta(days=1))
    assert (Entry.objects.count(), list(Organization.objects.values())) == before


def test_a_newer_file_changes_what_is_different_and_nothing_else(data: Any, bring_in: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.receipts import act_of
    from zonary.foundation.organizations.models import Organization

    rows = list(enterprises(6))
    bring_in(rows[:5])
    before = {each["uscc"]: each for each in Organization.objects.values()}
    newer = [list(row) for row in rows]
    newer[1][4] = "长沙市新址1号"
    newer[2][2] = newer[2][4] = ""  # says nothing, and takes nothing away
    done = bring_in(newer, at=LATER + timedelta(days=1))
    assert _counts(done) == (1, 1, 4, 0)
    after = {each["uscc"]: each for each in Organization.objects.values()}
    moved = rows[1][0]
    assert all(after[uscc] == before[uscc] for uscc in before if uscc != moved)
    assert {key for key in after[moved] if after[moved][key] != before[moved][key]} == {
        "address", "registry_act", "changed_at",
    }  # fmt: skip
    act = act_of(str(after[moved]["registry_act"]))
    assert act is not None
    assert act.body is not None
    assert (act.body["before"], act.body["after"]) == ({"address": rows[1][4]}, {"address": "长沙市新址1号"})
    listed = Entry.objects.filter(kind="organizations.enterprise.listed").latest("id")
    assert listed.count == 2


def test_what_was_corrected_here_is_kept_and_the_difference_told(five: Any, bring_in: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.organizations.actions import decide_correction, propose_correction
    from zonary.foundation.organizations.models import Organization

    founded = Entry.objects.filter(kind="organizations.organization.founded", about=five.enterprise.public_id).get()
    correction = propose_correction(
        str(founded.public_id), changes={"address": "星河路1号"}, reason="搬迁", by=five.owner, at=LATER
    )
    decide_correction(str(correction.public_id), is_approved=True, answer="", by=five.officer, at=LATER)
    done = bring_in([[OWN_USCC, "星河精工有限公司（虚构）", "张星河", "", "旧址9号", ""]], at=LATER, by=five.officer)
    assert _counts(done) == (0, 1, 0, 0)
    own = Organization.objects.get(uscc=OWN_USCC)
    assert (own.name, own.legal_representative, own.address) == ("星河精工有限公司（虚构）", "张星河", "星河路1号")
    assert (own.state, own.kind, own.registered_by) == ("active", "enterprise", five.owner.person)
    [(row, column, is_refused, reason)] = _remarks(done)
    assert (row, column, is_refused) == (2, "address", False)
    assert "星河路1号" in reason


def test_only_officers_and_the_operator_import(five: Any, bring_in: Any) -> None:
    from zonary.foundation.organizations.models import Organization, RegistryImport
    from zonary.foundation.organizations.permissions import NotAllowedError

    rows = list(enterprises(2))
    for name in ("owner", "colleague", "rival", "outsider"):
        with pytest.raises(NotAllowedError):
            bring_in(rows, by=getattr(five, name))
    assert not Organization.objects.filter(uscc=rows[0][0]).exists()
    assert not RegistryImport.objects.exists()
    assert _counts(bring_in(rows, by=five.officer)) == (2, 0, 0, 0)


def test_an_officer_whose_membership_ends_stops_in_the_middle_and_another_goes_on(
    five: Any, data: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import accept_invitation, end_membership, invite_member
    from zonary.foundation.organizations.models import Membership, Organization
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.organizations.queries import standing_of

    _in_small_batches(monkeypatch, 10)
    _, secret = invite_member(role="agent", email="", until=None, by=five.officer, at=LATER)
    agent_for = accept_invitation(secret, by=five.outsider, at=LATER)
    person = Person.objects.get(public_id=five.outsider.person)
    agent = standing_of(person, five.officer.organisation, at=LATER)
    path = write_csv(tmp_path / "registry.csv", 40)

    def told(running: Any) -> None:
        if running.rows_done > 11 and Membership.objects.get(pk=agent_for.pk).ended_at is None:
            end_membership(str(agent_for.public_id), reason="left", by=five.officer, at=LATER)

    with pytest.raises(NotAllowedError, match="no longer"):
        _run(path, data, agent, told=told)
    assert Organization.objects.filter(state="listed").count() == 20
    assert _counts(_run(path, data, five.officer)) == (40, 0, 0, 0)


def _in_small_batches(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    from zonary.foundation.organizations.registry import files, importing

    monkeypatch.setattr(importing, "batches", functools.partial(files.batches, size=size))


def _import_and_die(path: Path, data: Any, settings: dict[str, Any], after: int, inside: bool) -> None:
    """In a process of its own, killed once it is past row ``after``: between two batches, or ``inside`` the next."""
    from tests.conftest import use_settings

    from zonary.foundation.organizations.actions import listing
    from zonary.foundation.organizations.models import RegistryImport
    from zonary.foundation.organizations.registry import files, importing
    from zonary.foundation.organizations.standing import Standing

    use_settings(settings)
    importing.batches = functools.partial(files.batches, size=50)

    def die(running: Any) -> None:
        if running.rows_done > after:
            os.kill(os.getpid(), signal.SIGKILL)

    def die_after(*arguments: Any) -> None:
        update(*arguments)
        die(RegistryImport.objects.get())

    update = listing._update
    if inside:
        listing._update = die_after
    _run(path, data, Standing(person="operator"), told=die if not inside else lambda _running: None)


def test_killed_in_the_middle_it_goes_on(data: Any, operator: Any, tmp_path: Path) -> None:
    from django.db import connection, connections

    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.organizations.models import Organization, RegistryImport

    rows = list(enterprises(300))
    rows[10][0] = rows[220][0] = "wrong"
    path = tmp_path / "registry.csv"
    path.write_bytes(csv_of(rows))
    settings = dict(connection.settings_dict)
    for after, inside, expected in ((100, False, 99), (200, True, 199)):
        connections.close_all()
        process = multiprocessing.get_context("fork").Process(
            target=_import_and_die, args=(path, data, settings, after, inside)
        )
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        assert Organization.objects.count() == expected
    done = _run(path, data, operator)
    assert _counts(done) == (298, 0, 0, 2)
    assert [row for row, *_ in _remarks(done)] == [12, 222]
    assert Organization.objects.count() == 298
    listed = Entry.objects.filter(kind="organizations.enterprise.listed")
    assert sum(listed.values_list("count", flat=True)) == 298
    assert Entry.objects.filter(kind="organizations.registry-import.begun").count() == 1
    assert RegistryImport.objects.get().state == "done"


def test_two_at_one_time_the_second_is_refused(data: Any, operator: Any, tmp_path: Path) -> None:
    from django.db import connections

    from zonary.foundation.organizations.models import Organization
    from zonary.foundation.organizations.registry.holding import ImportBusyError

    first, second = write_csv(tmp_path / "1.csv", 30), write_csv(tmp_path / "2.csv", 30, seed=2)
    errors: list[BaseException] = []

    def other() -> None:
        try:
            _run(second, data, operator)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    def told(_running: Any) -> None:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()

    _run(first, data, operator, told=told)
    assert errors
    assert {type(error) for error in errors} == {ImportBusyError}
    assert Organization.objects.count() == 30
    assert _counts(_run(second, data, operator)) == (30, 0, 0, 0)


def test_one_batch_is_never_imported_twice(data: Any, operator: Any, tmp_path: Path) -> None:
    """Whoever was overtaken, because a database let go of its lock, finds out with the next batch."""
    from zonary.foundation.organizations.actions import OvertakenError, begin_registry_import, import_registry
    from zonary.foundation.organizations.models import Organization, RegistryImport
    from zonary.foundation.organizations.registry.files import batches, open_registry

    file = open_registry(write_csv(tmp_path / "registry.csv", 20), name="registry.csv")
    begin_registry_import(file, source="s", by=operator, at=LATER)
    one, other = RegistryImport.objects.get(), RegistryImport.objects.get()
    [batch] = batches(file, today=LATER.date())
    import_registry(one, batch, by=operator, at=LATER)
    with pytest.raises(OvertakenError):
        import_registry(other, batch, by=operator, at=LATER)
    assert Organization.objects.count() == 20
    assert RegistryImport.objects.get().created == 20


def test_a_file_that_is_changed_meanwhile_is_not_called_done(data: Any, operator: Any, tmp_path: Path) -> None:
    from zonary.foundation.organizations.models import RegistryImport

    path = write_csv(tmp_path / "registry.csv", 20)

    def told(_running: Any) -> None:
        path.write_bytes(path.read_bytes() + b"\n")

    with pytest.raises(TableError, match="changed while"):
        _run(path, data, operator, told=told)
    assert RegistryImport.objects.get().state == "running"


def test_a_file_of_two_million_rows_is_refused_before_anything_is_done(
    data: Any, operator: Any, tmp_path: Path
) -> None:
    from zonary.foundation.ledger.models import Entry

    path = tmp_path / "registry.csv"
    row = ",".join(next(enterprises(1))) + "\n"
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEADER) + "\n")
        for _ in range(200):
            file.write(row * 10_000)
    with pytest.raises(TableError, match=r"more than 1,000,000 rows\. Split"):
        _run(path, data, operator)
    assert not Entry.objects.exists()


def test_rows_that_are_no_enterprises_here_are_left_alone(five: Any, data: Any, bring_in: Any) -> None:
    from zonary.foundation.organizations.models import Organization

    rows = list(enterprises(1))
    bring_in(rows)
    from zonary.foundation.ledger.guard import unrecorded

    with unrecorded("a test makes it an institute"):
        Organization.objects.filter(uscc=rows[0][0]).update(kind="institute")
    done = bring_in([[rows[0][0], "别的名称", *rows[0][2:]]])
    assert _counts(done) == (0, 0, 1, 0)
    assert Organization.objects.get(uscc=rows[0][0]).name == rows[0][1]
    assert "not as an enterprise" in _remarks(done)[0][3]


def test_bounds_are_those_of_the_caller(tmp_path: Path) -> None:
    from zonary.foundation.organizations.registry.files import open_registry

    with pytest.raises(TableError, match="more than 5 rows"):
        open_registry(write_csv(tmp_path / "r.csv", 6), name="r.csv", bounds=Bounds(rows=5))


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXYIOZSV", min_size=18, max_size=18), st.integers(0, 2**32))
def test_the_fast_check_of_a_code_says_what_the_library_says(drawn: str, seed: int) -> None:
    from stdnum.cn import uscc as library

    from zonary.foundation.organizations.rules import WrongUSCCError, checked_uscc

    right = make_uscc(random.Random(seed))
    for code in (drawn, drawn[:8].translate(str.maketrans("ABCDEFGHJKLMNPQRTUWXYIOZSV", "0" * 26)) + drawn[8:], right):
        try:
            assert checked_uscc(code) == code
            is_right = True
        except WrongUSCCError:
            is_right = False
        assert is_right == library.is_valid(code)
    assert checked_uscc(right) == right
