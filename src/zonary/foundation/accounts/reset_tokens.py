"""Links by which somebody sets a password: mailed on request, or printed for the zone's first administrators."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.http import base36_to_int

FIRST_PASSWORD_SECONDS = 7 * 24 * 60 * 60
RESET_SECONDS = 60 * 60
_EPOCH = datetime(2001, 1, 1, tzinfo=UTC).timestamp()  # Django counts from there, in local time: TZ is UTC here


class PasswordLinks(EmailAwarePasswordResetTokenGenerator):  # type: ignore[misc]  # the library has no types
    """One who has never had a password has seven days for the first; whoever has one has an hour to replace it."""

    def check_token(self, user: AbstractBaseUser | None, token: str | None) -> bool:
        if user is None or not token or not super().check_token(user, token):
            return False
        if not user.has_usable_password():
            return True
        return time.time() - _EPOCH - base36_to_int(token.partition("-")[0]) <= RESET_SECONDS
