from __future__ import annotations

from django.urls import path

from zonary.services.incentives.coverage import views

app_name = "coverage"
urlpatterns = [
    path("", views.report, name="report"),
    path("report.csv", views.table, name="table"),
    path("<str:measure>", views.measure, name="measure"),
    path("<str:measure>/why-not.csv", views.measure_table, name="measure-table"),
]
