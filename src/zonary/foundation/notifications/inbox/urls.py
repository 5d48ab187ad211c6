from __future__ import annotations

from django.urls import path

from zonary.foundation.notifications.inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.list_messages, name="list"),
    path("read", views.read_all, name="read-all"),
    path("choices", views.choices, name="choices"),
    path("<str:message>", views.one, name="message"),
]
