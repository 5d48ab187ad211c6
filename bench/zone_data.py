"""A zone as large as we claim to carry: ``python -m bench.zone_data`` makes it beside a server that runs on it.

100,000 enterprises from a registry; fifty people who act for twenty of them and for the zone; one enterprise with
thousands of facts and, sent by the benchmark itself, nearly a million records of evidence. Everything is recorded as
always, many things in one transaction.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

_OFFICERS = 10
_ROWS = 10
"""Of each thing around the five accounts."""
_FACTS = 2_000
"""About the enterprise whose pages are measured; each other one has a twentieth."""
_TITLED = 1_000_000
"""Records of that enterprise in its list, beside those that are in the log."""
_AT_ONCE = 5_000
_UPLOADED = 10_000
"""Rows of a table an officer uploads."""
_TOKEN_DAYS = 30
_HOURS = 24
"""For which a page that asks for the password asks none of these readers."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is signed in: what the browser sends, and the pages they can open.

    :param role: as in ``tests/query_counts.json``.
    """

    role: str
    cookie: str
    pages: dict[str, str]


@dataclass(frozen=True, slots=True)
class ZoneData:
    """What the benchmark is told.

    :param alone: an owner, an officer and the administrators, whose pages are measured one by one.
    :param users: the fifty.
    :param token: for evidence of the owner's enterprise.
    """

    token: str
    alone: list[User] = field(default_factory=list)
    users: list[User] = field(default_factory=list)


def read_zone_data(path: Path) -> ZoneData:
    """What :func:`main` wrote."""
    said = json.loads(path.read_text("utf-8"))
    alone, users = ([User(**user) for user in said[name]] for name in ("alone", "users"))
    return ZoneData(said["token"], alone, users)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.zone_data")
    parser.add_argument("data", type=Path, help="data directory of a server that runs")
    parser.add_argument("registry", type=Path, help="table of enterprises")
    parser.add_argument("output", type=Path, help="where to say who is signed in")
    parser.add_argument("--people", type=int, default=50)
    options = parser.parse_args()
    from zonary.cli.data_directory import open_django
    from zonary.foundation.ledger.layout import DataDirectory

    data = DataDirectory(options.data.absolute())
    open_django(data)
    _import(options.registry, data)
    made = _people(options.people)
    options.output.write_text(json.dumps(asdict(made)), "utf-8")


def _import(path: Path, data: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.organizations.permissions import OPERATOR
    from zonary.foundation.organizations.registry.files import open_registry
    from zonary.foundation.organizations.registry.importing import run_import
    from zonary.foundation.organizations.standing import Standing

    file, by = open_registry(path, name=path.name), Standing(person=OPERATOR)
    done = run_import(file, source="示例登记机关", data=data, by=lambda: by, clock=now)
    if done.refused:
        sys.exit(f"{done.refused} rows of the registry were refused")


def _people(count: int) -> ZoneData:
    from tests.filled_zone import fill, upload_registry
    from tests.five_accounts import make_five

    from zonary.common.clock import now
    from zonary.foundation.organizations.actions import issue_personal_token

    five, at = make_five(), now()
    _title_evidence(five.owner.holder, _TITLED, at)
    filled = fill(five, _ROWS, at=at)
    _state_facts(five.owner, _FACTS, at)
    officers = [_officer(five.officer, number, at) for number in range(min(_OFFICERS, count // 2))]
    pairs = [_enterprise(number, five, at) for number in range((count - len(officers)) // 2)]
    _, token = issue_personal_token(
        name="bench", scopes=["evidence:write"], expires_at=at + timedelta(days=_TOKEN_DAYS), by=five.owner, at=at
    )
    digest = upload_registry(five.officer, _UPLOADED, at)
    readers = {"owner": five.owner, "officer": five.officer, **filled.administrators}
    owners = [each for pair in pairs for each in pair]
    return ZoneData(
        token=token,
        alone=[_sign_in(role, who, digest) for role, who in readers.items()],
        users=[_sign_in("owner", each, digest) for each in owners]
        + [_sign_in("officer", each, digest) for each in officers],
    )


def _officer(by: Any, number: int, at: Any) -> Any:
    from tests.filled_zone import add_member

    return add_member(by, f"bench-officer-{number}", at, role="owner")


def _enterprise(number: int, five: Any, at: Any) -> tuple[Any, Any]:
    """Another enterprise with a few of everything; its two owners."""
    import random

    from tests.filled_zone import add_member, correct, register, state_facts
    from tests.five_accounts import FiveAccounts
    from tests.registries import make_uscc

    from zonary.foundation.organizations.actions import found_organization
    from zonary.foundation.organizations.actions.founding import Founding
    from zonary.foundation.organizations.queries import standing_of
    from zonary.foundation.organizations.standing import Standing

    person = register(f"bench-owner-{number}", at)
    uscc = make_uscc(random.Random(f"bench {number}"))
    founding = Founding(kind="enterprise", name=f"星河测试{number}（虚构）", uscc=uscc)
    enterprise = found_organization(founding, by=Standing(person=str(person.public_id)), at=at)
    owner = standing_of(person, str(enterprise.public_id), at=at)
    other = add_member(owner, f"bench-other-owner-{number}", at, role="owner")
    around = FiveAccounts(
        owner, other, five.rival, five.officer, five.outsider, enterprise, five.competitor, five.authority
    )
    state_facts(around, number, at)
    correct(around, number, at)
    _state_facts(owner, _FACTS // 20, at)
    return owner, other


def _title_evidence(holder: str, count: int, at: Any) -> None:
    """Titles of so many older records of the enterprise: for its list alone, nothing in the ledger is behind them."""
    from zonary.common.ids import new_id
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.evidence.models import EvidenceRecord
    from zonary.services.evidence.rules import Subject

    subjects, kinds = [each.value for each in Subject], ("总图", "零件图", "试验记录", "合同")
    with unrecorded("rows of a benchmark"):
        for start in range(0, count, _AT_ONCE):
            rows = []
            for number in range(start, min(start + _AT_ONCE, count)):
                made = at - timedelta(minutes=count - number)
                rows.append(
                    EvidenceRecord(
                        public_id=new_id(made),
                        holder=holder,
                        title=f"旋挖钻机 {number} 号{kinds[number % 4]}",
                        subject=subjects[number % 8],
                        registered_by="bench",
                        registered_at=made,
                    )
                )
            EvidenceRecord.objects.bulk_create(rows)


def _state_facts(by: Any, count: int, at: Any) -> None:
    """Facts the enterprise states of itself, each with an act of its own, all in one transaction."""
    from dataclasses import replace

    from tests.foundation.facts.stating import claim

    from zonary.foundation.facts.actions import declare_fact
    from zonary.foundation.ledger.recording import action, repeat

    @action
    def declare_all() -> None:
        periods = (replace(claim(), period=f"{2000 + number % 26}-{number % 12 + 1:02d}") for number in range(count))
        repeat([str(declare_fact(each, by=by, at=at).entry) for each in periods][-1:])

    declare_all()


def _sign_in(role: str, who: Any, digest: str) -> User:
    """A session as signing in makes it, and what its pages are called."""
    from django.conf import settings
    from tests.every_page import addresses, arguments_of, pinned, sign_in_again
    from tests.five_accounts import browser

    client = browser(who)
    sign_in_again(client, ahead=_HOURS * 3600)
    shown = {name for name, roles in pinned().items() if role in roles}
    known = arguments_of(who, digest=digest)
    pages = {each.page: each.of(known) for each in addresses() if each.page in shown}
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return User(role, cookie, {name: where for name, where in pages.items() if where is not None})


if __name__ == "__main__":
    main()
