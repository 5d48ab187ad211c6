"""The library's forms for passkeys, refusing what is none: what a browser sends is whatever somebody wrote into it."""

from __future__ import annotations

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms
from django.forms.utils import ErrorDict

from zonary.common.language import _

_NOT_A_CREDENTIAL = (AttributeError, IndexError, LookupError, TypeError, ValueError, struct.error)


class _Refusing:
    """Before a form of the library: what its parser stumbles over is a wrong credential, not a fault of the server."""

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except _NOT_A_CREDENTIAL:
            self._errors = ErrorDict()
            self.cleaned_data: dict[str, object] = {}
            self.add_error("credential", get_adapter().error_messages["incorrect_code"])  # type: ignore[attr-defined]


class _Named:
    """Before a form of the library that asks for a name: the label it forgot."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].label = _("Name")  # type: ignore[attr-defined]


class AddPasskey(_Refusing, _Named, forms.AddWebAuthnForm):  # type: ignore[misc]  # the library has no types
    pass


class RenamePasskey(_Named, forms.EditWebAuthnForm):  # type: ignore[misc]
    pass


class UsePasskey(_Refusing, forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class SignInByPasskey(_Refusing, forms.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class ShowPasskeyAgain(_Refusing, forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass
