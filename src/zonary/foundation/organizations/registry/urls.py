from __future__ import annotations

from django.urls import path

from zonary.foundation.organizations.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.registry, name="list"),
    path("/upload", views.upload, name="upload"),
    path("/documents/<str:document>", views.from_document, name="from-document"),
    path("/files/<str:digest>", views.preview, name="preview"),
    path("/imports/<str:public_id>", views.import_progress, name="import"),
    path("/imports/<str:public_id>/report.csv", views.import_report, name="report"),
]
