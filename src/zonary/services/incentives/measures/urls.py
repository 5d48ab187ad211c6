from __future__ import annotations

from django.urls import path

from zonary.services.incentives.measures import views

app_name = "measures"
urlpatterns = [
    path("", views.listed, name="list"),
    path("items", views.items, name="items"),
    path("prepare/<slug:pack>/<slug:item>", views.prepare, name="prepare-measure"),
    path("changes/<str:card_change>/confirm", views.confirm, name="confirm-change"),
    path("changes/<str:card_change>/reject", views.reject, name="reject-change"),
    path("<str:public_id>", views.one, name="measure"),
    path("<str:public_id>/change", views.change, name="change-measure"),
    path("<str:public_id>/changes", views.changes, name="changes"),
    path("<str:public_id>/publish", views.publish, name="publish-measure"),
    path("<str:public_id>/end", views.end, name="end-measure"),
]
