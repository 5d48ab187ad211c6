from __future__ import annotations

from allauth.urls import urlpatterns as account_library
from django.urls import include, path

from zonary.config.account_acts import recorded_addresses
from zonary.config.api import api
from zonary.config.health import health, metrics
from zonary.portal.invitations import arrive, invitation
from zonary.portal.views import act_for, start

urlpatterns = [
    path("", start, name="start"),
    path("act-for", act_for, name="act-for"),
    path("invitation/<str:secret>/", arrive, name="accept-invitation"),
    path("invitation", invitation, name="invitation"),
    path("account/", include("zonary.foundation.accounts.urls")),
    path("account/", include(recorded_addresses(account_library))),
    path("organization/", include("zonary.foundation.organizations.urls")),
    path("receipts/", include("zonary.foundation.organizations.receipt_urls")),
    path("facts/", include("zonary.foundation.facts.urls")),
    path("api/v1/", api.urls),
    path("healthz", health, name="health"),
    path("metrics", metrics, name="metrics"),
]

handler400 = "zonary.config.problem_pages.bad_request"
handler403 = "zonary.config.problem_pages.forbidden"
handler404 = "zonary.config.problem_pages.page_not_found"
handler500 = "zonary.config.problem_pages.server_error"
