"""What an organisation's number and name must be like. Pure."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from operator import mul

from stdnum.cn import uscc as _uscc
from stdnum.exceptions import ValidationError

from zonary.proof.errors import Error

INVITATION_TERM = timedelta(days=7)
"""After so long an invitation has expired."""
MAX_NAME = 120
MAX_OPEN_CLAIMS = 5
"""Claims of one person that wait for an officer."""
MAX_STATEMENT = 300
"""Characters of what a claimant says, and of an officer's answer."""

COMPARED = {
    "licence-seen": "The business licence was shown",
    "licence-electronic": "The electronic business licence was checked",
    "known-in-person": "Known to the zone in person",
}
"""By what an officer saw that somebody acts for an organisation, and its label."""

OVERTAKEN = "Another claim on this organisation was confirmed. Ask an owner of it for an invitation."
"""What those are answered whose claims are refused by that; said in the reader's language."""

CORRECTABLE = {
    "name": "Name",
    "address": "Address",
    "legal_representative": "Legal representative",
    "industry_code": "Industry code (GB/T 4754)",
}
"""What may have been written down wrongly, and its label. Not the number: another number is another organisation."""

LONGEST = {"name": MAX_NAME, "address": 200, "legal_representative": 60, "industry_code": 5}
"""Characters of each, as the table has them."""

FOUNDABLE = ("enterprise", "institute", "financial-institution", "verifier")
"""Kinds of organisation anybody may have act here. The authority and the pools are the zone's own to make: who acts for
the authority is an officer."""

POOLS = ("expert-pool", "mediator-pool", "inspector-pool")
"""Kinds of organisation the zone makes: those whom it draws from or appoints. Their members are members of it."""

_SHAPE = re.compile(r"[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}")
_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_WEIGHTS = (*(3**place % 31 for place in range(17)), 1)
"""GB 32100-2015: the weighted sum of all eighteen is a multiple of 31."""


class WrongNameError(Error):
    """No organisation can be called this."""


class WrongUSCCError(Error):
    """It is no 统一社会信用代码."""


def checked_uscc(text: str) -> str:
    """``text`` as a unified social credit identifier, capital letters and no spaces.

    18 characters of GB 32100-2015: digits and capital letters but I, O, Z, S and V, the last one a check character.

    :raises WrongUSCCError: unless it is one.
    """
    code = "".join(text.split()).upper()
    if len(code) != 18:
        raise WrongUSCCError(
            "“{uscc}” has {count} characters; a unified social credit code has 18.", uscc=code[:40], count=len(code)
        )
    if _SHAPE.fullmatch(code) and not sum(map(mul, map(_VALUES.__getitem__, code), _WEIGHTS)) % 31:
        return code  # as the library would say, in a fifth of its time: a registry has 100,000
    try:
        return str(_uscc.validate(code))
    except ValidationError:
        raise WrongUSCCError(
            "“{uscc}” is no unified social credit code: its check character does not fit. Compare it with the licence.",
            uscc=code,
        ) from None


def digest_of_secret(secret: str) -> bytes:
    """What is kept of an invitation's link."""
    return hashlib.sha256(secret.encode("utf-8")).digest()
