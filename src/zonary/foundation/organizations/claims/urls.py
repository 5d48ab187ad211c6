from __future__ import annotations

from django.urls import path

from zonary.foundation.organizations.claims import views

app_name = "claims"
urlpatterns = [
    path("", views.list_claims, name="list"),
    path("<str:claim>", views.show_claim, name="claim"),
    path("<str:claim>/decide", views.decide, name="decide"),
    path("<str:claim>/withdraw", views.withdraw, name="withdraw"),
]
