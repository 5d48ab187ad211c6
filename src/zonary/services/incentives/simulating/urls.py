from __future__ import annotations

from django.urls import path

from zonary.services.incentives.simulating import views

app_name = "simulating"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("<str:kind>/<str:model>/<slug:item>", views.attempt, name="attempt"),
    path("<str:kind>/<str:model>/<slug:item>/begin", views.begin, name="begin-trying"),
    path("<str:kind>/<str:model>/<slug:item>/names", views.names, name="show-names"),
]
