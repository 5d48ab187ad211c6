from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zonary.foundation.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.accounts import library

        library.connect()
