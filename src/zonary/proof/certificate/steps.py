"""The annex: how an appraiser finds that file, package and log agree without this software, and without a network.

Needed are a shell, ``unzip``, ``xxd``, the tools of coreutils and OpenSSL 3. What is printed on the page is what is
run: the same text is attached to the certificate as ``steps.sh``, and stops at the first check that fails. No OK is
said but by the check itself: whoever goes on past a failure, or in a shell that does not stop, reads no false one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zonary.proof.certificate.commands import TABLE, Entry
from zonary.proof.certificate.facts import PackageFacts
from zonary.proof.certificate.stamps import Stamp
from zonary.proof.package.container import (
    DISCLOSURE,
    FURTHER_FOLDER,
    FURTHER_TOKEN,
    MANIFEST,
    PACKAGE_TOKEN,
    STATEMENT,
    TOKEN_FOLDER,
    TOKEN_SUFFIX,
)

STEPS_NAME = "steps.sh"
_PLACE = re.compile("@([A-Z0-9_]+)@")


@dataclass(frozen=True, slots=True)
class Step:
    """One check: what it shows, in both languages, and the commands."""

    chinese: str
    english: str
    commands: str


def steps_for(facts: PackageFacts) -> tuple[Step, ...]:
    """The checks of one package, in their order."""
    return tuple(Step(each.chinese, each.english, _filled(each, facts)) for each in TABLE if _stands(each, facts))


def script_of(facts: PackageFacts) -> bytes:
    """All commands one after the other, as they are attached."""
    parts = [
        f"# {number}. {step.chinese}\n# {step.english}\n{step.commands}\n"
        for number, step in enumerate(steps_for(facts), 1)
    ]
    return "\n".join(parts).encode()


def _stands(entry: Entry, facts: PackageFacts) -> bool:
    return {
        "always": True,
        "whole": not facts.is_disclosure,
        "disclosed": facts.is_disclosure,
        "further": bool(_further(facts, is_sm2=False)),
        "sm2": bool(_further(facts, is_sm2=True)),
        "second": facts.has_second_tree,
    }[entry.when]


def _filled(entry: Entry, facts: PackageFacts) -> str:
    if entry.when not in ("further", "sm2"):
        return _put(entry.commands, _places(facts))
    stamps = _further(facts, is_sm2=entry.when == "sm2")
    names = ((each.member.removeprefix(FURTHER_FOLDER).removesuffix(FURTHER_TOKEN), each) for each in stamps)
    each_of = [_put(entry.commands, {"NAME": name, "SECONDS": _seconds(stamp)}) for name, stamp in names]
    return "\n".join([*([entry.first] if entry.first else []), *each_of])


def _put(commands: str, places: Mapping[str, str]) -> str:
    """What is put in is not looked at again, whatever it looks like."""
    return _PLACE.sub(lambda found: places[found[1]], commands)


def _places(facts: PackageFacts) -> dict[str, str]:
    stem = facts.plain_token.removeprefix(TOKEN_FOLDER).removesuffix(TOKEN_SUFFIX)
    covered, of = (STATEMENT, "the registration record") if stem == STATEMENT else ('"$FILE"', "the file")
    times = {each.member: _seconds(each) for each in facts.stamps}
    return {
        "LISTING": DISCLOSURE if facts.is_disclosure else MANIFEST,
        "PACKAGE_SHA256": facts.sha256,
        "PACKAGE_SM3": facts.sm3,
        "STATEMENT_SHA256": facts.statement_sha256,
        "PLAIN": facts.plain_token,
        "COVERED": covered,
        "OF": of,
        # 0 in a package whose tokens could not be read.
        "PLAIN_SECONDS": times.get(facts.plain_token, "0"),
        "PACKAGE_SECONDS": times.get(PACKAGE_TOKEN, "0"),
    }


def _further(facts: PackageFacts, *, is_sm2: bool) -> list[Stamp]:
    """The tokens of further authorities that are signed with SM2, or with anything else."""
    own = (PACKAGE_TOKEN, facts.plain_token)
    return [each for each in facts.stamps if each.member not in own and each.is_sm2 is is_sm2]


def _seconds(stamp: Stamp) -> str:
    """The token's time as OpenSSL takes it."""
    return str(int(datetime.fromisoformat(stamp.time).timestamp()))
