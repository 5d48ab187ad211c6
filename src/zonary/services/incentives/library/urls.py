from __future__ import annotations

from django.urls import path

from zonary.services.incentives.library import views

app_name = "library"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new", views.record_new, name="record-document"),
    path("cite", views.cite, name="cite"),
    path("<str:public_id>", views.document, name="document"),
    path("<str:public_id>/edition", views.record_next, name="record-edition"),
    path("<str:public_id>/repeal", views.repeal, name="record-repeal"),
    path("<str:public_id>/<int:number>", views.edition, name="edition"),
    path("<str:public_id>/<int:number>.txt", views.plain, name="text"),
]
