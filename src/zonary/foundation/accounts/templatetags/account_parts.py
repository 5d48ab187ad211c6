"""Pieces of the account pages."""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from zonary.common.language import _
from zonary.foundation.accounts.passwords import MIN_LENGTH
from zonary.foundation.accounts.rules import IDENTITY_DOCUMENTS

register = template.Library()


@register.filter
def document(source: str) -> str:
    """A kind of document in the reader's language; what an officer wrote themselves as it is."""
    known = IDENTITY_DOCUMENTS.get(source)
    return _(known) if known else source


@register.simple_tag
def qr_code(address: str) -> SafeString:
    """A picture of ``address`` for an authenticator app to see, drawn here; nothing of the page is in it."""
    picture: str = get_adapter().build_totp_svg(address)
    return SafeString(picture[picture.index("<svg") :])  # nosec B703


@register.simple_tag
def least_password() -> int:
    """How many characters a password has at least."""
    return MIN_LENGTH


@register.simple_tag
def sends_mail() -> bool:
    """Whether this zone sends mail, or its operator has to hand it over."""
    return settings.ZONARY_SENDS_MAIL
