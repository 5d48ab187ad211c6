from __future__ import annotations

from django.urls import path

from zonary.services.evidence.capture import views

app_name = "captures"
urlpatterns = [
    path("", views.list_captures, name="list"),
    path("request", views.request_capture, name="request"),
    path("<str:public_id>", views.capture, name="capture"),
    path("<str:public_id>/files/<str:name>", views.file, name="file"),
    path("<str:public_id>/withdraw", views.withdraw, name="withdraw"),
    path("<str:public_id>/package", views.package, name="package"),
]
