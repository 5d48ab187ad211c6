from __future__ import annotations

from django.urls import path

from zonary.services.evidence.sharing import views

app_name = "sharing"
urlpatterns = [
    path("", views.shared_with_me, name="list"),
    path("link/<str:secret>", views.link, name="link"),
    path("<str:share>", views.one, name="share"),
    path("<str:own_share>/end", views.end, name="end-share"),
    path("<str:share>/records/<str:record>", views.one, name="share-record"),
    path("<str:share>/records/<str:record>/package", views.package, name="share-package"),
    path("<str:share>/records/<str:record>/proof", views.proof, name="share-proof"),
]
