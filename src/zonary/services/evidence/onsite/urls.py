from __future__ import annotations

from django.urls import path

from zonary.services.evidence.onsite import views

app_name = "onsite"
urlpatterns = [
    path("", views.list_onsite, name="list"),
    path("begin", views.begin, name="begin"),
    path("<str:public_id>", views.one, name="capture"),
]
