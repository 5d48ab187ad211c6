"""What a record costs: an action beside the same rows committed without one, in turns, in the large zone.

``python -m bench.actions`` is what runs in a process of its own, with the database the server had.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import machine
from bench.row import Row

_SECONDS = 0.015
_TIMES = 200
_WARM = 20


def action_rows(name: str, data: Path, env: dict[str, str]) -> Iterator[Row]:
    """On the data directory of a server that was stopped.

    :param name: of the database.
    """
    said = data.with_name(f"{data.name}-actions.json")
    machine.run([sys.executable, "-m", "bench.actions", str(data), str(said)], env, Path.cwd())
    for what, (with_record, without) in json.loads(said.read_text("utf-8")).items():
        usual = statistics.median(without)
        beyond = [seconds - usual for seconds in with_record]
        middle, slow = statistics.median(beyond), statistics.quantiles(beyond, n=20)[18]
        commit = f"{usual * 1e3:.2f} ms without"
        limit = f"{_SECONDS * 1e3:.0f} ms"
        yield Row(f"{what} with its record, {name}, beyond", f"{middle * 1e3:.2f} ms", commit, limit, _SECONDS / middle)
        without_slow = statistics.quantiles([each - usual for each in without], n=20)[18]
        beside = f"{without_slow * 1e3:.2f} ms without"
        yield Row("  95 of 100", f"{slow * 1e3:.2f} ms", beside, limit, _SECONDS / slow)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.actions")
    parser.add_argument("data", type=Path, help="data directory of a server that was stopped")
    parser.add_argument("output", type=Path, help="where to say how long each took")
    options = parser.parse_args()
    from zonary.cli.data_directory import open_django
    from zonary.foundation.ledger.layout import DataDirectory

    open_django(DataDirectory(options.data.absolute()))
    measured = {"open_department": _departments(), "declare_fact": _facts()}
    options.output.write_text(json.dumps(measured), "utf-8")


def _departments() -> tuple[list[float], list[float]]:
    from zonary.common.clock import now
    from zonary.common.ids import new_id
    from zonary.foundation.organizations.actions import open_department
    from zonary.foundation.organizations.models import Department

    officer = _standing("officer", "zone-authority")
    authority = Department.objects.select_related("authority")[0].authority

    def bare(number: int) -> None:
        name = f"无证部门 {number}"
        Department.objects.create(public_id=new_id(now()), authority=authority, name=name)

    return _in_turns(lambda number: open_department(f"有证部门 {number}", by=officer, at=now()), bare)


def _facts() -> tuple[list[float], list[float]]:
    from tests.foundation.facts.stating import claim

    from zonary.common.clock import now
    from zonary.common.ids import new_id
    from zonary.foundation.facts.actions import declare_fact
    from zonary.foundation.facts.models import Fact

    owner, wanted = _standing("owner", "enterprise"), claim()
    fact = Fact.objects.get(pk=declare_fact(wanted, by=owner, at=now()).pk)

    def bare(_number: int) -> None:
        fact.pk, fact.public_id = None, new_id(now())
        fact.save(force_insert=True)

    return _in_turns(lambda _number: declare_fact(wanted, by=owner, at=now()), bare)


def _standing(who: str, kind: str) -> Any:
    from tests.five_accounts import ADDRESSES

    from zonary.common.clock import now
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.models import Membership
    from zonary.foundation.organizations.queries import standing_of

    person = Person.objects.get(email=ADDRESSES[who])
    held = Membership.objects.select_related("organization").get(person=person, organization__kind=kind)
    return standing_of(person, str(held.organization.public_id), at=now())


def _in_turns(recorded: Callable[[int], object], bare: Callable[[int], object]) -> tuple[list[float], list[float]]:
    """Seconds each with its record and without, one after the other, so that both meet the same machine."""
    from django.db import transaction

    from zonary.foundation.ledger.guard import unrecorded

    with_record: list[float] = []
    without: list[float] = []
    for number in range(_WARM + _TIMES):
        started = time.perf_counter()
        recorded(number)
        between = time.perf_counter()
        with unrecorded("the same rows, to see what the record costs"), transaction.atomic():
            bare(number)
        without.append(time.perf_counter() - between)
        with_record.append(between - started)
    return with_record[_WARM:], without[_WARM:]


if __name__ == "__main__":
    main()
