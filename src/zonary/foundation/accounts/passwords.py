"""What a password has to be like, beyond what Django asks of one: not common, not all digits, not like one's name."""

from __future__ import annotations

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

from zonary.common.language import _

MIN_LENGTH = 10


class LongEnough:
    """Long enough; Django's own says so in English alone."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) < MIN_LENGTH:
            sentence = _(
                "A password has at least {count} characters; a short sentence is a good one.", count=MIN_LENGTH
            )
            raise ValidationError(sentence, code="password_too_short")

    def get_help_text(self) -> str:
        return _("A password has at least {count} characters; a short sentence is a good one.", count=MIN_LENGTH)


class NotAPersonsOwn(UserAttributeSimilarityValidator):
    """Django's, in our words: its Chinese speaks to people as to children."""

    def get_help_text(self) -> str:
        return _("It is not like your name or your address.")


class NotCommon(CommonPasswordValidator):
    """Django's, in our words."""

    def get_help_text(self) -> str:
        return _("It is none that many people use.")


class NotOnlyDigits(NumericPasswordValidator):
    """Django's, in our words."""

    def get_help_text(self) -> str:
        return _("It is not digits alone.")
