from __future__ import annotations

from django.urls import path

from zonary.services.incentives.matching import views

app_name = "matching"
urlpatterns = [
    path("mine", views.mine, name="mine"),
    path("mine/<str:measure>", views.measure, name="measure"),
    path("mine/<str:measure>/keep", views.keep, name="keep-answer"),
    path("mine/<str:measure>/promise/<str:clause>", views.promise, name="give-promise"),
    path("mine/<str:measure>/not-for-us", views.not_for_us, name="not-for-us"),
    path("mine/<str:measure>/for-us", views.for_us, name="for-us"),
    path("decisions", views.decisions, name="decisions"),
    path("decisions/<str:decision>", views.decision, name="decision"),
    path("decisions/<str:decision>/file", views.file, name="file"),
    path("promises", views.promises, name="promises"),
    path("promises/<str:promise>", views.check, name="check-promise"),
    path("promises/<str:broken>/lift", views.lift, name="lift-promise"),
]
