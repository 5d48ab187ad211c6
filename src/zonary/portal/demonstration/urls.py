from __future__ import annotations

from django.urls import path

from zonary.portal.demonstration import views

app_name = "demonstration"
urlpatterns = [
    path("as/<str:role>", views.come_in, name="come-in"),
    path("shop", views.copycat, name="copycat"),
    path("shop/<str:name>", views.copycat_file, name="copycat-file"),
    path("verify", views.verify, name="verify"),
    path("folder.zip", views.folder_as_sealed, name="folder"),
    path("changed-folder.zip", views.folder_with_a_change, name="changed-folder"),
]
