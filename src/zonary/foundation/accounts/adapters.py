"""What the account library asks of us: who is let in, what is recorded, how mail goes out."""

from __future__ import annotations

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from allauth.core.internal.ratelimit import get_rates
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from zonary.common.clock import now
from zonary.common.ids import new_id
from zonary.common.language import _
from zonary.foundation.accounts import library
from zonary.foundation.accounts.kept_secrets import open_secret, seal_secret
from zonary.foundation.accounts.models import Person
from zonary.foundation.accounts.rules import MAX_NAME, is_writable_name

_log = logging.getLogger("zonary.server")


class _Worded:
    """Before an adapter of the library: what it says of a wrong code, in the words of the pages."""

    def validation_error(self, code: str, *params: Any) -> ValidationError:
        if code == "incorrect_code":
            return ValidationError(_("This code is not right, or no longer good."), code=code)
        return super().validation_error(code, *params)  # type: ignore[misc, no-any-return]


class AccountAdapter(_Worded, DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """People, their passwords and addresses."""

    def new_user(self, request: HttpRequest) -> Person:
        at = now()
        return Person(public_id=new_id(at), registered_at=at)

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit=commit)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except Exception:
            self._tell_lock_out(request, _holder(credentials))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        library.tell_failure(request, _holder(credentials), "password")

    def _tell_lock_out(self, request: HttpRequest, person: Person | None) -> None:
        """Once in each lock-out, however often somebody tries meanwhile."""
        if person is None:
            return
        seconds = max(int(rate.duration) for rate in get_rates(app="allauth.account", action="login_failed"))
        if cache.add(f"zonary:locked-out:{person.public_id}", True, timeout=seconds):
            library.tell_lock_out(request, person, seconds)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """After the commit: a mail server that is slow must not hold up everybody who wants to write."""
        mail = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        transaction.on_commit(lambda: _send(mail))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account-begin")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponseBase:
        return redirect("account_inactive")


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library has no types
    """People who come from an identity provider."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        name = str(data.get("name") or "").strip()[:MAX_NAME]
        user.name = name if is_writable_name(name) else ""
        return user

    def new_user(self, request: HttpRequest, sociallogin: SocialLogin) -> Any:
        """Called first of all with what the provider said.

        :raises OAuth2Error: when it speaks of two people: the id token of one, the userinfo of another (OpenID Connect
            Core 1.0, 5.3.2).
        """
        told = sociallogin.account.extra_data
        subjects = {each["sub"] for each in (told.get("id_token"), told.get("userinfo")) if each and "sub" in each}
        if len(subjects) != 1:
            raise OAuth2Error("the id token and the userinfo are not about one person")
        return super().new_user(request, sociallogin)

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Never: whoever runs a provider could take any account over whose address they claim to have verified."""
        return False


class SecondFactorAdapter(_Worded, DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        entity = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.name or user.email}

    def encrypt(self, text: str) -> str:
        """Secrets of authenticator apps and recovery codes: a stolen database alone does not tell them."""
        return seal_secret(text, settings.SECRET_KEY)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text, settings.SECRET_KEY)


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]  # the library has no types
    def end_sessions(self, sessions: list[UserSession]) -> None:
        for session in sessions:
            library.tell_ended_session(context.request, session.user, session.created_at)
        super().end_sessions(sessions)


def shown_name(person: Person) -> str:
    """What the library calls a person in mails and messages."""
    return person.name or person.email


def _holder(credentials: dict[str, Any]) -> Person | None:
    """Whose account it is, if it is anybody's."""
    people = filter_users_by_email(str(credentials.get("email", "")), prefer_verified=True, for_login=True)
    return people[0] if people else None


def _send(mail: EmailMessage) -> None:
    try:
        mail.send()
    except (OSError, smtplib.SMTPException) as error:
        # Neither whom it was for nor what it said: the log is read by people who may know neither.
        _log.error("A mail could not be sent: %s. Look at ZONARY_EMAIL_URL.", type(error).__name__)
