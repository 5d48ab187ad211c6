"""The library's forms that ask for a code, in the words this project has for one."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmEmailVerificationCodeForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm

from zonary.common.language import _


class _Worded:
    """Before a form of the library: its Chinese has another word for the same thing than every page around it."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label = _("The code")
        field.widget.attrs.pop("placeholder", None)


class ConfirmAddress(_Worded, ConfirmEmailVerificationCodeForm):  # type: ignore[misc]  # the library has no types
    pass


class SecondStep(_Worded, AuthenticateForm):  # type: ignore[misc]
    pass


class SecondStepAgain(_Worded, ReauthenticateForm):  # type: ignore[misc]
    pass


class SetUpApp(_Worded, ActivateTOTPForm):  # type: ignore[misc]
    pass
