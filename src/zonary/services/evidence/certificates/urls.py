from __future__ import annotations

from django.urls import path

from zonary.services.evidence.certificates import views

app_name = "certificates"
urlpatterns = [
    path("issue", views.issue_many, name="issue-many"),
    path("<str:number>", views.issued_here, name="issued"),
]
