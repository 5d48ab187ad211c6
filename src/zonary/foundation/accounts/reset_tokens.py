"""Links by which somebody sets a password: mailed on request, or printed for the zone's first administrators."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from zonary.foundation.accounts.models import Person

RESET_SECONDS = 60 * 60
_EPOCH = datetime(2001, 1, 1, tzinfo=UTC).timestamp()  # Django counts from there, in its time zone: UTC here


class PasswordLinks(PasswordResetTokenGenerator):
    """One who has never had a password has seven days for the first; whoever has one has an hour to replace it.

    A link is worth nothing once the password was set, or an address added or removed. ``PASSWORD_RESET_TIMEOUT`` is the
    longer of the two.
    """

    def check_token(self, user: Person | None, token: str | None) -> bool:
        if user is None or not token or not super().check_token(user, token):
            return False
        if not user.has_usable_password():
            return True
        return time.time() - _EPOCH - base36_to_int(token.partition("-")[0]) <= RESET_SECONDS

    def _make_hash_value(self, user: Person, timestamp: int) -> str:
        addresses = EmailAddress.objects.filter(user_id=user.pk).values_list("email", flat=True)
        return f"{super()._make_hash_value(user, timestamp)}{'|'.join(sorted(addresses))}"
