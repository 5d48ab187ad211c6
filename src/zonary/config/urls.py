from __future__ import annotations

from allauth.urls import urlpatterns as account_library
from django.urls import include, path

from zonary.config.account_acts import recorded_addresses
from zonary.config.api import api
from zonary.config.further_checks import FURTHER_CHECKS
from zonary.config.health import health, metrics
from zonary.portal import administration, administrators
from zonary.portal.home.doors import door
from zonary.portal.home.report import look_also
from zonary.portal.publication import published, verify_page_receipt
from zonary.portal.views import act_for, dismiss_guide, start

look_also(FURTHER_CHECKS)

urlpatterns = [
    path("", start, name="start"),
    path("published", published, name="published"),
    path("published/verify-page.tlog-proof", verify_page_receipt, name="verify-page-receipt"),
    path("act-for", act_for, name="act-for"),
    path("guide/dismiss", dismiss_guide, name="dismiss-guide"),
    path("guide/<str:door>", door, name="door"),
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
    path("certificates/", include("zonary.services.evidence.certificates.urls")),
    path("shared/", include("zonary.services.evidence.sharing.urls")),
    path("captures/", include("zonary.services.evidence.capture.urls")),
    path("onsite/", include("zonary.services.evidence.onsite.urls")),
    path("dossiers/", include("zonary.services.evidence.dossiers.urls")),
    path("secrets/", include("zonary.services.evidence.secrets.urls")),
    path("receipts/", include("zonary.foundation.organizations.receipt_urls")),
    path("inbox/", include("zonary.foundation.notifications.inbox.urls")),
    path("search", include("zonary.foundation.search.urls")),
    path("webhooks/", include("zonary.foundation.notifications.urls")),
    path("documents/", include("zonary.foundation.documents.urls")),
    path("facts/", include("zonary.foundation.facts.urls")),
    path("incentives/simulator/", include("zonary.services.incentives.simulating.urls")),
    path("incentives/", include("zonary.services.incentives.matching.urls")),
    path("rules/", include("zonary.foundation.rules.urls")),
    path("claims/", include("zonary.foundation.organizations.claims.urls")),
    path("incentives/documents/", include("zonary.services.incentives.library.urls")),
    path("incentives/grants/", include("zonary.services.incentives.grants.urls")),
    path("incentives/coverage/", include("zonary.services.incentives.coverage.urls")),
    path("incentives/measures/", include("zonary.services.incentives.measures.urls")),
    path("incentives/editor/", include("zonary.services.incentives.editing.urls")),
    path("registry", include("zonary.foundation.organizations.registry.urls")),
    path("demonstration/", include("zonary.portal.demonstration.urls")),
    path("api/v1/", api.urls),
    path("healthz", health, name="health"),
    path("metrics", metrics, name="metrics"),
]

handler400 = "zonary.config.problem_pages.bad_request"
handler403 = "zonary.config.problem_pages.forbidden"
handler404 = "zonary.config.problem_pages.page_not_found"
handler500 = "zonary.config.problem_pages.server_error"
