from __future__ import annotations

from django.urls import path

from zonary.services.evidence.dossiers import views
from zonary.services.evidence.sharing.views import share

app_name = "dossiers"
urlpatterns = [
    path("", views.listed, name="list"),
    path("open", views.open_new, name="open-dossier"),
    path("<str:public_id>", views.one, name="dossier"),
    path("<str:public_id>/change", views.change, name="change-dossier"),
    path("<str:public_id>/file", views.file, name="file-evidence"),
    path("<str:public_id>/share", share, {"kind": "dossier"}, name="share-dossier"),
    path("<str:public_id>/items/<str:item>/take", views.take, name="take-evidence"),
]
