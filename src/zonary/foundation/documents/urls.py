from __future__ import annotations

from django.urls import path

from zonary.foundation.documents import views
from zonary.foundation.documents.reviews.views import answer

app_name = "documents"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new", views.add, name="add-document"),
    path("shares/<str:grant>/end", views.unshare, name="end-share"),
    path("<str:document>", views.one, name="document"),
    path("<str:document>/share", views.share, name="share-document"),
    path("<str:document>/review", answer, name="answer-review"),
    path("<str:document>/versions/<int:number>/content", views.download, name="download-document"),
    path("<str:document>/versions/<int:number>/erase", views.erase, name="erase-document-version"),
]
