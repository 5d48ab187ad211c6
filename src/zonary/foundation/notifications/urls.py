from __future__ import annotations

from django.urls import path

from zonary.foundation.notifications import views

app_name = "webhooks"
urlpatterns = [
    path("", views.list_webhooks, name="list"),
    path("set-up", views.set_up, name="set-up"),
    path("<str:webhook>", views.webhook, name="webhook"),
    path("<str:webhook>/stop", views.stop, name="stop"),
    path("<str:webhook>/deliveries/<str:delivery>/repeat", views.repeat, name="repeat"),
]
