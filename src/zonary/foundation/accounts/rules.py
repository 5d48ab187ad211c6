from __future__ import annotations

import hashlib
import unicodedata
from datetime import date, timedelta

MAX_NAME = 60
IDENTITY_DOCUMENTS = {
    "resident-identity-card": "Resident identity card",
    "passport": "Passport",
    "hong-kong-macao-permit": "Mainland travel permit for residents of Hong Kong and Macao",
    "taiwan-permit": "Mainland travel permit for residents of Taiwan",
    "permanent-resident-card": "Foreign permanent resident identity card",
}
"""What an officer may have seen -> what it is called: the kind of document alone, never its number."""
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def digest_of_token(token: str) -> bytes:
    """What is kept of an access token: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8")).digest()


def last_day_kept(last_act: date, retention: timedelta) -> date:
    """Until when what is known of a person has to be kept after the last thing they did here.

    网络安全法 (2016) art. 21 no. 3 has network logs kept for at least six months; whose acts they are is part of them.
    How long ``retention`` is, is the zone's to say (``ZONARY_RETENTION_DAYS``), never less than the law has it.
    """
    return last_act + retention


def is_writable_name(name: str) -> bool:
    """Whether ``name`` can be a person's: it has a letter, and nothing that hides or turns around what stands near."""
    categories = [unicodedata.category(character) for character in name]
    return any(each.startswith("L") for each in categories) and not any(each in _INVISIBLE for each in categories)
