"""Pieces of the account pages."""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from django import template
from django.conf import settings
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def qr_code(address: str) -> SafeString:
    """A picture of ``address`` for an authenticator app to see, drawn here; nothing of the page is in it."""
    picture: str = get_adapter().build_totp_svg(address)
    return SafeString(picture[picture.index("<svg") :])  # nosec B703


@register.simple_tag
def sends_mail() -> bool:
    """Whether this zone sends mail, or its operator has to hand it over."""
    return settings.ZONARY_SENDS_MAIL
