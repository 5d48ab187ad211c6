from __future__ import annotations

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "zonary.foundation.organizations"
    label = "organizations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.accounts.leaving import when_leaving
        from zonary.foundation.organizations import leaving
        from zonary.foundation.organizations.actions.corrections import correct_organization
        from zonary.foundation.organizations.corrections import Corrector, correctable
        from zonary.foundation.organizations.queries import present_organization
        from zonary.foundation.organizations.rules import CORRECTABLE, LONGEST

        when_leaving("organizations", closing=leaving.close, erasing=leaving.erase)
        founded = Corrector(
            fields=CORRECTABLE,
            limits=LONGEST,
            needed=frozenset({"name"}),
            subject=lambda act: act.about,
            present=present_organization,
            apply=correct_organization,
        )
        correctable("organizations.organization.founded", founded)
