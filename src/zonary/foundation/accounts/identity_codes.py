"""A short code by which somebody lets an officer find them: shown on their own page, read out at the counter.

Officers cannot look for people, by name or by address, so that nobody learns from them who is registered: who shows no
code is not found. A code is of one person and for minutes; the next one, or a check, ends it. Only its SHA-256 is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from zonary.foundation.accounts.models import Person

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without what is mistaken for another when it is read out or copied: 0 and O, 1 and I."""
LENGTH = 8
"""40 bits: with a thousand codes shown at a time, whoever tries 120 an hour hits one in a thousand years or so."""
LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code as its person reads it, in two groups, and until when it is good."""

    code: str
    until: datetime


def show_code(person: Person, *, at: datetime) -> ShownCode:
    """A new code of ``person``; the one before is worth nothing from now on."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    digest, seconds = _digest(drawn), int(LIFETIME.total_seconds())
    cache.set(_code_key(digest), str(person.public_id), timeout=seconds)
    cache.set(_person_key(str(person.public_id)), digest, timeout=seconds)
    return ShownCode(f"{drawn[: LENGTH // 2]}-{drawn[LENGTH // 2 :]}", at + LIFETIME)


def person_showing(code: str) -> Person | None:
    """Whose code this is now, however it is typed: small letters, spaces and hyphens count for nothing."""
    digest = _digest("".join(each for each in code.upper() if each.isalnum()))
    public_id = cache.get(_code_key(digest))
    if not public_id or cache.get(_person_key(public_id)) != digest:
        return None
    return Person.objects.filter(public_id=public_id, is_active=True, restricted_at=None, erased_at=None).first()


def end_code(person: Person) -> None:
    """What ``person`` shows is worth nothing from now on."""
    cache.set(_person_key(str(person.public_id)), "", timeout=1)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8")).hexdigest()


def _code_key(digest: str) -> str:
    return f"zonary:identity-code:{digest}"


def _person_key(public_id: str) -> str:
    return f"zonary:identity-code-of:{public_id}"
