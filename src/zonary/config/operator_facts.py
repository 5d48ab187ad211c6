"""What the operator of this zone says of evidence certificates: of itself in them, and how many there may be.

Nothing is filled in for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zonary.common.plain_text import is_plain
from zonary.proof.errors import Error

MAX_STATED = 200
DEFAULT_PER_DAY = 2000
"""Certificates for one holder: two files of as many as are made at one time."""


class OperatorFactsError(Error):
    """A setting says something that cannot stand on a certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFacts:
    """Empty where they state nothing, which certificates print as 未填写."""

    name: str
    relation: str
    blockchain_filing: str
    protection_filing: str
    cryptography_filing: str
    system: str


def operator_facts(environment: Mapping[str, str]) -> OperatorFacts:
    """:raises OperatorFactsError: for text that is too long, or has hidden characters or lines."""

    def stated(name: str) -> str:
        text = environment.get(name, "").strip()
        if len(text) > MAX_STATED or not is_plain(text):
            raise OperatorFactsError(
                "{name} is printed on certificates: at most {limit} characters in one line, with nothing hidden in it.",
                name=name,
                limit=MAX_STATED,
            )
        return text

    return OperatorFacts(
        name=stated("ZONARY_OPERATOR"),
        relation=stated("ZONARY_OPERATOR_RELATION"),
        blockchain_filing=stated("ZONARY_FILING_BLOCKCHAIN"),
        protection_filing=stated("ZONARY_FILING_PROTECTION"),
        cryptography_filing=stated("ZONARY_FILING_CRYPTOGRAPHY"),
        system=stated("ZONARY_OPERATOR_SYSTEM"),
    )


def certificates_per_day(number: str) -> int:
    """``ZONARY_CERTIFICATES_PER_DAY``, of one holder.

    :raises OperatorFactsError: unless it is a whole number.
    """
    if not number:
        return DEFAULT_PER_DAY
    if not re.fullmatch(r"0|[1-9][0-9]{0,6}", number):
        raise OperatorFactsError(
            "ZONARY_CERTIFICATES_PER_DAY is “{value}”; it has to be a whole number, 0 for none.", value=number
        )
    return int(number)
