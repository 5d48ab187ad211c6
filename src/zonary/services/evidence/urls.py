from __future__ import annotations

from django.urls import path

from zonary.services.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.list_evidence, name="list"),
    path("register", views.register, name="register"),
    path("<str:public_id>", views.record, name="record"),
    path("<str:public_id>/describe", views.describe, name="describe"),
    path("<str:public_id>/package", views.package, name="package"),
    path("<str:public_id>/proof", views.proof, name="proof"),
]
