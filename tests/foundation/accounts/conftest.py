"""A person at a browser, and the mails they get."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

PASSWORD = "seven-green-Lanterns"
NAME = "林一舟"
AGENT = "Zonary test browser"


@dataclass
class Visitor:
    """A browser of its own, with its cookies."""

    client: Any
    email: str = "lin@people.example"

    def get(self, path: str, **named: Any) -> Any:
        return self.client.get(path, **named)

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, fields)

    def fill_in(self, password: str = PASSWORD, name: str = NAME) -> Any:
        """The first screen of registration."""
        return self.post("/account/signup/", name=name, email=self.email, password1=password)

    def register(self, password: str = PASSWORD) -> Any:
        """Both screens: name, address and password; then the code that was mailed."""
        assert self.fill_in(password).headers["location"] == "/account/confirm-email/"
        return self.post("/account/confirm-email/", code=last_code(), action="verify")

    def sign_in(self, password: str = PASSWORD, **more: Any) -> Any:
        return self.post("/account/login/", login=self.email, password=password, **more)

    def sign_out(self) -> Any:
        return self.post("/account/logout/")

    def show_password_again(self, password: str = PASSWORD) -> None:
        assert self.post("/account/reauthenticate/", password=password).status_code == 302

    @property
    def is_signed_in(self) -> bool:
        return "_auth_user_id" in self.client.session


def last_mail() -> Any:
    from django.core import mail

    return mail.outbox[-1]


def last_code() -> str:
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", last_mail().body, re.MULTILINE)
    assert found, last_mail().body
    return found[0]


def last_link() -> str:
    found = re.search(r"http://[^/]+(/account/\S+)", last_mail().body)
    assert found, last_mail().body
    return found[1]


def recorded(kind: str = "") -> list[tuple[str, str, str]]:
    """Kind, actor and what it is about of every act recorded, in order."""
    from zonary.foundation.ledger.models import Entry

    found = Entry.objects.order_by("pk").values_list("kind", "actor", "about")
    return [row for row in found if row[0].startswith(kind)]


def kinds(prefix: str = "accounts.") -> list[str]:
    return [row[0].removeprefix(prefix) for row in recorded(prefix)]


@pytest.fixture
def visit(data: Any) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors; mails are kept in memory, and passwords hashed as they are when it counts."""
    from django.conf import settings
    from django.core import mail
    from django.test import Client

    before, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []

    def make(email: str = "lin@people.example", **options: Any) -> Visitor:
        headers = {"host": "127.0.0.1", "user-agent": AGENT, "accept-language": "zh"}
        return Visitor(Client(headers=headers, **options), email)

    yield make
    settings.EMAIL_BACKEND = before
    mail.outbox = []


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    return visit()
