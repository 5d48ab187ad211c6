from __future__ import annotations

from django.urls import path

from zonary.foundation.organizations.views import identity

app_name = "identity"
urlpatterns = [
    path("", identity.find, name="find"),
    path("check", identity.check, name="check"),
    path("checks/<uuid:check>/revoke", identity.revoke, name="revoke"),
]
