from __future__ import annotations

from django.urls import path

from zonary.services.evidence.secrets import views

app_name = "secrets"
urlpatterns = [
    path("", views.listed, name="list"),
    path("register", views.register, name="register"),
    path("agreements", views.agreements, name="agreements"),
    path("agreements/issue", views.issue, name="issue-agreement"),
    path("agreements/<str:agreement>", views.agreement, name="agreement"),
    path("leavers", views.leavers, name="leavers"),
    path("leavers/<str:person>", views.leaver, name="check-leaver"),
    path("access/<str:access>/withdraw", views.withdraw, name="withdraw-access"),
    path("<str:secret>", views.one, name="secret"),
    path("<str:secret>/grant", views.grant, name="grant-access"),
    path("<str:secret>/end", views.end, name="end-secret"),
    path("<str:secret>/open", views.opened, name="open-secret"),
    path("<str:secret>/accept", views.accept, name="accept-agreement"),
    path("<str:secret>/download", views.download, name="download"),
]
