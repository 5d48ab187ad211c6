"""Within how many working days a promise (承诺) is looked at, and by which rule: no source gives a number for all.

国办发〔2020〕42号 has whoever administers a matter settle when promises are checked; it names no term. So it is the
zone's, with the source the zone gives.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from zonary.common.plain_text import is_plain
from zonary.proof.errors import Error

DEFAULT_WORKDAYS: Final = 60
DEFAULT_BASIS: Final = "片区设定；国办发〔2020〕42号要求明确核查时间，未规定天数"
MOST_WORKDAYS: Final = 250
MAX_BASIS: Final = 120


class PromiseSettingsError(Error):
    """A setting about promises that cannot be meant."""


@dataclass(frozen=True, slots=True)
class PromiseCheck:
    """``basis`` stands with every deadline."""

    workdays: int
    basis: str


def promise_check(environment: Mapping[str, str]) -> PromiseCheck:
    """``ZONARY_PROMISE_WORKDAYS`` and ``ZONARY_PROMISE_BASIS``.

    :raises PromiseSettingsError: for a term that is none, or a source nobody could read.
    """
    number, basis = environment.get("ZONARY_PROMISE_WORKDAYS", ""), environment.get("ZONARY_PROMISE_BASIS", "").strip()
    if number and (not re.fullmatch(r"[1-9][0-9]{0,2}", number) or int(number) > MOST_WORKDAYS):
        raise PromiseSettingsError(
            "ZONARY_PROMISE_WORKDAYS is “{value}”; it has to be a whole number of working days from 1 to {most}.",
            value=number[:40],
            most=MOST_WORKDAYS,
        )
    if len(basis) > MAX_BASIS or not is_plain(basis):
        raise PromiseSettingsError(
            "ZONARY_PROMISE_BASIS has to be plain text of at most {most} characters, such as the number of a document.",
            most=MAX_BASIS,
        )
    return PromiseCheck(int(number or DEFAULT_WORKDAYS), basis or DEFAULT_BASIS)
