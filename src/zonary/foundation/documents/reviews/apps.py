from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "zonary.foundation.documents.reviews"
    label = "reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.accounts.leaving import when_leaving
        from zonary.foundation.documents.reviews import leaving

        when_leaving("reviews", erasing=leaving.erase)
