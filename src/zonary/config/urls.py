from __future__ import annotations

from allauth.urls import urlpatterns as account_library
from django.urls import include, path

from zonary.config.account_acts import recorded_addresses
from zonary.config.api import api
from zonary.config.health import health, metrics
from zonary.portal import administration, administrators
from zonary.portal.views import act_for, start

urlpatterns = [
    path("", start, name="start"),
    path("act-for", act_for, name="act-for"),
    path("administration/administrators", administrators.administrators, name="administration-administrators"),
    path("administration/appointments/<uuid:appointment_id>/end", administrators.end, name="administration-end"),
    path("administration/people", administrators.persons, name="administration-people"),
    path("administration/people/<uuid:person>", administrators.person, name="administration-person"),
    path("administration/people/<uuid:person>/appoint", administrators.appoint, name="administration-appoint"),
    path("administration/people/<uuid:person>/<str:decision>", administrators.decide, name="administration-decide"),
    path("administration/acts", administration.acts, name="administration-acts"),
    path("administration/acts.csv", administration.export, name="administration-export"),
    path("account/", include("zonary.foundation.accounts.urls")),
    path("account/", include(recorded_addresses(account_library))),
    path("organization/", include("zonary.foundation.organizations.urls")),
    path("identity/", include("zonary.foundation.organizations.identity_urls")),
    path("evidence/", include("zonary.services.evidence.urls")),
    path("receipts/", include("zonary.foundation.organizations.receipt_urls")),
    path("webhooks/", include("zonary.foundation.notifications.urls")),
    path("documents/", include("zonary.foundation.documents.urls")),
    path("facts/", include("zonary.foundation.facts.urls")),
    path("claims/", include("zonary.foundation.organizations.claims.urls")),
    path("registry", include("zonary.foundation.organizations.registry.urls")),
    path("api/v1/", api.urls),
    path("healthz", health, name="health"),
    path("metrics", metrics, name="metrics"),
]

handler400 = "zonary.config.problem_pages.bad_request"
handler403 = "zonary.config.problem_pages.forbidden"
handler404 = "zonary.config.problem_pages.page_not_found"
handler500 = "zonary.config.problem_pages.server_error"
