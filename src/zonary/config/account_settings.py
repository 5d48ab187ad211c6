"""Settings of the account library (django-allauth), of mail and of passwords.

From the environment: ``ZONARY_EMAIL_URL`` (``smtp://user@mail.example:587/?tls=1``; without it mails are files in the
data directory), ``ZONARY_EMAIL_PASSWORD_FILE``, ``ZONARY_EMAIL_FROM`` and ``ZONARY_OIDC_FILE``
(:mod:`zonary.config.identity_providers`). Addresses it counts by are those of zonary.config.counted_pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from zonary.config.identity_providers import identity_providers
from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error

_ACCOUNTS = "zonary.foundation.accounts"
_LOCAL = ("localhost", "127.0.0.1", "::1")
MAIL_SECONDS = 10


class MailURLError(Error):
    """``ZONARY_EMAIL_URL`` is not one."""


def account_settings(environment: Mapping[str, str], data: DataDirectory, url: str) -> dict[str, Any]:
    """By name, to be merged into Django's settings.

    :param url: where this server is reached.
    :raises Error: when the environment says something that cannot be.
    """
    return {
        **_LIBRARY,
        **_PASSWORDS,
        **mail_settings(environment, data, url),
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": urlsplit(url).scheme,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": urlsplit(url).hostname in _LOCAL,
        "SOCIALACCOUNT_PROVIDERS": identity_providers(environment.get("ZONARY_OIDC_FILE", "")),
    }


_LIBRARY: dict[str, Any] = {
    "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
    "LOGIN_URL": "account_login",
    "LOGIN_REDIRECT_URL": "/",
    "LOGOUT_REDIRECT_URL": "/",
    "ACCOUNT_ADAPTER": f"{_ACCOUNTS}.adapters.AccountAdapter",
    "ACCOUNT_SIGNUP_FORM_CLASS": f"{_ACCOUNTS}.forms.RegistrationForm",
    "ACCOUNT_USER_DISPLAY": f"{_ACCOUNTS}.adapters.shown_name",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_FORMS": {"confirm_email_verification_code": f"{_ACCOUNTS}.code_forms.ConfirmAddress"},
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
    "ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND": True,
    "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
    "ACCOUNT_EMAIL_NOTIFICATIONS": True,
    "ACCOUNT_CHANGE_EMAIL": True,
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_LOGIN_BY_CODE_ENABLED": False,
    "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
    "ACCOUNT_REAUTHENTICATION_TIMEOUT": 600,
    "ACCOUNT_SESSION_REMEMBER": False,
    "ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR": f"{_ACCOUNTS}.reset_tokens.PasswordLinks",
    # Six wrong passwords lock an account for ten minutes; a passkey, or setting a new password by mail, still opens it.
    "ACCOUNT_RATE_LIMITS": {"login_failed": "20/m/ip,6/10m/key", "confirm_email": "1/10s/key"},
    "MFA_ADAPTER": f"{_ACCOUNTS}.adapters.SecondFactorAdapter",
    "MFA_FORMS": {
        "activate_totp": f"{_ACCOUNTS}.code_forms.SetUpApp",
        "add_webauthn": f"{_ACCOUNTS}.passkey_forms.AddPasskey",
        "authenticate": f"{_ACCOUNTS}.code_forms.SecondStep",
        "authenticate_webauthn": f"{_ACCOUNTS}.passkey_forms.UsePasskey",
        "edit_webauthn": f"{_ACCOUNTS}.passkey_forms.RenamePasskey",
        "login_webauthn": f"{_ACCOUNTS}.passkey_forms.SignInByPasskey",
        "reauthenticate": f"{_ACCOUNTS}.code_forms.SecondStepAgain",
        "reauthenticate_webauthn": f"{_ACCOUNTS}.passkey_forms.ShowPasskeyAgain",
    },
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    "MFA_TOTP_TOLERANCE": 1,
    "USERSESSIONS_ADAPTER": f"{_ACCOUNTS}.adapters.SessionsAdapter",
    "SOCIALACCOUNT_ADAPTER": f"{_ACCOUNTS}.adapters.SocialAdapter",
    "SOCIALACCOUNT_STORE_TOKENS": False,
    "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
    "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": False,
    "SOCIALACCOUNT_LOGIN_ON_GET": False,
    "SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX": "oidc",
}

_PASSWORDS: dict[str, Any] = {
    "PASSWORD_HASHERS": [f"{_ACCOUNTS}.hashing.PasswordHasher"],
    "AUTH_PASSWORD_VALIDATORS": [
        {
            "NAME": f"{_ACCOUNTS}.passwords.NotAPersonsOwn",
            "OPTIONS": {"user_attributes": ("name", "email")},
        },
        {"NAME": f"{_ACCOUNTS}.passwords.LongEnough"},
        {"NAME": f"{_ACCOUNTS}.passwords.NotCommon"},
        {"NAME": f"{_ACCOUNTS}.passwords.NotOnlyDigits"},
    ],
    # The longest that any link may last; zonary.foundation.accounts.reset_tokens says which lasts how long.
    "PASSWORD_RESET_TIMEOUT": 7 * 24 * 60 * 60,
}


def mail_settings(environment: Mapping[str, str], data: DataDirectory, url: str) -> dict[str, Any]:
    """How mail goes out: by SMTP, or into files that the operator reads.

    :raises MailURLError: when ``ZONARY_EMAIL_URL`` is none; the password is not repeated.
    """
    sender = environment.get("ZONARY_EMAIL_FROM") or f"zonary@{urlsplit(url).hostname}"
    common = {"DEFAULT_FROM_EMAIL": sender, "EMAIL_TIMEOUT": MAIL_SECONDS}
    address = environment.get("ZONARY_EMAIL_URL", "")
    if not address:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        folder = str(data.path / "mail")
        return {**common, "EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": folder}
    parts = urlsplit(address)
    try:
        port = parts.port or 587
    except ValueError:
        port = 0
    if parts.scheme != "smtp" or not parts.hostname or not port:
        raise MailURLError(
            "ZONARY_EMAIL_URL is not the address of a mail server; write smtp://user@mail.example:587/?tls=1."
        )
    options = parse_qs(parts.query)
    return {
        **common,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": _password(environment, unquote(parts.password or "")),
        "EMAIL_USE_TLS": options.get("tls") == ["1"],
        "EMAIL_USE_SSL": options.get("ssl") == ["1"],
    }


def _password(environment: Mapping[str, str], in_address: str) -> str:
    path = environment.get("ZONARY_EMAIL_PASSWORD_FILE", "")
    return Path(path).read_text("utf-8").strip() if path else in_address
